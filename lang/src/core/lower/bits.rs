//! The bit syntax: what segments mean, and constant bit strings.

use super::Lower;
use super::clauses::Heads;
use super::misfit::{cannot_hold, is_no_size};
use super::scope::Binding;
use crate::ast::{BinElement, Expr, ExprKind, Place};
use crate::core::{
    BuildSegment, Callee, Constants, GuardExpr, Layout, Line, MatchSegment, MatchSize, Op, PatternId,
    SegmentType, Shape, Value, Var,
};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use swerl_beam::{Atom, Literal};

/// The size of a segment as the source gives it.
#[derive(Clone, Copy, Debug)]
pub(super) enum SegmentSize<'a> {
    /// Not given: as much as there is, or as the value needs.
    All,
    /// So many units.
    Units(i64),
    /// The value of an expression, in units.
    Expr(&'a Expr),
}

/// What the type specifiers of an element come to.
pub(super) fn layout(element: &BinElement) -> (Layout, SegmentSize<'_>) {
    let mut ty = None;
    let mut unit = None;
    let (mut is_signed, mut is_little, mut is_native) = (false, false, false);
    let mut is_bits = false;
    for spec in element.specs.iter().flatten() {
        match spec.name.as_str() {
            "integer" => ty = Some(SegmentType::Integer),
            "float" => ty = Some(SegmentType::Float),
            "binary" | "bytes" => ty = Some(SegmentType::Binary),
            "bitstring" | "bits" => {
                ty = Some(SegmentType::Binary);
                is_bits = true;
            }
            "utf8" => ty = Some(SegmentType::Utf8),
            "utf16" => ty = Some(SegmentType::Utf16),
            "utf32" => ty = Some(SegmentType::Utf32),
            "signed" => is_signed = true,
            "little" => is_little = true,
            "native" => is_native = true,
            "unit" => unit = spec.value.and_then(|unit| u32::try_from(unit).ok()),
            _ => {}
        }
    }
    let ty = ty.unwrap_or(SegmentType::Integer);
    let default_unit = if ty == SegmentType::Binary && !is_bits { 8 } else { 1 };
    let size = match (&element.size, ty) {
        (Some(Expr { kind: ExprKind::Integer(units), .. }), _) => SegmentSize::Units(*units),
        (Some(size), _) => SegmentSize::Expr(size),
        (None, SegmentType::Integer) => SegmentSize::Units(8),
        (None, SegmentType::Float) => SegmentSize::Units(64),
        (None, SegmentType::Binary | SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32) => {
            SegmentSize::All
        }
    };
    (Layout { ty, unit: unit.unwrap_or(default_unit), is_signed, is_little, is_native }, size)
}

/// The layout of `/bits`.
const BIT_STRING: Layout =
    Layout { ty: SegmentType::Binary, unit: 1, is_signed: false, is_little: false, is_native: false };

/// Constant bit strings longer than this are left to run time.
const MAX_BITS: usize = 1 << 20;

/// A bit string being put together.
#[derive(Debug, Default)]
pub(super) struct BitBuffer {
    bytes: Vec<u8>,
    bits: usize,
}

impl BitBuffer {
    fn push_bit(&mut self, bit: bool) {
        if self.bits.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if bit {
            let last = self.bytes.last_mut().expect("a byte was just added");
            *last |= 0x80 >> (self.bits % 8);
        }
        self.bits += 1;
    }

    fn push_bytes(&mut self, bytes: &[u8], bits: usize) {
        if self.bits.is_multiple_of(8) && bits == bytes.len() * 8 {
            self.bytes.extend_from_slice(bytes);
            self.bits += bits;
            return;
        }
        for at in 0..bits {
            self.push_bit(bytes[at / 8] & (0x80 >> (at % 8)) != 0);
        }
    }

    /// The low `bits` bits of an integer.
    fn push_integer(&mut self, value: &BigInt, bits: usize, is_little: bool) {
        let mut bytes = value.to_signed_bytes_le();
        let fill = if value.sign() == num_bigint::Sign::Minus { 0xFF } else { 0 };
        bytes.resize(bits.div_ceil(8), fill);
        let odd = bits % 8;
        if is_little {
            // Whole bytes first; what is left over comes last, as the low bits of the last byte.
            let whole = bits / 8;
            self.push_bytes(&bytes[..whole], whole * 8);
            if odd != 0 {
                self.push_bytes(&[bytes[whole] << (8 - odd)], odd);
            }
        } else {
            bytes.reverse();
            if odd != 0 {
                self.push_bytes(&[bytes[0] << (8 - odd)], odd);
                self.push_bytes(&bytes[1..], bits - odd);
            } else {
                self.push_bytes(&bytes, bits);
            }
        }
    }

    fn push_char(&mut self, layout: Layout, c: char) {
        let is_little = layout.is_little || (layout.is_native && cfg!(target_endian = "little"));
        match layout.ty {
            SegmentType::Utf8 => {
                let mut buffer = [0; 4];
                let bytes = c.encode_utf8(&mut buffer).as_bytes();
                self.push_bytes(bytes, bytes.len() * 8);
            }
            SegmentType::Utf16 => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    self.push_integer(&BigInt::from(*unit), 16, is_little);
                }
            }
            SegmentType::Utf32 | SegmentType::Integer | SegmentType::Float | SegmentType::Binary => {
                self.push_integer(&BigInt::from(u32::from(c)), 32, is_little);
            }
        }
    }

    /// The literal.
    pub(super) fn finish(self) -> Literal {
        let used = if self.bits.is_multiple_of(8) { 8 } else { self.bits % 8 };
        Literal::Bits(self.bytes.into(), u8::try_from(used).expect("at most 8"))
    }

    /// Adds a segment of constant value and size; `None` when it must be left to run time.
    fn push(&mut self, layout: Layout, size: SegmentSize<'_>, value: &Literal) -> Option<()> {
        let is_utf = matches!(layout.ty, SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32);
        if is_utf {
            let Literal::Int(code) = value else { return None };
            let c = char::from_u32(u32::try_from(*code).ok()?)?;
            self.push_char(layout, c);
            return Some(());
        }
        // Which byte order a native segment has is known only where it runs.
        if layout.is_native {
            return None;
        }
        let bits = match size {
            SegmentSize::Units(units) => {
                usize::try_from(units).ok()?.checked_mul(usize::try_from(layout.unit).ok()?)?
            }
            SegmentSize::All if layout.ty == SegmentType::Binary => {
                let Literal::Bits(bytes, used) = value else { return None };
                let bits = bytes.len() * 8 - usize::from(8 - *used);
                if bits % usize::try_from(layout.unit).ok()? != 0 {
                    return None;
                }
                bits
            }
            SegmentSize::All | SegmentSize::Expr(_) => return None,
        };
        if self.bits + bits > MAX_BITS {
            return None;
        }
        match (layout.ty, value) {
            (SegmentType::Integer, Literal::Int(integer)) => {
                self.push_integer(&BigInt::from(*integer), bits, layout.is_little);
            }
            (SegmentType::Integer, Literal::Big(integer)) => {
                self.push_integer(integer, bits, layout.is_little);
            }
            (SegmentType::Float, Literal::Float(_) | Literal::Int(_)) => {
                let float = match value {
                    Literal::Float(float) => *float,
                    Literal::Int(integer) => integer.to_f64().filter(|_| integer.unsigned_abs() < 1 << 53)?,
                    _ => return None,
                };
                let pattern = match bits {
                    64 => BigInt::from(float.to_bits()),
                    #[expect(clippy::cast_possible_truncation, reason = "that is what a 32-bit segment does")]
                    32 if (float as f32).is_finite() => BigInt::from((float as f32).to_bits()),
                    _ => return None,
                };
                self.push_integer(&pattern, bits, layout.is_little);
            }
            (SegmentType::Binary, Literal::Bits(bytes, used)) => {
                if bits > bytes.len() * 8 - usize::from(8 - *used) {
                    return None;
                }
                self.push_bytes(bytes, bits);
            }
            _ => return None,
        }
        Some(())
    }
}

/// A segment whose value and size were found to be constant: no value for text, no size where none is written.
#[derive(Clone, Debug)]
pub struct ConstantSegment<'a> {
    /// The segment as written.
    pub element: &'a BinElement,
    /// Its value; text is in the element.
    pub value: Option<Literal>,
    /// Its size in units.
    pub size: Option<i64>,
}

/// The bit string of constant segments; `None` when it must be left to run time.
#[must_use]
pub fn constant_segments(segments: &[ConstantSegment<'_>]) -> Option<Literal> {
    let mut buffer = BitBuffer::default();
    for segment in segments {
        let (layout, size) = layout(segment.element);
        let size = segment.size.map_or(size, SegmentSize::Units);
        match (&segment.element.value.kind, &segment.value) {
            (ExprKind::String(text), None) if layout.ty != SegmentType::Binary => {
                for c in text.chars() {
                    buffer.push(layout, size, &Literal::Int(i64::from(u32::from(c))))?;
                }
            }
            (_, Some(value)) => buffer.push(layout, size, value)?,
            _ => return None,
        }
    }
    Some(buffer.finish())
}

impl Lower<'_> {
    /// The bit string that a pattern of plain bytes stands for.
    pub(super) fn plain_bytes(&mut self, elements: &[BinElement]) -> Option<Literal> {
        let is_plain = |element: &BinElement| {
            element.size.is_none()
                && element.specs.is_none()
                && match &element.value.kind {
                    ExprKind::String(text) => text.chars().all(|c| u8::try_from(c).is_ok()),
                    ExprKind::Integer(integer) => u8::try_from(*integer).is_ok(),
                    ExprKind::Char(c) => u8::try_from(*c).is_ok(),
                    _ => false,
                }
        };
        if elements.iter().all(is_plain) { self.constant_bits(elements) } else { None }
    }

    /// A bit string whose segments are all constant.
    pub(super) fn constant_bits(&mut self, elements: &[BinElement]) -> Option<Literal> {
        let mut segments = Vec::with_capacity(elements.len());
        for element in elements {
            let size = match layout(element).1 {
                SegmentSize::Expr(expr) => match self.constant_expr(expr)? {
                    Literal::Int(units) => Some(units),
                    _ => return None,
                },
                SegmentSize::All | SegmentSize::Units(_) => None,
            };
            let value = match element.value.kind {
                ExprKind::String(_) => None,
                _ => Some(self.constant_expr(&element.value)?),
            };
            segments.push(ConstantSegment { element, value, size });
        }
        constant_segments(&segments)
    }
}

/// The segments of a bit string that is built, and the operands they take.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// What is known of the end so far.
    known: BitBuffer,
    segments: Vec<BuildSegment>,
    args: Vec<Value>,
    /// A segment was seen that cannot be built.
    must_fail: bool,
}

impl Builder {
    /// Turns what is known into segments.
    fn flush(&mut self) {
        let BitBuffer { mut bytes, bits } = std::mem::take(&mut self.known);
        let odd = bits % 8;
        let last = if odd == 0 { None } else { bytes.pop() };
        if !bytes.is_empty() {
            self.segments.push(BuildSegment::Text(bytes.into()));
        }
        if let Some(last) = last {
            let layout = Layout { ty: SegmentType::Integer, ..BIT_STRING };
            self.segments.push(BuildSegment::Value { layout, has_size: true });
            let size = i64::try_from(odd).expect("less than 8");
            self.args.extend([Value::Int(i64::from(last >> (8 - odd))), Value::Int(size)]);
        }
    }

    /// Adds a segment: to what is known, if value and size are.
    pub(super) fn add(
        &mut self,
        constants: &Constants,
        layout: Layout,
        value: Value,
        units: Option<Value>,
        size: SegmentSize<'_>,
    ) {
        let is_known =
            constants.literal(value).is_some_and(|literal| self.known.push(layout, size, &literal).is_some());
        if !is_known {
            self.push(layout, value, units);
        }
    }

    fn push(&mut self, layout: Layout, value: Value, size: Option<Value>) {
        self.flush();
        self.segments.push(BuildSegment::Value { layout, has_size: size.is_some() });
        self.args.push(value);
        self.args.extend(size);
    }
}

impl Lower<'_> {
    /// `<<...>>`.
    pub(super) fn bits(&mut self, elements: &[BinElement], place: Place) -> Value {
        if let Some(literal) = self.constant_bits(elements) {
            return self.constants.value(literal);
        }
        let line = self.line(place);
        let mut builder = Builder::default();
        self.build_segments(&mut builder, elements);
        self.built_bits(builder, line)
    }

    /// The bit string of all segments.
    pub(super) fn built_bits(&mut self, mut builder: Builder, line: Line) -> Value {
        if builder.must_fail {
            let callee = Callee::Remote(Atom::new("erlang"), Atom::new("error"));
            return self.simple(Op::Call(callee), vec![Value::atom("badarg")], line);
        }
        builder.flush();
        // OTP's loader cannot take an instruction without segments.
        if builder.segments.is_empty() {
            return self.constants.value(BitBuffer::default().finish());
        }
        let segments = self.constants.add_segments(builder.segments);
        self.simple(Op::BuildBits(segments), builder.args, line)
    }

    fn build_segments(&mut self, builder: &mut Builder, elements: &[BinElement]) {
        for element in elements {
            let (layout, size) = layout(element);
            if let ExprKind::String(text) = &element.value.kind {
                let units = match size {
                    SegmentSize::All => None,
                    SegmentSize::Units(units) => Some(Value::Int(units)),
                    SegmentSize::Expr(expr) => Some(self.expr(expr)),
                };
                builder.must_fail |= cannot_hold(element, None);
                // Neither its characters nor `[]` are bit strings.
                if text.is_empty() && layout.ty == SegmentType::Binary {
                    builder.push(layout, Value::Nil, units);
                }
                for c in text.chars() {
                    let code = i64::from(u32::from(c));
                    if builder.known.push(layout, size, &Literal::Int(code)).is_none() {
                        builder.push(layout, Value::Int(code), units);
                    }
                }
                continue;
            }
            let value = self.expr(&element.value);
            let units = match size {
                SegmentSize::All => None,
                SegmentSize::Units(units) => Some(Value::Int(units)),
                SegmentSize::Expr(expr) => Some(self.expr(expr)),
            };
            let literal = |value| self.constants.literal(value);
            builder.must_fail |= cannot_hold(element, literal(value).as_ref())
                || units.and_then(literal).is_some_and(|size| is_no_size(&size));
            let known_size = match units {
                Some(Value::Int(units)) => SegmentSize::Units(units),
                _ => size,
            };
            builder.add(&self.constants, layout, value, units, known_size);
        }
    }

    /// `<<Before/bits, Element/bits>>`, the element's segments put in right away.
    pub(super) fn append_bits(&mut self, before: Value, element: &Expr, place: Place) -> Value {
        let line = self.line(place);
        let mut builder = Builder::default();
        builder.push(BIT_STRING, before, None);
        match &element.kind {
            ExprKind::Bin(elements) => self.build_segments(&mut builder, elements),
            _ => {
                let bits = self.expr(element);
                builder.push(BIT_STRING, bits, None);
            }
        }
        self.built_bits(builder, line)
    }

    /// `<<...>>` in a guard.
    pub(super) fn guard_bits(&mut self, elements: &[BinElement]) -> GuardExpr {
        let mut segments = Vec::new();
        let mut args = Vec::new();
        for element in elements {
            let (layout, size) = layout(element);
            let size = match size {
                SegmentSize::All => None,
                SegmentSize::Units(units) => Some(GuardExpr::Value(Value::Int(units))),
                SegmentSize::Expr(expr) => Some(self.guard_expr(expr)),
            };
            let values = match &element.value.kind {
                ExprKind::String(text) if text.is_empty() && layout.ty == SegmentType::Binary => {
                    vec![GuardExpr::Value(Value::Nil)]
                }
                ExprKind::String(text) => {
                    let codes = text.chars().map(|c| i64::from(u32::from(c)));
                    codes.map(|code| GuardExpr::Value(Value::Int(code))).collect()
                }
                _ => vec![self.guard_expr(&element.value)],
            };
            for value in values {
                segments.push(BuildSegment::Value { layout, has_size: size.is_some() });
                args.push(value);
                args.extend(size.clone());
            }
        }
        if segments.is_empty() {
            return GuardExpr::Value(self.constants.value(BitBuffer::default().finish()));
        }
        GuardExpr::Build(Op::BuildBits(self.constants.add_segments(segments)), args)
    }

    /// `<<...>>` as a pattern.
    pub(super) fn bits_pattern(&mut self, elements: &[BinElement], heads: &mut Heads) -> PatternId {
        let mut segments = Vec::new();
        let mark = self.scope.mark();
        for element in elements {
            let (layout, size) = layout(element);
            let size = match size {
                SegmentSize::All => MatchSize::All,
                SegmentSize::Units(units) => MatchSize::Units(Value::Int(units)),
                SegmentSize::Expr(expr) => match self.guard_expr(expr) {
                    GuardExpr::Value(value) if value.is_constant() => MatchSize::Units(value),
                    expr => MatchSize::Computed(expr),
                },
            };
            if let ExprKind::String(text) = &element.value.kind {
                self.text_segments(text, layout, &size, &mut segments);
                continue;
            }
            let mut pattern = self.pattern(&element.value, heads);
            if layout.ty == SegmentType::Float {
                pattern = self.as_float(pattern);
            }
            // Sizes know the variables of the segments before them.
            if let (ExprKind::Var(name), Some(&var)) =
                (&element.value.kind, self.patterns.get(pattern).binds.first())
                && heads.hides_outer
            {
                self.scope.bind(*name, Binding::Value(Value::Var(var)));
            }
            segments.push(MatchSegment::Value { layout, size, pattern });
        }
        if heads.hides_outer {
            self.scope.undo(mark);
        }
        self.patterns.add(Vec::new(), Shape::Bits(segments))
    }

    /// A bit string of known bytes as a pattern.
    pub(super) fn bytes_pattern(&mut self, literal: Literal) -> PatternId {
        let length = match &literal {
            Literal::Bits(bytes, _) => bytes.len(),
            _ => 0,
        };
        let length = u32::try_from(length).expect("a bit string in a source is shorter than 2^32");
        let value = self.constants.value(literal);
        self.patterns.add(Vec::new(), Shape::Bits(vec![MatchSegment::Text(value, length)]))
    }

    /// A string in a bit pattern: as bytes where that is what it comes to, else character by character.
    fn text_segments(
        &mut self,
        text: &str,
        layout: Layout,
        size: &MatchSize,
        segments: &mut Vec<MatchSegment>,
    ) {
        let known_size = match size {
            MatchSize::All => SegmentSize::All,
            MatchSize::Units(Value::Int(units)) => SegmentSize::Units(*units),
            // Never constant.
            MatchSize::Units(_) | MatchSize::Computed(_) => SegmentSize::Units(-1),
        };
        let codes = || text.chars().map(|c| i64::from(u32::from(c)));
        let mut known = BitBuffer::default();
        // A single character may be one of several that are told apart by one instruction.
        let is_whole = codes().count() > 1
            && codes().all(|code| {
                // An integer that does not fit its segment never matches.
                let fits = layout.is_utf() || matches!(size, MatchSize::Units(Value::Int(bits @ 8..)) if *bits >= 21 || code < 1 << *bits);
                fits && known.push(layout, known_size, &Literal::Int(code)).is_some()
            })
            && known.bits.is_multiple_of(8);
        if is_whole {
            let length = u32::try_from(known.bytes.len()).expect("a string in a source is shorter than 2^32");
            let bytes = self.constants.value(known.finish());
            segments.push(MatchSegment::Text(bytes, length));
            return;
        }
        for code in codes() {
            let pattern = self.patterns.add(Vec::new(), Shape::Constant(Value::Int(code)));
            segments.push(MatchSegment::Value { layout, size: size.clone(), pattern });
        }
    }

    /// The pattern of a generator `<<...>> <= Bits`, with what is left bound to `rest`.
    pub(super) fn with_rest(&mut self, pattern: PatternId, rest: Var) -> PatternId {
        self.and_rest(pattern, vec![rest])
    }

    /// The same, whatever is left.
    pub(super) fn with_any_rest(&mut self, pattern: PatternId) -> PatternId {
        self.and_rest(pattern, Vec::new())
    }

    fn and_rest(&mut self, pattern: PatternId, binds: Vec<Var>) -> PatternId {
        let mut segments = match &self.patterns.get(pattern).shape {
            Shape::Bits(segments) => segments.clone(),
            _ => Vec::new(),
        };
        let pattern = self.patterns.add(binds, Shape::Any);
        segments.push(MatchSegment::Value { layout: BIT_STRING, size: MatchSize::All, pattern });
        self.patterns.add(Vec::new(), Shape::Bits(segments))
    }

    /// Any bit string but the empty one, with a name for it.
    pub(super) fn some_bits(&mut self, name: Var) -> PatternId {
        let segment = |size, pattern| MatchSegment::Value { layout: BIT_STRING, size, pattern };
        let [first, rest] = [(); 2].map(|()| self.patterns.add(Vec::new(), Shape::Any));
        let segments = vec![segment(MatchSize::Units(Value::Int(1)), first), segment(MatchSize::All, rest)];
        self.patterns.add(vec![name], Shape::Bits(segments))
    }

    /// The same segments, whatever their values.
    pub(super) fn any_values(&mut self, pattern: PatternId) -> PatternId {
        let segments = match &self.patterns.get(pattern).shape {
            Shape::Bits(segments) => segments.clone(),
            _ => Vec::new(),
        };
        let segments = segments.into_iter().map(|segment| match segment {
            MatchSegment::Text(_, length) => MatchSegment::Value {
                layout: Layout { unit: 8, ..BIT_STRING },
                size: MatchSize::Units(Value::Int(length.into())),
                pattern: self.patterns.add(Vec::new(), Shape::Any),
            },
            MatchSegment::Value { layout, size, pattern } => {
                let binds = self.patterns.get(pattern).binds.clone();
                MatchSegment::Value { layout, size, pattern: self.patterns.add(binds, Shape::Any) }
            }
        });
        let segments = segments.collect();
        self.patterns.add(Vec::new(), Shape::Bits(segments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(value: i64, bits: usize, is_little: bool) -> Literal {
        let mut buffer = BitBuffer::default();
        buffer.push_integer(&BigInt::from(value), bits, is_little);
        buffer.finish()
    }

    #[test]
    fn integers_take_their_low_bits() {
        let bits = |bytes: &[u8], used| Literal::Bits(bytes.into(), used);
        assert_eq!(integer(258, 16, false), bits(&[1, 2], 8));
        assert_eq!(integer(258, 16, true), bits(&[2, 1], 8));
        assert_eq!(integer(-1, 12, false), bits(&[0xFF, 0xF0], 4));
        assert_eq!(integer(0x123, 12, true), bits(&[0x23, 0x10], 4));
        assert_eq!(integer(0x123, 12, false), bits(&[0x12, 0x30], 4));
        assert_eq!(integer(1, 0, false), bits(&[], 8));
    }
}
