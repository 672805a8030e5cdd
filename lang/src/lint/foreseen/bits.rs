//! Bit syntax: segments that can neither be built nor matched.

use super::known::Known;
use super::{Env, Foresight, Kind, Wanted};
use crate::ast::{BinElement, Expr, ExprKind, Place};
use crate::core::lower::{ConstantSegment, cannot_hold, constant_segments, is_made_here, is_no_size};
use crate::diag::write_plain;
use num_bigint::BigInt;
use num_traits::{Signed, Zero};
use swerl_beam::Literal;

/// How a segment is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum SegmentType {
    Integer,
    Float,
    Binary,
    Utf8,
    Utf16,
    Utf32,
}

impl SegmentType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Float => "float",
            Self::Binary => "binary",
            Self::Utf8 => "utf8",
            Self::Utf16 => "utf16",
            Self::Utf32 => "utf32",
        }
    }

    const fn is_utf(self) -> bool {
        matches!(self, Self::Utf8 | Self::Utf16 | Self::Utf32)
    }
}

struct Segment {
    ty: SegmentType,
    is_signed: bool,
    unit: i64,
}

fn segment(element: &BinElement) -> Segment {
    let mut segment = Segment { ty: SegmentType::Integer, is_signed: false, unit: 0 };
    for spec in element.specs.iter().flatten() {
        match spec.name.as_str() {
            "float" => segment.ty = SegmentType::Float,
            "binary" | "bytes" => segment.ty = SegmentType::Binary,
            "bitstring" | "bits" => {
                segment.ty = SegmentType::Binary;
                segment.unit = 1;
            }
            "utf8" => segment.ty = SegmentType::Utf8,
            "utf16" => segment.ty = SegmentType::Utf16,
            "utf32" => segment.ty = SegmentType::Utf32,
            "signed" => segment.is_signed = true,
            "unit" => segment.unit = spec.value.unwrap_or(1),
            _ => {}
        }
    }
    if segment.unit == 0 {
        segment.unit = if segment.ty == SegmentType::Binary { 8 } else { 1 };
    }
    segment
}

impl Foresight<'_> {
    /// A bit string that is built.
    pub(super) fn build_bits(&mut self, elements: &[BinElement], place: Place, env: &mut Env) -> Known {
        let mut values = Vec::with_capacity(elements.len());
        let is_appended = std::mem::take(&mut self.is_appended);
        for element in elements {
            let value = self.expr(&element.value, env, Wanted::Value);
            let size = element.size.as_ref().map(|size| self.expr(size, env, Wanted::Value));
            values.push((value, size));
        }
        let is_bad = elements.iter().zip(&values).any(|(element, (value, size))| {
            has_bad_value(element, value)
                || (element.size.as_ref().is_some_and(is_made_here)
                    && size.as_ref().is_some_and(|size| is_term(size) && !is_size(size)))
        });
        if is_bad {
            self.bad_binary(place);
            return Known::Never;
        }
        if values.iter().any(|(value, _)| matches!(value, Known::Never)) {
            self.lacks_value = true;
            return Known::Never;
        }
        for (element, (value, size)) in elements.iter().zip(&values) {
            self.check_segment(element, value, size.as_ref(), place);
        }
        if is_appended { Known::Unknown } else { self.folded(elements, &values, place) }
    }

    /// What a comprehension appends without making a binary of it: anything else cannot be appended.
    pub(super) fn check_appended(&mut self, template: &Expr, value: &Known, place: Place) {
        if is_made_here(template) && is_term(value) && !matches!(value, Known::Literal(Literal::Bits(..))) {
            self.bad_binary(place);
        }
    }

    fn bad_binary(&mut self, place: Place) {
        let message = "binary construction will fail because of a type mismatch";
        self.tell(Kind::Failed, "v3_core", place, Literal::atom("bad_binary"), message);
        self.has_failed = true;
    }

    fn check_segment(&mut self, element: &BinElement, value: &Known, size: Option<&Known>, place: Place) {
        let is_string = matches!(element.value.kind, ExprKind::String(_));
        if segment(element).ty.is_utf()
            && !is_string
            && let Known::Literal(literal) = value
            && !is_code_point(literal)
        {
            let message = "binary construction will fail with a 'badarg' exception (invalid Unicode code \
                           point in a utf8/utf16/utf32 segment)";
            self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_unicode"), message);
        }
        if let Some(Known::Literal(literal)) = size
            && is_no_size(literal)
            && !self.has_failed
        {
            let message = "binary construction will fail because the size of a segment is invalid";
            self.tell(Kind::Failed, "v3_kernel", element.place, Literal::atom("bad_segment_size"), message);
        }
    }

    /// The bit string, if all its segments are constant; tells of the first that cannot be cut from what is given.
    fn folded(&mut self, elements: &[BinElement], values: &[(Known, Option<Known>)], place: Place) -> Known {
        let mut segments = Vec::with_capacity(elements.len());
        for (element, (value, size)) in elements.iter().zip(values) {
            let is_string = matches!(element.value.kind, ExprKind::String(_));
            let (Known::Literal(value), None | Some(Known::Literal(Literal::Int(_)))) = (value, size) else {
                return Known::Unknown;
            };
            let size = match size {
                Some(Known::Literal(Literal::Int(size))) => Some(*size),
                _ => None,
            };
            if let Some((descriptor, because)) = bad_cut(element, value, size) {
                let message = format!("binary construction will fail with a 'badarg' exception ({because})");
                self.tell(Kind::Failed, "sys_core_fold", place, descriptor, message);
                return Known::Unknown;
            }
            segments.push(ConstantSegment { element, value: (!is_string).then(|| value.clone()), size });
        }
        constant_segments(&segments).map_or(Known::Unknown, Known::Literal)
    }

    /// Whether a segment of a pattern can match at all; tells if not.
    pub(super) fn segment_can_match(&mut self, element: &BinElement, size: Option<&Known>) -> bool {
        let Segment { ty, is_signed, unit } = segment(element);
        let value = match &element.value.kind {
            ExprKind::String(_) => return true,
            _ => self.constant(&element.value),
        };
        let size = match size {
            None => None,
            Some(Known::Literal(Literal::Int(size))) if *size >= 0 => Some(*size),
            Some(Known::Literal(literal)) => {
                let text = write_plain(literal);
                let message = format!(
                    "this clause cannot match because '{text}' is not a valid size for a binary segment"
                );
                return self.never_matches(
                    element.place,
                    "bit_syntax_size",
                    std::slice::from_ref(literal),
                    message,
                );
            }
            Some(_) => return self.value_fits(element, ty, is_signed, None, value),
        };
        let bits = match (ty, size) {
            (SegmentType::Integer, None) => 8,
            (_, None) => 0,
            (_, Some(size)) => size.saturating_mul(unit),
        };
        self.value_fits(element, ty, is_signed, Some(bits), value)
    }

    fn value_fits(
        &mut self,
        element: &BinElement,
        ty: SegmentType,
        is_signed: bool,
        bits: Option<i64>,
        value: Option<Literal>,
    ) -> bool {
        let Some(value) = value else { return true };
        let text = write_plain(&value);
        let place = element.place;
        let number = match &value {
            Literal::Int(value) => Some(BigInt::from(*value)),
            Literal::Big(value) => Some(value.clone()),
            _ => None,
        };
        match (ty, number) {
            (SegmentType::Integer, Some(number)) => {
                if !is_signed && number.is_negative() {
                    let message = format!(
                        "this clause cannot match because the negative value {text} will never match the value of \
                         an 'unsigned' binary segment"
                    );
                    return self.never_matches(place, "bit_syntax_unsigned", &[value], message);
                }
                let Some(bits) = bits else { return true };
                if fits(&number, bits, is_signed) {
                    return true;
                }
                let (kind, a) = if is_signed { ("signed", "a") } else { ("unsigned", "an") };
                let message = format!(
                    "this clause cannot match because the value {text} will not fit in {a} '{kind}' binary \
                     segment of size {bits}"
                );
                let args = [Literal::atom(kind), value, Literal::Int(bits)];
                self.never_matches(place, "bit_syntax_truncated", &args, message)
            }
            // An integer there stands for the float of its value.
            (SegmentType::Float, _)
                if matches!(value, Literal::Float(_) | Literal::Int(_) | Literal::Big(_)) =>
            {
                true
            }
            (_, Some(_)) if ty.is_utf() => {
                if is_code_point_number(&value) {
                    return true;
                }
                let message = format!(
                    "this clause cannot match because the value {text} is not a valid Unicode code point"
                );
                self.never_matches(place, "bit_syntax_unicode", &[value], message)
            }
            _ => {
                let ty = ty.as_str();
                let message =
                    format!("this clause cannot match because '{text}' is not of the expected type '{ty}'");
                let args = [value, Literal::atom(ty)];
                self.never_matches(place, "bit_syntax_type", &args, message)
            }
        }
    }

    fn never_matches(&mut self, place: Place, what: &str, args: &[Literal], message: String) -> bool {
        let descriptor = std::iter::once(Literal::atom(what)).chain(args.iter().cloned()).collect();
        self.tell(Kind::NoMatch, "sys_core_fold", place, Literal::Tuple(descriptor), message);
        false
    }
}

/// Why a constant cannot be put into a segment of this size.
fn bad_cut(element: &BinElement, value: &Literal, size: Option<i64>) -> Option<(Literal, String)> {
    let Segment { ty, unit, .. } = segment(element);
    match (ty, value) {
        (SegmentType::Binary, Literal::Bits(bytes, last)) => {
            let bits = i64::try_from(bytes.len()).ok()? * 8 - i64::from(8 - *last);
            match size {
                Some(size) if size.checked_mul(unit)? > bits => Some((
                    Literal::atom("embedded_binary_size"),
                    "field size for binary/bitstring greater than actual size".into(),
                )),
                None if bits % unit != 0 => Some((
                    Literal::tuple([Literal::atom("embedded_unit"), Literal::Int(unit), Literal::Int(bits)]),
                    format!("size {bits} cannot be evenly divided by unit {unit}"),
                )),
                _ => None,
            }
        }
        (SegmentType::Float, Literal::Float(_)) => {
            let bits = size.unwrap_or(64).checked_mul(unit)?;
            (!matches!(bits, 16 | 32 | 64))
                .then(|| (Literal::atom("bad_float_size"), "invalid size for a float segment".into()))
        }
        _ => None,
    }
}

/// What is written into a segment, when it can be seen that it does not fit its type.
fn has_bad_value(element: &BinElement, value: &Known) -> bool {
    match value {
        Known::Literal(literal) => cannot_hold(element, Some(literal)),
        value => is_term(value) && cannot_hold(element, None),
    }
}

/// Whether a value that is made in place is a term; one with a part that fails is made like one.
fn is_term(value: &Known) -> bool {
    value.is_data() || matches!(value, Known::Never)
}

fn is_size(size: &Known) -> bool {
    matches!(size, Known::Literal(literal) if !is_no_size(literal))
}

fn is_code_point(literal: &Literal) -> bool {
    matches!(literal, Literal::Int(0..=0xD7FF | 0xE000..=0x10_FFFF))
}

/// What a pattern lets pass.
fn is_code_point_number(literal: &Literal) -> bool {
    matches!(literal, Literal::Int(0..=0x10_FFFF))
}

fn fits(number: &BigInt, bits: i64, is_signed: bool) -> bool {
    let Ok(bits) = u64::try_from(bits) else { return true };
    if bits == 0 {
        return number.is_zero();
    }
    if !is_signed {
        return number.bits() <= bits;
    }
    // Two's complement: one bit is the sign.
    if number.is_negative() { (-number - 1_u32).bits() < bits } else { number.bits() < bits }
}
