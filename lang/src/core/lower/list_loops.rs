//! Functions of `lists` that take a fun, written out as loops of the caller: the option `inline_list_funcs`.
//!
//! `lists:map(F, L)` is `loop(L)` with
//!
//! ```erlang
//! loop([X | T]) -> H = F(X), [H | loop(T)];
//! loop([]) when is_function(F, 1) -> [];
//! loop(Other) -> error(function_clause, [F, Other]).
//! ```
//!
//! and the others alike. Errors are those of these loops, not of `lists`.

use super::Lower;
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, FunctionId, Guard, GuardExpr, Kind, Line, Op, PatternId, Shape,
    Value,
};
use swerl_beam::{Atom, Literal};

/// What a loop does with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    All,
    Any,
    Foreach,
    Map,
    FlatMap,
    Filter,
    FoldLeft,
    FoldRight,
    MapFoldLeft,
    MapFoldRight,
}

impl Step {
    fn of(name: &str, arity: usize) -> Option<Self> {
        Some(match (name, arity) {
            ("all", 2) => Self::All,
            ("any", 2) => Self::Any,
            ("foreach", 2) => Self::Foreach,
            ("map", 2) => Self::Map,
            ("flatmap", 2) => Self::FlatMap,
            ("filter", 2) => Self::Filter,
            ("foldl", 3) => Self::FoldLeft,
            ("foldr", 3) => Self::FoldRight,
            ("mapfoldl", 3) => Self::MapFoldLeft,
            ("mapfoldr", 3) => Self::MapFoldRight,
            _ => return None,
        })
    }
}

/// Whether a function of `lists` becomes a loop.
pub fn is_list_loop(name: &str, arity: usize) -> bool {
    Step::of(name, arity).is_some()
}

/// A loop that is being written.
#[derive(Clone, Copy, Debug)]
struct Loop {
    id: FunctionId,
    fun: Value,
    line: Line,
}

impl Lower<'_> {
    /// A call of `lists:Name` as a loop, if it is one that can be.
    pub(super) fn list_loop(&mut self, name: Atom, args: &[Value], line: Line) -> Option<Value> {
        let step = Step::of(name.as_str(), args.len())?;
        let (fun, start, list) = match *args {
            [fun, list] => (fun, None, list),
            [fun, start, list] => (fun, Some(start), list),
            _ => return None,
        };
        let id = self.reserve_nested();
        let number = self.next_loop_number();
        let looping = Loop { id, fun, line };
        let rest = self.new_var();
        let mut params = vec![rest];
        let state = start.map(|_| self.new_var());
        params.extend(state);
        let state = state.map(Value::Var);
        let body = self.body_of(|this| vec![this.list_loop_body(looping, step, Value::Var(rest), state)]);
        let (function, arity) = self.current_name;
        let own_arity = params.len();
        self.define_nested(
            id,
            format!("-{function}/{arity}-lists^{name}/{own_arity}-{number}-"),
            params,
            body,
            line,
        );
        let mut args = vec![list];
        args.extend(start);
        Some(self.simple(Op::Call(Callee::Local(id)), args, line))
    }

    fn list_loop_body(&mut self, looping: Loop, step: Step, list: Value, state: Option<Value>) -> Value {
        let Loop { fun, line, .. } = looping;
        let (head, tail, other) = (self.new_var(), self.new_var(), self.new_var());
        let [element, rest, left] = [head, tail, other].map(|var| self.patterns.add(vec![var], Shape::Any));
        let cell = self.patterns.add(Vec::new(), Shape::Cons(element, rest));
        let end = self.patterns.add(Vec::new(), Shape::Constant(Value::Nil));

        let step_body = self.body_of(|this| {
            vec![this.list_loop_step(looping, step, Value::Var(head), Value::Var(tail), state)]
        });
        let end_body = self.body_of(|this| vec![this.list_loop_end(step, state)]);
        let failed = self.body_of(|this| {
            let mut values = vec![fun];
            values.extend(state);
            values.push(Value::Var(other));
            let values = this.list(values, Value::Nil);
            let callee = Callee::Remote(Atom::new("erlang"), Atom::new("error"));
            vec![this.simple(Op::Call(callee), vec![Value::atom("function_clause"), values], line)]
        });
        let arity = Value::Int(if state.is_some() { 2 } else { 1 });
        let is_function =
            GuardExpr::Bif(Atom::new("is_function"), vec![GuardExpr::Value(fun), GuardExpr::Value(arity)]);
        let is_fit = Guard { equalities: Vec::new(), alternatives: vec![vec![is_function]] };
        let clauses = vec![
            Clause { patterns: vec![cell], guard: Guard::default(), body: step_body },
            Clause { patterns: vec![end], guard: is_fit, body: end_body },
            Clause { patterns: vec![left], guard: Guard::default(), body: failed },
        ];
        self.case(vec![list], clauses, line)
    }

    /// The result for `[]`.
    fn list_loop_end(&mut self, step: Step, state: Option<Value>) -> Value {
        match (step, state) {
            (Step::All, _) => Value::atom("true"),
            (Step::Any, _) => Value::atom("false"),
            (Step::Foreach, _) => Value::atom("ok"),
            (Step::MapFoldLeft | Step::MapFoldRight, Some(state)) => self.tuple(vec![Value::Nil, state]),
            (_, Some(state)) => state,
            (_, None) => Value::Nil,
        }
    }

    fn list_loop_step(
        &mut self,
        looping: Loop,
        step: Step,
        element: Value,
        rest: Value,
        state: Option<Value>,
    ) -> Value {
        let Loop { id, fun, line } = looping;
        let take = |this: &mut Self, state: Option<Value>| {
            if this.constants.literal(fun).is_some_and(|literal| !matches!(literal, Literal::Fun(..))) {
                let reason = this.tuple(vec![Value::atom("badfun"), fun]);
                return this.raise(reason, line);
            }
            let mut args = vec![element];
            args.extend(state);
            args.push(fun);
            this.simple(Op::Call(Callee::Fun), args, line)
        };
        let go_on = |this: &mut Self, state: Option<Value>| {
            let mut args = vec![rest];
            args.extend(state);
            this.simple(Op::Call(Callee::Local(id)), args, line)
        };
        match step {
            Step::All | Step::Any => {
                let answer = take(self, None);
                let mut more = self.body_of(|this| vec![go_on(this, None)]);
                let stops_at = Value::atom(if step == Step::All { "false" } else { "true" });
                let mut done = Body { statements: Vec::new(), results: vec![stops_at] };
                if step == Step::Any {
                    std::mem::swap(&mut more, &mut done);
                }
                self.true_or_false(answer, more, done, line)
            }
            Step::Foreach => {
                take(self, None);
                go_on(self, None)
            }
            Step::Map => {
                let head = take(self, None);
                let tail = go_on(self, None);
                self.list(vec![head], tail)
            }
            Step::FlatMap => {
                let front = take(self, None);
                let after = go_on(self, None);
                let callee = Callee::Remote(Atom::new("erlang"), Atom::new("++"));
                self.simple(Op::Call(callee), vec![front, after], line)
            }
            Step::Filter => {
                let answer = take(self, None);
                let tail = go_on(self, None);
                let with = self.body_of(|this| vec![this.list(vec![element], tail)]);
                let without = Body { statements: Vec::new(), results: vec![tail] };
                self.true_or_false(answer, with, without, line)
            }
            Step::FoldLeft => {
                let state = take(self, state);
                go_on(self, Some(state))
            }
            Step::FoldRight => {
                let state = go_on(self, state);
                take(self, Some(state))
            }
            Step::MapFoldLeft => {
                let pair = take(self, state);
                self.with_pair(pair, line, |this, [head, state]| {
                    let pair = go_on(this, Some(state));
                    this.with_pair(pair, line, |this, [tail, state]| this.mapped(head, tail, state))
                })
            }
            Step::MapFoldRight => {
                let pair = go_on(self, state);
                self.with_pair(pair, line, |this, [tail, state]| {
                    let pair = take(this, Some(state));
                    this.with_pair(pair, line, |this, [head, state]| this.mapped(head, tail, state))
                })
            }
        }
    }

    fn mapped(&mut self, head: Value, tail: Value, state: Value) -> Value {
        let list = self.list(vec![head], tail);
        self.tuple(vec![list, state])
    }

    /// `case Value of true -> ..; false -> .. end`
    fn true_or_false(&mut self, value: Value, when_true: Body, when_false: Body, line: Line) -> Value {
        let mut clause = |is_true: bool, body| {
            let atom = Value::atom(if is_true { "true" } else { "false" });
            let pattern = self.patterns.add(Vec::new(), Shape::Constant(atom));
            Clause { patterns: vec![pattern], guard: Guard::default(), body }
        };
        let clauses = vec![clause(true, when_true), clause(false, when_false)];
        self.failing_case(value, clauses, ErrorKind::CaseClause, line)
    }

    /// `{A, B} = Value`, and what comes after it.
    fn with_pair(
        &mut self,
        value: Value,
        line: Line,
        then: impl FnOnce(&mut Self, [Value; 2]) -> Value,
    ) -> Value {
        let vars = [self.new_var(), self.new_var()];
        let parts: Vec<PatternId> =
            vars.iter().map(|&var| self.patterns.add(vec![var], Shape::Any)).collect();
        let pair = self.patterns.add(Vec::new(), Shape::Tuple(parts));
        let body = self.body_of(|this| vec![then(this, vars.map(Value::Var))]);
        let clause = Clause { patterns: vec![pair], guard: Guard::default(), body };
        self.failing_case(value, vec![clause], ErrorKind::Badmatch, line)
    }

    fn failing_case(&mut self, value: Value, clauses: Vec<Clause>, error: ErrorKind, line: Line) -> Value {
        let otherwise = Self::otherwise(error, value);
        self.statement(Kind::Case(Box::new(Case { args: vec![value], clauses, otherwise })), line)
    }
}
