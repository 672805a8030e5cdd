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

mod generator;

use super::Lower;
use crate::ast::{BinaryOp, Expr, ExprKind, MapField, Place, Qualifier};
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, FunctionId, Guard, Kind, Line, Op, Otherwise, Shape, Value, bifs,
};
use swerl_beam::{Atom, Literal};

/// What comes after the elements of one generator.
#[derive(Clone, Debug)]
enum More {
    /// Nothing.
    End,
    /// The rest of an outer generator: its function, and what is left of its sources.
    Outer(FunctionId, Vec<Value>),
}

/// How the result grows.
#[derive(Clone, Copy, Debug)]
enum Result {
    /// A list: an element, then what comes after it.
    List,
    /// Not at all: nobody wants it, and elements are only evaluated.
    Unwanted,
    /// A bit string: what there is so far, then an element.
    Bits(Value),
}

/// The element of a comprehension.
type Element<'e, 'a> = &'e mut dyn FnMut(&mut Lower<'a>, Result) -> Value;

impl<'a> Lower<'a> {
    /// `[Element || Qualifiers]`.
    pub(super) fn list_comprehension(
        &mut self,
        element: &Expr,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        self.comprehension(qualifiers, Result::List, place, &mut |this, _| this.expr(element))
    }

    /// `[Element || Qualifiers]` whose value nobody wants: a loop.
    pub(super) fn discard_list_comprehension(
        &mut self,
        element: &Expr,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        self.comprehension(qualifiers, Result::Unwanted, place, &mut |this, _| this.discard(element))
    }

    /// `<<Element || Qualifiers>>`.
    pub(super) fn bits_comprehension(
        &mut self,
        element: &Expr,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        let empty = self.constants.value(Literal::Bits(Box::default(), 8));
        self.comprehension(qualifiers, Result::Bits(empty), place, &mut |this, result| {
            let Result::Bits(before) = result else { return Value::Nil };
            this.append_bits(before, element, place)
        })
    }

    /// `#{K => V || Qualifiers}`, by way of a list.
    pub(super) fn map_comprehension(
        &mut self,
        field: &MapField,
        qualifiers: &[Qualifier],
        place: Place,
    ) -> Value {
        let pairs = self.comprehension(qualifiers, Result::List, place, &mut |this, _| {
            let pair = vec![this.expr(&field.key), this.expr(&field.value)];
            this.tuple(pair)
        });
        let callee = Callee::Remote(Atom::new("maps"), Atom::new("from_list"));
        let line = self.line(place);
        self.simple(Op::Call(callee), vec![pairs], line)
    }

    /// A comprehension in a scope of its own.
    fn comprehension(
        &mut self,
        qualifiers: &[Qualifier],
        result: Result,
        place: Place,
        element: Element<'_, 'a>,
    ) -> Value {
        let line = self.line(place);
        let mark = self.scope.mark();
        let value = self.qualifiers(qualifiers, &More::End, result, line, element);
        self.scope.undo(mark);
        value
    }

    fn qualifiers(
        &mut self,
        qualifiers: &[Qualifier],
        more: &More,
        result: Result,
        line: Line,
        element: Element<'_, 'a>,
    ) -> Value {
        match qualifiers.split_first() {
            None => match result {
                Result::List => {
                    let head = element(self, result);
                    let tail = self.more(more, result, line);
                    self.list(vec![head], tail)
                }
                Result::Unwanted => {
                    element(self, result);
                    self.more(more, result, line)
                }
                Result::Bits(_) => {
                    let bits = element(self, result);
                    self.more(more, Result::Bits(bits), line)
                }
            },
            Some((Qualifier::Generator(generator), rest)) => {
                self.generators(std::slice::from_ref(generator), rest, more, result, line, element)
            }
            Some((Qualifier::Filter(test), rest)) => self.filter(test, rest, more, result, line, element),
            Some((Qualifier::Zip(_, generators), rest)) => {
                self.generators(generators, rest, more, result, line, element)
            }
        }
    }

    fn more(&mut self, more: &More, result: Result, line: Line) -> Value {
        match more {
            More::End => match result {
                Result::List | Result::Unwanted => Value::Nil,
                Result::Bits(bits) => bits,
            },
            More::Outer(function, rest) => {
                let mut args = rest.clone();
                if let Result::Bits(bits) = result {
                    args.push(bits);
                }
                self.simple(Op::Call(Callee::Local(*function)), args, line)
            }
        }
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
        more: &More,
        result: Result,
        line: Line,
        element: Element<'_, 'a>,
    ) -> Value {
        let test_line = self.line(test.place);
        if self.is_guard_expr(test) {
            let mark = self.scope.mark();
            let alternatives = vec![vec![self.guard_expr(test)]];
            let guard = Guard { equalities: Vec::new(), alternatives };
            let body = self.body_of(|this| vec![this.qualifiers(rest, more, result, line, element)]);
            self.scope.undo(mark);
            let skip = self.body_of(|this| vec![this.more(more, result, line)]);
            let clauses = vec![
                Clause { patterns: Vec::new(), guard, body },
                Clause { patterns: Vec::new(), guard: Guard::default(), body: skip },
            ];
            return self.case(Vec::new(), clauses, line);
        }
        let mark = self.scope.mark();
        let value = self.expr(test);
        let body = self.body_of(|this| vec![this.qualifiers(rest, more, result, line, element)]);
        self.scope.undo(mark);
        let skip = self.body_of(|this| vec![this.more(more, result, line)]);
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

    /// Whether a filter may stand in a guard: then it is one, and what is not `true` in it takes nothing.
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
            ExprKind::Bin(elements) => elements.iter().all(|element| {
                self.is_guard_expr(&element.value)
                    && element.size.as_ref().is_none_or(|size| self.is_guard_expr(size))
            }),
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
