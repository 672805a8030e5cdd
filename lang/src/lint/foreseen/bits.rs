//! Bit syntax: segments that can neither be built nor matched.

use super::known::Known;
use super::{Env, Foresight, Kind, Wanted};
use crate::ast::{BinElement, Expr, ExprKind, Place};
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
        for element in elements {
            let is_string = matches!(element.value.kind, ExprKind::String(_));
            let value = self.expr(&element.value, env, Wanted::Value);
            let size = element.size.as_ref().map(|size| self.expr(size, env, Wanted::Value));
            if self.lacks(std::slice::from_ref(&value)) {
                return Known::Never;
            }
            let Segment { ty, .. } = segment(element);
            let is_bad_value = match (ty, &value) {
                _ if is_string => ty == SegmentType::Binary,
                (SegmentType::Integer, Known::Literal(literal)) => !is_integer(literal),
                (SegmentType::Float, Known::Literal(literal)) => {
                    !is_integer(literal) && !matches!(literal, Literal::Float(_))
                }
                (SegmentType::Binary, Known::Literal(literal)) => !matches!(literal, Literal::Bits(..)),
                (_, Known::Literal(literal)) => !is_integer(literal),
                _ => false,
            };
            // What the constructor itself shows; what is known of variables fails when it runs.
            let is_plain = |expr: &Expr| !matches!(expr.kind, ExprKind::Var(_) | ExprKind::Call { .. });
            let is_bad_size = element.size.as_ref().is_some_and(is_plain)
                && matches!(&size, Some(Known::Literal(literal)) if !is_integer(literal));
            if (is_bad_value && is_plain(&element.value)) || is_bad_size {
                let message = "binary construction will fail because of a type mismatch";
                self.tell(Kind::Failed, "v3_core", place, Literal::atom("bad_binary"), message);
                self.has_failed = true;
                return Known::Never;
            }
            if ty.is_utf()
                && !is_string
                && let Known::Literal(literal) = &value
                && !is_code_point(literal)
            {
                let message = "binary construction will fail with a 'badarg' exception (invalid Unicode code \
                               point in a utf8/utf16/utf32 segment)";
                self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_unicode"), message);
            }
            if let Some(Known::Literal(literal)) = &size
                && (!is_integer(literal) || is_negative(literal))
                && !self.has_failed
            {
                let message = "binary construction will fail because the size of a segment is invalid";
                self.tell(
                    Kind::Failed,
                    "v3_kernel",
                    element.place,
                    Literal::atom("bad_segment_size"),
                    message,
                );
            }
        }
        Known::Unknown
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
            (SegmentType::Float, None) if matches!(value, Literal::Float(_)) => true,
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

fn is_integer(literal: &Literal) -> bool {
    matches!(literal, Literal::Int(_) | Literal::Big(_))
}

fn is_negative(literal: &Literal) -> bool {
    match literal {
        Literal::Int(value) => *value < 0,
        Literal::Big(value) => value.is_negative(),
        _ => false,
    }
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
