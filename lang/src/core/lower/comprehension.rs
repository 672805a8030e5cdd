//! Comprehensions: each generator becomes a function that walks its source.
//!
//! `[E || P <- L, Q]` is `g(L)` with
//!
//! ```erlang
//! g([P | T]) -> (Q and the rest, with g(T) for what comes after);
//! g([_ | T]) -> g(T);
//! g([]) -> (what comes after the whole);
//! g(Other) -> error({bad_generator, Other}).
//! ```

use super::Lower;
use super::clauses::Heads;
use crate::ast::{BinaryOp, Expr, ExprKind, Generator, GeneratorKind, MapField, Place, Qualifier};
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, FunctionId, Guard, Kind, Line, Op, Otherwise, Shape, Value, Var,
    bifs,
};
use swerl_beam::Atom;

/// What the list continues with where one generator ends.
#[derive(Clone, Copy, Debug)]
enum More {
    /// Nothing.
    End,
    /// The rest of an outer generator: its function, and what is left of its source.
    Outer(FunctionId, Var),
}

impl Lower<'_> {
    /// `[Element || Qualifiers]`.
    pub(super) fn list_comprehension(
        &mut self,
        element: &Expr,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        let line = self.line(place);
        let mark = self.scope.mark();
        let value = self.qualifiers(qualifiers, More::End, line, &mut |this| this.expr(element));
        self.scope.undo(mark);
        value
    }

    /// `#{K => V || Qualifiers}`, by way of a list.
    pub(super) fn map_comprehension(
        &mut self,
        field: &MapField,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        let line = self.line(place);
        let mark = self.scope.mark();
        let pairs = self.qualifiers(qualifiers, More::End, line, &mut |this| {
            let pair = vec![this.expr(&field.key), this.expr(&field.value)];
            this.tuple(pair)
        });
        self.scope.undo(mark);
        let callee = Callee::Remote(Atom::new("maps"), Atom::new("from_list"));
        self.simple(Op::Call(callee), vec![pairs], line)
    }

    fn qualifiers(
        &mut self,
        qualifiers: &[Qualifier],
        more: More,
        line: Line,
        element: &mut dyn FnMut(&mut Self) -> Value,
    ) -> Value {
        match qualifiers.split_first() {
            None => {
                let head = element(self);
                let tail = self.more(more, line);
                self.list(vec![head], tail)
            }
            Some((Qualifier::Generator(generator), rest)) => {
                self.generator(generator, rest, more, line, element)
            }
            Some((Qualifier::Filter(test), rest)) => self.filter(test, rest, more, line, element),
            Some((Qualifier::Zip(place, _), _)) => self.unsupported(*place),
        }
    }

    fn more(&mut self, more: More, line: Line) -> Value {
        match more {
            More::End => Value::Nil,
            More::Outer(function, rest) => {
                self.simple(Op::Call(Callee::Local(function)), vec![Value::Var(rest)], line)
            }
        }
    }

    fn generator(
        &mut self,
        generator: &Generator,
        rest: &[Qualifier],
        more: More,
        line: Line,
        element: &mut dyn FnMut(&mut Self) -> Value,
    ) -> Value {
        let generator_line = self.line(generator.place);
        let GeneratorKind::List(pattern) = &generator.kind else {
            return self.unsupported(generator.place);
        };
        let source = self.expr(&generator.source);
        let comprehension = self.next_comprehension;
        self.next_comprehension += 1;
        let id = self.reserve_nested();
        let param = self.new_var();
        let body = self.body_of(|this| {
            let mut clauses = Vec::new();
            let tail = this.new_var();
            let mark = this.scope.mark();
            let mut heads = Heads { hides_outer: true, ..Heads::default() };
            let head = this.pattern(pattern, &mut heads);
            let always_matches = this.patterns.get(head).shape == Shape::Any && heads.equalities.is_empty();
            let guard = Guard { equalities: heads.equalities, alternatives: Vec::new() };
            let body = this.body_of(|this| vec![this.qualifiers(rest, More::Outer(id, tail), line, element)]);
            this.scope.undo(mark);
            clauses.push(Clause { patterns: vec![this.cell(head, tail)], guard, body });
            if !always_matches {
                clauses.push(if generator.strict {
                    this.bad_element(generator_line)
                } else {
                    let tail = this.new_var();
                    let any = this.patterns.add(Vec::new(), Shape::Any);
                    let body = this.body_of(|this| vec![this.more(More::Outer(id, tail), line)]);
                    Clause { patterns: vec![this.cell(any, tail)], guard: Guard::default(), body }
                });
            }
            let nil = this.patterns.add(Vec::new(), Shape::Constant(Value::Nil));
            let body = this.body_of(|this| vec![this.more(more, line)]);
            clauses.push(Clause { patterns: vec![nil], guard: Guard::default(), body });
            clauses.push(this.bad_source(param, generator_line));
            vec![this.case(vec![Value::Var(param)], clauses, line)]
        });
        let (name, arity) = self.current_name;
        let number = self.next_fun_number();
        let name = format!("-{name}/{arity}-lc$^{comprehension}/1-{number}-");
        self.define_nested(id, name, vec![param], body, generator_line);
        self.simple(Op::Call(Callee::Local(id)), vec![source], line)
    }

    fn cell(&mut self, head: crate::core::PatternId, tail: Var) -> crate::core::PatternId {
        let tail = self.patterns.add(vec![tail], Shape::Any);
        self.patterns.add(Vec::new(), Shape::Cons(head, tail))
    }

    fn bad_source(&mut self, source: Var, line: Line) -> Clause {
        let body = self.error_body("bad_generator", Value::Var(source), line);
        let any = self.patterns.add(Vec::new(), Shape::Any);
        Clause { patterns: vec![any], guard: Guard::default(), body }
    }

    /// `{badmatch, Element}` for a strict generator.
    fn bad_element(&mut self, line: Line) -> Clause {
        let head = self.new_var();
        let tail = self.new_var();
        let body = self.error_body("badmatch", Value::Var(head), line);
        let head = self.patterns.add(vec![head], Shape::Any);
        Clause { patterns: vec![self.cell(head, tail)], guard: Guard::default(), body }
    }

    fn error_body(&mut self, name: &str, value: Value, line: Line) -> Body {
        self.body_of(|this| {
            let reason = this.tuple(vec![Value::atom(name), value]);
            vec![this.raise(reason, line)]
        })
    }

    /// A `case` none of whose ends is ever reached without a clause.
    pub(super) fn case(&mut self, args: Vec<Value>, clauses: Vec<Clause>, line: Line) -> Value {
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        self.statement(Kind::Case(Box::new(Case { args, clauses, otherwise })), line)
    }

    fn filter(
        &mut self,
        test: &Expr,
        rest: &[Qualifier],
        more: More,
        line: Line,
        element: &mut dyn FnMut(&mut Self) -> Value,
    ) -> Value {
        let test_line = self.line(test.place);
        if self.is_guard_test(test) {
            let mark = self.scope.mark();
            let alternatives = vec![vec![self.guard_expr(test)]];
            let guard = Guard { equalities: Vec::new(), alternatives };
            let body = self.body_of(|this| vec![this.qualifiers(rest, more, line, element)]);
            self.scope.undo(mark);
            let skip = self.body_of(|this| vec![this.more(more, line)]);
            let clauses = vec![
                Clause { patterns: Vec::new(), guard, body },
                Clause { patterns: Vec::new(), guard: Guard::default(), body: skip },
            ];
            return self.case(Vec::new(), clauses, line);
        }
        let mark = self.scope.mark();
        let value = self.expr(test);
        let body = self.body_of(|this| vec![this.qualifiers(rest, more, line, element)]);
        self.scope.undo(mark);
        let skip = self.body_of(|this| vec![this.more(more, line)]);
        let failed = self.error_body("bad_filter", value, test_line);
        let mut clause = |shape, body| {
            let pattern = self.patterns.add(Vec::new(), shape);
            Clause { patterns: vec![pattern], guard: Guard::default(), body }
        };
        let clauses = vec![
            clause(Shape::Constant(Value::atom("true")), body),
            clause(Shape::Constant(Value::atom("false")), skip),
            clause(Shape::Any, failed),
        ];
        self.case(vec![value], clauses, line)
    }

    /// Whether a filter is a guard test: then it fails like one.
    ///
    /// Reference: `erl_lint:is_guard_test/3`: a type test, comparison or boolean operation of guard expressions.
    fn is_guard_test(&self, test: &Expr) -> bool {
        self.is_guard_expr(test)
            && match &test.kind {
                ExprKind::Binary(op, ..) => is_boolean_operator(*op),
                ExprKind::Unary(op, _) => *op == crate::ast::UnaryOp::Not,
                ExprKind::Call { callee, args } => match &callee.kind {
                    ExprKind::Atom(name) => bifs::is_boolean(*name, args.len()),
                    ExprKind::Remote(_, name) => {
                        matches!(&name.kind, ExprKind::Atom(name) if bifs::is_boolean(*name, args.len()))
                    }
                    _ => false,
                },
                ExprKind::Atom(name) => name.as_str() == "true" || name.as_str() == "false",
                _ => false,
            }
    }

    fn is_guard_expr(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Var(_)
            | ExprKind::Nil => true,
            ExprKind::List(elements, tail) => {
                elements.iter().all(|element| self.is_guard_expr(element)) && self.is_guard_expr(tail)
            }
            ExprKind::Tuple(elements) => elements.iter().all(|element| self.is_guard_expr(element)),
            ExprKind::Map { base, fields } => {
                base.as_deref().is_none_or(|base| self.is_guard_expr(base))
                    && fields
                        .iter()
                        .all(|field| self.is_guard_expr(&field.key) && self.is_guard_expr(&field.value))
            }
            ExprKind::Binary(op, a, b) => {
                !matches!(op, BinaryOp::Send | BinaryOp::Append | BinaryOp::Subtract)
                    && self.is_guard_expr(a)
                    && self.is_guard_expr(b)
            }
            ExprKind::Unary(_, operand) => self.is_guard_expr(operand),
            ExprKind::Call { callee, args } => {
                let is_guard_bif = match &callee.kind {
                    ExprKind::Atom(name) => {
                        bifs::is_guard_bif(*name, args.len())
                            && !self.defined.contains_key(&(*name, args.len()))
                    }
                    ExprKind::Remote(module, name) => {
                        matches!(&module.kind, ExprKind::Atom(module) if module.as_str() == "erlang")
                            && matches!(&name.kind, ExprKind::Atom(name) if bifs::is_guard_bif(*name, args.len()))
                    }
                    _ => false,
                };
                is_guard_bif && args.iter().all(|arg| self.is_guard_expr(arg))
            }
            _ => false,
        }
    }
}

fn is_boolean_operator(op: BinaryOp) -> bool {
    match op {
        BinaryOp::And
        | BinaryOp::Or
        | BinaryOp::Xor
        | BinaryOp::AndAlso
        | BinaryOp::OrElse
        | BinaryOp::Eq
        | BinaryOp::Ne
        | BinaryOp::ExactEq
        | BinaryOp::ExactNe
        | BinaryOp::Lt
        | BinaryOp::Le
        | BinaryOp::Gt
        | BinaryOp::Ge => true,
        BinaryOp::Add
        | BinaryOp::Sub
        | BinaryOp::Mul
        | BinaryOp::FloatDiv
        | BinaryOp::Div
        | BinaryOp::Rem
        | BinaryOp::Band
        | BinaryOp::Bor
        | BinaryOp::Bxor
        | BinaryOp::Bsl
        | BinaryOp::Bsr
        | BinaryOp::Append
        | BinaryOp::Subtract
        | BinaryOp::Send => false,
    }
}
