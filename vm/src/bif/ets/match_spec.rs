//! Match specifications: compiled once, run on many objects.
//!
//! Reference: "Match Specifications in Erlang", ERTS User's Guide.

use crate::atom::{self, Atom};
use crate::bif::NativeContext;
use crate::bif::argument::{name_of, named};
use crate::heap::{Build as _, map as heap_map};
use crate::term::shown;
use crate::term::{Term, exactly_equal, map};
use crate::trace::actions::{ACTIONS, Action, Effects};
use crate::{Interrupt, NativeFunction, NativeResult};

pub(crate) use super::match_spec_fault::Invalid;
use super::match_spec_fault::{not_a_list, wrong_call};

/// How deep patterns and expressions may be nested.
const MAX_DEPTH: usize = 1000;

type Result<T> = std::result::Result<T, Invalid>;

/// All results, or all that is wrong.
fn all_of<T>(results: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(Invalid(more)) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(good) } else { Err(Invalid(faults)) }
}

fn too_deep() -> Invalid {
    Invalid::because("Match specification is nested too deep.")
}

/// A part of a head.
#[derive(Debug)]
enum Pattern {
    Any,
    Variable(usize),
    Ground(Term),
    Tuple(Vec<Pattern>),
    /// Elements and tail.
    List(Vec<Pattern>, Box<Pattern>),
    Map(Vec<(Term, Pattern)>),
}

/// A part of a guard or body.
#[derive(Debug)]
enum Expression {
    Constant(Term),
    Variable(usize),
    /// `'$_'`.
    Object,
    /// `'$$'`.
    AllVariables,
    Tuple(Vec<Expression>),
    List(Vec<Expression>, Box<Expression>),
    Map(Vec<(Expression, Expression)>),
    Call(NativeFunction, Vec<Expression>),
    /// `and`, `or`, `andalso`, `orelse`: the value that decides, and whether the rest is still looked at.
    Boolean {
        decides: bool,
        lazy: bool,
        operands: Vec<Expression>,
    },
    This,
    /// What only specifications for tracing know.
    Action(Action, Vec<Expression>),
}

#[derive(Debug)]
struct Clause {
    head: Pattern,
    guards: Vec<Expression>,
    body: Vec<Expression>,
    /// Numbers of the variables in the order in which `'$$'` shows them, as positions of `bindings`.
    variables: Vec<u32>,
}

/// A compiled match specification. It refers to the term that it was made from.
#[derive(Debug)]
pub(crate) struct MatchSpec {
    clauses: Vec<Clause>,
}

/// The number of a variable `'$1'`.
pub(super) fn variable_number(term: Term) -> Option<u32> {
    let digits = name_of(term).strip_prefix('$')?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|&number| number <= 100_000_000)
}

impl MatchSpec {
    /// Compiles a list of clauses.
    pub(crate) fn compile(ctx: &NativeContext<'_>, term: Term) -> Result<Self> {
        Self::compile_in(ctx, term, Dialect::Table)
    }

    /// Compiles a list of clauses for tracing: their heads are lists of arguments, and their bodies act.
    pub(crate) fn compile_trace(ctx: &NativeContext<'_>, term: Term, dialect: Dialect) -> Result<Self> {
        if term.is_nil() {
            return Err(Invalid::because("Match programs are not in a list."));
        }
        Self::compile_in(ctx, term, dialect)
    }

    fn compile_in(ctx: &NativeContext<'_>, term: Term, dialect: Dialect) -> Result<Self> {
        let clauses = term.to_vec().ok_or_else(|| not_a_list("Match programs are not in a", term))?;
        let clauses = clauses.into_iter().map(|clause| match clause.as_tuple() {
            Some(&[head, guards, body]) => {
                let list =
                    |term: Term| term.to_vec().ok_or_else(|| not_a_list("Match expression is not a", term));
                match (list(guards), list(body)) {
                    (Ok(guards), Ok(body)) => compile_clause(ctx, head, &guards, &body, dialect),
                    (Err(Invalid(mut faults)), body) => {
                        if body.is_err() || body.is_ok_and(|body| body.is_empty()) {
                            faults.push(NOTHING.to_owned());
                        }
                        Err(Invalid(faults))
                    }
                    (Ok(_), Err(fault)) if body.is_cons() => Err(fault),
                    (Ok(_), Err(_)) => Err(Invalid::because(NOTHING)),
                }
            }
            _ => Err(Invalid::because("Match program part is not a tuple of arity 3.")),
        });
        Ok(Self { clauses: all_of(clauses)? })
    }

    /// What `ets:match/2` and `ets:match_object/2` mean by a pattern.
    pub(crate) fn of_pattern(ctx: &NativeContext<'_>, pattern: Term, whole: bool) -> Result<Self> {
        let body = named(if whole { "$_" } else { "$$" });
        Ok(Self { clauses: vec![compile_clause(ctx, pattern, &[], &[body], Dialect::Table)?] })
    }

    /// The keys that alone can match, if every head has a fixed one at this position.
    pub(crate) fn keys(&self, position: usize) -> Option<Vec<Term>> {
        self.clauses
            .iter()
            .map(|clause| match &clause.head {
                Pattern::Ground(object) => object.as_tuple()?.get(position).copied(),
                Pattern::Tuple(elements) => match elements.get(position)? {
                    Pattern::Ground(key) => Some(*key),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    /// Runs on an object: the value of the first clause that matches. `bindings` is room for its variables.
    pub(crate) fn run(
        &self,
        ctx: &mut NativeContext<'_>,
        object: Term,
        bindings: &mut Vec<Term>,
    ) -> Option<Term> {
        self.run_with(ctx, object, bindings, None)
    }

    /// Runs a specification for tracing on a list of arguments.
    pub(crate) fn run_trace(
        &self,
        ctx: &mut NativeContext<'_>,
        arguments: Term,
        effects: &mut Effects,
    ) -> Option<Term> {
        self.run_with(ctx, arguments, &mut Vec::new(), Some(effects))
    }

    fn run_with(
        &self,
        ctx: &mut NativeContext<'_>,
        object: Term,
        bindings: &mut Vec<Term>,
        mut effects: Option<&mut Effects>,
    ) -> Option<Term> {
        self.clauses.iter().find_map(|clause| {
            bindings.clear();
            bindings.resize(clause.variables.len(), Term::NONE);
            if !matches(&clause.head, object, bindings) {
                return None;
            }
            let effects = effects.as_deref_mut();
            let mut frame =
                Frame { ctx, object, bindings, variables: &clause.variables, effects, in_body: false };
            for guard in &clause.guards {
                if !frame.value(guard).is_ok_and(|value| value == Term::bool(true)) {
                    return None;
                }
            }
            let mut value = Term::bool(true);
            frame.in_body = true;
            for expression in &clause.body {
                value = frame.value(expression).unwrap_or(Term::atom(atom::EXIT_UPPER));
            }
            Some(value)
        })
    }
}

/// The fault of a body without expressions.
const NOTHING: &str = "Body clause does not return anything.";

/// Whose specification it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Table,
    /// Of calls that are traced.
    Call,
    /// Of messages that are sent, and of those that come.
    Send,
    Receive,
}

impl Dialect {
    /// Is it for tracing?
    pub(super) fn traces(self) -> bool {
        self != Self::Table
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) dialect: Dialect,
    pub(super) in_guard: bool,
}

impl Context {
    /// May an action stand here?
    fn allows(self, action: Action) -> bool {
        use Action::*;
        let asks = matches!(action, IsSequential | GetControlWord);
        let calls = matches!(action, Caller | CallerLine);
        let plain = matches!(
            action,
            Display | ExceptionTrace | GetControlWord | Message | ReturnTrace | SetControlWord
        );
        (asks || !self.in_guard)
            && match self.dialect {
                Dialect::Table => false,
                Dialect::Call => true,
                Dialect::Send => !calls,
                Dialect::Receive => plain,
            }
    }
}

fn compile_clause(
    ctx: &NativeContext<'_>,
    head: Term,
    guards: &[Term],
    body: &[Term],
    dialect: Dialect,
) -> Result<Clause> {
    let mut variables = Vec::new();
    if dialect.traces() {
        let is_head = head.is_list() || head.is_tuple() || name_of(head) == "_";
        if !is_head && variable_number(head).is_none() {
            return Err(Invalid::because("Match head is invalid in this context."));
        }
        if head.is_cons() && head.to_vec().is_none() {
            let text = format!("Match expression part {} is not a proper list.", shown(head));
            return Err(Invalid(vec![text]));
        }
    }
    let head = pattern(head, &mut variables, 0)?;
    let (guard, place) = (Context { dialect, in_guard: true }, Context { dialect, in_guard: false });
    let guards = all_of(guards.iter().map(|&part| expression(ctx, part, &variables, 0, guard)));
    let body = if body.is_empty() && dialect == Dialect::Table {
        Err(Invalid::because(NOTHING))
    } else {
        all_of(body.iter().map(|&part| expression(ctx, part, &variables, 0, place)))
    };
    match (guards, body) {
        (Ok(guards), Ok(body)) => Ok(Clause { head, guards, body, variables }),
        (Err(Invalid(mut faults)), Err(Invalid(more))) => {
            faults.extend(more);
            Err(Invalid(faults))
        }
        (Err(faults), _) | (_, Err(faults)) => Err(faults),
    }
}

/// Does a term hold something that a pattern does not take literally?
fn is_ground(term: Term) -> bool {
    let mut pending = vec![term];
    while let Some(term) = pending.pop() {
        if let Some((head, tail)) = term.as_cons() {
            pending.extend([head, tail]);
        } else if let Some(elements) = term.as_tuple() {
            pending.extend(elements);
        } else if term.is_map() {
            // A map matches larger ones too.
            return false;
        } else if name_of(term) == "_" || variable_number(term).is_some() {
            return false;
        }
    }
    true
}

fn pattern(term: Term, variables: &mut Vec<u32>, depth: usize) -> Result<Pattern> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    if name_of(term) == "_" {
        return Ok(Pattern::Any);
    }
    if let Some(number) = variable_number(term) {
        let at = variables.iter().position(|&other| other == number).unwrap_or_else(|| {
            variables.push(number);
            variables.len() - 1
        });
        return Ok(Pattern::Variable(at));
    }
    if is_ground(term) {
        return Ok(Pattern::Ground(term));
    }
    if let Some(elements) = term.as_tuple() {
        let parts = elements.iter().map(|&element| pattern(element, variables, depth + 1));
        return Ok(Pattern::Tuple(parts.collect::<Result<_>>()?));
    }
    if term.is_cons() {
        let mut iter = term.iter();
        let mut parts = Vec::new();
        for element in iter.by_ref() {
            parts.push(pattern(element, variables, depth + 1)?);
        }
        let tail = pattern(iter.tail(), variables, depth + 1)?;
        return Ok(Pattern::List(parts, Box::new(tail)));
    }
    let mut pairs = Vec::new();
    for (key, value) in map::pairs(term) {
        if !is_ground(key) {
            return Err(Invalid::because("Variable found in map key."));
        }
        pairs.push((key, pattern(value, variables, depth + 1)?));
    }
    Ok(Pattern::Map(pairs))
}

/// Functions that guards and bodies may call.
const FUNCTIONS: &[(&str, usize)] = &[
    ("is_atom", 1),
    ("is_float", 1),
    ("is_integer", 1),
    ("is_list", 1),
    ("is_number", 1),
    ("is_pid", 1),
    ("is_port", 1),
    ("is_reference", 1),
    ("is_tuple", 1),
    ("is_map", 1),
    ("is_map_key", 2),
    ("is_binary", 1),
    ("is_function", 1),
    ("is_record", 3),
    ("not", 1),
    ("xor", 2),
    ("abs", 1),
    ("element", 2),
    ("hd", 1),
    ("tl", 1),
    ("length", 1),
    ("map_get", 2),
    ("map_size", 1),
    ("node", 0),
    ("node", 1),
    ("round", 1),
    ("trunc", 1),
    ("float", 1),
    ("size", 1),
    ("bit_size", 1),
    ("byte_size", 1),
    ("binary_part", 2),
    ("binary_part", 3),
    ("+", 1),
    ("+", 2),
    ("-", 1),
    ("-", 2),
    ("*", 2),
    ("/", 2),
    ("div", 2),
    ("rem", 2),
    ("band", 2),
    ("bor", 2),
    ("bxor", 2),
    ("bnot", 1),
    ("bsl", 2),
    ("bsr", 2),
    (">", 2),
    (">=", 2),
    ("<", 2),
    ("=<", 2),
    ("=:=", 2),
    ("==", 2),
    ("=/=", 2),
    ("/=", 2),
];

fn expression(
    ctx: &NativeContext<'_>,
    term: Term,
    variables: &[u32],
    depth: usize,
    place: Context,
) -> Result<Expression> {
    if depth > MAX_DEPTH {
        return Err(too_deep());
    }
    let all =
        |terms: &[Term]| all_of(terms.iter().map(|&term| expression(ctx, term, variables, depth + 1, place)));
    if let Some(number) = variable_number(term) {
        let at = variables.iter().position(|&other| other == number);
        let at = at.ok_or_else(|| Invalid::because(&format!("Variable ${number} is unbound.")))?;
        return Ok(Expression::Variable(at));
    }
    match name_of(term) {
        "$_" => return Ok(Expression::Object),
        "$$" => return Ok(Expression::AllVariables),
        _ => {}
    }
    if term.is_cons() {
        let mut iter = term.iter();
        let elements: Vec<Term> = iter.by_ref().collect();
        let tail = expression(ctx, iter.tail(), variables, depth + 1, place)?;
        return Ok(Expression::List(all(&elements)?, Box::new(tail)));
    }
    if term.is_map() {
        let mut pairs = Vec::new();
        for (key, value) in map::pairs(term) {
            let key = expression(ctx, key, variables, depth + 1, place)?;
            pairs.push((key, expression(ctx, value, variables, depth + 1, place)?));
        }
        return Ok(Expression::Map(pairs));
    }
    let Some(elements) = term.as_tuple() else { return Ok(Expression::Constant(term)) };
    if let [inner] = elements
        && let Some(parts) = inner.as_tuple()
    {
        return Ok(Expression::Tuple(all(parts)?));
    }
    let Some((&function, operands)) = elements.split_first() else { return Err(wrong_call(term, place)) };
    let name = name_of(function);
    match (name, operands) {
        ("const", &[value]) => return Ok(Expression::Constant(value)),
        ("self", &[]) => return Ok(Expression::This),
        ("and" | "or" | "andalso" | "orelse", [_, ..]) => {
            return Ok(Expression::Boolean {
                decides: name.starts_with('o'),
                lazy: name.len() > 3,
                operands: all(operands)?,
            });
        }
        _ => {}
    }
    let action = ACTIONS.iter().find(|entry| (entry.0, entry.1) == (name, operands.len()));
    if let Some(&(_, _, action)) = action
        && place.allows(action)
    {
        return Ok(Expression::Action(action, all(operands)?));
    }
    if !FUNCTIONS.contains(&(name, operands.len())) {
        return Err(wrong_call(term, place));
    }
    let name = function.as_atom().unwrap_or(Atom::from_index(0));
    let export = ctx.vm.code.find_export(atom::ERLANG, name, operands.len() as u32);
    let native = export.and_then(|export| export.native);
    let native = native.ok_or_else(|| Invalid::because("Function cannot be called in this context."))?;
    // The last operand is looked at first, and its faults are told first.
    let mut operands =
        all_of(operands.iter().rev().map(|&term| expression(ctx, term, variables, depth + 1, place)))?;
    operands.reverse();
    Ok(Expression::Call(native.run, operands))
}

fn matches(pattern: &Pattern, term: Term, bindings: &mut [Term]) -> bool {
    match pattern {
        Pattern::Any => true,
        Pattern::Ground(ground) => exactly_equal(*ground, term),
        Pattern::Variable(at) => {
            if bindings[*at].is_none() {
                bindings[*at] = term;
                return true;
            }
            exactly_equal(bindings[*at], term)
        }
        Pattern::Tuple(parts) => term.as_tuple().is_some_and(|elements| {
            elements.len() == parts.len()
                && parts.iter().zip(elements).all(|(part, &element)| matches(part, element, bindings))
        }),
        Pattern::List(parts, tail) => {
            let mut rest = term;
            for part in parts {
                let Some((head, next)) = rest.as_cons() else { return false };
                if !matches(part, head, bindings) {
                    return false;
                }
                rest = next;
            }
            matches(tail, rest, bindings)
        }
        Pattern::Map(pairs) => {
            term.is_map()
                && pairs.iter().all(|(key, part)| {
                    map::get(term, *key).is_some_and(|value| matches(part, value, bindings))
                })
        }
    }
}

/// A match under way.
struct Frame<'a, 'b> {
    ctx: &'a mut NativeContext<'b>,
    object: Term,
    bindings: &'a [Term],
    variables: &'a [u32],
    effects: Option<&'a mut Effects>,
    /// A call that fails has the value 'EXIT' there, and the rest goes on.
    in_body: bool,
}

impl Frame<'_, '_> {
    fn values(&mut self, expressions: &[Expression]) -> std::result::Result<Vec<Term>, Interrupt> {
        expressions.iter().map(|expression| self.value(expression)).collect()
    }

    /// The value of an expression. Depth was bounded when it was compiled.
    fn value(&mut self, expression: &Expression) -> NativeResult {
        Ok(match expression {
            Expression::Constant(term) => *term,
            Expression::Variable(at) => self.bindings[*at],
            Expression::Object => self.object,
            Expression::AllVariables => {
                let mut all: Vec<(u32, Term)> =
                    self.variables.iter().copied().zip(self.bindings.iter().copied()).collect();
                all.sort_by_key(|(number, _)| *number);
                let all: Vec<Term> = all.into_iter().map(|(_, term)| term).collect();
                self.ctx.process.heap.list(&all)
            }
            Expression::Tuple(parts) => {
                let elements = self.values(parts)?;
                self.ctx.process.heap.tuple(&elements)
            }
            Expression::List(parts, tail) => {
                let elements = self.values(parts)?;
                let tail = self.value(tail)?;
                self.ctx.process.heap.list_with_tail(&elements, tail)
            }
            Expression::Map(parts) => {
                let mut pairs = Vec::new();
                for (key, value) in parts {
                    pairs.push((self.value(key)?, self.value(value)?));
                }
                heap_map::from_pairs(&mut self.ctx.process.heap, &pairs)
            }
            Expression::Call(function, operands) => {
                let result = match &operands[..] {
                    [one] => {
                        let one = self.value(one)?;
                        function(self.ctx, &[one])
                    }
                    [one, other] => {
                        let operands = [self.value(one)?, self.value(other)?];
                        function(self.ctx, &operands)
                    }
                    operands => {
                        let operands = self.values(operands)?;
                        function(self.ctx, &operands)
                    }
                };
                match result {
                    Err(_) if self.in_body => Term::atom(atom::EXIT_UPPER),
                    result => result?,
                }
            }
            Expression::Boolean { decides, lazy, operands } => {
                let mut result = !decides;
                for (index, operand) in operands.iter().enumerate() {
                    let value = self.value(operand)?;
                    if *lazy && index + 1 == operands.len() {
                        return Ok(value);
                    }
                    let value = match value.as_bool() {
                        Some(value) => value,
                        None if self.in_body => return Ok(Term::atom(atom::EXIT_UPPER)),
                        None => return Err(crate::Exception::badarg().into()),
                    };
                    if value == *decides {
                        result = *decides;
                        if *lazy {
                            break;
                        }
                    }
                }
                Term::bool(result)
            }
            Expression::This => Term::pid(self.ctx.process.pid),
            Expression::Action(action, operands) => {
                let operands = self.values(operands)?;
                match self.effects.as_deref_mut() {
                    Some(effects) => effects.act(self.ctx, *action, &operands),
                    None => Term::bool(false),
                }
            }
        })
    }
}
