//! Guards: the expressions that may stand in them.

use super::bits::Size;
use super::pattern::constant_integer;
use super::scope::{Changes, Env};
use super::{Context, Linter};
use crate::ast::{BinElement, BinaryOp, Expr, ExprKind, FunctionName, Guard, MapFieldKind, Place};
use crate::lex::write_atom;
use swerl_beam::guard_bifs::lookup;
use swerl_beam::{Atom, Literal};

/// Tests of an early Erlang, and what they are called today.
const OLD_TESTS: [&str; 11] =
    ["integer", "float", "number", "atom", "list", "tuple", "pid", "reference", "port", "binary", "function"];

/// Whether guards may call a function of module `erlang`.
pub(super) fn is_guard_bif(name: Atom, arity: u32) -> bool {
    use swerl_beam::guard_bifs::BifForm;
    lookup(name, arity)
        .is_some_and(|bif| bif.in_guards && matches!(bif.form, BifForm::Function | BifForm::TypeTest))
}

fn is_old_test(name: Atom, arity: u32) -> bool {
    match arity {
        1 => OLD_TESTS.contains(&name.as_str()),
        2 => name.as_str() == "record",
        _ => false,
    }
}

impl Linter<'_> {
    /// A whole guard. Each test sees what those before it did.
    pub(super) fn guard(&mut self, guard: &Guard, env: &Env) -> Changes {
        let mut changes = Changes::new();
        let mut env = env.clone();
        for test in guard.iter().flatten() {
            let next = self.guard_test(test, &env);
            if !next.is_empty() {
                env = self.extend(&env, &next);
                changes = self.then(changes, next);
            }
        }
        changes
    }

    /// A test: beside guard expressions, the old names of type tests.
    pub(super) fn guard_test(&mut self, test: &Expr, env: &Env) -> Changes {
        let ExprKind::Call { callee, args } = &test.kind else {
            return self.guard_expr(test, env, Context::Guard);
        };
        let ExprKind::Atom(name) = callee.kind else { return self.guard_expr(test, env, Context::Guard) };
        let function = FunctionName { name, arity: arity_of(args) };
        if !is_old_test(name, function.arity) {
            self.check_deprecated(test.place, Atom::new("erlang"), function);
            return self.guard_expr(test, env, Context::Guard);
        }
        if self.options.obsolete_guard {
            let (name_text, arity) = (write_atom(name.as_str()), function.arity);
            let message = format!("{name_text}/{arity} obsolete (use is_{name_text}/{arity})");
            let term = Self::function_term(function);
            self.warning(callee.place, "obsolete_guard", &[term], message);
        }
        let modern = FunctionName { name: Atom::new(&format!("is_{name}")), ..function };
        if self.locals.contains(&modern) {
            let message = format!(
                "obsolete {name}/1 (meaning is_{name}/1) is illegal when there is a local/imported function named \
                 is_{name}/1 "
            );
            self.error(callee.place, "obsolete_guard_overridden", &[Literal::Atom(name)], message);
        }
        if name.as_str() == "record" {
            return self.is_record_call(test.place, args, env, Context::Guard);
        }
        let changes = self.guard_exprs(args, env, Context::Guard);
        if self.is_guard_bif_hidden(function) {
            self.illegal_local_call(test.place, function, Context::Guard);
        }
        changes
    }

    /// An expression in a guard, or in one of the places with the same rules.
    pub(super) fn guard_expr(&mut self, expr: &Expr, env: &Env, context: Context) -> Changes {
        self.guard_expr_at(expr, expr.place, env, context)
    }

    /// The same; faults of the expression itself are reported at `place`.
    pub(super) fn guard_expr_at(
        &mut self,
        expr: &Expr,
        place: Place,
        env: &Env,
        context: Context,
    ) -> Changes {
        match &expr.kind {
            ExprKind::Var(name) => self.use_variable(*name, place, env),
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Nil => Vec::new(),
            ExprKind::List(elements, tail) => {
                self.guard_exprs(elements.iter().chain([&**tail]), env, context)
            }
            ExprKind::Tuple(elements) => self.guard_exprs(elements, env, context),
            ExprKind::Map { base, fields } => {
                let changes = match base {
                    Some(base) => self.guard_expr(base, env, context),
                    None => {
                        self.check_map_construction(fields);
                        Vec::new()
                    }
                };
                let mut values = Changes::new();
                for field in fields {
                    let next = self.guard_exprs([&field.key, &field.value], env, context);
                    values = self.then(values, next);
                }
                self.merge(changes, values)
            }
            ExprKind::RecordIndex { name, field } => {
                if self.check_record(place, *name) {
                    self.check_field_exists(*name, *field);
                }
                Vec::new()
            }
            ExprKind::RecordAccess { base, name, field } => {
                let changes = self.guard_expr(base, env, context);
                if self.check_record(place, *name) {
                    self.check_field_exists(*name, *field);
                }
                changes
            }
            ExprKind::Record { base: None, name, fields } => {
                self.record_construction(place, *name, fields, env, Some(context))
            }
            ExprKind::Bin(elements) => self.guard_bits(elements, env, context),
            ExprKind::Call { callee, args } => self.guard_call(callee, args, place, env, context),
            ExprKind::Unary(_, operand) => self.guard_expr(operand, env, context),
            ExprKind::Binary(op, left, right) => {
                let changes = self.guard_exprs([&**left, &**right], env, context);
                if matches!(op, BinaryOp::Append | BinaryOp::Subtract | BinaryOp::Send) {
                    self.illegal_guard(place, context);
                }
                changes
            }
            ExprKind::Record { base: Some(_), .. }
            | ExprKind::Match(..)
            | ExprKind::MaybeMatch(..)
            | ExprKind::Catch(_)
            | ExprKind::Remote(..)
            | ExprKind::Block(_)
            | ExprKind::If(_)
            | ExprKind::Case(..)
            | ExprKind::Receive { .. }
            | ExprKind::Try(_)
            | ExprKind::Maybe(_)
            | ExprKind::FunLocal { .. }
            | ExprKind::FunRemote(_)
            | ExprKind::Fun(_)
            | ExprKind::NamedFun { .. }
            | ExprKind::Lc(..)
            | ExprKind::Bc(..)
            | ExprKind::Mc(..) => {
                self.illegal_guard(place, context);
                Vec::new()
            }
        }
    }

    fn guard_exprs<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        env: &Env,
        context: Context,
    ) -> Changes {
        let mut changes = Changes::new();
        for expr in exprs {
            let next = self.guard_expr(expr, env, context);
            changes = self.merge(next, changes);
        }
        changes
    }

    fn guard_bits(&mut self, elements: &[BinElement], env: &Env, context: Context) -> Changes {
        let mut changes = Changes::new();
        for element in elements {
            let next = self.guard_expr(&element.value, env, context);
            changes = self.merge(next, changes);
            let size = match &element.size {
                None => Size::Default,
                Some(size) => match constant_integer(size) {
                    Some(value) => Size::Known(value),
                    None => {
                        let next = self.guard_expr(size, env, context);
                        changes = self.merge(next, changes);
                        Size::of_expression(size)
                    }
                },
            };
            self.check_segment(element, size);
        }
        changes
    }

    fn guard_call(
        &mut self,
        callee: &Expr,
        args: &[Expr],
        place: Place,
        env: &Env,
        context: Context,
    ) -> Changes {
        let arity = arity_of(args);
        match &callee.kind {
            ExprKind::Atom(name) if name.as_str() == "is_record" && matches!(arity, 2 | 3) => {
                self.is_record_call(place, args, env, context)
            }
            ExprKind::Atom(name) => {
                let changes = self.guard_exprs(args, env, context);
                let function = FunctionName { name: *name, arity };
                if is_guard_bif(*name, arity) && !self.is_guard_bif_hidden(function) {
                    return changes;
                }
                if self.locals.contains(&function) || self.imports.contains_key(&function) {
                    self.illegal_local_call(place, function, context);
                } else {
                    self.illegal_guard(place, context);
                }
                changes
            }
            ExprKind::Remote(module, name) => match (&module.kind, &name.kind) {
                (ExprKind::Atom(module), ExprKind::Atom(name)) if module.as_str() == "erlang" => {
                    if name.as_str() == "is_record" && matches!(arity, 2 | 3) {
                        return self.is_record_call(place, args, env, context);
                    }
                    let changes = self.guard_exprs(args, env, context);
                    if !lookup(*name, arity).is_some_and(|bif| bif.in_guards) {
                        self.illegal_guard(place, context);
                    }
                    changes
                }
                _ => {
                    self.illegal_guard(place, context);
                    Vec::new()
                }
            },
            _ => {
                self.illegal_guard(place, context);
                Vec::new()
            }
        }
    }

    fn is_record_call(&mut self, place: Place, args: &[Expr], env: &Env, context: Context) -> Changes {
        match args {
            [value, Expr { kind: ExprKind::Atom(record), place: record_place }] => {
                let changes = self.guard_expr(value, env, context);
                self.check_record(*record_place, *record);
                changes
            }
            [value, Expr { kind: ExprKind::Atom(_), .. }, Expr { kind: ExprKind::Integer(_), .. }] => {
                let changes = self.guard_expr(value, env, context);
                let function = FunctionName { name: Atom::new("is_record"), arity: 3 };
                if self.is_guard_bif_hidden(function) {
                    self.illegal_local_call(place, function, context);
                }
                changes
            }
            _ => {
                let changes = self.guard_exprs(args, env, context);
                self.illegal_guard(place, context);
                changes
            }
        }
    }

    fn illegal_guard(&mut self, place: Place, context: Context) {
        match context {
            Context::SegmentSize => self.error(place, "illegal_bitsize", &[], "illegal bit size".into()),
            Context::Guard | Context::MapKey => {
                self.error(place, "illegal_guard_expr", &[], "illegal guard expression".into());
                if self.map.text(place.span).contains(" = ") {
                    self.explain(|diagnostic| {
                        diagnostic.with_help("`=` binds a variable; to compare, write `==` or `=:=`")
                    });
                }
            }
        }
    }

    fn illegal_local_call(&mut self, place: Place, function: FunctionName, context: Context) {
        let call = format!(
            "call to local/imported function {}/{} is illegal in",
            write_atom(function.name.as_str()),
            function.arity
        );
        let term = Self::function_term(function);
        match context {
            Context::SegmentSize => {
                let message = format!("{call} a size expression for a binary segment");
                self.error(place, "illegal_bitsize_local_call", &[term], message);
            }
            Context::Guard | Context::MapKey => {
                self.error(place, "illegal_guard_local_call", &[term], format!("{call} guard"));
                self.explain(|diagnostic| {
                    diagnostic.with_help(
                        "a guard calls only what is built in, such as is_integer/1: call the function before, and \
                         look at its result in a `case`",
                    )
                });
            }
        }
    }

    /// Whether a guard function is hidden by one of the module's own: called without module, it means that.
    fn is_guard_bif_hidden(&self, function: FunctionName) -> bool {
        match self.imports.get(&function) {
            _ if self.locals.contains(&function) => true,
            Some(module) => module.as_str() != "erlang",
            None => self.is_auto_import_suppressed(function),
        }
    }

    /// Whether an expression could stand in a guard: decides how the filter of a comprehension is checked.
    pub(super) fn is_guard_test(&self, expr: &Expr) -> bool {
        is_guard_test(expr, &|function| self.is_own(function))
    }

    fn is_own(&self, function: FunctionName) -> bool {
        self.locals.contains(&function) || self.imports.contains_key(&function)
    }

    /// A new map has no fields to replace.
    pub(super) fn check_map_construction(&mut self, fields: &[crate::ast::MapField]) {
        for field in fields.iter().filter(|field| field.kind == MapFieldKind::Exact) {
            let message = "only association operators '=>' are allowed in map construction";
            self.error(field.place, "illegal_map_construction", &[], message.into());
            self.explain(|diagnostic| {
                diagnostic.with_help("`:=` replaces a value in a map that has the key")
            });
        }
    }
}

/// Whether an expression could stand in a guard, where `is_own` tells the functions of the module.
pub(super) fn is_guard_test(expr: &Expr, is_own: &dyn Fn(FunctionName) -> bool) -> bool {
    if let ExprKind::Call { callee, args } = &expr.kind
        && let ExprKind::Atom(name) = callee.kind
    {
        let function = FunctionName { name, arity: arity_of(args) };
        if is_own(function) {
            return false;
        }
        if is_old_test(name, function.arity) {
            return args.iter().all(|arg| is_guard_expr(arg, is_own));
        }
    }
    is_guard_expr(expr, is_own)
}

/// The same below the top, where the tests of old do not count.
pub(crate) fn is_guard_expr(expr: &Expr, is_own: &dyn Fn(FunctionName) -> bool) -> bool {
    let all = |exprs: &[Expr]| exprs.iter().all(|expr| is_guard_expr(expr, is_own));
    match &expr.kind {
        ExprKind::Var(_)
        | ExprKind::Atom(_)
        | ExprKind::Integer(_)
        | ExprKind::BigInteger(_)
        | ExprKind::Char(_)
        | ExprKind::Float(_)
        | ExprKind::String(_)
        | ExprKind::Nil
        | ExprKind::RecordIndex { .. } => true,
        ExprKind::List(elements, tail) => all(elements) && is_guard_expr(tail, is_own),
        ExprKind::Tuple(elements) => all(elements),
        ExprKind::Map { base, fields } => {
            base.as_deref().is_none_or(|base| is_guard_expr(base, is_own))
                && fields
                    .iter()
                    .all(|field| is_guard_expr(&field.key, is_own) && is_guard_expr(&field.value, is_own))
        }
        ExprKind::RecordAccess { base, .. } => is_guard_expr(base, is_own),
        ExprKind::Record { base: None, fields, .. } => {
            fields.iter().all(|field| is_guard_expr(&field.value, is_own))
        }
        ExprKind::Bin(elements) => elements.iter().all(|element| {
            is_guard_expr(&element.value, is_own)
                && element.size.as_ref().is_none_or(|size| is_guard_expr(size, is_own))
        }),
        ExprKind::Call { callee, args } => {
            let arity = arity_of(args);
            let is_callable = match &callee.kind {
                ExprKind::Atom(name) => {
                    !is_own(FunctionName { name: *name, arity }) && is_guard_bif(*name, arity)
                }
                ExprKind::Remote(module, name) => match (&module.kind, &name.kind) {
                    (ExprKind::Atom(module), ExprKind::Atom(name)) => {
                        module.as_str() == "erlang" && lookup(*name, arity).is_some_and(|bif| bif.in_guards)
                    }
                    _ => false,
                },
                _ => false,
            };
            is_callable && all(args)
        }
        ExprKind::Unary(_, operand) => is_guard_expr(operand, is_own),
        ExprKind::Binary(op, left, right) => {
            !matches!(op, BinaryOp::Append | BinaryOp::Subtract | BinaryOp::Send)
                && is_guard_expr(left, is_own)
                && is_guard_expr(right, is_own)
        }
        ExprKind::Record { base: Some(_), .. }
        | ExprKind::Match(..)
        | ExprKind::MaybeMatch(..)
        | ExprKind::Catch(_)
        | ExprKind::Remote(..)
        | ExprKind::Block(_)
        | ExprKind::If(_)
        | ExprKind::Case(..)
        | ExprKind::Receive { .. }
        | ExprKind::Try(_)
        | ExprKind::Maybe(_)
        | ExprKind::FunLocal { .. }
        | ExprKind::FunRemote(_)
        | ExprKind::Fun(_)
        | ExprKind::NamedFun { .. }
        | ExprKind::Lc(..)
        | ExprKind::Bc(..)
        | ExprKind::Mc(..) => false,
    }
}

pub(super) fn arity_of(args: &[Expr]) -> u32 {
    u32::try_from(args.len()).unwrap_or(u32::MAX)
}
