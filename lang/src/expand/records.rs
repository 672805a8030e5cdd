//! Records as tuples.

use super::make::{
    atom, bad_record, bind, case, clause, erlang, generated, integer, take, tuple, var, wildcard,
};
use super::{BadRecord, Expanded, Expander};
use crate::ast::{Expr, ExprKind, FieldName, Form, FormKind, Name, Place, RecordDecl, RecordField, UnaryOp};
use crate::syntax::term_of;
use std::collections::HashMap;
use std::rc::Rc;
use swerl_beam::Atom;

/// The records that a module declares.
#[derive(Debug, Default)]
pub(super) struct Records(HashMap<Atom, Rc<RecordDecl>>);

impl Records {
    pub(super) fn declared(forms: &[Form]) -> Self {
        let declaration = |form: &Form| match &form.kind {
            FormKind::Record(record) => Some((record.name, Rc::new(record.clone()))),
            _ => None,
        };
        Self(forms.iter().filter_map(declaration).collect())
    }

    pub(super) fn contains(&self, name: Atom) -> bool {
        self.0.contains_key(&name)
    }

    fn get(&self, record: Atom) -> Result<Rc<RecordDecl>, BadRecord> {
        self.0.get(&record).cloned().ok_or(BadRecord { record })
    }

    /// The size of the record's tuple.
    pub(super) fn size(&self, name: Atom) -> Result<usize, BadRecord> {
        Ok(self.get(name)?.fields.len() + 1)
    }

    /// The position of a field in the record's tuple, counted from one.
    pub(super) fn position(&self, name: Atom, field: Name) -> Result<usize, BadRecord> {
        position(&*self.get(name)?, field.atom)
    }
}

fn position(record: &RecordDecl, field: Atom) -> Result<usize, BadRecord> {
    let index = record.fields.iter().position(|decl| decl.name.atom == field);
    index.map(|index| index + 2).ok_or(BadRecord { record: record.name })
}

/// The value given for a field, by name or by `_`, taken out of the list.
fn given(fields: &mut [RecordField], name: Atom) -> Option<Expr> {
    let named =
        |field: &&mut RecordField| matches!(field.name, FieldName::Named(named) if named.atom == name);
    if let Some(field) = fields.iter_mut().find(named) {
        return Some(take(&mut field.value));
    }
    let others = fields.iter().find(|field| matches!(field.name, FieldName::Others(_)));
    others.map(|field| field.value.clone())
}

/// All fields that are named are fields of the record.
fn check_fields(record: &RecordDecl, fields: &[RecordField]) -> Expanded {
    fields.iter().try_for_each(|field| match field.name {
        FieldName::Named(name) => position(record, name.atom).map(|_| ()),
        FieldName::Others(_) => Ok(()),
        FieldName::Variable(_) => Err(BadRecord { record: record.name }),
    })
}

/// Gives all of an expression one place: a default stands where it is used.
pub(super) fn relocate(expr: &mut Expr, place: Place) {
    expr.place = place;
    match &mut expr.kind {
        ExprKind::Map { fields, .. } => fields.iter_mut().for_each(|field| field.place = place),
        ExprKind::Record { fields, .. } => fields.iter_mut().for_each(|field| field.place = place),
        ExprKind::Bin(elements) => elements.iter_mut().for_each(|element| element.place = place),
        _ => {}
    }
    let Ok(()) = expr.try_each_child_mut::<std::convert::Infallible>(&mut |child| {
        relocate(child, place);
        Ok(())
    });
}

impl Expander {
    /// `#r{...}` or `Base#r{...}` in a body.
    pub(super) fn record(&mut self, expr: &mut Expr) -> Expanded {
        let place = expr.place;
        let ExprKind::Record { base, name, fields } = &mut expr.kind else { return Ok(()) };
        let (name, mut fields) = (*name, std::mem::take(fields));
        let record = self.records.get(name)?;
        check_fields(&record, &fields)?;
        match base.take() {
            None => {
                let elements = self.elements(&record, place, &mut fields)?;
                *expr = tuple(place, elements);
                self.nested(name, |expander| expander.exprs_of(expr))
            }
            Some(base) => self.update(expr, *base, &record, fields),
        }
    }

    /// The place of a part that nobody wrote, where that is shown.
    pub(super) fn generated(&self, place: Place) -> Place {
        if self.shows { generated(place) } else { place }
    }

    fn exprs_of(&mut self, expr: &mut Expr) -> Expanded {
        expr.try_each_child_mut(&mut |child| self.expr(child))
    }

    /// The elements of a new record's tuple, not yet expanded.
    pub(super) fn elements(
        &mut self,
        record: &RecordDecl,
        place: Place,
        fields: &mut [RecordField],
    ) -> Result<Vec<Expr>, BadRecord> {
        let mut elements = vec![atom(place, record.name)];
        for decl in &record.fields {
            elements.push(given(fields, decl.name.atom).unwrap_or_else(|| match &decl.default {
                None => atom(place, Atom::new("undefined")),
                Some(default) => {
                    let mut default = default.clone();
                    relocate(&mut default, place);
                    default
                }
            }));
        }
        Ok(elements)
    }

    /// A new record in a guard: its tuple, not yet expanded.
    pub(super) fn record_in_guard(&mut self, expr: &mut Expr) -> Expanded {
        let place = expr.place;
        let ExprKind::Record { base: None, name, fields } = &mut expr.kind else { return Ok(()) };
        let (name, mut fields) = (*name, std::mem::take(fields));
        let record = self.records.get(name)?;
        check_fields(&record, &fields)?;
        *expr = tuple(place, self.elements(&record, place, &mut fields)?);
        Ok(())
    }

    pub(super) fn record_pattern(&mut self, pattern: &mut Expr) -> Expanded {
        let place = pattern.place;
        let ExprKind::Record { name, fields, .. } = &mut pattern.kind else { return Ok(()) };
        let (name, mut fields) = (*name, std::mem::take(fields));
        let record = self.records.get(name)?;
        check_fields(&record, &fields)?;
        let mut elements = vec![atom(place, name)];
        let element = |decl: &crate::ast::RecordFieldDecl| {
            given(&mut fields, decl.name.atom).unwrap_or_else(|| wildcard(place))
        };
        elements.extend(record.fields.iter().map(element));
        *pattern = tuple(place, elements);
        pattern.try_each_child_mut(&mut |child| self.pattern(child))
    }

    /// `Base#r{...}`. New values come first, in the order written, then the record, then its check.
    fn update(
        &mut self,
        expr: &mut Expr,
        base: Expr,
        record: &RecordDecl,
        fields: Vec<RecordField>,
    ) -> Expanded {
        let place = base.place;
        let mut steps = Vec::new();
        let mut values: Vec<(usize, Place, Expr)> = Vec::new();
        for field in fields {
            let FieldName::Named(name) = field.name else { return Err(BadRecord { record: record.name }) };
            let mut value = field.value;
            if !is_simple(&value) {
                let name = self.fresh_name();
                steps.push(bind(field.place, var(field.place, name), value.clone()));
                value = var(field.place, name);
            }
            values.push((position(record, name.atom)?, field.place, value));
        }
        let whole = self.fresh_name();
        steps.push(bind(place, var(place, whole), base));
        let updated = if !values.is_empty() && values.len() <= record.fields.len() - values.len() {
            self.update_few(record, var(place, whole), values)
        } else {
            self.update_many(expr.place, record, var(place, whole), values)
        };
        self.nested(record.name, |expander| expander.exprs(&mut steps))?;
        steps.push(updated);
        expr.kind = ExprKind::Block(steps);
        if self.shows {
            expr.place = place;
        }
        Ok(())
    }

    /// By `setelement`, from the last position to the first, which stands for all in messages.
    fn update_few(
        &mut self,
        record: &RecordDecl,
        whole: Expr,
        mut values: Vec<(usize, Place, Expr)>,
    ) -> Expr {
        values.sort_by_key(|(position, ..)| *position);
        let place = values.first().expect("a field is updated").1;
        let updated = values.into_iter().rev().fold(whole.clone(), |updated, (position, at, value)| {
            erlang(at, "setelement", vec![integer(at, position), updated, value])
        });
        let mut elements = vec![atom(place, record.name)];
        elements.extend(record.fields.iter().map(|_| wildcard(place)));
        let matching = clause(place, tuple(place, elements), updated);
        let failing = self.generated(place);
        let other = clause(failing, wildcard(failing), bad_record(failing, whole.clone()));
        case(place, whole, vec![matching, other])
    }

    /// By taking the record apart and building it anew.
    fn update_many(
        &mut self,
        at: Place,
        record: &RecordDecl,
        whole: Expr,
        mut values: Vec<(usize, Place, Expr)>,
    ) -> Expr {
        let place = whole.place;
        let (mut old, mut new) = (vec![atom(place, record.name)], vec![atom(place, record.name)]);
        for index in 0..record.fields.len() {
            // Every field has a name, whether it stays or not.
            let name = self.fresh_name();
            old.push(var(at, name));
            new.push(match values.iter_mut().find(|(position, ..)| *position == index + 2) {
                Some((.., value)) => take(value),
                None => var(at, name),
            });
        }
        let matching = clause(place, tuple(place, old), tuple(place, new));
        let failing = self.generated(place);
        let other = clause(failing, wildcard(failing), bad_record(failing, whole.clone()));
        case(place, whole, vec![matching, other])
    }

    /// `Base#r.field` in a body.
    pub(super) fn access(&mut self, expr: &mut Expr) -> Expanded {
        let ExprKind::RecordAccess { base, name, field } = &mut expr.kind else { return Ok(()) };
        let (name, position) = (*name, self.records.position(*name, *field)?);
        let size = self.records.size(name)?;
        let mut base = take(base);
        let value = self.fresh_name();
        self.expr(&mut base)?;
        let place = Place::new(base.place.span);
        let mut elements = vec![atom(place, name)];
        elements
            .extend((2..=size).map(|at| if at == position { var(place, value) } else { wildcard(place) }));
        let made = self.generated(place);
        let matching = clause(made, tuple(made, elements), var(place, value));
        let other = clause(made, var(place, value), bad_record(made, var(place, value)));
        *expr = case(place, base, vec![matching, other]);
        Ok(())
    }

    /// `#r.field`.
    pub(super) fn index(&mut self, expr: &mut Expr) -> Expanded {
        if let ExprKind::RecordIndex { name, field } = expr.kind {
            *expr = integer(expr.place, self.records.position(name, field)?);
        }
        Ok(())
    }

    /// Whether this is `is_record(Value, r)`, of a declared record.
    pub(super) fn is_record_test(&self, expr: &Expr) -> bool {
        let ExprKind::Call { callee, args } = &expr.kind else { return false };
        let [_, Expr { kind: ExprKind::Atom(record), .. }] = args.as_slice() else { return false };
        let is_test = match &callee.kind {
            ExprKind::Atom(name) => name.as_str() == "is_record" && !self.functions.is_overridden(*name, 2),
            ExprKind::Remote(module, name) => {
                matches!((&module.kind, &name.kind), (ExprKind::Atom(module), ExprKind::Atom(name))
                    if module.as_str() == "erlang" && name.as_str() == "is_record")
            }
            _ => false,
        };
        is_test && self.records.contains(*record)
    }

    /// `is_record(Value, r)` as `erlang:is_record(Value, r, Size)`.
    pub(super) fn record_test_call(&mut self, expr: &mut Expr) -> Expanded {
        let place = expr.place;
        if let ExprKind::Call { args, .. } = &mut expr.kind
            && let [value, Expr { kind: ExprKind::Atom(record), .. }] = args.as_mut_slice()
        {
            let size = self.records.size(*record)?;
            let args = vec![take(value), atom(place, *record), integer(place, size)];
            *expr = erlang(self.generated(place), "is_record", args);
        }
        Ok(())
    }

    /// The same in a body.
    pub(super) fn record_test(&mut self, expr: &mut Expr) -> Expanded {
        if self.shows {
            return self.shown_record_test(expr);
        }
        self.record_test_call(expr)?;
        self.exprs_of(expr)
    }

    /// The same where it is shown: the value has a name.
    fn shown_record_test(&mut self, expr: &mut Expr) -> Expanded {
        let place = expr.place;
        let name = self.fresh_name();
        let ExprKind::Call { args, .. } = &mut expr.kind else { return Ok(()) };
        let Some(value) = args.first_mut() else { return Ok(()) };
        let mut step = bind(place, var(place, name), take(value));
        *value = var(place, name);
        self.record_test_call(expr)?;
        self.expr(&mut step)?;
        *expr = Expr { place, kind: ExprKind::Block(vec![step, take(expr)]) };
        Ok(())
    }

    /// `record_info(size, r)` and `record_info(fields, r)`.
    pub(super) fn record_info(&mut self, expr: &mut Expr) -> Expanded {
        let place = expr.place;
        let ExprKind::Call { args, .. } = &expr.kind else { return Ok(()) };
        let [Expr { kind: ExprKind::Atom(what), .. }, Expr { kind: ExprKind::Atom(name), .. }] =
            args.as_slice()
        else {
            return self.exprs_of(expr);
        };
        let record = self.records.get(*name)?;
        let nil = Expr { place, kind: ExprKind::Nil };
        match what.as_str() {
            "size" => *expr = integer(place, record.fields.len() + 1),
            _ if record.fields.is_empty() => *expr = nil,
            _ => {
                let names = record.fields.iter().map(|field| atom(place, field.name.atom)).collect();
                expr.kind = ExprKind::List(names, Box::new(nil));
            }
        }
        Ok(())
    }
}

/// Whether an expression can be moved: a variable or a term.
fn is_simple(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Var(_) => true,
        ExprKind::Unary(UnaryOp::Plus | UnaryOp::Minus, _) => term_of(expr).is_ok(),
        _ => term_of(expr).is_ok(),
    }
}
