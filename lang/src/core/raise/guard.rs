//! Guards as expressions that give `true` or `false`, and of which none fails outside a `try`.

use super::{Raise, bind, use_of};
use crate::cerl::{self, Annotated, Node, Step, Variable};
use crate::core::{Guard, GuardExpr, Op};

impl Raise<'_> {
    pub(super) fn guard(&mut self, guard: &Guard) -> Node {
        let mut tests: Vec<Node> = Vec::with_capacity(guard.equalities.len() + 1);
        for &(var, value) in &guard.equalities {
            let sides = vec![use_of(&self.variable(var)), self.value(value)];
            tests.push(Node::call("erlang", "=:=", sides));
        }
        let mut alternatives = Vec::with_capacity(guard.alternatives.len());
        for alternative in &guard.alternatives {
            let parts: Vec<Node> = alternative.iter().map(|test| self.test(test)).collect();
            let all = self.joined("and", parts);
            alternatives.push(if alternative.iter().all(GuardExpr::is_total) {
                all
            } else {
                self.protected(all)
            });
        }
        if !alternatives.is_empty() {
            tests.push(self.joined("or", alternatives));
        }
        self.joined("and", tests)
    }

    /// Boolean values joined by `and` or `or`; all of them are computed.
    fn joined(&mut self, operator: &str, tests: Vec<Node>) -> Node {
        let mut steps: Vec<Annotated<Step>> = Vec::new();
        let mut tests = tests.into_iter();
        let Some(mut all) = tests.next() else { return Node::atom("true") };
        for test in tests {
            let (left, right) = (self.fresh(), self.fresh());
            steps.push(bind(&left, all));
            steps.push(bind(&right, test));
            all = Node::call("erlang", operator, vec![use_of(&left), use_of(&right)]);
        }
        Node::block(steps, all)
    }

    /// `false` where it fails, in the form that tells compilers that this is a guard.
    fn protected(&mut self, test: Node) -> Node {
        let value = self.fresh();
        let exception = vec![self.fresh(), self.fresh()];
        let of = use_of(&value);
        let handler = Node::atom("false");
        Node::new(cerl::Kind::Try(Box::new(cerl::Try {
            body: test,
            values: vec![value],
            of,
            exception,
            handler,
        })))
    }

    /// Whether an expression is `true`.
    fn test(&mut self, expr: &GuardExpr) -> Node {
        let node = self.guard_expr(expr);
        if expr.is_boolean() {
            return node;
        }
        let value = self.fresh();
        let test = Node::call("erlang", "=:=", vec![use_of(&value), Node::atom("true")]);
        Node::block(vec![bind(&value, node)], test)
    }

    /// The value of an expression; where it fails, so does what it stands in.
    pub(super) fn guard_expr(&mut self, expr: &GuardExpr) -> Node {
        match expr {
            GuardExpr::Value(value) => self.value(*value),
            GuardExpr::Bif(name, args) => {
                let mut steps = Vec::new();
                let args = self.operands(args, &mut steps);
                Node::block(steps, Node::call("erlang", name.as_str(), args))
            }
            GuardExpr::Build(op, args) => {
                let mut steps = Vec::new();
                let args = self.operands(args, &mut steps);
                let map = args.first().filter(|_| matches!(op, Op::PutMap { .. })).cloned();
                let built = self.build(*op, args);
                let built = match map {
                    Some(map) if !matches!(map.kind, cerl::Kind::Literal(_)) => self.if_map(map, built),
                    _ => built,
                };
                Node::block(steps, built)
            }
            GuardExpr::AndAlso(parts) => self.short_circuit(parts, "false"),
            GuardExpr::OrElse(parts) => self.short_circuit(parts, "true"),
        }
    }

    /// What is made of a map fails where there is none.
    fn if_map(&mut self, map: Node, made: Node) -> Node {
        let other = self.fresh();
        let reason = cerl::Kind::Tuple(vec![Node::atom("badmap"), map.clone()]);
        let failed = Node::call("erlang", "error", vec![Node::new(reason)]);
        let clause = |pattern: Node, body: Node| {
            Annotated::new(cerl::Clause { patterns: vec![pattern], guard: Node::atom("true"), body })
        };
        let clauses = vec![
            clause(Node::atom("true"), made),
            clause(use_of(&other), failed).with_notes(super::generated()),
        ];
        let test = Node::call("erlang", "is_map", vec![map]);
        Node::new(cerl::Kind::Case(Box::new(test), clauses))
    }

    /// Operands that are computed before; constants and variables are what they are.
    fn operands(&mut self, args: &[GuardExpr], steps: &mut Vec<Annotated<Step>>) -> Vec<Node> {
        let mut operands = Vec::with_capacity(args.len());
        for arg in args {
            let node = self.guard_expr(arg);
            operands.push(match arg {
                GuardExpr::Value(_) => node,
                _ => {
                    let name: Variable = self.fresh();
                    steps.push(bind(&name, node));
                    use_of(&name)
                }
            });
        }
        operands
    }

    /// `andalso`, which `false` decides, and `orelse`, which `true` decides.
    fn short_circuit(&mut self, parts: &[GuardExpr], decides: &str) -> Node {
        let Some((last, before)) = parts.split_last() else { return Node::atom("true") };
        let mut rest = self.guard_expr(last);
        for part in before.iter().rev() {
            let subject = self.guard_expr(part);
            let other = self.fresh();
            let reason = cerl::Kind::Tuple(vec![Node::atom("badarg"), use_of(&other)]);
            let failed = Node::call("erlang", "error", vec![Node::new(reason)]);
            let goes_on = if decides == "true" { "false" } else { "true" };
            let clause = |pattern: Node, body: Node| {
                Annotated::new(cerl::Clause { patterns: vec![pattern], guard: Node::atom("true"), body })
            };
            let clauses = vec![
                clause(Node::atom(goes_on), rest),
                clause(Node::atom(decides), Node::atom(decides)),
                clause(use_of(&other), failed).with_notes(super::generated()),
            ];
            rest = Node::new(cerl::Kind::Case(Box::new(subject), clauses));
        }
        rest
    }
}
