//! Patterns: what may stand in them, and what they bind.

use super::bits::Size;
use super::scope::{Binding, Changes, Env, State};
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

impl Matched {
    /// All changes.
    pub(super) fn all(self) -> Changes {
        super::scope::then(self.changed, self.new)
    }
}

/// Where patterns are checked.
struct Patterns<'e> {
    /// What sizes and map keys see.
    env: &'e Env,
    /// Whether variables of `env` are matched; otherwise all variables are new.
    matches_env: bool,
    out: Matched,
    /// In a bit string: how many of the new variables are from outside it.
    bits: Option<usize>,
    /// In a bit string: variables of its segments that were bound before it in the same pattern.
    again: Vec<Atom>,
    /// Variables in sizes that are not bound there. Each place is reported; after the patterns they count as bound.
    unbound: Changes,
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
        let (out, again, unbound) = (Matched::default(), Vec::new(), Changes::new());
        let mut state = Patterns { env, matches_env, out, bits: None, again, unbound };
        for pattern in patterns {
            self.pattern(pattern, &mut state);
        }
        for (name, binding) in state.unbound {
            match state.out.new.iter().find(|known| known.0 == name) {
                Some((_, new)) => self.mark_used(new.id),
                None if state.out.changed.iter().any(|known| known.0 == name) => {}
                None => state.out.changed.push((name, binding)),
            }
        }
        state.out
    }

    fn pattern(&mut self, pattern: &Expr, state: &mut Patterns<'_>) {
        match &pattern.kind {
            ExprKind::Var(name) => self.pattern_variable(*name, pattern.place, state),
            ExprKind::Atom(_)
            | ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_)
            | ExprKind::Nil => {}
            ExprKind::List(elements, tail) => {
                elements.iter().for_each(|element| self.pattern(element, state));
                self.pattern(tail, state);
            }
            ExprKind::Tuple(elements) => elements.iter().for_each(|element| self.pattern(element, state)),
            ExprKind::Map { base: None, fields } => {
                for field in fields {
                    self.map_field_pattern(field, state);
                }
            }
            ExprKind::Record { base: None, name, fields } => {
                self.record_pattern(pattern.place, *name, fields, state);
            }
            ExprKind::RecordIndex { name, field } => {
                if self.check_record(pattern.place, *name) {
                    self.check_field_exists(*name, *field);
                }
            }
            ExprKind::Bin(elements) => self.bits_pattern(elements, state),
            ExprKind::Match(left, right) => {
                self.pattern(left, state);
                self.pattern(right, state);
                self.reject_alias(left, right, state.env);
            }
            ExprKind::Binary(BinaryOp::Append, left, right) if is_text(left) => self.pattern(right, state),
            _ if is_constant(pattern) => {}
            _ => self.error(pattern.place, "illegal_pattern", &[], "illegal pattern".into()),
        }
    }

    fn pattern_variable(&mut self, name: Atom, place: Place, state: &mut Patterns<'_>) {
        if name.as_str() == "_" {
            return;
        }
        if let Some(index) = state.out.new.iter().position(|known| known.0 == name) {
            let known = state.out.new[index].1;
            if state.bits.is_some_and(|outside| index >= outside) {
                self.match_underscore(name, place);
            } else {
                if !self.is_used(known.id) {
                    self.match_in_pattern(name, &self.places(known.id));
                }
                self.match_in_pattern(name, &[place]);
            }
            self.mark_used(known.id);
            return;
        }
        // Its faults are reported wherever it stands.
        let old = if state.matches_env { state.env.get(&name).copied() } else { None };
        let Some(old) = old else {
            if self.in_record_definition {
                let message = format!("variable {} in record definition", write_atom(name.as_str()));
                self.error(place, "variable_in_record_def", &[Literal::Atom(name)], message);
            }
            let binding = self.new_variable(place, false);
            state.out.new.push((name, binding));
            return;
        };
        self.mark_used(old.id);
        match old.state {
            State::Bound | State::Stacktrace => self.match_underscore(name, place),
            State::Unsafe(origin) => self.unsafe_use(name, place, origin),
            State::Exported(origin) => {
                self.match_underscore(name, place);
                self.exported_use(name, place, origin);
            }
        }
        if old.state != State::Bound && !state.out.changed.iter().any(|known| known.0 == name) {
            state.out.changed.push((name, Binding { state: State::Bound, ..old }));
        }
    }

    fn map_field_pattern(&mut self, field: &MapField, state: &mut Patterns<'_>) {
        if field.kind == MapFieldKind::Assoc {
            self.error(field.place, "illegal_pattern", &[], "illegal pattern".into());
            let help = "in a pattern, the value of a key is given with `:=`";
            return self.explain(|diagnostic| diagnostic.with_help(help));
        }
        let changes = self.guard_expr(&field.key, state.env, Context::MapKey);
        self.keep_changes(changes, state);
        self.pattern(&field.value, state);
    }

    /// Takes over what expressions inside patterns did. A variable found unbound there is bound from then on.
    fn keep_changes(&mut self, changes: Changes, state: &mut Patterns<'_>) {
        let known = std::mem::take(&mut state.out.changed);
        state.out.changed = self.merge(known, changes, false);
    }

    fn record_pattern(&mut self, place: Place, name: Atom, fields: &[RecordField], state: &mut Patterns<'_>) {
        if !self.check_record(place, name) {
            return;
        }
        self.check_wildcard(name, fields);
        let mut seen = HashSet::new();
        let before = state.out.new.len();
        for field in fields {
            if self.check_field(name, field, &mut seen) {
                self.pattern(&field.value, state);
            } else {
                // OTP 25 forgets what the fields before bind, and reports their uses too.
                state.out.new.truncate(before);
            }
        }
    }

    fn bits_pattern(&mut self, elements: &[BinElement], state: &mut Patterns<'_>) {
        let outer = state.bits.replace(state.out.new.len());
        let mut previous: Option<(Size, Place)> = None;
        for element in elements {
            if !Self::is_good_string_segment(element) {
                let message = "a literal string in a binary pattern must not have a type or a size";
                self.error(element.place, "typed_literal_string", &[], message.into());
                continue;
            }
            let size = match &element.size {
                None => Size::Default,
                Some(size) => self.pattern_size(size, state),
            };
            match &element.value.kind {
                ExprKind::Var(name) => {
                    self.pattern_variable(*name, element.value.place, state);
                    state.again.push(*name);
                }
                ExprKind::String(_) | ExprKind::Atom(_) => {}
                ExprKind::Bin(_) => {
                    self.error(element.value.place, "illegal_pattern", &[], "illegal pattern".into());
                }
                _ if is_constant(&element.value) => {}
                _ => self.error(element.value.place, "illegal_pattern", &[], "illegal pattern".into()),
            }
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
        state.bits = outer;
        state.again.clear();
    }

    /// A size in a pattern sees the variables of the bit string before it.
    fn pattern_size(&mut self, size: &Expr, state: &mut Patterns<'_>) -> Size {
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
        let start = state.bits.unwrap_or(0);
        let mut env = state.env.clone();
        for (at, (name, binding)) in state.out.new.iter().enumerate() {
            if at >= start || state.again.contains(name) {
                env.insert(*name, *binding);
            }
        }
        let changes = self.guard_expr(size, &env, Context::SegmentSize);
        // What is not bound is reported at each place.
        let is_outside = |name: &Atom| {
            state.env.contains_key(name) && !state.out.new[start..].iter().any(|new| new.0 == *name)
        };
        state.unbound.extend(changes.iter().copied().filter(|(name, _)| !env.contains_key(name)));
        let outside = changes.into_iter().filter(|(name, _)| is_outside(name));
        let outside = outside.collect();
        self.keep_changes(outside, state);
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
