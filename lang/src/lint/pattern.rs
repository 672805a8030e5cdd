//! Patterns: what may stand in them, and what they bind.

use super::bits::Size;
use super::scope::{Binding, Changes, Env, State, find};
use super::{Context, Linter};
use crate::ast::{
    BinElement, BinaryOp, Expr, ExprKind, FieldName, MapField, MapFieldKind, Place, RecordField,
};
use crate::lex::write_atom;
use std::collections::HashSet;
use swerl_beam::{Atom, Literal};

/// What patterns do.
#[derive(Default)]
pub(super) struct Matched {
    /// Variables that they bind.
    pub(super) new: Changes,
    /// States of older variables that they change.
    pub(super) changed: Changes,
}

/// What patterns see.
#[derive(Clone, Copy)]
struct Seen<'e> {
    /// What sizes and map keys see.
    env: &'e Env,
    /// Whether variables of `env` are matched; otherwise all variables are new.
    matches_env: bool,
}

impl Linter<'_> {
    /// Checks patterns that are matched at once. A variable of `env` is matched, not bound, where
    /// `matches_env`.
    pub(super) fn patterns<'p>(
        &mut self,
        patterns: impl IntoIterator<Item = &'p Expr>,
        env: &Env,
        matches_env: bool,
    ) -> Matched {
        self.patterns_at_once(patterns, Seen { env, matches_env })
    }

    fn patterns_at_once<'p>(
        &mut self,
        patterns: impl IntoIterator<Item = &'p Expr>,
        seen: Seen<'_>,
    ) -> Matched {
        let mut all = Matched::default();
        for pattern in patterns {
            let matched = self.pattern(pattern, seen);
            all = self.both_matched(all, matched);
        }
        all
    }

    /// Two patterns that are matched at once: what both bind must be the same.
    fn both_matched(&mut self, first: Matched, second: Matched) -> Matched {
        Matched {
            new: self.merge_matching(first.new, second.new),
            changed: self.merge_matching(first.changed, second.changed),
        }
    }

    fn pattern(&mut self, pattern: &Expr, seen: Seen<'_>) -> Matched {
        match &pattern.kind {
            ExprKind::Var(name) => self.pattern_variable(*name, pattern.place, None, seen),
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Nil => Matched::default(),
            ExprKind::List(elements, tail) => self.patterns_at_once(elements.iter().chain([&**tail]), seen),
            ExprKind::Tuple(elements) => self.patterns_at_once(elements, seen),
            ExprKind::Map { base: None, fields } => {
                fields.iter().fold(Matched::default(), |all, field| self.map_field_pattern(field, all, seen))
            }
            ExprKind::Record { base: None, name, fields } => {
                self.record_pattern(pattern.place, *name, fields, seen)
            }
            ExprKind::RecordIndex { name, field } => {
                if self.check_record(pattern.place, *name) {
                    self.check_field_exists(*name, *field);
                }
                Matched::default()
            }
            ExprKind::Bin(elements) => self.bits_pattern(elements, seen),
            ExprKind::Match(left, right) => {
                let matched = self.patterns_at_once([&**left, &**right], seen);
                self.reject_alias(left, right, seen.env);
                matched
            }
            ExprKind::Binary(BinaryOp::Append, left, right) if is_text(left) => self.pattern(right, seen),
            _ if is_constant(pattern) => Matched::default(),
            _ => {
                self.error(pattern.place, "illegal_pattern", &[], "illegal pattern".into());
                Matched::default()
            }
        }
    }

    /// A variable. In a bit string, what the segments before it bind is known.
    fn pattern_variable(
        &mut self,
        name: Atom,
        place: Place,
        segments: Option<&Changes>,
        seen: Seen<'_>,
    ) -> Matched {
        if name.as_str() == "_" {
            return Matched::default();
        }
        if let Some(known) = segments.and_then(|segments| find(segments, name)) {
            self.match_underscore(name, place);
            return Matched { new: vec![(name, Binding { used: true, ..known })], ..Matched::default() };
        }
        // Its faults are reported wherever it stands.
        let old = if seen.matches_env { seen.env.get(&name).copied() } else { None };
        let Some(old) = old else {
            if self.in_record_definition {
                let message = format!("variable {} in record definition", write_atom(name.as_str()));
                self.error(place, "variable_in_record_def", &[Literal::Atom(name)], message);
            }
            return Matched { new: vec![(name, self.new_variable(place, false))], ..Matched::default() };
        };
        match old.state {
            State::Bound | State::Stacktrace => self.match_underscore(name, place),
            State::Unsafe(origin) => self.unsafe_use(name, place, origin),
            State::Exported(origin) => {
                self.match_underscore(name, place);
                self.exported_use(name, place, origin);
            }
        }
        let changed = vec![(name, Binding { state: State::Bound, used: true, ..old })];
        Matched { changed, ..Matched::default() }
    }

    fn map_field_pattern(&mut self, field: &MapField, all: Matched, seen: Seen<'_>) -> Matched {
        if field.kind == MapFieldKind::Assoc {
            self.error(field.place, "illegal_pattern", &[], "illegal pattern".into());
            let help = "in a pattern, the value of a key is given with `:=`";
            self.explain(|diagnostic| diagnostic.with_help(help));
            return all;
        }
        let key = self.guard_expr(&field.key, seen.env, Context::MapKey);
        let value = self.pattern(&field.value, seen);
        let changed = self.merge_matching(key, value.changed);
        self.both_matched(all, Matched { new: value.new, changed })
    }

    fn record_pattern(
        &mut self,
        place: Place,
        name: Atom,
        fields: &[RecordField],
        seen: Seen<'_>,
    ) -> Matched {
        let mut all = Matched::default();
        if !self.check_record(place, name) {
            return all;
        }
        self.check_wildcard(name, fields);
        let mut names = HashSet::new();
        for field in fields {
            if self.check_field(name, field, &mut names) {
                let matched = self.pattern(&field.value, seen);
                all = self.both_matched(all, matched);
            } else {
                // OTP 25 forgets what the fields before bind, and reports their uses too.
                all.new.clear();
            }
        }
        all
    }

    fn bits_pattern(&mut self, elements: &[BinElement], seen: Seen<'_>) -> Matched {
        let mut all = Matched::default();
        let mut previous: Option<(Size, Place)> = None;
        for element in elements {
            if !Self::is_good_string_segment(element) {
                let message = "a literal string in a binary pattern must not have a type or a size";
                self.error(element.place, "typed_literal_string", &[], message.into());
                continue;
            }
            let value = match &element.value.kind {
                ExprKind::Var(name) => {
                    self.pattern_variable(*name, element.value.place, Some(&all.new), seen)
                }
                ExprKind::String(_) | ExprKind::Atom(_) => Matched::default(),
                kind => {
                    if matches!(kind, ExprKind::Bin(_)) || !is_constant(&element.value) {
                        self.error(element.value.place, "illegal_pattern", &[], "illegal pattern".into());
                    }
                    Matched::default()
                }
            };
            let size = match &element.size {
                None => Size::Default,
                Some(size) => self.pattern_size(size, &mut all, seen.env),
            };
            all = Matched {
                new: self.merge(all.new, value.new),
                changed: self.merge(value.changed, all.changed),
            };
            let bits = match (self.check_segment(element, size), &element.value.kind) {
                (Size::All, ExprKind::String(_)) => Size::Unknown,
                (bits, _) => bits,
            };
            if let Some((Size::All, place)) = previous {
                let message = "a binary field without size is only allowed at the end of a binary pattern";
                self.error(place, "unsized_binary_not_at_end", &[], message.into());
            }
            previous = Some((bits, element.place));
        }
        all
    }

    /// A size in a pattern sees the variables of the bit string before it.
    fn pattern_size(&mut self, size: &Expr, all: &mut Matched, env: &Env) -> Size {
        if let Some(value) = constant_integer(size) {
            return Size::Known(value);
        }
        if let ExprKind::Atom(_)
        | ExprKind::Bin(_)
        | ExprKind::List(..)
        | ExprKind::Float(_)
        | ExprKind::Map { base: None, .. }
        | ExprKind::Nil
        | ExprKind::Tuple(_) = &size.kind
        {
            let message = "a size expression in a pattern evaluates to a non-integer value; this pattern cannot \
                           possibly match";
            self.warning(size.place, "non_integer_bitsize", &[], message.into());
        }
        let around = self.size_scope.replace(std::mem::take(&mut all.new));
        let changes = self.guard_expr(size, env, Context::SegmentSize);
        all.new = std::mem::replace(&mut self.size_scope, around).unwrap_or_default();
        let changed = std::mem::take(&mut all.changed);
        all.changed = self.merge(changes, changed);
        Size::Unknown
    }

    /// Two patterns for the same value must not both be bit strings, and the keys of maps that are matched
    /// together must be bound before.
    fn reject_alias(&mut self, left: &Expr, right: &Expr, env: &Env) {
        match (&left.kind, &right.kind) {
            (ExprKind::Bin(_), ExprKind::Bin(_)) => {
                let message = "binary patterns cannot be matched in parallel using '='";
                self.error(left.place, "illegal_bin_pattern", &[], message.into());
            }
            (ExprKind::Map { fields: left, .. }, ExprKind::Map { fields: right, .. }) => {
                for field in left.iter().chain(right).filter(|field| field.kind == MapFieldKind::Exact) {
                    if let ExprKind::Var(name) = field.key.kind
                        && env.get(&name).is_none_or(|binding| binding.state != State::Bound)
                    {
                        self.unbound(name, field.key.place, env);
                    }
                }
            }
            (ExprKind::List(left, left_tail), ExprKind::List(right, right_tail)) => {
                left.iter().zip(right).for_each(|(left, right)| self.reject_alias(left, right, env));
                if left.len() == right.len() {
                    self.reject_alias(left_tail, right_tail, env);
                }
            }
            (ExprKind::Tuple(left), ExprKind::Tuple(right)) => {
                left.iter().zip(right).for_each(|(left, right)| self.reject_alias(left, right, env));
            }
            (
                ExprKind::Record { fields: left, name, .. },
                ExprKind::Record { fields: right, name: other, .. },
            ) if name == other => {
                for (left, right) in left.iter().flat_map(|left| right.iter().map(move |right| (left, right)))
                {
                    if let (FieldName::Named(field), FieldName::Named(other)) = (left.name, right.name)
                        && field.atom == other.atom
                    {
                        self.reject_alias(&left.value, &right.value, env);
                    }
                }
            }
            (ExprKind::Match(first, second), _) => {
                self.reject_alias(first, right, env);
                self.reject_alias(second, right, env);
            }
            (_, ExprKind::Match(first, second)) => {
                self.reject_alias(first, left, env);
                self.reject_alias(second, left, env);
            }
            _ => {}
        }
    }

    /// The same where a pattern is matched with an expression that is itself a match.
    pub(super) fn reject_alias_of_match(&mut self, pattern: &Expr, expr: &Expr, env: &Env) {
        let mut expr = expr;
        while let (
            ExprKind::Bin(_) | ExprKind::Map { .. } | ExprKind::Match(..),
            ExprKind::Match(inner, rest),
        ) = (&pattern.kind, &expr.kind)
        {
            self.reject_alias(pattern, inner, env);
            expr = rest;
        }
    }
}

/// A string, or a list of characters and integers, as may stand before `++` in a pattern.
fn is_text(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::String(_) | ExprKind::Nil => true,
        ExprKind::List(elements, tail) => {
            elements.iter().all(|element| matches!(element.kind, ExprKind::Char(_) | ExprKind::Integer(_)))
                && is_text(tail)
        }
        _ => false,
    }
}

/// An expression of numbers alone that has a value.
pub(super) fn is_constant(expr: &Expr) -> bool {
    matches!(constant(expr), Some(Number::Integer(_) | Number::Big | Number::Float(_)))
}

/// The value of an expression of integers alone, where it fits.
pub(super) fn constant_integer(expr: &Expr) -> Option<i64> {
    match constant(expr) {
        Some(Number::Integer(value)) => Some(value),
        Some(Number::Big | Number::Float(_)) | None => None,
    }
}

#[derive(Clone, Copy)]
enum Number {
    Integer(i64),
    /// One that is too large to matter here.
    Big,
    Float(f64),
}

fn constant(expr: &Expr) -> Option<Number> {
    use crate::ast::UnaryOp;
    match &expr.kind {
        ExprKind::Integer(value) => Some(Number::Integer(*value)),
        ExprKind::BigInteger(_) => Some(Number::Big),
        ExprKind::Char(c) => Some(Number::Integer(i64::from(u32::from(*c)))),
        ExprKind::Float(value) => Some(Number::Float(*value)),
        ExprKind::Unary(op, operand) => match (op, constant(operand)?) {
            (UnaryOp::Plus, value) => Some(value),
            (UnaryOp::Minus, Number::Integer(value)) => {
                Some(value.checked_neg().map_or(Number::Big, Number::Integer))
            }
            (UnaryOp::Minus, Number::Float(value)) => Some(Number::Float(-value)),
            (UnaryOp::Bnot, Number::Integer(value)) => Some(Number::Integer(!value)),
            (UnaryOp::Minus | UnaryOp::Bnot, Number::Big) => Some(Number::Big),
            (UnaryOp::Bnot, Number::Float(_)) | (UnaryOp::Not, _) => None,
        },
        ExprKind::Binary(op, left, right) => arithmetic(*op, constant(left)?, constant(right)?),
        _ => None,
    }
}

fn arithmetic(op: BinaryOp, left: Number, right: Number) -> Option<Number> {
    let float = |value: Number| match value {
        Number::Integer(value) => value as f64,
        Number::Float(value) => value,
        Number::Big => f64::MAX,
    };
    let fitting = |value: Option<i64>| Some(value.map_or(Number::Big, Number::Integer));
    match (op, left, right) {
        (BinaryOp::FloatDiv, _, Number::Integer(0)) => None,
        (BinaryOp::FloatDiv, left, right) => Some(Number::Float(float(left) / float(right))),
        (BinaryOp::Add, Number::Integer(left), Number::Integer(right)) => fitting(left.checked_add(right)),
        (BinaryOp::Sub, Number::Integer(left), Number::Integer(right)) => fitting(left.checked_sub(right)),
        (BinaryOp::Mul, Number::Integer(left), Number::Integer(right)) => fitting(left.checked_mul(right)),
        (BinaryOp::Div | BinaryOp::Rem, _, Number::Integer(0)) => None,
        (BinaryOp::Div, Number::Integer(left), Number::Integer(right)) => fitting(left.checked_div(right)),
        (BinaryOp::Rem, Number::Integer(left), Number::Integer(right)) => fitting(left.checked_rem(right)),
        (BinaryOp::Band, Number::Integer(left), Number::Integer(right)) => {
            Some(Number::Integer(left & right))
        }
        (BinaryOp::Bor, Number::Integer(left), Number::Integer(right)) => Some(Number::Integer(left | right)),
        (BinaryOp::Bxor, Number::Integer(left), Number::Integer(right)) => {
            Some(Number::Integer(left ^ right))
        }
        (BinaryOp::Bsl, Number::Integer(left), Number::Integer(right)) => shift(left, right),
        (BinaryOp::Bsr, Number::Integer(left), Number::Integer(right)) => shift(left, right.saturating_neg()),
        (BinaryOp::Add, left @ Number::Float(_), right) | (BinaryOp::Add, left, right @ Number::Float(_)) => {
            Some(Number::Float(float(left) + float(right)))
        }
        (BinaryOp::Sub, left @ Number::Float(_), right) | (BinaryOp::Sub, left, right @ Number::Float(_)) => {
            Some(Number::Float(float(left) - float(right)))
        }
        (BinaryOp::Mul, left @ Number::Float(_), right) | (BinaryOp::Mul, left, right @ Number::Float(_)) => {
            Some(Number::Float(float(left) * float(right)))
        }
        (
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Rem
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor
            | BinaryOp::Bsl
            | BinaryOp::Bsr,
            Number::Big,
            Number::Big | Number::Integer(_),
        )
        | (
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Rem
            | BinaryOp::Band
            | BinaryOp::Bor
            | BinaryOp::Bxor,
            Number::Integer(_),
            Number::Big,
        ) => Some(Number::Big),
        _ => None,
    }
}

fn shift(value: i64, by: i64) -> Option<Number> {
    if by <= 0 {
        return Some(Number::Integer(value >> by.unsigned_abs().min(63)));
    }
    let shifted = u32::try_from(by).ok().and_then(|by| value.checked_mul(1_i64.checked_shl(by)?));
    let fits = by < 63 && shifted.is_some();
    Some(if fits { Number::Integer(shifted.unwrap_or(0)) } else { Number::Big })
}
