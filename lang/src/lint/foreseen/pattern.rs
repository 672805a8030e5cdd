//! Patterns, held against what is known of a value.

use super::known::{Fit, Known, Shape};
use super::{Env, Foresight, Wanted};
use crate::ast::{BinElement, BinaryOp, Expr, ExprKind, FieldName, MapField, RecordField};
use crate::core::evaluate::identical;
use crate::syntax::term_of;
use swerl_beam::{Atom, Literal};

/// What a head, the patterns of a clause, asks for beside its shape.
#[derive(Default)]
pub(super) struct Head {
    /// For each variable that was bound before: whether the values are the same, where that is known.
    pub(super) tests: Vec<Option<bool>>,
    /// That it cannot match was told already.
    pub(super) is_told: bool,
}

impl Foresight<'_> {
    /// Whether a pattern matches, and what it binds.
    pub(super) fn fit(&mut self, pattern: &Expr, value: &Known, env: &mut Env, head: &mut Head) -> Fit {
        match &pattern.kind {
            ExprKind::Var(name) => self.fit_variable(*name, value, env, head),
            ExprKind::Match(left, right) => {
                let left = self.fit(left, value, env, head);
                let right = self.fit(right, value, env, head);
                left.min(right)
            }
            ExprKind::Tuple(elements) => {
                let patterns: Vec<Option<&Expr>> = elements.iter().map(Some).collect();
                self.fit_elements(&patterns, &value.elements(elements.len()), env, head)
            }
            ExprKind::Record { name, fields, .. } => self.fit_record(*name, fields, value, env, head),
            ExprKind::List(elements, tail) => {
                self.fit_list(elements.iter().map(Item::Pattern), tail, value, env, head)
            }
            ExprKind::String(text) => {
                let nil = Expr { place: pattern.place, kind: ExprKind::Nil };
                self.fit_list(characters(text), &nil, value, env, head)
            }
            ExprKind::Binary(BinaryOp::Append, prefix, rest) => match &prefix.kind {
                ExprKind::String(text) => self.fit_list(characters(text), rest, value, env, head),
                ExprKind::Nil => self.fit(rest, value, env, head),
                ExprKind::List(elements, _) => {
                    self.fit_list(elements.iter().map(Item::Pattern), rest, value, env, head)
                }
                _ => {
                    let unknown = self.fresh();
                    self.fit(rest, &unknown, env, head);
                    Fit::Maybe
                }
            },
            ExprKind::Bin(elements) => self.fit_bits(elements, value, env, head),
            ExprKind::Map { fields, .. } => {
                for field in fields {
                    let unknown = self.fresh();
                    self.fit(&field.value, &unknown, env, head);
                }
                match value {
                    Known::Literal(Literal::Map(_)) => Fit::Maybe,
                    value if value.is_data() => Fit::No,
                    _ => Fit::Maybe,
                }
            }
            _ => match (self.constant(pattern), value) {
                (Some(constant), Known::Literal(literal)) => {
                    if identical(&constant, literal) {
                        Fit::Yes
                    } else {
                        Fit::No
                    }
                }
                (_, value) if value.is_data() => Fit::No,
                _ => Fit::Maybe,
            },
        }
    }

    fn fit_variable(&mut self, name: Atom, value: &Known, env: &mut Env, head: &mut Head) -> Fit {
        if name.as_str() == "_" {
            return Fit::Yes;
        }
        match env.get(&name) {
            Some(known) => {
                let test = match (known, value) {
                    (Known::Literal(known), Known::Literal(value)) => Some(identical(known, value)),
                    _ => None,
                };
                head.tests.push(test);
            }
            None => {
                let value = match value {
                    // A list that is used once is put where it is used.
                    Known::Cons(_) if self.occurrences.is_used_once(name) => value.clone(),
                    Known::Literal(_) | Known::Variable | Known::Tuple(_) => value.clone(),
                    _ => self.fresh(),
                };
                env.insert(name, value);
            }
        }
        Fit::Yes
    }

    /// The elements of a tuple; where no pattern is given, everything matches.
    fn fit_elements(
        &mut self,
        patterns: &[Option<&Expr>],
        shape: &Shape<Vec<Known>>,
        env: &mut Env,
        head: &mut Head,
    ) -> Fit {
        let mut fit = match shape {
            Shape::Is(_) => Fit::Yes,
            Shape::Other => Fit::No,
            Shape::Unknown => Fit::Maybe,
        };
        for (index, pattern) in patterns.iter().enumerate() {
            let Some(pattern) = pattern else { continue };
            let value = match shape {
                Shape::Is(values) => values[index].clone(),
                _ => self.fresh(),
            };
            fit = fit.min(self.fit(pattern, &value, env, head));
        }
        fit
    }

    fn fit_record(
        &mut self,
        name: Atom,
        fields: &[RecordField],
        value: &Known,
        env: &mut Env,
        head: &mut Head,
    ) -> Fit {
        let Some(record) = self.records.get(&name).copied() else { return Fit::Maybe };
        let shape = value.elements(record.fields.len() + 1);
        let tag = match &shape {
            Shape::Is(values) => match &values[0] {
                Known::Literal(Literal::Atom(tag)) if *tag == name => Fit::Yes,
                tag if tag.is_data() => Fit::No,
                _ => Fit::Maybe,
            },
            Shape::Other => Fit::No,
            Shape::Unknown => Fit::Maybe,
        };
        let mut patterns: Vec<Option<&Expr>> = vec![None];
        patterns.extend(record.fields.iter().map(|declared| {
            let of = |wanted: &dyn Fn(&FieldName) -> bool| {
                fields.iter().find(|field| wanted(&field.name)).map(|field| &field.value)
            };
            of(&|field| matches!(field, FieldName::Named(name) if name.atom == declared.name.atom))
                .or_else(|| of(&|field| matches!(field, FieldName::Others(_))))
        }));
        tag.min(self.fit_elements(&patterns, &shape, env, head))
    }

    fn fit_list<'e>(
        &mut self,
        items: impl Iterator<Item = Item<'e>>,
        tail: &Expr,
        value: &Known,
        env: &mut Env,
        head: &mut Head,
    ) -> Fit {
        let mut fit = Fit::Yes;
        let mut rest = value.clone();
        for item in items {
            let element = match rest.uncons() {
                Shape::Is((element, after)) => {
                    rest = after;
                    element
                }
                Shape::Other => {
                    fit = Fit::No;
                    rest = self.fresh();
                    self.fresh()
                }
                Shape::Unknown => {
                    fit = fit.min(Fit::Maybe);
                    rest = self.fresh();
                    self.fresh()
                }
            };
            fit = fit.min(match item {
                Item::Pattern(pattern) => self.fit(pattern, &element, env, head),
                Item::Character(c) => match element {
                    Known::Literal(Literal::Int(code)) if code == i64::from(u32::from(c)) => Fit::Yes,
                    element if element.is_data() => Fit::No,
                    _ => Fit::Maybe,
                },
            });
        }
        fit.min(self.fit(tail, &rest, env, head))
    }

    fn fit_bits(&mut self, elements: &[BinElement], value: &Known, env: &mut Env, head: &mut Head) -> Fit {
        for element in elements {
            let size = element.size.as_ref().map(|size| self.expr(size, env, Wanted::Value));
            if !self.segment_can_match(element, size.as_ref()) {
                head.is_told = true;
                return Fit::No;
            }
            if !matches!(element.value.kind, ExprKind::String(_)) {
                let unknown = self.fresh();
                self.fit(&element.value, &unknown, env, head);
            }
        }
        match value {
            Known::Literal(Literal::Bits(..)) => Fit::Maybe,
            value if value.is_data() => Fit::No,
            _ => Fit::Maybe,
        }
    }

    /// The value of an expression without variables, if it is known.
    pub(super) fn constant(&mut self, expr: &Expr) -> Option<Literal> {
        match &expr.kind {
            ExprKind::Unary(..) | ExprKind::Binary(..) => {
                let value = self.quietly(|foresight| foresight.expr(expr, &mut Env::new(), Wanted::Value));
                value.literal().cloned()
            }
            ExprKind::RecordIndex { .. } => {
                self.expr(expr, &mut Env::new(), Wanted::Value).literal().cloned()
            }
            _ => term_of(expr).ok(),
        }
    }
}

/// An element of a list's pattern.
enum Item<'e> {
    Pattern(&'e Expr),
    Character(char),
}

fn characters(text: &str) -> impl Iterator<Item = Item<'_>> {
    text.chars().map(Item::Character)
}

/// The variables of a pattern.
pub(super) fn variables(pattern: &Expr, names: &mut Vec<Atom>) {
    if let ExprKind::Var(name) = pattern.kind {
        names.push(name);
    }
    pattern.each_child(&mut |child| variables(child, names));
}

impl Foresight<'_> {
    /// Whether somewhere in a pattern two patterns stand for one value that no value matches both of.
    pub(super) fn contradicts_itself(&self, pattern: &Expr) -> bool {
        if let ExprKind::Match(left, right) = &pattern.kind
            && self.excludes(left, right)
        {
            return true;
        }
        let mut found = false;
        pattern.each_child(&mut |child| found = found || self.contradicts_itself(child));
        found
    }

    /// Whether no value matches both patterns. Where that is not plain: no.
    pub(super) fn excludes(&self, a: &Expr, b: &Expr) -> bool {
        match (&a.kind, &b.kind) {
            (ExprKind::Match(left, right), _) => self.excludes(left, b) || self.excludes(right, b),
            (_, ExprKind::Match(..)) => self.excludes(b, a),
            (ExprKind::Tuple(a), ExprKind::Tuple(b)) => {
                a.len() != b.len() || a.iter().zip(b).any(|(a, b)| self.excludes(a, b))
            }
            (ExprKind::Tuple(elements), ExprKind::Record { name, .. })
            | (ExprKind::Record { name, .. }, ExprKind::Tuple(elements)) => {
                self.records.get(name).is_some_and(|record| {
                    let is_tag = |tag: &Expr| match &tag.kind {
                        ExprKind::Atom(atom) => atom == name,
                        _ => family(tag).is_none(),
                    };
                    record.fields.len() + 1 != elements.len() || !elements.first().is_some_and(is_tag)
                })
            }
            (ExprKind::Record { name, .. }, ExprKind::Record { name: other, .. }) => name != other,
            (ExprKind::List(a, a_tail), ExprKind::List(b, b_tail)) => {
                a.iter().zip(b).any(|(a, b)| self.excludes(a, b))
                    || (a.len() == b.len() && self.excludes(a_tail, b_tail))
            }
            (ExprKind::Map { fields, .. }, ExprKind::Map { fields: others, .. }) => {
                let key = |field: &MapField| term_of(&field.key).ok();
                let is_same =
                    |a: &MapField, b: &MapField| key(a).zip(key(b)).is_some_and(|(a, b)| identical(&a, &b));
                fields.iter().any(|field| {
                    others
                        .iter()
                        .any(|other| is_same(field, other) && self.excludes(&field.value, &other.value))
                })
            }
            (ExprKind::String(a), ExprKind::String(b)) => a != b,
            (ExprKind::String(text), ExprKind::Nil) | (ExprKind::Nil, ExprKind::String(text)) => {
                !text.is_empty()
            }
            _ => match (family(a), family(b)) {
                (Some(Family::Constant), Some(Family::Constant)) => match (term_of(a), term_of(b)) {
                    (Ok(a), Ok(b)) => !identical(&a, &b),
                    _ => false,
                },
                (Some(a), Some(b)) => a != b,
                _ => false,
            },
        }
    }
}

/// What kind of values a pattern matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Constant,
    Tuple,
    List,
    Bits,
    Map,
}

fn family(pattern: &Expr) -> Option<Family> {
    Some(match &pattern.kind {
        ExprKind::Atom(_)
        | ExprKind::Integer(_)
        | ExprKind::BigInteger(_)
        | ExprKind::Char(_)
        | ExprKind::Float(_)
        | ExprKind::Nil => Family::Constant,
        ExprKind::Tuple(_) | ExprKind::Record { .. } => Family::Tuple,
        ExprKind::List(..) | ExprKind::String(_) => Family::List,
        ExprKind::Bin(_) => Family::Bits,
        ExprKind::Map { .. } => Family::Map,
        _ => return None,
    })
}
