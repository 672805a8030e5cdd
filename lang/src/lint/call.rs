//! Calls: which function is meant, and whether there is one.

use super::auto_imported::{is_auto_imported, is_old};
use super::guard::arity_of;
use super::scope::{Changes, Env};
use super::{Called, Linter};
use crate::ast::{Expr, ExprKind, FormKind, FunctionName, Place};
use crate::lex::write_atom;
use swerl_beam::{Atom, Literal};

impl Linter<'_> {
    /// A function's name as messages give it.
    pub(super) fn function_text(function: FunctionName) -> String {
        format!("{}/{}", write_atom(function.name.as_str()), function.arity)
    }

    /// The same for OTP's tools.
    pub(super) fn function_term(function: FunctionName) -> Literal {
        Literal::tuple([Literal::Atom(function.name), Literal::Int(function.arity.into())])
    }

    pub(super) fn is_auto_import_suppressed(&self, function: FunctionName) -> bool {
        self.options.no_auto_import || self.options.no_auto_imports.contains(&function)
    }

    /// A call, with its place.
    pub(super) fn call(&mut self, callee: &Expr, args: &[Expr], place: Place, env: &Env) -> Changes {
        let arity = arity_of(args);
        match &callee.kind {
            ExprKind::Atom(name) if name.as_str() == "is_record" && arity == 2 => {
                self.is_record_or_call(*name, callee, args, place, env)
            }
            ExprKind::Remote(module, name) => {
                let (ExprKind::Atom(module), ExprKind::Atom(name)) = (&module.kind, &name.kind) else {
                    if let ExprKind::Atom(name) = module.kind {
                        self.check_module_name(module.place, name);
                    }
                    let parts = [&**module, &**name];
                    return self.exprs_at_once(parts.into_iter().chain(args), env);
                };
                if module.as_str() == "erlang"
                    && name.as_str() == "is_record"
                    && arity == 2
                    && let ExprKind::Atom(record) = args[1].kind
                {
                    let changes = self.expr(&args[0], env);
                    self.check_record(args[1].place, record);
                    return changes;
                }
                self.check_module_name(place, *module);
                self.remote_function(place, *module, FunctionName { name: *name, arity }, args);
                self.exprs_at_once(args, env)
            }
            ExprKind::Atom(name) => self.local_call(*name, callee, args, place, env),
            _ => {
                if let ExprKind::Char(_)
                | ExprKind::Integer(_)
                | ExprKind::BigInteger(_)
                | ExprKind::Float(_)
                | ExprKind::String(_)
                | ExprKind::List(..)
                | ExprKind::Nil
                | ExprKind::Lc(..)
                | ExprKind::RecordIndex { .. }
                | ExprKind::Tuple(_) = &callee.kind
                    && !matches!(&callee.kind, ExprKind::Tuple(elements) if elements.len() == 2)
                {
                    self.warning(place, "invalid_call", &[], "invalid function call".into());
                }
                self.exprs_at_once(std::iter::once(callee).chain(args), env)
            }
        }
    }

    /// `is_record(E, name)` names a record even where the module has a function of that name.
    fn is_record_or_call(
        &mut self,
        name: Atom,
        callee: &Expr,
        args: &[Expr],
        place: Place,
        env: &Env,
    ) -> Changes {
        if let ExprKind::Atom(record) = args[1].kind {
            let changes = self.expr(&args[0], env);
            self.check_record(args[1].place, record);
            return changes;
        }
        self.local_call(name, callee, args, place, env)
    }

    fn local_call(&mut self, name: Atom, callee: &Expr, args: &[Expr], place: Place, env: &Env) -> Changes {
        let changes = self.exprs_at_once(args, env);
        let function = FunctionName { name, arity: arity_of(args) };
        let is_local = self.locals.contains(&function);
        let imported = self.imports.get(&function).copied();
        let is_bif = is_auto_imported(function) && !self.is_auto_import_suppressed(function);
        if let (false, None, true) = (is_local, imported, is_bif) {
            self.check_deprecated(place, Atom::new("erlang"), function);
            return changes;
        }
        if let Some(module) = imported {
            self.remote_function(place, module, function, args);
            self.used_imports.insert(function);
            return changes;
        }
        if name.as_str() == "record_info" && function.arity == 2 {
            self.record_info_call(place, callee.place, args);
            return changes;
        }
        if is_bif && self.options.tells_bif_clash(function) {
            self.bif_clash(place, function);
        }
        if self.function != Some(function) {
            self.note_call(place, function);
        }
        changes
    }

    fn bif_clash(&mut self, place: Place, function: FunctionName) {
        let text = Self::function_text(function);
        let advice = format!(
            " - use erlang:{text} or \"-compile({{no_auto_import,[{text}]}}).\" to resolve name clash"
        );
        let term = Self::function_term(function);
        if is_old(function) {
            let message = format!("ambiguous call of overridden pre R14 auto-imported BIF {text}\n{advice}");
            self.error(place, "call_to_redefined_old_bif", &[term], message);
        } else {
            let message = format!("ambiguous call of overridden auto-imported BIF {text}\n{advice}");
            self.warning(place, "call_to_redefined_bif", &[term], message);
        }
    }

    /// `fun f/1`.
    pub(super) fn local_fun(&mut self, place: Place, function: FunctionName) {
        if function.name.as_str() == "record_info" && function.arity == 2 {
            return self.illegal_record_info(place);
        }
        let is_bif = is_auto_imported(function) && !self.is_auto_import_suppressed(function);
        if self.locals.contains(&function) || !is_bif {
            self.note_call(place, function);
        }
    }

    /// Whether the header is included that has queries rewritten.
    fn includes_qlc(&self) -> bool {
        self.forms.iter().any(|form| match &form.kind {
            FormKind::File { name, .. } => name.rsplit('/').next() == Some("qlc.hrl"),
            _ => false,
        })
    }

    /// Remembers that the current function needs another one of this module.
    fn note_call(&mut self, place: Place, function: FunctionName) {
        if self.muted == 0 {
            self.called.push(Called { function, place });
        }
        self.calls.entry(self.function).or_default().insert(function);
    }

    /// What is known about functions of other modules.
    fn remote_function(&mut self, place: Place, module: Atom, function: FunctionName, args: &[Expr]) {
        self.check_deprecated(place, module, function);
        self.check_format(place, module, function, args);
        if module.as_str() == "erlang" && function.name.as_str() == "load_nif" && function.arity == 2 {
            self.load_nif(place);
        }
        if let (("qlc", "q", 1 | 2), Some(ExprKind::Lc(..))) =
            ((module.as_str(), function.name.as_str(), function.arity), args.first().map(|arg| &arg.kind))
            && !self.includes_qlc()
        {
            let arity = function.arity;
            let message = format!("qlc:q/{arity} called, but \"qlc.hrl\" not included");
            self.warning(place, "missing_qlc_hrl", &[Literal::Int(arity.into())], message);
        }
    }
}
