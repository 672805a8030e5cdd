//! Guards.

use super::Lower;
use crate::ast::{self, BinaryOp, Expr, ExprKind};
use crate::core::evaluate::{Outcome, evaluate};
use crate::core::{Guard, GuardExpr, Op, Value, Var, bifs};
use swerl_beam::{Atom, Literal};

impl Lower<'_> {
    /// Lowers a guard; `equalities` are what the patterns before it demand.
    pub(super) fn guard(&mut self, guard: &ast::Guard, equalities: Vec<(Var, Value)>) -> Guard {
        let alternatives =
            guard.iter().map(|tests| tests.iter().map(|test| self.guard_expr(test)).collect()).collect();
        Guard { equalities, alternatives }
    }

    /// Lowers an expression of a guard.
    pub(super) fn guard_expr(&mut self, expr: &Expr) -> GuardExpr {
        if let Some(literal) = self.constant_expr(expr) {
            return GuardExpr::Value(self.constants.value(literal));
        }
        match &expr.kind {
            ExprKind::Var(name) => GuardExpr::Value(self.variable(*name)),
            ExprKind::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.guard_expr(element)).collect();
                self.guard_tuple(elements)
            }
            ExprKind::List(elements, tail) => {
                let elements: Vec<GuardExpr> =
                    elements.iter().map(|element| self.guard_expr(element)).collect();
                let tail = self.guard_expr(tail);
                self.guard_list(elements, tail)
            }
            ExprKind::Map { base, fields } => self.guard_map(base.as_deref(), fields),
            ExprKind::Binary(op @ (BinaryOp::AndAlso | BinaryOp::OrElse), ..) => {
                let mut parts = Vec::new();
                let mut rest = expr;
                while let ExprKind::Binary(other, left, right) = &rest.kind
                    && other == op
                {
                    parts.push(self.guard_expr(left));
                    rest = right;
                }
                parts.push(self.guard_expr(rest));
                if *op == BinaryOp::AndAlso { GuardExpr::AndAlso(parts) } else { GuardExpr::OrElse(parts) }
            }
            ExprKind::Binary(op, a, b) => {
                let args = vec![self.guard_expr(a), self.guard_expr(b)];
                self.guard_bif(Atom::new(op.as_str()), args)
            }
            ExprKind::Unary(op, operand) => {
                let operand = self.guard_expr(operand);
                self.guard_bif(Atom::new(op.as_str()), vec![operand])
            }
            ExprKind::Call { callee, args } => {
                let name = match &callee.kind {
                    ExprKind::Atom(name) => *name,
                    ExprKind::Remote(_, name) => match &name.kind {
                        ExprKind::Atom(name) => *name,
                        _ => return GuardExpr::Value(Value::atom("false")),
                    },
                    _ => return GuardExpr::Value(Value::atom("false")),
                };
                let name = old_type_test(name, args.len()).unwrap_or(name);
                let args = args.iter().map(|arg| self.guard_expr(arg)).collect();
                self.guard_bif(name, args)
            }
            ExprKind::Bin(elements) => self.guard_bits(elements),
            // The linter lets nothing else through.
            _ => GuardExpr::Value(Value::atom("false")),
        }
    }

    pub(super) fn guard_tuple(&mut self, elements: Vec<GuardExpr>) -> GuardExpr {
        let values = elements.iter().map(|element| match element {
            GuardExpr::Value(value) => Some(*value),
            _ => None,
        });
        if let Some(values) = values.collect::<Option<Vec<Value>>>()
            && let Some(constant) = self.constant_tuple(&values)
        {
            return GuardExpr::Value(constant);
        }
        GuardExpr::Build(Op::Tuple, elements)
    }

    pub(super) fn guard_list(&mut self, elements: Vec<GuardExpr>, tail: GuardExpr) -> GuardExpr {
        let mut list = tail;
        for element in elements.into_iter().rev() {
            if let (GuardExpr::Value(head), GuardExpr::Value(tail)) = (&element, &list)
                && let Some(constant) = self.constant_list_value(&[*head], *tail)
                && head.is_constant()
            {
                list = GuardExpr::Value(constant);
                continue;
            }
            list = GuardExpr::Build(Op::Cons, vec![element, list]);
        }
        list
    }

    fn guard_map(&mut self, base: Option<&Expr>, fields: &[ast::MapField]) -> GuardExpr {
        let mut map = match base {
            None => GuardExpr::Value(self.constants.value(Literal::Map(Vec::new()))),
            Some(base) => self.guard_expr(base),
        };
        for field in fields {
            let exact = field.kind == ast::MapFieldKind::Exact;
            let args = vec![map, self.guard_expr(&field.key), self.guard_expr(&field.value)];
            map = GuardExpr::Build(Op::PutMap { exact }, args);
        }
        map
    }

    pub(super) fn guard_bif(&mut self, name: Atom, args: Vec<GuardExpr>) -> GuardExpr {
        let literals = args.iter().map(|arg| match arg {
            GuardExpr::Value(value) => self.constants.literal(*value),
            _ => None,
        });
        if let Some(literals) = literals.collect::<Option<Vec<Literal>>>()
            && let Outcome::Value(result) = evaluate("erlang", name.as_str(), &literals)
        {
            return GuardExpr::Value(self.constants.value(result));
        }
        if name.as_str() == "is_record" {
            return is_record(args);
        }
        GuardExpr::Bif(name, args)
    }
}

/// `is_record(Value, Tag)` and `is_record(Value, Tag, Size)` as plainer tests.
pub(super) fn is_record(mut args: Vec<GuardExpr>) -> GuardExpr {
    if let [_, GuardExpr::Value(Value::Atom(_)), GuardExpr::Value(Value::Int(1..=0xFF_FFFF))] = args[..] {
        return GuardExpr::Bif(Atom::new("is_record"), args);
    }
    let value = args.remove(0);
    let bif = |name: &str, args: Vec<GuardExpr>| GuardExpr::Bif(Atom::new(name), args);
    let int = |integer: i64| GuardExpr::Value(Value::Int(integer));
    let mut tests = vec![bif("is_tuple", vec![value.clone()])];
    let mut args = args.into_iter();
    let tag = args.next().unwrap_or(GuardExpr::Value(Value::Nil));
    if let Some(size) = args.next() {
        tests.push(bif("=:=", vec![bif("tuple_size", vec![value.clone()]), size]));
    } else {
        tests.push(bif(">", vec![bif("tuple_size", vec![value.clone()]), int(0)]));
    }
    tests.push(bif("=:=", vec![bif("element", vec![int(1), value]), tag]));
    GuardExpr::AndAlso(tests)
}

/// Type tests by their names of old, which only guards know.
fn old_type_test(name: Atom, args: usize) -> Option<Atom> {
    if bifs::is_guard_bif(name, args) && name.as_str() != "float" {
        return None;
    }
    let new = match (name.as_str(), args) {
        ("atom", 1) => "is_atom",
        ("binary", 1) => "is_binary",
        ("integer", 1) => "is_integer",
        ("list", 1) => "is_list",
        ("number", 1) => "is_number",
        ("pid", 1) => "is_pid",
        ("port", 1) => "is_port",
        ("reference", 1) => "is_reference",
        ("tuple", 1) => "is_tuple",
        ("function", 1) => "is_function",
        ("record", 2) => "is_record",
        _ => return None,
    };
    Some(Atom::new(new))
}
