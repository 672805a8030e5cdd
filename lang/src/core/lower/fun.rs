//! Funs.

use super::Lower;
use super::scope::Binding;
use crate::ast::{self, Expr, ExprKind, Place};
use crate::core::{Callee, FunctionId, Op, Value};
use swerl_beam::{Atom, Literal};

impl Lower<'_> {
    /// `fun (..) -> .. end`, with the name that it has inside.
    pub(super) fn fun(&mut self, own_name: Option<Atom>, clauses: &[ast::Clause], place: Place) -> Value {
        let line = self.line(place);
        let id = self.reserve_nested();
        let arity = clauses.first().map_or(0, |clause| clause.patterns.len());
        self.own_fun_arities.insert(id, arity);
        let mark = self.scope.mark();
        if let Some(name) = own_name
            && name.as_str() != "_"
        {
            self.scope.bind(name, Binding::OwnFun(id));
        }
        let (params, body) = self.function_clauses(arity, clauses, line);
        self.scope.undo(mark);
        let number = self.next_fun_number();
        let (function, function_arity) = self.current_name;
        self.define_nested(id, format!("-{function}/{function_arity}-fun-{number}-"), params, body, line);
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
        if let Some(&wrapper) = self.wrappers.get(&target) {
            return self.simple(Op::MakeFun(wrapper), Vec::new(), line);
        }
        let id = self.reserve_nested();
        let params: Vec<_> = (0..arity).map(|_| self.new_var()).collect();
        let args = params.iter().map(|&param| Value::Var(param)).collect();
        let body = self.body_of(|this| vec![this.simple(Op::Call(Callee::Local(target)), args, line)]);
        self.define_nested(id, format!("-fun.{name}/{arity}-"), params, body, line);
        self.wrappers.insert(target, id);
        self.simple(Op::MakeFun(id), Vec::new(), line)
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
