//! `=`, `case`, `if`, `receive`, `try`, `catch`, `andalso` and `orelse`.

use super::Lower;
use super::after_size::is_copied;
use super::clauses::{Heads, OpenClause, join, split};
use crate::ast::{self, After, Expr, ExprKind, Maybe, Place};
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, Guard, GuardExpr, Kind, Line, Op, Otherwise, Receive, Shape, Try,
    Value,
};
use swerl_beam::{Atom, Literal};

impl Lower<'_> {
    /// `Pattern = Value`.
    pub(super) fn match_expr(&mut self, pattern: &Expr, value: &Expr, place: Place) -> Value {
        let line = self.line(place);
        let value = self.expr(value);
        if let ExprKind::Var(name) = &pattern.kind
            && (name.as_str() == "_" || self.scope.get(*name).is_none())
        {
            if name.as_str() != "_" {
                self.scope.bind(*name, super::scope::Binding::Value(value));
            }
            return value;
        }
        let mut heads = Heads::default();
        let mark = self.scope.mark();
        let pattern = self.pattern(pattern, &mut heads);
        let bound = self.scope.undo(mark);
        let guard = Guard { equalities: heads.equalities, alternatives: Vec::new() };
        let body = Body { statements: Vec::new(), results: vec![value] };
        let clause = Clause { patterns: vec![pattern], guard, body };
        self.choose(
            vec![value],
            vec![OpenClause { clause, bound }],
            Self::otherwise(ErrorKind::Badmatch, value),
            line,
        );
        value
    }

    /// `case Value of Clauses end`.
    pub(super) fn case_expr(&mut self, value: &Expr, clauses: &[ast::Clause], place: Place) -> Value {
        let line = self.line(place);
        if let ExprKind::Tuple(elements) = &value.kind
            && clauses.iter().all(|clause| splits_in(&clause.patterns[0], elements.len()))
        {
            return self.case_of_tuple(elements, clauses, line);
        }
        let value = self.expr(value);
        let clauses = clauses.iter().map(|clause| self.clause(clause)).collect();
        self.choose(vec![value], clauses, Self::otherwise(ErrorKind::CaseClause, value), line)
    }

    /// `case {A, B} of {P, Q} -> ... end`, where the tuple need not be built.
    fn case_of_tuple(&mut self, elements: &[Expr], clauses: &[ast::Clause], line: Line) -> Value {
        let args = self.exprs(elements);
        let clauses = clauses.iter().map(|clause| {
            let mut heads = Heads::default();
            self.clause_with(clause, &mut heads, |this, heads| match &clause.patterns[0].kind {
                ExprKind::Tuple(patterns) => {
                    patterns.iter().map(|pattern| this.pattern(pattern, heads)).collect()
                }
                _ => elements.iter().map(|_| this.patterns.add(Vec::new(), Shape::Any)).collect(),
            })
        });
        let clauses = clauses.collect();
        self.choose(args.clone(), clauses, Otherwise::CaseClauseTuple(args), line)
    }

    /// `if Clauses end`.
    pub(super) fn if_expr(&mut self, clauses: &[ast::Clause], place: Place) -> Value {
        let line = self.line(place);
        let clauses = clauses.iter().map(|clause| self.clause(clause)).collect();
        self.choose(Vec::new(), clauses, Otherwise::Error(ErrorKind::IfClause, None), line)
    }

    /// `A andalso B` (`decides` is false) or `A orelse B` (true): A alone decides when it is `decides`.
    pub(super) fn short_circuit(&mut self, a: &Expr, b: &Expr, decides: bool, place: Place) -> Value {
        let line = self.line(place);
        let first = self.expr(a);
        let atom = |value: bool| Value::atom(if value { "true" } else { "false" });
        let (other, _) = self.open_body(|this| this.expr(b));
        let constant = |this: &mut Self, value, body| {
            let pattern = this.patterns.add(Vec::new(), Shape::Constant(value));
            Clause { patterns: vec![pattern], guard: Guard::default(), body }
        };
        let decided = Body { statements: Vec::new(), results: vec![atom(decides)] };
        let failed = self.body_of(|this| {
            let reason = this.tuple(vec![Value::atom("badarg"), first]);
            vec![this.raise(reason, line)]
        });
        let clauses = vec![
            constant(self, atom(decides), decided),
            constant(self, atom(!decides), other),
            Clause {
                patterns: vec![self.patterns.add(Vec::new(), Shape::Any)],
                guard: Guard::default(),
                body: failed,
            },
        ];
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        self.statement(Kind::Case(Box::new(Case { args: vec![first], clauses, otherwise })), line)
    }

    /// `receive Clauses after Time -> Body end`.
    pub(super) fn receive(&mut self, clauses: &[ast::Clause], after: Option<&After>, place: Place) -> Value {
        let line = self.line(place);
        let time = after.map(|after| self.expr(&after.timeout));
        let clauses: Vec<OpenClause> = clauses.iter().map(|clause| self.clause(clause)).collect();
        let (heads, mut bodies) = split(clauses);
        if let Some(after) = after {
            bodies.push(self.open_body(|this| this.sequence(&after.body)));
        }
        self.export(bodies, line, |mut bodies| {
            let after = time.and_then(|time| Some((time, bodies.pop()?)));
            let after = after.filter(|(time, _)| *time != Value::atom("infinity"));
            Kind::Receive(Box::new(Receive { clauses: join(heads, bodies), after }))
        })
    }

    /// `catch Body`.
    pub(super) fn catch(&mut self, body: &Expr, place: Place) -> Value {
        let line = self.line(place);
        let (body, _) = self.open_body(|this| this.expr(body));
        self.statement(Kind::Catch(Box::new(body)), line)
    }

    /// `try ... end`.
    pub(super) fn try_expr(&mut self, parts: &ast::Try, place: Place) -> Value {
        let line = self.line(place);
        if parts.after.is_empty() {
            return self.try_catch(parts, line);
        }
        let after = self.after_part(&parts.after, line);
        let body = if parts.of.is_empty() && parts.catch.is_empty() {
            self.open_body(|this| this.sequence(&parts.body)).0
        } else {
            self.open_body(|this| this.try_catch(parts, line)).0
        };
        let value = self.new_var();
        let exception = [self.new_var(), self.new_var(), self.new_var()];
        let of = self.body_of(|this| {
            this.run_after(&after, &parts.after, line);
            vec![Value::Var(value)]
        });
        let handler = self.body_of(|this| {
            this.run_after(&after, &parts.after, line);
            vec![this.reraise(exception, line)]
        });
        self.statement(Kind::Try(Box::new(Try { body, value, of, exception, handler })), line)
    }

    /// Decides how an `after` part is evaluated: copied to the normal and the exceptional way, or as a function,
    /// if it is large.
    fn after_part(&mut self, after: &[Expr], line: Line) -> Option<Callee> {
        if is_copied(after) {
            return None;
        }
        let id = self.reserve_nested();
        let (name, arity) = self.current_name;
        let own = after.first().map_or(0, |first| self.numbers.number(first));
        let name = format!("-{name}/{arity}-after$^{own}/0-{}-", self.next_loop_number());
        // Its last value is made, though nobody asks for it: what fails to be made is an error.
        let (body, _) = self.open_body(|this| this.sequence(after));
        self.define_nested(id, name, Vec::new(), body, line);
        Some(Callee::Local(id))
    }

    fn run_after(&mut self, callee: &Option<Callee>, after: &[Expr], line: Line) {
        match callee {
            Some(callee) => {
                self.simple(Op::Call(*callee), Vec::new(), line);
            }
            None => {
                let mark = self.scope.mark();
                self.discard_all(after);
                self.scope.undo(mark);
            }
        }
    }

    /// Raises a handled exception again.
    fn reraise(&mut self, [_, reason, trace]: [crate::core::Var; 3], line: Line) -> Value {
        let otherwise = Otherwise::Raise(Value::Var(trace), Value::Var(reason));
        self.statement(Kind::Case(Box::new(Case { args: Vec::new(), clauses: Vec::new(), otherwise })), line)
    }

    /// A `try` without its `after` part.
    fn try_catch(&mut self, parts: &ast::Try, line: Line) -> Value {
        let mark = self.scope.mark();
        let body = self.body_of(|this| vec![this.sequence(&parts.body)]);
        let value = self.new_var();
        let of = self.body_of(|this| {
            if parts.of.is_empty() {
                return vec![Value::Var(value)];
            }
            let clauses = parts.of.iter().map(|clause| this.clause(clause).clause).collect();
            let otherwise = Self::otherwise(ErrorKind::TryClause, Value::Var(value));
            let case = Case { args: vec![Value::Var(value)], clauses, otherwise };
            vec![this.statement(Kind::Case(Box::new(case)), line)]
        });
        self.scope.undo(mark);
        let exception = [self.new_var(), self.new_var(), self.new_var()];
        let [class, reason, trace] = exception;
        let handler = self.body_of(|this| {
            let clauses = parts.catch.iter().map(|clause| this.catch_clause(clause, trace)).collect();
            let otherwise = Otherwise::Raise(Value::Var(trace), Value::Var(reason));
            let case = Case { args: vec![Value::Var(class), Value::Var(reason)], clauses, otherwise };
            vec![this.statement(Kind::Case(Box::new(case)), line)]
        });
        self.statement(Kind::Try(Box::new(Try { body, value, of, exception, handler })), line)
    }

    /// A clause of a `catch` part; its stack trace is built only where it has a name.
    fn catch_clause(&mut self, clause: &ast::Clause, raw_trace: crate::core::Var) -> Clause {
        let mark = self.scope.mark();
        let mut heads = Heads::default();
        let patterns: Vec<_> =
            clause.patterns[..2].iter().map(|pattern| self.pattern(pattern, &mut heads)).collect();
        let guard = self.guard(&clause.guard, std::mem::take(&mut heads.equalities));
        let body = self.body_of(|this| {
            if let ExprKind::Var(name) = &clause.patterns[2].kind
                && name.as_str() != "_"
            {
                let trace = this.simple(Op::BuildStacktrace, vec![Value::Var(raw_trace)], 0);
                this.scope.bind(*name, super::scope::Binding::Value(trace));
            }
            vec![this.sequence(&clause.body)]
        });
        self.scope.undo(mark);
        Clause { patterns, guard, body }
    }

    /// `maybe ... else ... end`: each `?=` is a choice whose other way leaves the block.
    pub(super) fn maybe(&mut self, parts: &Maybe, place: Place) -> Value {
        let line = self.line(place);
        let mark = self.scope.mark();
        // A block without `else` gives the value that did not match; with it, that value goes to the clauses,
        // wherever in the block it turned up: they are one function.
        let otherwise = parts.else_part.as_ref().map(|(place, clauses)| {
            let line = self.line(*place);
            self.else_function(clauses, line)
        });
        let value = self.maybe_body(&parts.body, otherwise, line);
        self.scope.undo(mark);
        value
    }

    fn else_function(&mut self, clauses: &[ast::Clause], line: Line) -> Callee {
        let id = self.reserve_nested();
        let param = self.new_var();
        let mark = self.scope.mark();
        let body = self.body_of(|this| {
            let clauses = clauses.iter().map(|clause| this.clause(clause).clause).collect();
            let value = Value::Var(param);
            let reason = this.else_clause_error(value, line);
            let any = this.patterns.add(Vec::new(), Shape::Any);
            let last = Clause { patterns: vec![any], guard: Guard::default(), body: reason };
            let mut clauses: Vec<Clause> = clauses;
            clauses.push(last);
            let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
            vec![this.statement(Kind::Case(Box::new(Case { args: vec![value], clauses, otherwise })), line)]
        });
        self.scope.undo(mark);
        let (name, arity) = self.current_name;
        let number = self.next_else;
        self.next_else += 1;
        self.define_nested(id, format!("-{name}/{arity}-else-{number}-"), vec![param], body, line);
        Callee::Local(id)
    }

    fn else_clause_error(&mut self, value: Value, line: Line) -> Body {
        self.body_of(|this| {
            let reason = this.tuple(vec![Value::atom("else_clause"), value]);
            vec![this.raise(reason, line)]
        })
    }

    fn maybe_body(&mut self, exprs: &[Expr], otherwise: Option<Callee>, line: Line) -> Value {
        let mut value = Value::atom("ok");
        for (at, expr) in exprs.iter().enumerate() {
            let ExprKind::MaybeMatch(pattern, matched) = &expr.kind else {
                value = self.expr(expr);
                continue;
            };
            let matched = self.expr(matched);
            let mut heads = Heads::default();
            let pattern = self.pattern(pattern, &mut heads);
            let guard = Guard { equalities: heads.equalities, alternatives: Vec::new() };
            let rest = &exprs[at + 1..];
            let body = self.body_of(|this| {
                vec![if rest.is_empty() { matched } else { this.maybe_body(rest, otherwise, line) }]
            });
            let failed = self.body_of(|this| {
                vec![match otherwise {
                    Some(callee) => this.simple(Op::Call(callee), vec![matched], line),
                    None => matched,
                }]
            });
            let any = self.patterns.add(Vec::new(), Shape::Any);
            let clauses = vec![
                Clause { patterns: vec![pattern], guard, body },
                Clause { patterns: vec![any], guard: Guard::default(), body: failed },
            ];
            let none = Otherwise::Error(ErrorKind::IfClause, None);
            let case = Case { args: vec![matched], clauses, otherwise: none };
            return self.statement(Kind::Case(Box::new(case)), line);
        }
        value
    }

    /// `is_record(Value, Tag)` in a body.
    pub(super) fn is_record(&mut self, value: Value, tag: Atom, size: Option<i64>, line: Line) -> Value {
        let mut args = vec![GuardExpr::Value(value), GuardExpr::Value(Value::Atom(tag))];
        args.extend(size.map(|size| GuardExpr::Value(Value::Int(size))));
        self.decide(vec![vec![super::guard::is_record(args)]], line)
    }

    /// `true` or `false`, by a guard.
    pub(super) fn decide(&mut self, alternatives: Vec<Vec<GuardExpr>>, line: Line) -> Value {
        let answer = |value: &str| Body { statements: Vec::new(), results: vec![Value::atom(value)] };
        let clauses = vec![
            Clause {
                patterns: Vec::new(),
                guard: Guard { equalities: Vec::new(), alternatives },
                body: answer("true"),
            },
            Clause { patterns: Vec::new(), guard: Guard::default(), body: answer("false") },
        ];
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        self.statement(Kind::Case(Box::new(Case { args: Vec::new(), clauses, otherwise })), line)
    }

    /// Raises `{badmap, Value}` unless it is a map.
    pub(super) fn check_is_map(&mut self, value: Value, line: Line) {
        if let Some(Literal::Map(_)) = self.constants.literal(value) {
            return;
        }
        let test = GuardExpr::Bif(Atom::new("is_map"), vec![GuardExpr::Value(value)]);
        let guard = Guard { equalities: Vec::new(), alternatives: vec![vec![test]] };
        let body = Body { statements: Vec::new(), results: vec![Value::Nil] };
        let failed = self.body_of(|this| {
            let reason = this.tuple(vec![Value::atom("badmap"), value]);
            vec![this.raise(reason, line)]
        });
        let clauses = vec![
            Clause { patterns: Vec::new(), guard, body },
            Clause { patterns: Vec::new(), guard: Guard::default(), body: failed },
        ];
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        self.statement(Kind::Case(Box::new(Case { args: Vec::new(), clauses, otherwise })), line);
    }
}

/// Whether a pattern tells the elements of a tuple of this size apart, or does not look at it at all.
fn splits_in(pattern: &Expr, size: usize) -> bool {
    match &pattern.kind {
        ExprKind::Tuple(elements) => elements.len() == size,
        ExprKind::Var(name) => name.as_str() == "_",
        _ => false,
    }
}
