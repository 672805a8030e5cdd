//! Calls: of what has no effects, of what must fail, and of what is no function.

use super::branches::Branches;
use super::expr::without;
use super::known::{Known, Shape};
use super::pattern::variables;
use super::{Env, Foresight, Kind, Wanted, function_text};
use crate::ast::{Clause, Expr, ExprKind, FunctionName, Place};
use crate::core::evaluate::{Outcome, evaluate};
use crate::core::lower::is_list_loop;
use crate::diag::write_term;
use crate::lex::write_atom;
use swerl_beam::{Atom, Literal};

/// Functions of `erlang` that do nothing but compute a result, and always have one.
const SAFE: &[(&str, usize)] = &[
    ("date", 0),
    ("get", 0),
    ("get", 1),
    ("get_cookie", 0),
    ("get_keys", 1),
    ("group_leader", 0),
    ("is_alive", 0),
    ("is_atom", 1),
    ("is_binary", 1),
    ("is_bitstring", 1),
    ("is_boolean", 1),
    ("is_float", 1),
    ("is_function", 1),
    ("is_integer", 1),
    ("is_list", 1),
    ("is_map", 1),
    ("is_number", 1),
    ("is_pid", 1),
    ("is_port", 1),
    ("is_reference", 1),
    ("is_tuple", 1),
    ("make_ref", 0),
    ("max", 2),
    ("min", 2),
    ("node", 0),
    ("nodes", 0),
    ("ports", 0),
    ("pre_loaded", 0),
    ("processes", 0),
    ("registered", 0),
    ("self", 0),
    ("term_to_binary", 1),
    ("time", 0),
];

/// Functions of `erlang` that do nothing but compute a result, or fail.
const PURE: &[(&str, usize)] = &[
    ("abs", 1),
    ("atom_to_binary", 1),
    ("atom_to_binary", 2),
    ("atom_to_list", 1),
    ("binary_part", 2),
    ("binary_part", 3),
    ("binary_to_atom", 1),
    ("binary_to_atom", 2),
    ("binary_to_float", 1),
    ("binary_to_integer", 1),
    ("binary_to_list", 1),
    ("binary_to_list", 3),
    ("bit_size", 1),
    ("byte_size", 1),
    ("ceil", 1),
    ("element", 2),
    ("float", 1),
    ("float_to_binary", 1),
    ("float_to_list", 1),
    ("floor", 1),
    ("hd", 1),
    ("integer_to_binary", 1),
    ("integer_to_list", 1),
    ("is_atom", 1),
    ("is_binary", 1),
    ("is_bitstring", 1),
    ("is_boolean", 1),
    ("is_float", 1),
    ("is_function", 1),
    ("is_function", 2),
    ("is_integer", 1),
    ("is_list", 1),
    ("is_map", 1),
    ("is_map_key", 2),
    ("is_number", 1),
    ("is_pid", 1),
    ("is_port", 1),
    ("is_record", 2),
    ("is_record", 3),
    ("is_reference", 1),
    ("is_tuple", 1),
    ("length", 1),
    ("list_to_atom", 1),
    ("list_to_binary", 1),
    ("list_to_float", 1),
    ("list_to_integer", 1),
    ("list_to_integer", 2),
    ("list_to_pid", 1),
    ("list_to_tuple", 1),
    ("make_fun", 3),
    ("map_get", 2),
    ("max", 2),
    ("min", 2),
    ("pid_to_list", 1),
    ("round", 1),
    ("setelement", 3),
    ("size", 1),
    ("split_binary", 2),
    ("tl", 1),
    ("trunc", 1),
    ("tuple_size", 1),
    ("tuple_to_list", 1),
];

/// The same of other modules.
const PURE_ELSEWHERE: &[(&str, &str, usize)] = &[
    ("lists", "append", 2),
    ("lists", "subtract", 2),
    ("maps", "get", 2),
    ("maps", "is_key", 2),
    ("maps", "new", 0),
    ("math", "acos", 1),
    ("math", "acosh", 1),
    ("math", "asin", 1),
    ("math", "asinh", 1),
    ("math", "atan", 1),
    ("math", "atan2", 2),
    ("math", "atanh", 1),
    ("math", "ceil", 1),
    ("math", "cos", 1),
    ("math", "cosh", 1),
    ("math", "erf", 1),
    ("math", "erfc", 1),
    ("math", "exp", 1),
    ("math", "floor", 1),
    ("math", "fmod", 2),
    ("math", "log", 1),
    ("math", "log10", 1),
    ("math", "log2", 1),
    ("math", "pi", 0),
    ("math", "pow", 2),
    ("math", "sin", 1),
    ("math", "sinh", 1),
    ("math", "sqrt", 1),
    ("math", "tan", 1),
    ("math", "tanh", 1),
];

/// Functions of `erlang` that do not return.
const FINAL: &[(&str, usize)] = &[("error", 1), ("error", 2), ("error", 3), ("exit", 1), ("throw", 1)];

const COMPARISONS: &[&str] = &["==", "/=", "=<", "<", ">=", ">", "=:=", "=/="];
const ARITHMETIC: &[&str] = &["+", "-", "*", "/", "div", "rem", "band", "bor", "bxor", "bsl", "bsr", "bnot"];
const BOOLEAN: &[&str] = &["and", "or", "xor", "not"];
const OF_LISTS: &[&str] = &["++", "--"];

/// An operator whose result, if it has one, is a boolean. `andalso` and `orelse` may give anything.
pub(super) fn is_boolean_operator(op: &str) -> bool {
    COMPARISONS.contains(&op) || BOOLEAN.contains(&op)
}

pub(super) fn is_type_test(name: &str, arity: usize) -> bool {
    let is_test = |known: &&(&str, usize)| **known == (name, arity) && name.starts_with("is_");
    SAFE.iter().find(is_test).is_some_and(|_| name != "is_alive")
        || matches!((name, arity), ("is_function", 2) | ("is_record", 2 | 3))
}

fn is_operator(name: &str, arity: usize) -> bool {
    match arity {
        1 => matches!(name, "+" | "-" | "bnot" | "not"),
        2 => {
            COMPARISONS.contains(&name)
                || OF_LISTS.contains(&name)
                || (ARITHMETIC.contains(&name) && name != "bnot")
                || (BOOLEAN.contains(&name) && name != "not")
        }
        _ => false,
    }
}

pub(super) fn is_safe(module: &str, name: &str, arity: usize) -> bool {
    module == "erlang" && (SAFE.contains(&(name, arity)) || (arity == 2 && COMPARISONS.contains(&name)))
}

fn is_pure(module: &str, name: &str, arity: usize) -> bool {
    match module {
        "erlang" => PURE.contains(&(name, arity)) || is_operator(name, arity),
        _ => PURE_ELSEWHERE.contains(&(module, name, arity)),
    }
}

impl Foresight<'_> {
    pub(super) fn call(
        &mut self,
        callee: &Expr,
        args: &[Expr],
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        if let ExprKind::Fun(clauses) = &callee.kind
            && is_called_whole(clauses, args)
        {
            return self.call_in_place(callee.place, clauses, args, env, wanted);
        }
        if let Some((place, clauses)) = self.called_here(callee) {
            return self.call_in_place(place, &clauses, args, env, wanted);
        }
        let function = self.called(callee, args.len(), place, env);
        let is_for_nothing = wanted == Wanted::Effect
            && function.is_some_and(|(module, name)| is_safe(module.as_str(), name.as_str(), args.len()));
        let value = |arg: &Expr| match is_for_nothing {
            true => self.unused_operand(arg, env),
            false => self.expr(arg, env, Wanted::Value),
        };
        let values: Vec<Known> = args.iter().map(value).collect();
        if self.lacks(&values) {
            return Known::Never;
        }
        match function {
            Some((module, name)) => self.apply(module.as_str(), name.as_str(), &values, place, wanted),
            None => Known::Unknown,
        }
    }

    /// The function that is called, where it is one of another module or one of Erlang's own.
    fn called(&mut self, callee: &Expr, arity: usize, place: Place, env: &mut Env) -> Option<(Atom, Atom)> {
        match &callee.kind {
            ExprKind::Atom(name) => {
                let function = FunctionName { name: *name, arity: u32::try_from(arity).unwrap_or(u32::MAX) };
                self.module_of(function).map(|module| (module, *name))
            }
            ExprKind::Remote(module, name) => {
                let are_joined = [module, name].map(|part| matches!(part.kind, ExprKind::Binary(..)));
                let module = self.expr(module, env, Wanted::Value);
                let name = self.expr(name, env, Wanted::Value);
                if let (Known::Literal(Literal::Atom(module)), Known::Literal(Literal::Atom(name))) =
                    (&module, &name)
                {
                    return Some((*module, *name));
                }
                let is_no_name =
                    |part: &Known| part.is_data() && !matches!(part, Known::Literal(Literal::Atom(_)));
                let is_bad = (is_no_name(&module) && (!are_joined[0] || module.literal().is_some()))
                    || (is_no_name(&name) && (!are_joined[1] || name.literal().is_some()));
                if is_bad {
                    let message = "invalid module and/or function name; this call will always fail";
                    self.tell(Kind::Failed, "v3_kernel", place, Literal::atom("bad_call"), message);
                }
                None
            }
            _ => {
                let value = self.expr(callee, env, Wanted::Value);
                if let Known::Literal(Literal::Fun(module, name, takes)) = &value
                    && usize::from(*takes) == arity
                {
                    return Some((*module, *name));
                }
                let is_term = match &value {
                    Known::Literal(literal) => !matches!(literal, Literal::Fun(..)),
                    // What a variable holds is not looked into.
                    value => {
                        value.is_data()
                            && matches!(
                                callee.kind,
                                ExprKind::Tuple(_) | ExprKind::List(..) | ExprKind::Record { .. }
                            )
                    }
                };
                if is_term {
                    let message = "invalid function call";
                    self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_call"), message);
                }
                None
            }
        }
    }

    /// What is known of the result of a function, told where it is for nothing or fails.
    pub(super) fn apply(
        &mut self,
        module: &str,
        name: &str,
        args: &[Known],
        place: Place,
        wanted: Wanted,
    ) -> Known {
        if module == "erlang" && FINAL.contains(&(name, args.len())) {
            return Known::Never;
        }
        let is_pure = is_pure(module, name, args.len());
        if wanted == Wanted::Effect {
            if is_safe(module, name, args.len()) {
                self.without_effect(module, name, args.len(), place);
                return Known::Unknown;
            }
            // The test for a record of this module is done in place.
            let is_own_test = name == "is_record"
                && matches!(args, [_, Known::Literal(Literal::Atom(record))] if self.records.contains_key(record));
            if is_pure && !is_own_test {
                self.result_ignored(module, name, args.len(), place);
            }
        }
        if module == "erlang" && name == "apply" {
            return self.apply_bif(args, place);
        }
        if module == "lists" && self.options.inline_list_funcs && is_list_loop(name, args.len()) {
            self.list_loop(name, &args[0], place);
        }
        if !is_pure {
            return Known::Unknown;
        }
        // What the compiler calls instead, and then looks at again.
        let (module, name, is_renamed) = match (module, name, args.len()) {
            ("maps", "get", 2) => ("erlang", "map_get", true),
            ("maps", "is_key", 2) => ("erlang", "is_map_key", true),
            _ => (module, name, false),
        };
        if let ("erlang", "++", [Known::Literal(prefix), rest])
        | ("lists", "append", [Known::Literal(prefix), rest]) = (module, name, args)
            && rest.literal().is_none()
            && wanted == Wanted::Value
            && let Some(elements) = short_list(prefix)
        {
            return elements
                .into_iter()
                .rev()
                .fold(rest.clone(), |rest, element| Known::cons(Known::Literal(element), rest));
        }
        let literals: Option<Vec<Literal>> = args.iter().map(|arg| arg.literal().cloned()).collect();
        let outcome = match literals {
            Some(literals) => evaluate(module, name, &literals),
            None if name == "length" => known_length(&args[0]),
            None => Outcome::Unknown,
        };
        let is_longer = name == "length" && matches!((args, &outcome), ([Known::Cons(_)], Outcome::Unknown));
        if is_longer && wanted == Wanted::Effect {
            // The cells in front are counted by an addition, which is for nothing, too.
            self.result_ignored("erlang", "+", 2, place);
        }
        if is_renamed && wanted == Wanted::Effect && !matches!(outcome, Outcome::Value(_)) {
            self.result_ignored(module, name, args.len(), place);
        }
        match outcome {
            Outcome::Value(value) => Known::Literal(value),
            Outcome::Unknown => Known::Unknown,
            Outcome::Fails(reason) => {
                if self.is_unwanted {
                    return Known::Unknown;
                }
                self.will_fail(module, name, args.len(), place, reason);
                Known::Unknown
            }
        }
    }

    /// A fun that is called where it is made: its clauses are those of a `case`.
    fn call_in_place(
        &mut self,
        place: Place,
        clauses: &[Clause],
        args: &[Expr],
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        let values: Vec<Known> = args.iter().map(|arg| self.expr(arg, env, Wanted::Value)).collect();
        if self.lacks(&values) {
            return Known::Never;
        }
        let mut hidden = Vec::new();
        for pattern in clauses.iter().flat_map(|clause| &clause.patterns) {
            variables(pattern, &mut hidden);
        }
        let inner = without(env, &hidden);
        let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
        let was_dropped = std::mem::take(&mut self.is_dropped);
        let value = self.branches(what, &values, clauses, wanted, &inner).0;
        self.is_dropped = was_dropped;
        value
    }

    /// The subject of a `case`, or of a match whose value nobody uses: a fun that is made and called there is
    /// called, where in other places its body takes the place of the call.
    pub(super) fn subject(&mut self, subject: &Expr, env: &mut Env) -> Known {
        let (before, last) = match &subject.kind {
            ExprKind::Block(body) => {
                body.split_last().map_or((&[][..], subject), |(last, before)| (before, last))
            }
            _ => (&[][..], subject),
        };
        let ExprKind::Call { callee, args } = &last.kind else {
            return self.expr(subject, env, Wanted::Value);
        };
        if !self.calls_fun(last) {
            return self.expr(subject, env, Wanted::Value);
        }
        if matches!(self.body(before, env, Wanted::Effect), Known::Never) {
            return Known::Never;
        }
        let values: Vec<Known> = args.iter().map(|arg| self.expr(arg, env, Wanted::Value)).collect();
        if self.lacks(&values) {
            return Known::Never;
        }
        self.expr(callee, env, Wanted::Value);
        Known::Unknown
    }

    /// `Name = Fun(...)` where all that is done with the name is that the next expression looks at it once.
    pub(super) fn is_subject_of_next(
        &self,
        expr: &Expr,
        next: Option<&Expr>,
        is_used: bool,
        env: &Env,
    ) -> bool {
        let ExprKind::Match(pattern, value) = &expr.kind else { return false };
        let ExprKind::Var(name) = pattern.kind else { return false };
        let is_it = |expr: &Expr| matches!(expr.kind, ExprKind::Var(other) if other == name);
        let is_looked_at = match next.map(|next| &next.kind) {
            Some(ExprKind::Case(subject, _)) => is_it(subject),
            Some(ExprKind::Match(_, value)) => !is_used && is_it(value),
            _ => false,
        };
        is_looked_at
            && self.calls_fun(value)
            && !env.contains_key(&name)
            && self.occurrences.is_used_once(name)
    }

    /// Tells that a function fails with this reason.
    pub(super) fn will_fail(
        &mut self,
        module: &str,
        name: &str,
        arity: usize,
        place: Place,
        reason: Literal,
    ) {
        let what = if (module, name) == ("erlang", "make_fun") {
            "fun construction".to_owned()
        } else if module == "erlang" && is_operator(name, arity) {
            format!("evaluation of operator {}/{arity}", quoted(name))
        } else {
            format!("the call to {}", callable(module, name, arity))
        };
        let message = format!("{what} will fail with a '{}' exception", write_term(&reason));
        let failure = [Literal::atom("eval_failure"), mfa(module, name, arity), reason];
        self.tell(Kind::Failed, "sys_core_fold", place, Literal::tuple(failure), message);
    }

    /// `apply/2` of what is no function.
    fn apply_bif(&mut self, args: &[Known], place: Place) -> Known {
        let [function, args] = args else { return Known::Unknown };
        let is_list = match args {
            Known::Literal(list) => matches!(list, Literal::Nil | Literal::List(..) | Literal::Str(_)),
            Known::Cons(_) => true,
            _ => false,
        };
        if is_list
            && function.is_data()
            && !matches!(function, Known::Cons(_))
            && !matches!(function, Known::Literal(Literal::Fun(..)))
        {
            let message = "invalid function call";
            self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_call"), message);
        }
        Known::Unknown
    }

    /// A function of `lists` that is written out here, with this in the place of a fun.
    fn list_loop(&mut self, name: &str, fun: &Known, place: Place) {
        if self.is_unwanted || fun.literal().is_none_or(|literal| matches!(literal, Literal::Fun(..))) {
            return;
        }
        let message = "invalid function call";
        self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_call"), message);
        if matches!(name, "all" | "any") {
            self.no_clause(place);
        }
        self.guard_fails(place);
    }

    fn without_effect(&mut self, module: &str, name: &str, arity: usize, place: Place) {
        let message = if COMPARISONS.contains(&name) {
            format!("use of operator {} has no effect", quoted(name))
        } else {
            format!("the call to {} has no effect", callable(module, name, arity))
        };
        let descriptor = Literal::tuple([Literal::atom("no_effect"), mfa(module, name, arity)]);
        self.tell(Kind::Ignored, "sys_core_fold", place, descriptor, message);
    }

    pub(super) fn result_ignored(&mut self, module: &str, name: &str, arity: usize, place: Place) {
        let what = if (module, name) == ("erlang", "make_fun") {
            "fun construction".to_owned()
        } else if module == "erlang" && is_operator(name, arity) {
            format!("evaluating operator {}/{arity}", quoted(name))
        } else {
            format!("calling {}", callable(module, name, arity))
        };
        let message = format!(
            "the result of {what} is ignored (suppress the warning by assigning the expression to the _ variable)"
        );
        let descriptor = Literal::tuple([Literal::atom("result"), mfa(module, name, arity)]);
        self.tell(Kind::Ignored, "sys_core_fold", place, descriptor, message);
    }
}

/// The elements of a list of at most four.
pub(super) fn short_list(list: &Literal) -> Option<Vec<Literal>> {
    let elements: Vec<Literal> = match list {
        Literal::Str(bytes) => bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect(),
        Literal::List(elements, tail) if **tail == Literal::Nil => elements.clone(),
        _ => return None,
    };
    (elements.len() <= 4).then_some(elements)
}

/// The length of a list whose end is known.
pub(super) fn known_length(list: &Known) -> Outcome {
    let mut rest = list.clone();
    let mut length = 0;
    loop {
        match rest.uncons() {
            Shape::Is((_, tail)) => {
                rest = tail;
                length += 1;
            }
            Shape::Other if matches!(rest, Known::Literal(Literal::Nil)) => {
                return Outcome::Value(Literal::Int(length));
            }
            Shape::Other if !matches!(rest, Known::Tuple(_)) => {
                return Outcome::Fails(Literal::atom("badarg"));
            }
            _ => return Outcome::Unknown,
        }
    }
}

/// An operator as an atom: in quotes, or a word.
fn quoted(name: &str) -> String {
    write_atom(name)
}

fn callable(module: &str, name: &str, arity: usize) -> String {
    let function = FunctionName { name: Atom::new(name), arity: u32::try_from(arity).unwrap_or(u32::MAX) };
    let text = function_text(name, arity);
    if module == "erlang" && super::super::is_auto_imported(function) {
        text
    } else {
        format!("{}:{text}", write_atom(module))
    }
}

fn mfa(module: &str, name: &str, arity: usize) -> Literal {
    let arity = i64::try_from(arity).unwrap_or(i64::MAX);
    Literal::tuple([Literal::atom(module), Literal::atom(name), Literal::Int(arity)])
}

/// A fun that is called where it is made.
pub(super) fn is_call_of_fun(expr: &Expr) -> bool {
    let ExprKind::Call { callee, args } = &expr.kind else { return false };
    matches!(&callee.kind, ExprKind::Fun(clauses) if is_called_whole(clauses, args))
}

pub(super) fn is_called_whole(clauses: &[Clause], args: &[Expr]) -> bool {
    clauses.iter().all(|clause| clause.patterns.len() == args.len())
}
