//! Records: their declarations, and the fields that expressions name.

use super::scope::{Changes, Env, most_similar};
use super::{Context, Linter};
use crate::ast::{Expr, ExprKind, FieldName, Name, Place, RecordDecl, RecordField};
use crate::lex::write_atom;
use std::collections::HashSet;
use swerl_beam::{Atom, Literal};

/// A declared record.
#[derive(Clone, Debug)]
pub(super) struct RecordInfo<'a> {
    pub(super) place: Place,
    /// The fields with their defaults.
    pub(super) fields: Vec<(Atom, Option<&'a Expr>)>,
}

impl<'a> Linter<'a> {
    pub(super) fn record_declaration(&mut self, place: Place, decl: &'a RecordDecl) {
        if self.records.contains_key(&decl.name) {
            let message = format!("record {} already defined", write_atom(decl.name.as_str()));
            return self.error(place, "redefine_record", &[Literal::Atom(decl.name)], message);
        }
        let mut fields: Vec<(Atom, Option<&Expr>)> = Vec::new();
        for field in &decl.fields {
            let name = field.name.atom;
            if fields.iter().any(|known| known.0 == name) {
                self.field_twice(field.place, decl.name, name);
                continue;
            }
            let errors = self.error_count();
            if let Some(default) = &field.default {
                let in_definition = std::mem::replace(&mut self.in_record_definition, true);
                // What a default uses counts where it is taken.
                let used = std::mem::take(&mut self.used_records);
                self.expr(default, &Env::new());
                self.used_records = used;
                self.in_record_definition = in_definition;
            }
            let default = field.default.as_ref().filter(|_| self.error_count() == errors);
            fields.push((name, default));
        }
        self.records.insert(decl.name, RecordInfo { place, fields });
        self.record_types(decl);
    }

    /// Whether a record exists; that counts as a use of it.
    pub(super) fn check_record(&mut self, place: Place, name: Atom) -> bool {
        if self.records.contains_key(&name) {
            self.used_records.insert(name);
            return true;
        }
        let message = format!("record {} undefined", write_atom(name.as_str()));
        self.error(place, "undefined_record", &[Literal::Atom(name)], message);
        if let Some(similar) = most_similar(name, self.records.keys().copied()) {
            self.explain(|diagnostic| diagnostic.with_help(format!("did you mean #{similar}?")));
        }
        false
    }

    pub(super) fn check_field_exists(&mut self, record: Atom, field: Name) -> bool {
        if self.records.get(&record).is_some_and(|info| info.fields.iter().any(|known| known.0 == field.atom))
        {
            return true;
        }
        let (field_text, record_text) = (write_atom(field.atom.as_str()), write_atom(record.as_str()));
        let message = format!("field {field_text} undefined in record {record_text}");
        self.error(
            field.place,
            "undefined_field",
            &[Literal::Atom(record), Literal::Atom(field.atom)],
            message,
        );
        let names: Vec<_> = self
            .records
            .get(&record)
            .into_iter()
            .flat_map(|info| info.fields.iter().map(|known| known.0))
            .collect();
        let help = match most_similar(field.atom, names.iter().copied()) {
            Some(similar) => format!("did you mean {similar}?"),
            None => {
                let all: Vec<String> = names.iter().map(|name| write_atom(name.as_str())).collect();
                format!("it has these: {}", all.join(", "))
            }
        };
        self.explain(|diagnostic| diagnostic.with_help(help));
        false
    }

    pub(super) fn field_twice(&mut self, place: Place, record: Atom, field: Atom) {
        let (field_text, record_text) = (write_atom(field.as_str()), write_atom(record.as_str()));
        let message = format!("field {field_text} already defined in record {record_text}");
        self.error(place, "redefine_field", &[Literal::Atom(record), Literal::Atom(field)], message);
    }

    /// Checks the name of a field given; tells whether its value is to be looked at.
    pub(super) fn check_field(
        &mut self,
        record: Atom,
        field: &RecordField,
        seen: &mut HashSet<Option<Atom>>,
    ) -> bool {
        match field.name {
            FieldName::Named(name) => {
                if !seen.insert(Some(name.atom)) {
                    self.field_twice(field.place, record, name.atom);
                    return false;
                }
                self.check_field_exists(record, name)
            }
            FieldName::Others(place) => {
                let is_first = seen.insert(None);
                if !is_first {
                    self.nothing_omitted(place);
                }
                is_first
            }
            FieldName::Variable(name) => {
                let (variable, record_text) = (write_atom(name.atom.as_str()), write_atom(record.as_str()));
                let message = format!("field {variable} is not an atom or _ in record {record_text}");
                let terms = [Literal::Atom(record), Literal::Atom(name.atom)];
                self.error(name.place, "field_name_is_variable", &terms, message);
                false
            }
        }
    }

    fn nothing_omitted(&mut self, place: Place) {
        self.error(place, "bad_multi_field_init", &[], "'_' initializes no omitted fields".into());
    }

    /// `_ = Value` must stand for at least one field.
    pub(super) fn check_wildcard(&mut self, record: Atom, fields: &[RecordField]) {
        let wildcard = fields.iter().find_map(|field| match field.name {
            FieldName::Others(place) => Some(place),
            FieldName::Named(_) | FieldName::Variable(_) => None,
        });
        if let Some(place) = wildcard
            && self.omitted(record, fields).is_empty()
        {
            self.nothing_omitted(place);
        }
    }

    /// The defaults of fields that are not given.
    fn omitted(&self, record: Atom, fields: &[RecordField]) -> Vec<Option<&'a Expr>> {
        let given: HashSet<Atom> = fields
            .iter()
            .filter_map(|field| match field.name {
                FieldName::Named(name) => Some(name.atom),
                FieldName::Others(_) | FieldName::Variable(_) => None,
            })
            .collect();
        let Some(info) = self.records.get(&record) else { return Vec::new() };
        info.fields.iter().filter(|field| !given.contains(&field.0)).map(|field| field.1).collect()
    }

    /// `#name{...}` as an expression, or in a guard.
    pub(super) fn record_construction(
        &mut self,
        place: Place,
        record: Atom,
        fields: &[RecordField],
        env: &Env,
        guard: Option<Context>,
    ) -> Changes {
        if !self.check_record(place, record) {
            return Vec::new();
        }
        let changes = self.record_values(record, fields, env, guard);
        // What the defaults use, this function uses; their faults were reported at the declaration.
        let env = self.extend(env, &changes);
        for default in self.omitted(record, fields).into_iter().flatten() {
            match guard {
                Some(context) => {
                    self.guard_expr_at(default, place, &env, context);
                }
                None => {
                    self.muted += 1;
                    self.expr(default, &env);
                    self.muted -= 1;
                }
            }
        }
        changes
    }

    /// The values of fields in a construction or update.
    pub(super) fn record_values(
        &mut self,
        record: Atom,
        fields: &[RecordField],
        env: &Env,
        guard: Option<Context>,
    ) -> Changes {
        let mut seen = HashSet::new();
        let mut changes = Changes::new();
        for field in fields {
            if self.check_field(record, field, &mut seen) {
                let next = match guard {
                    Some(context) => self.guard_expr(&field.value, env, context),
                    None => self.expr(&field.value, env),
                };
                changes = self.merge_matching(changes, next);
            }
        }
        changes
    }

    /// `Base#name{...}`.
    pub(super) fn record_update(
        &mut self,
        base: &Expr,
        place: Place,
        record: Atom,
        fields: &[RecordField],
        env: &Env,
    ) -> Changes {
        let base_changes = self.record_base(base, place, env);
        let mut changes = Changes::new();
        if self.check_record(place, record) {
            changes = self.record_values(record, fields, env, None);
        }
        for field in fields {
            if let FieldName::Others(place) = field.name {
                let message =
                    format!("meaningless use of _ in update of record {}", write_atom(record.as_str()));
                self.error(place, "wildcard_in_update", &[Literal::Atom(record)], message);
                return Vec::new();
            }
        }
        self.merge(base_changes, changes)
    }

    /// The expression before `#name`: some can never be a record.
    pub(super) fn record_base(&mut self, base: &Expr, place: Place, env: &Env) -> Changes {
        if let ExprKind::Char(_)
        | ExprKind::Integer(_)
        | ExprKind::BigInteger(_)
        | ExprKind::Float(_)
        | ExprKind::Atom(_)
        | ExprKind::String(_)
        | ExprKind::List(..)
        | ExprKind::Nil
        | ExprKind::Lc(..)
        | ExprKind::RecordIndex { .. }
        | ExprKind::FunLocal { .. }
        | ExprKind::FunRemote(_)
        | ExprKind::Fun(_)
        | ExprKind::NamedFun { .. } = &base.kind
        {
            self.warning(place, "invalid_record", &[], "invalid record expression".into());
        }
        self.expr(base, env)
    }

    /// `record_info(fields, name)`.
    pub(super) fn record_info_call(&mut self, call: Place, callee: Place, args: &[Expr]) {
        match args {
            [what, name] => match (&what.kind, &name.kind) {
                (ExprKind::Atom(word), ExprKind::Atom(name)) => {
                    if matches!(word.as_str(), "fields" | "size") {
                        self.check_record(callee, *name);
                    } else {
                        self.illegal_record_info(what.place);
                    }
                }
                _ => self.illegal_record_info(call),
            },
            _ => self.illegal_record_info(call),
        }
    }

    pub(super) fn illegal_record_info(&mut self, place: Place) {
        self.error(place, "illegal_record_info", &[], "illegal record info".into());
    }
}
