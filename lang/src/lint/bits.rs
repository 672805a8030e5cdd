//! The types and sizes of segments in bit strings.

use super::Linter;
use crate::ast::{BinElement, BinSpec, Expr, ExprKind, Place};
use crate::diag::write_term;
use swerl_beam::{Atom, Literal};

/// A segment's size, as far as it is known here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Size {
    /// None is given.
    Default,
    /// A number.
    Known(i64),
    /// All that is left.
    All,
    /// Only known at run time, or of no meaning.
    Unknown,
}

impl Size {
    /// Of what is no number: the atom `all` is what forms without a size have.
    pub(super) fn of_expression(size: &Expr) -> Self {
        match size.kind {
            ExprKind::Atom(name) if name.as_str() == "all" => Self::All,
            _ => Self::Unknown,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Float,
    Binary,
    Utf,
}

#[derive(Default)]
struct Specs {
    kind: Option<(Atom, Kind)>,
    unit: Option<i64>,
    sign: Option<Atom>,
    endian: Option<Atom>,
}

enum Fault {
    Undefined(Literal),
    Mismatch(Literal, Literal, &'static str),
    Unit,
    UtfSize,
}

impl Linter<'_> {
    /// Checks the type of a segment whose size is `size`; the answer is its size in bits.
    pub(super) fn check_segment(&mut self, element: &BinElement, size: Size) -> Size {
        let specs = element.specs.as_deref().unwrap_or_default();
        match segment_type(specs, size) {
            Ok((kind, unit, size)) => self.check_size(element.place, kind, unit, size),
            Err(fault) => {
                self.report_segment(element.place, &fault);
                if size == Size::Default { Size::Known(8) } else { size }
            }
        }
    }

    fn check_size(&mut self, place: Place, kind: Kind, unit: i64, size: Size) -> Size {
        match size {
            Size::Unknown | Size::Default => Size::Unknown,
            Size::All if kind == Kind::Binary => Size::All,
            Size::All => {
                self.error(place, "illegal_bitsize", &[], "illegal bit size".into());
                Size::Unknown
            }
            Size::Known(size) => {
                let bits = size.saturating_mul(unit);
                if kind == Kind::Float && !matches!(bits, 16 | 32 | 64) {
                    let float = [Literal::string("float")];
                    self.warning(place, "bad_bitsize", &float, "bad float bit size".into());
                }
                Size::Known(bits)
            }
        }
    }

    fn report_segment(&mut self, place: Place, fault: &Fault) {
        match fault {
            Fault::Undefined(name) => {
                let message = format!("bit type {} undefined", write_term(name));
                self.error(place, "undefined_bittype", std::slice::from_ref(name), message);
            }
            Fault::Mismatch(first, second, what) => {
                let (one, other) = (write_term(first), write_term(second));
                let message =
                    format!("conflict in {what} specification for bit field: '{one}' and '{other}'");
                let args = [first.clone(), second.clone(), Literal::string(what)];
                self.error(place, "bittype_mismatch", &args, message);
            }
            Fault::Unit => {
                let message = "a bit unit size must not be specified unless a size is specified too";
                self.error(place, "bittype_unit", &[], message.into());
            }
            Fault::UtfSize => {
                let message = "neither size nor unit must be given for segments of type utf8/utf16/utf32";
                self.error(place, "utf_bittype_size_or_unit", &[], message.into());
            }
        }
    }

    /// A string as value may have no type or size, except to be encoded as UTF.
    pub(super) fn is_good_string_segment(element: &BinElement) -> bool {
        match (&element.value.kind, &element.size, element.specs.as_deref()) {
            (ExprKind::String(_), None, Some(specs)) => {
                specs.iter().any(|spec| matches!(spec.name.as_str(), "utf8" | "utf16" | "utf32"))
            }
            (ExprKind::String(_), Some(_), _) => false,
            _ => true,
        }
    }
}

/// Kind, unit and size of a segment.
fn segment_type(specs: &[BinSpec], size: Size) -> Result<(Kind, i64, Size), Fault> {
    let merged = merge(specs)?;
    let kind = merged.kind.map_or(Kind::Integer, |(_, kind)| kind);
    match (kind, size) {
        (Kind::Binary, Size::Default) => Ok((kind, merged.unit.unwrap_or(8), Size::All)),
        (Kind::Integer | Kind::Float, Size::Default) if merged.unit.is_some() => Err(Fault::Unit),
        (Kind::Integer, Size::Default) => Ok((kind, 1, Size::Known(8))),
        (Kind::Float, Size::Default) => Ok((kind, 1, Size::Known(64))),
        (Kind::Utf, Size::Default) if merged.unit.is_none() => Ok((kind, 1, Size::Unknown)),
        (Kind::Utf, _) => Err(Fault::UtfSize),
        (Kind::Binary, _) => Ok((kind, merged.unit.unwrap_or(8), size)),
        (Kind::Integer | Kind::Float, _) => Ok((kind, merged.unit.unwrap_or(1), size)),
    }
}

/// All specifiers as one, none of them contradicting another.
fn merge(specs: &[BinSpec]) -> Result<Specs, Fault> {
    let mut merged = Specs::default();
    // `bytes`, `bitstring` and `bits` are `binary` with a unit.
    for spec in specs {
        let atom = |text: &str| Atom::new(text);
        let (kind, unit) = match (spec.name.as_str(), spec.value) {
            ("integer", None) => (Some((atom("integer"), Kind::Integer)), None),
            ("float", None) => (Some((atom("float"), Kind::Float)), None),
            ("binary", None) => (Some((atom("binary"), Kind::Binary)), None),
            ("bytes", None) => (Some((atom("binary"), Kind::Binary)), Some(8)),
            ("bitstring" | "bits", None) => (Some((atom("binary"), Kind::Binary)), Some(1)),
            ("utf8" | "utf16" | "utf32", None) => (Some((spec.name, Kind::Utf)), None),
            ("unit", Some(unit @ 1..=256)) => (None, Some(unit)),
            ("big" | "little" | "native", None) => {
                merge_field(&mut merged.endian, Some(spec.name), "endianness", Literal::Atom)?;
                continue;
            }
            ("signed" | "unsigned", None) => {
                merge_field(&mut merged.sign, Some(spec.name), "sign", Literal::Atom)?;
                continue;
            }
            (_, None) => return Err(Fault::Undefined(Literal::Atom(spec.name))),
            (_, Some(value)) => {
                return Err(Fault::Undefined(Literal::tuple([
                    Literal::Atom(spec.name),
                    Literal::Int(value),
                ])));
            }
        };
        merge_field(&mut merged.kind, kind, "type", |(name, _)| Literal::Atom(name))?;
        merge_field(&mut merged.unit, unit, "unit", Literal::Int)?;
    }
    Ok(merged)
}

fn merge_field<T: Copy + PartialEq>(
    field: &mut Option<T>,
    value: Option<T>,
    what: &'static str,
    term: impl Fn(T) -> Literal,
) -> Result<(), Fault> {
    match (*field, value) {
        (Some(old), Some(new)) if old != new => return Err(Fault::Mismatch(term(new), term(old), what)),
        (None, value) => *field = value,
        _ => {}
    }
    Ok(())
}
