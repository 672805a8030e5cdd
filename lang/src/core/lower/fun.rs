//! Funs.

use super::Lower;
use super::numbers::mentions;
use super::scope::Binding;
use crate::ast::{self, Expr, ExprKind, Place};
use crate::core::{Callee, FunctionId, Op, Value};
use std::collections::HashSet;
use swerl_beam::{Atom, Literal};

impl Lower<'_> {
    /// `fun (..) -> .. end`, with the name that it has inside.
    pub(super) fn fun(&mut self, own_name: Option<Atom>, clauses: &[ast::Clause], place: Place) -> Value {
        let line = self.line(place);
        let id = self.reserve_nested();
        let arity = clauses.first().map_or(0, |clause| clause.patterns.len());
        self.own_fun_arities.insert(id, arity);
        let own_name = own_name.filter(|name| name.as_str() != "_");
        let (function, function_arity) = self.current_name;
        let name = match (own_name, clauses.first()) {
            (Some(own), _) if mentions(clauses, own) => {
                format!("-{function}/{function_arity}-{own}/{arity}-{}-", self.next_loop_number())
            }
            (_, Some(first)) => {
                format!("-{function}/{function_arity}-fun-{}-", self.numbers.number(first))
            }
            (_, None) => format!("-{function}/{function_arity}-fun-"),
        };
        let mark = self.scope.mark();
        if let Some(own) = own_name {
            self.scope.bind(own, Binding::OwnFun(id));
        }
        // OTP counts the place where no clause fits among the functions that call themselves: after the bodies where
        // guards alone decide, else before them.
        let may_fail = !clauses.iter().any(takes_all);
        let by_guards = clauses.iter().all(|clause| clause.patterns.iter().all(is_variable));
        if may_fail && !by_guards {
            self.next_loop_number();
        }
        let (params, body) = self.function_clauses(arity, clauses, line);
        if may_fail && by_guards {
            self.next_loop_number();
        }
        self.scope.undo(mark);
        self.define_nested(id, name, params, body, line);
        self.simple(Op::MakeFun(id), Vec::new(), line)
    }

    /// How many arguments a fun takes that is being lowered.
    pub(super) fn own_fun_arity(&self, function: FunctionId) -> usize {
        self.own_fun_arities.get(&function).copied().unwrap_or(usize::MAX)
    }

    /// `fun Name/Arity`.
    pub(super) fn fun_local(&mut self, name: Atom, arity: usize, place: Place) -> Value {
        let line = self.line(place);
        let Some(&target) = self.defined.get(&(name, arity)) else {
            let module = if self.means_bif(name, arity) { Atom::new("erlang") } else { self.module };
            return self.external_fun(module, name, arity);
        };
        self.simple(Op::MakeFun(target), Vec::new(), line)
    }

    fn external_fun(&mut self, module: Atom, name: Atom, arity: usize) -> Value {
        let arity = u8::try_from(arity).unwrap_or(u8::MAX);
        self.constants.value(Literal::Fun(module, name, arity))
    }

    /// `fun Module:Name/Arity`.
    pub(super) fn fun_remote(&mut self, parts: &[Expr; 3], place: Place) -> Value {
        if let (ExprKind::Atom(module), ExprKind::Atom(name), ExprKind::Integer(arity)) =
            (&parts[0].kind, &parts[1].kind, &parts[2].kind)
            && let Ok(arity) = u8::try_from(*arity)
        {
            return self.external_fun(*module, *name, arity.into());
        }
        let args = self.exprs(parts);
        let line = self.line(place);
        let callee = Callee::Remote(Atom::new("erlang"), Atom::new("make_fun"));
        self.simple(Op::Call(callee), args, line)
    }
}

fn is_variable(pattern: &Expr) -> bool {
    matches!(pattern.kind, ExprKind::Var(_))
}

/// Whether a clause fits whatever the arguments are.
fn takes_all(clause: &ast::Clause) -> bool {
    let mut names = HashSet::new();
    let is_new = |pattern: &Expr| match &pattern.kind {
        ExprKind::Var(name) => name.as_str() == "_" || names.insert(*name),
        _ => false,
    };
    let holds = |test: &Expr| matches!(&test.kind, ExprKind::Atom(atom) if atom.as_str() == "true");
    clause.patterns.iter().all(is_new)
        && (clause.guard.is_empty() || clause.guard.iter().any(|tests| tests.iter().all(holds)))
}
