//! Whether a module is sound: variables and functions are known where they are used, and every expression gives as many values
//! as its context takes.

use super::tree::{Annotated, Clause, Definition, Function, Kind, Module, Node, Segment, Step, Variable};
use crate::core::bifs;
use imbl::HashSet;
use swerl_beam::{Atom, Literal};

/// What is wrong with a module, as OTP's `core_lint` describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The descriptor.
    pub descriptor: Literal,
    /// In words.
    pub message: String,
}

/// Finds all that is wrong with a module.
#[must_use]
pub fn lint(module: &Module) -> Vec<Fault> {
    let functions: HashSet<(Atom, u32)> =
        module.definitions.iter().map(|definition| definition.name.kind).collect();
    let mut lint = Lint { faults: Vec::new(), current: (module.name, 0) };
    for &(name, arity) in &module.exports {
        if !functions.contains(&(name, arity)) {
            lint.faults.push(Fault {
                descriptor: Literal::tuple([Literal::atom("undefined_function"), pair((name, arity))]),
                message: format!("function {}/{arity} undefined", Literal::Atom(name)),
            });
        }
    }
    let scope = Scope { functions, variables: HashSet::new() };
    let mut seen = std::collections::HashSet::new();
    for Definition { name, function } in &module.definitions {
        lint.current = name.kind;
        if !seen.insert(name.kind) {
            lint.fault("illegal_expr");
        }
        match &function.kind {
            Kind::Fun(function) => lint.function(function, &scope, Some(1)),
            _ => lint.fault("illegal_expr"),
        }
    }
    lint.faults
}

fn pair((name, arity): (Atom, u32)) -> Literal {
    Literal::tuple([Literal::Atom(name), Literal::Int(arity.into())])
}

/// What is known somewhere.
#[derive(Clone)]
struct Scope {
    functions: HashSet<(Atom, u32)>,
    variables: HashSet<Atom>,
}

struct Lint {
    faults: Vec<Fault>,
    current: (Atom, u32),
}

/// How many values the context takes; none where it takes what comes.
type Wanted = Option<usize>;

impl Lint {
    /// A fault that is described by its kind and the function alone.
    fn fault(&mut self, kind: &'static str) {
        let what = match kind {
            "arg_mismatch" => "argument count mismatch",
            "illegal_guard" => "illegal guard expression",
            "illegal_try" => "illegal try expression",
            "not_pattern" => "expecting pattern",
            "pattern_mismatch" => "pattern count mismatch",
            "return_mismatch" => "return count mismatch",
            "tail_segment_not_at_end" => "binary tail segment not at end",
            _ => "illegal expression",
        };
        let descriptor = Literal::tuple([Literal::atom(kind), pair(self.current)]);
        let message = format!("{what} in {}", self.place());
        self.faults.push(Fault { descriptor, message });
    }

    fn place(&self) -> String {
        format!("{}/{}", Literal::Atom(self.current.0), self.current.1)
    }

    fn of_variable(&mut self, kind: &'static str, what: &str, name: Atom) {
        let shown = match name.as_str().parse() {
            Ok(number) => Literal::Int(number),
            Err(_) => Literal::Atom(name),
        };
        let message = format!("{what} {shown} in {}", self.place());
        let descriptor = Literal::tuple([Literal::atom(kind), shown, pair(self.current)]);
        self.faults.push(Fault { descriptor, message });
    }

    fn used(&mut self, name: Atom, scope: &Scope) {
        if !scope.variables.contains(&name) {
            self.of_variable("unbound_var", "unbound variable", name);
        }
    }

    fn used_function(&mut self, function: (Atom, u32), scope: &Scope) {
        if !scope.functions.contains(&function) {
            let (name, arity) = function;
            let message = format!("undefined function {}/{arity} in {}", Literal::Atom(name), self.place());
            let kind = Literal::atom("undefined_function");
            let descriptor = Literal::tuple([kind, pair(function), pair(self.current)]);
            self.faults.push(Fault { descriptor, message });
        }
    }

    fn gives(&mut self, count: usize, wanted: Wanted) {
        if wanted.is_some_and(|wanted| wanted != count) {
            self.fault("return_mismatch");
        }
    }

    /// Binds variables, each once.
    fn bind(&mut self, variables: &[Variable], scope: &Scope) -> Scope {
        let mut names = Vec::new();
        variables.iter().for_each(|variable| self.bind_name(variable.kind, &mut names));
        with_names(scope, names)
    }

    fn bind_name(&mut self, name: Atom, names: &mut Vec<Atom>) {
        if names.contains(&name) {
            self.of_variable("duplicate_var", "duplicate variable", name);
        } else {
            names.push(name);
        }
    }

    fn function(&mut self, function: &Function, scope: &Scope, wanted: Wanted) {
        let scope = self.bind(&function.params, scope);
        self.expr(&function.body, &scope, wanted);
    }

    fn exprs(&mut self, nodes: &[Node], scope: &Scope) {
        nodes.iter().for_each(|node| self.expr(node, scope, Some(1)));
    }

    fn expr(&mut self, node: &Node, scope: &Scope, wanted: Wanted) {
        let mut one = true;
        match &node.kind {
            Kind::Variable(name) => self.used(*name, scope),
            Kind::Function(name, arity) => self.used_function((*name, *arity), scope),
            Kind::Literal(_) => {}
            Kind::List(elements, tail) => {
                self.exprs(elements, scope);
                self.expr(tail, scope, Some(1));
            }
            Kind::Tuple(elements) => self.exprs(elements, scope),
            Kind::Map(base, pairs) => {
                base.iter().for_each(|base| self.expr(base, scope, Some(1)));
                for pair in pairs {
                    self.expr(&pair.kind.key, scope, Some(1));
                    self.expr(&pair.kind.value, scope, Some(1));
                }
            }
            Kind::Bits(segments) => {
                for segment in segments {
                    self.expr(&segment.kind.value, scope, Some(1));
                    self.expr(&segment.kind.size, scope, Some(1));
                }
            }
            Kind::Values(values) => {
                one = false;
                self.exprs(values, scope);
                self.gives(values.len(), wanted);
            }
            Kind::Fun(function) => self.function(function, scope, Some(1)),
            Kind::Apply(function, args) => {
                one = false;
                match function.kind {
                    Kind::Function(name, arity) => {
                        self.used_function((name, arity), scope);
                        if usize::try_from(arity) != Ok(args.len()) {
                            self.fault("arg_mismatch");
                        }
                    }
                    _ => self.expr(function, scope, Some(1)),
                }
                self.exprs(args, scope);
            }
            Kind::Call(callee, args) => {
                one = false;
                self.exprs(&callee[..], scope);
                self.exprs(args, scope);
                if let (true, Some(name)) = (callee[0].is_atom("erlang"), callee[1].as_atom())
                    && !bifs::never_returns(Atom::new("erlang"), name, args.len())
                {
                    one = true;
                }
            }
            Kind::PrimOp(name, args) => {
                one = false;
                self.exprs(args, scope);
                match name.as_str() {
                    "match_fail" | "raise" | "raw_raise" => {}
                    "recv_peek_message" => self.gives(2, wanted),
                    _ => one = true,
                }
            }
            Kind::Case(subject, clauses) => {
                one = false;
                let count = clauses.first().map_or(0, |clause| clause.kind.patterns.len());
                self.expr(subject, scope, Some(count));
                clauses.iter().for_each(|clause| self.clause(clause, scope, count, wanted));
            }
            Kind::Receive(clauses, after) => {
                one = false;
                self.expr(&after[0], scope, Some(1));
                self.expr(&after[1], scope, wanted);
                clauses.iter().for_each(|clause| self.clause(clause, scope, 1, wanted));
            }
            Kind::Try(parts) => {
                one = false;
                if parts.exception.len() != 3 {
                    self.fault("illegal_try");
                }
                self.expr(&parts.body, scope, Some(parts.values.len()));
                let inner = self.bind(&parts.values, scope);
                self.expr(&parts.of, &inner, wanted);
                let inner = self.bind(&parts.exception, scope);
                self.expr(&parts.handler, &inner, wanted);
            }
            Kind::Catch(body) => self.expr(body, scope, Some(1)),
            Kind::Block(steps, last) => {
                one = false;
                let scope = self.steps(steps, scope, wanted, false);
                self.expr(last, &scope, wanted);
            }
            Kind::Alias(..) => self.fault("illegal_expr"),
        }
        if one {
            self.gives(1, wanted);
        }
    }

    fn steps(&mut self, steps: &[Annotated<Step>], scope: &Scope, wanted: Wanted, in_guard: bool) -> Scope {
        let mut scope = scope.clone();
        for step in steps {
            match &step.kind {
                Step::Let(variables, value) => {
                    let count = (!variables.is_empty()).then_some(variables.len());
                    if in_guard {
                        self.guard(value, &scope, count);
                    } else {
                        self.expr(value, &scope, count);
                    }
                    scope = self.bind(variables, &scope);
                }
                Step::Do(value) if in_guard => self.guard(value, &scope, Some(1)),
                Step::Do(value) => self.expr(value, &scope, Some(1)),
                Step::Letrec(_) if in_guard => self.fault("illegal_guard"),
                Step::Letrec(definitions) => {
                    scope.functions.extend(definitions.iter().map(|definition| definition.name.kind));
                    let gives =
                        if step.notes.contains(&Literal::atom("letrec_goto")) { wanted } else { Some(1) };
                    for definition in definitions {
                        match &definition.function.kind {
                            Kind::Fun(function) => self.function(function, &scope, gives),
                            _ => self.fault("illegal_expr"),
                        }
                    }
                }
            }
        }
        scope
    }

    fn clause(&mut self, clause: &Annotated<Clause>, scope: &Scope, count: usize, wanted: Wanted) {
        let Clause { patterns, guard, body } = &clause.kind;
        if patterns.len() != count {
            self.fault("pattern_mismatch");
        }
        let mut names = Vec::new();
        patterns.iter().for_each(|pattern| self.pattern(pattern, scope, &mut names));
        let scope = with_names(scope, names);
        self.guard(guard, &scope, Some(1));
        self.expr(body, &scope, wanted);
    }

    fn pattern(&mut self, node: &Node, scope: &Scope, names: &mut Vec<Atom>) {
        match &node.kind {
            Kind::Variable(name) => self.bind_name(*name, names),
            Kind::Literal(_) => {}
            Kind::List(elements, tail) => {
                elements.iter().for_each(|element| self.pattern(element, scope, names));
                self.pattern(tail, scope, names);
            }
            Kind::Tuple(elements) => elements.iter().for_each(|element| self.pattern(element, scope, names)),
            Kind::Map(_, pairs) => {
                for pair in pairs {
                    if !pair.kind.is_exact {
                        self.fault("not_pattern");
                    }
                    self.guard(&pair.kind.key, scope, Some(1));
                    self.pattern(&pair.kind.value, scope, names);
                }
            }
            Kind::Bits(segments) => {
                for (at, Annotated { kind: Segment { value, size, .. }, .. }) in segments.iter().enumerate() {
                    if size.is_atom("all") && at + 1 < segments.len() {
                        self.fault("tail_segment_not_at_end");
                    }
                    match &size.kind {
                        // A size that the same pattern binds is known to front ends of old.
                        Kind::Variable(name) if names.contains(name) => {}
                        _ => self.guard(size, scope, Some(1)),
                    }
                    self.pattern(value, scope, names);
                }
            }
            Kind::Alias(name, pattern) => {
                self.bind_name(name.kind, names);
                self.pattern(pattern, scope, names);
            }
            _ => self.fault("not_pattern"),
        }
    }

    fn guards(&mut self, nodes: &[Node], scope: &Scope) {
        nodes.iter().for_each(|node| self.guard(node, scope, Some(1)));
    }

    fn guard(&mut self, node: &Node, scope: &Scope, wanted: Wanted) {
        let mut one = true;
        match &node.kind {
            Kind::Variable(name) => self.used(*name, scope),
            Kind::Literal(_) => {}
            Kind::List(elements, tail) => {
                self.guards(elements, scope);
                self.guard(tail, scope, Some(1));
            }
            Kind::Tuple(elements) => self.guards(elements, scope),
            Kind::Values(values) => {
                one = false;
                self.guards(values, scope);
                self.gives(values.len(), wanted);
            }
            Kind::Map(base, pairs) => {
                base.iter().for_each(|base| self.guard(base, scope, Some(1)));
                for pair in pairs {
                    self.guard(&pair.kind.key, scope, Some(1));
                    self.guard(&pair.kind.value, scope, Some(1));
                }
            }
            Kind::Bits(segments) => {
                for segment in segments {
                    self.guard(&segment.kind.value, scope, Some(1));
                    self.guard(&segment.kind.size, scope, Some(1));
                }
            }
            Kind::Call(callee, args) => {
                let name = if callee[0].is_atom("erlang") { callee[1].as_atom() } else { None };
                let is_allowed = |name: Atom| {
                    bifs::is_guard_bif(name, args.len()) || (name.as_str(), args.len()) == ("error", 1)
                };
                if !name.is_some_and(is_allowed) {
                    return self.fault("illegal_guard");
                }
                self.guards(args, scope);
            }
            Kind::PrimOp(_, args) => {
                one = false;
                self.guards(args, scope);
            }
            Kind::Try(parts) => {
                one = false;
                let is_protection = parts.handler.is_atom("false")
                    && matches!((&parts.values[..], &parts.of.kind),
                        ([value], Kind::Variable(name)) if value.kind == *name);
                if !is_protection {
                    return self.fault("illegal_guard");
                }
                self.guard(&parts.body, scope, wanted);
            }
            Kind::Case(subject, clauses) => {
                one = false;
                let count = clauses.first().map_or(0, |clause| clause.kind.patterns.len());
                self.guard(subject, scope, Some(count));
                clauses.iter().for_each(|clause| self.clause(clause, scope, count, wanted));
            }
            Kind::Block(steps, last) => {
                one = false;
                let scope = self.steps(steps, scope, wanted, true);
                self.guard(last, &scope, wanted);
            }
            Kind::Function(..)
            | Kind::Fun(_)
            | Kind::Apply(..)
            | Kind::Receive(..)
            | Kind::Catch(_)
            | Kind::Alias(..) => return self.fault("illegal_guard"),
        }
        if one {
            self.gives(1, wanted);
        }
    }
}

fn with_names(scope: &Scope, names: Vec<Atom>) -> Scope {
    let mut scope = scope.clone();
    scope.variables.extend(names);
    scope
}
