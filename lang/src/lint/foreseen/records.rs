//! Records: built, updated and asked for a field.

use super::known::{Known, Shape};
use super::{Env, Foresight, Wanted};
use crate::ast::{Expr, ExprKind, FieldName, Place, RecordField};
use crate::syntax::term_of;
use swerl_beam::{Atom, Literal};

impl Foresight<'_> {
    pub(super) fn record(
        &mut self,
        name: Atom,
        fields: &[RecordField],
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        let given = self.parts(fields.iter().map(|field| &field.value), place, env, wanted);
        let Some(record) = self.records.get(&name).copied() else { return Known::Unknown };
        let mut elements = vec![Known::Literal(Literal::Atom(name))];
        for declared in &record.fields {
            let at =
                |wanted: &dyn Fn(&FieldName) -> bool| fields.iter().position(|field| wanted(&field.name));
            let named =
                at(&|field| matches!(field, FieldName::Named(name) if name.atom == declared.name.atom));
            let value = match (
                named.or_else(|| at(&|field| matches!(field, FieldName::Others(_)))),
                &declared.default,
            ) {
                (Some(index), _) => given[index].clone(),
                (None, None) => Known::Literal(Literal::atom("undefined")),
                (None, Some(default)) => match term_of(default) {
                    Ok(term) => Known::Literal(term),
                    Err(_) => Known::Unknown,
                },
            };
            elements.push(value);
        }
        Known::tuple(elements)
    }

    /// A field of a record that is built only to be asked for it: the others are for nothing.
    pub(super) fn asked_at_once(
        &mut self,
        base: &Expr,
        (name, field): (Atom, Atom),
        env: &mut Env,
        wanted: Wanted,
    ) -> Option<Known> {
        let ExprKind::Record { base: None, name: built, fields } = &base.kind else { return None };
        let declared = self.records.get(&name).copied().filter(|_| *built == name && !self.in_guard)?;
        let named = |given: &RecordField| match given.name {
            FieldName::Named(name) => Some(name.atom),
            FieldName::Others(_) | FieldName::Variable(_) => None,
        };
        if fields.iter().any(|given| named(given).is_none()) {
            return None;
        }
        let known = self.quietly(|foresight| foresight.expr(base, &mut env.clone(), Wanted::Value));
        for given in fields {
            let value = match named(given) == Some(field) && wanted == Wanted::Value {
                true => self.expr(&given.value, env, Wanted::Value),
                false => self.unused_operand(&given.value, env),
            };
            if self.lacks(&[value]) {
                return Some(Known::Never);
            }
        }
        let is_given = |name: Atom| fields.iter().any(|given| named(given) == Some(name));
        let is_fun = |default: &Expr| matches!(default.kind, ExprKind::Fun(_) | ExprKind::NamedFun { .. });
        let mut others = declared.fields.iter().filter(|other| other.name.atom != field);
        if others.any(|other| !is_given(other.name.atom) && other.default.as_ref().is_some_and(is_fun)) {
            self.useless(base.place);
        }
        Some(self.field(&known, name, field))
    }

    /// An update of what may be something else than such a record, and stands at `place`.
    pub(super) fn record_update(
        &mut self,
        base: &Known,
        name: Atom,
        fields: &[RecordField],
        place: Place,
        wanted: Wanted,
    ) -> Known {
        if !self.records.contains_key(&name) {
            return Known::Unknown;
        }
        let set = self.set_place(name, fields);
        if self.is_no_record(base, name) && !matches!(base, Known::Cons(_)) {
            let place = set.unwrap_or(place);
            if base.literal().is_none() {
                self.wrong_type(place);
            }
            self.no_clause(place);
            return Known::Never;
        }
        match (wanted, set) {
            (Wanted::Value, _) => {}
            (Wanted::Effect, Some(place)) => self.result_ignored("erlang", "setelement", 3, place),
            (Wanted::Effect, None) if fields.is_empty() => {}
            (Wanted::Effect, None) => self.useless(place),
        }
        Known::Unknown
    }

    /// Where a field is set in a copy: few are, one by one, the first of the record last.
    pub(super) fn set_place(&self, name: Atom, fields: &[RecordField]) -> Option<Place> {
        let size = self.records.get(&name)?.fields.len();
        let position = |field: &RecordField| match field.name {
            FieldName::Named(named) => self.position(name, named.atom),
            FieldName::Others(_) | FieldName::Variable(_) => None,
        };
        let few = fields.iter().filter(|_| 2 * fields.len() <= size);
        few.min_by_key(|field| position(field)).map(|field| field.place)
    }

    /// Whether a value is certainly not such a record.
    pub(super) fn is_no_record(&self, value: &Known, name: Atom) -> bool {
        let Some(record) = self.records.get(&name) else { return false };
        match value.elements(record.fields.len() + 1) {
            Shape::Is(elements) => elements[0].literal().is_some_and(|tag| *tag != Literal::Atom(name)),
            Shape::Other => true,
            Shape::Unknown => false,
        }
    }

    /// The position of a field in its record's tuple, counted from one.
    pub(super) fn position(&self, record: Atom, field: Atom) -> Option<i64> {
        let fields = &self.records.get(&record)?.fields;
        let index = fields.iter().position(|declared| declared.name.atom == field)?;
        i64::try_from(index + 2).ok()
    }

    pub(super) fn field(&self, record: &Known, name: Atom, field: Atom) -> Known {
        let (Some(declared), Some(position)) = (self.records.get(&name), self.position(name, field)) else {
            return Known::Unknown;
        };
        match record.elements(declared.fields.len() + 1) {
            Shape::Is(elements) => {
                let index = usize::try_from(position - 1).unwrap_or(0);
                elements.into_iter().nth(index).unwrap_or(Known::Unknown)
            }
            _ => Known::Unknown,
        }
    }

    /// Whether an expression is a constant before anything is computed.
    pub(super) fn is_written_out(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Unary(..) | ExprKind::FunRemote(_) => false,
            ExprKind::RecordIndex { .. } => true,
            ExprKind::Record { base: None, fields, .. } => {
                fields.iter().all(|field| self.is_written_out(&field.value))
            }
            ExprKind::Tuple(elements) => elements.iter().all(|element| self.is_written_out(element)),
            ExprKind::List(elements, tail) => {
                elements.iter().chain([&**tail]).all(|element| self.is_written_out(element))
            }
            _ => term_of(expr).is_ok(),
        }
    }
}
