//! Nested functions get parameters for the variables around them that they use.
//!
//! A nested function that makes or calls another one needs that one's variables, too; since comprehensions call
//! each other in circles, this is repeated until nothing changes.

use super::{
    Body, Callee, Case, Function, FunctionId, Guard, GuardExpr, Kind, MatchSegment, MatchSize, Op, Otherwise,
    PatternId, Patterns, Shape, Value, Var,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Completes the nested functions of one nest, and all calls of them in the nest.
pub fn lift(functions: &mut [Function], outer: FunctionId, nested: &[FunctionId], patterns: &Patterns) {
    if nested.is_empty() {
        return;
    }
    let members: HashSet<FunctionId> = nested.iter().copied().collect();
    let mut uses: HashMap<FunctionId, Uses> = HashMap::new();
    for &id in nested {
        let function = &functions[id.index()];
        let mut found = Uses::default();
        found.defined.extend(&function.params);
        found.body(&function.body, patterns, &members);
        found.used.retain(|var| !found.defined.contains(var));
        uses.insert(id, found);
    }
    loop {
        let mut has_changed = false;
        for &id in nested {
            let needed: Vec<FunctionId> = uses[&id].functions.iter().copied().collect();
            for other in needed {
                let vars: Vec<Var> = uses[&other].used.iter().copied().collect();
                let own = uses.get_mut(&id).expect("every nested function was looked at");
                for var in vars {
                    has_changed |= !own.defined.contains(&var) && own.used.insert(var);
                }
            }
        }
        if !has_changed {
            break;
        }
    }
    for &id in nested {
        let captured: Vec<Var> = uses[&id].used.iter().copied().collect();
        let function = &mut functions[id.index()];
        function.params.extend(&captured);
        function.captured = captured;
    }
    let captured: HashMap<FunctionId, Vec<Value>> = nested
        .iter()
        .map(|&id| (id, functions[id.index()].captured.iter().map(|&var| Value::Var(var)).collect()))
        .collect();
    for &id in std::iter::once(&outer).chain(nested) {
        pass_captured(&mut functions[id.index()].body, &captured);
    }
}

/// What a body uses.
#[derive(Debug, Default)]
struct Uses {
    defined: HashSet<Var>,
    // Sorted, so that the same source always gives the same code.
    used: BTreeSet<Var>,
    functions: BTreeSet<FunctionId>,
}

impl Uses {
    fn value(&mut self, value: Value) {
        if let Value::Var(var) = value {
            self.used.insert(var);
        }
    }

    fn body(&mut self, body: &Body, patterns: &Patterns, members: &HashSet<FunctionId>) {
        for statement in &body.statements {
            self.defined.extend(&statement.dsts);
            match &statement.kind {
                Kind::Simple(op, args) => {
                    if let Op::MakeFun(id) | Op::Call(Callee::Local(id)) = op
                        && members.contains(id)
                    {
                        self.functions.insert(*id);
                    }
                    args.iter().for_each(|&arg| self.value(arg));
                }
                Kind::Case(case) => self.case(case, patterns, members),
                Kind::Receive(receive) => {
                    self.clauses(&receive.clauses, patterns, members);
                    if let Some((time, body)) = &receive.after {
                        self.value(*time);
                        self.body(body, patterns, members);
                    }
                }
                Kind::Try(parts) => {
                    self.defined.insert(parts.value);
                    self.defined.extend(parts.exception);
                    self.body(&parts.body, patterns, members);
                    self.body(&parts.of, patterns, members);
                    self.body(&parts.handler, patterns, members);
                }
                Kind::Catch(body) => self.body(body, patterns, members),
            }
        }
        body.results.iter().for_each(|&result| self.value(result));
    }

    fn case(&mut self, case: &Case, patterns: &Patterns, members: &HashSet<FunctionId>) {
        case.args.iter().for_each(|&arg| self.value(arg));
        self.clauses(&case.clauses, patterns, members);
        match &case.otherwise {
            Otherwise::Error(_, value) => value.iter().for_each(|&value| self.value(value)),
            Otherwise::CaseClauseTuple(elements) => elements.iter().for_each(|&value| self.value(value)),
            Otherwise::Raise(trace, reason) => {
                self.value(*trace);
                self.value(*reason);
            }
        }
    }

    fn clauses(&mut self, clauses: &[super::Clause], patterns: &Patterns, members: &HashSet<FunctionId>) {
        for clause in clauses {
            // The body of a clause that nothing matches uses variables that nobody assigns, and is left out.
            let mut can_match = true;
            for &pattern in &clause.patterns {
                can_match &= self.pattern(pattern, patterns);
            }
            if !can_match {
                continue;
            }
            self.guard(&clause.guard);
            self.body(&clause.body, patterns, members);
        }
    }

    /// Whether something can match.
    fn pattern(&mut self, pattern: PatternId, patterns: &Patterns) -> bool {
        let mut can_match = true;
        let mut work = vec![pattern];
        while let Some(id) = work.pop() {
            let pattern = patterns.get(id);
            self.defined.extend(&pattern.binds);
            match &pattern.shape {
                Shape::Any | Shape::Constant(_) => {}
                Shape::Never => can_match = false,
                Shape::Cons(a, b) | Shape::Both(a, b) => work.extend([*a, *b]),
                Shape::Tuple(elements) => work.extend(elements),
                Shape::Bits(segments) => {
                    for segment in segments {
                        let MatchSegment::Value { size, pattern, .. } = segment else { continue };
                        work.push(*pattern);
                        match size {
                            MatchSize::All => {}
                            MatchSize::Units(value) => self.value(*value),
                            MatchSize::Computed(expr) => self.guard_expr(expr),
                        }
                    }
                }
                Shape::Map(pairs) => {
                    for (key, value) in pairs {
                        self.guard_expr(key);
                        work.push(*value);
                    }
                }
            }
        }
        can_match
    }

    fn guard(&mut self, guard: &Guard) {
        for &(var, value) in &guard.equalities {
            self.value(Value::Var(var));
            self.value(value);
        }
        guard.alternatives.iter().flatten().for_each(|expr| self.guard_expr(expr));
    }

    fn guard_expr(&mut self, expr: &GuardExpr) {
        let mut work = vec![expr];
        while let Some(expr) = work.pop() {
            match expr {
                GuardExpr::Value(value) => self.value(*value),
                GuardExpr::Bif(_, parts)
                | GuardExpr::Build(_, parts)
                | GuardExpr::AndAlso(parts)
                | GuardExpr::OrElse(parts) => work.extend(parts),
            }
        }
    }
}

/// Gives nested functions what they capture, wherever they are made or called.
fn pass_captured(body: &mut Body, captured: &HashMap<FunctionId, Vec<Value>>) {
    for statement in &mut body.statements {
        match &mut statement.kind {
            Kind::Simple(Op::MakeFun(id) | Op::Call(Callee::Local(id)), args) => {
                if let Some(values) = captured.get(id) {
                    args.extend(values);
                }
            }
            Kind::Simple(..) => {}
            Kind::Case(case) => {
                case.clauses.iter_mut().for_each(|clause| pass_captured(&mut clause.body, captured));
            }
            Kind::Receive(receive) => {
                receive.clauses.iter_mut().for_each(|clause| pass_captured(&mut clause.body, captured));
                if let Some((_, body)) = &mut receive.after {
                    pass_captured(body, captured);
                }
            }
            Kind::Try(parts) => {
                pass_captured(&mut parts.body, captured);
                pass_captured(&mut parts.of, captured);
                pass_captured(&mut parts.handler, captured);
            }
            Kind::Catch(body) => pass_captured(body, captured),
        }
    }
}
