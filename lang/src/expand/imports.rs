//! Which function an unqualified name means, as far as this module says: its own, or an imported one.

use super::make::{atom, remote, take};
use super::{Expanded, Expander};
use crate::ast::{Clause, Expr, ExprKind, Form, FormKind, FunctionName};
use crate::lint::is_auto_imported;
use std::collections::{HashMap, HashSet};
use swerl_beam::Atom;

/// The functions of a module, and those it imports.
#[derive(Debug, Default)]
pub(super) struct Functions {
    local: HashSet<(Atom, usize)>,
    imported: HashMap<(Atom, usize), Atom>,
}

impl Functions {
    pub(super) fn of(forms: &[Form]) -> Self {
        let mut functions = Self::default();
        for form in forms {
            match &form.kind {
                FormKind::Function(function) => {
                    functions.local.insert((function.name, function.arity as usize));
                }
                FormKind::Import(import) => {
                    let names = import.functions.iter();
                    let entry = |&FunctionName { name, arity }| ((name, arity as usize), import.module);
                    functions.imported.extend(names.map(entry));
                }
                _ => {}
            }
        }
        functions
    }

    /// Whether the name means a function of this module or an imported one.
    pub(super) fn is_overridden(&self, name: Atom, arity: usize) -> bool {
        self.local.contains(&(name, arity)) || self.imported.contains_key(&(name, arity))
    }

    /// The module that a name is imported from.
    fn module_of(&self, name: Atom, arity: usize) -> Option<Atom> {
        if self.local.contains(&(name, arity)) { None } else { self.imported.get(&(name, arity)).copied() }
    }

    /// `fun f/1` of an imported function becomes `fun m:f/1`.
    pub(super) fn qualify_fun(&self, expr: &mut Expr) {
        let ExprKind::FunLocal { name, arity } = expr.kind else { return };
        if let Some(module) = self.module_of(name, arity as usize) {
            let arity = Expr { place: expr.place, kind: ExprKind::Integer(i64::from(arity)) };
            let parts = [atom(expr.place, module), atom(expr.place, name), arity];
            expr.kind = ExprKind::FunRemote(Box::new(parts));
        }
    }
}

impl Expander {
    /// A call: of an imported function with its module, `is_record` and `record_info` by what the record is.
    pub(super) fn call(&mut self, expr: &mut Expr) -> Expanded {
        if let Some((name, count)) = self.local_callee(expr) {
            match (name.as_str(), count) {
                ("record_info", 2) if !self.functions.is_overridden(name, count) => {
                    return self.record_info(expr);
                }
                _ => {}
            }
        }
        if self.is_record_test(expr) {
            return self.record_test(expr);
        }
        self.qualify_call(expr);
        expr.try_each_child_mut(&mut |child| self.expr(child))
    }

    /// Gives the function of a call its module.
    pub(super) fn qualify_call(&self, expr: &mut Expr) {
        if let Some((name, count)) = self.local_callee(expr)
            && let Some(module) = self.module_to_show(name, count)
            && let ExprKind::Call { callee, .. } = &mut expr.kind
        {
            let place = callee.place;
            **callee = remote(place, module, take(callee));
        }
    }

    /// The module that an unqualified name gets.
    fn module_to_show(&self, name: Atom, count: usize) -> Option<Atom> {
        let is_automatic = || {
            let arity = u32::try_from(count).ok();
            arity.is_some_and(|arity| is_auto_imported(FunctionName { name, arity }))
        };
        match self.functions.module_of(name, count) {
            Some(module) => Some(module),
            None if self.shows && !self.functions.is_overridden(name, count) && is_automatic() => {
                Some(Atom::new("erlang"))
            }
            None => None,
        }
    }

    /// `fun size/1` of a function that needs no import becomes a fun that calls it.
    pub(super) fn write_out_fun(&mut self, expr: &mut Expr) -> Expanded {
        let ExprKind::FunLocal { name, arity } = expr.kind else { return Ok(()) };
        let is_own = self.functions.is_overridden(name, arity as usize);
        if is_own || !is_auto_imported(FunctionName { name, arity }) {
            return Ok(());
        }
        let place = expr.place;
        let variables: Vec<Expr> =
            (0..arity).map(|_| Expr { place, kind: ExprKind::Var(self.fresh_name()) }).collect();
        let callee = Box::new(atom(place, name));
        let call = Expr { place, kind: ExprKind::Call { callee, args: variables.clone() } };
        let clause = Clause { place, patterns: variables, guard: Vec::new(), body: vec![call] };
        expr.kind = ExprKind::Fun(vec![clause]);
        self.expr(expr)
    }

    /// Name and arity of a call by an unqualified name.
    pub(super) fn local_callee(&self, expr: &Expr) -> Option<(Atom, usize)> {
        let ExprKind::Call { callee, args } = &expr.kind else { return None };
        let ExprKind::Atom(name) = callee.kind else { return None };
        Some((name, args.len()))
    }
}
