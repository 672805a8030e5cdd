//! Building and matching bit strings.

use super::function::FunctionCode;
use super::instructions::unsigned;
use super::moves::{Place, Source, Step};
use crate::core::{BuildSegment, Layout, SegmentType, SegmentsId, Value, Var};
use crate::ssa::{BlockId, Line};
use swerl_beam::{Atom, Genop, Operand};

impl FunctionCode<'_, '_> {
    /// Makes a match context.
    pub(super) fn start_match(
        &mut self,
        bits: Value,
        context: Var,
        (ok, fail): (BlockId, BlockId),
        deaths: &[(usize, Var)],
        position: usize,
    ) {
        let mut live = self.collection_point();
        let fail = self.branch_label(fail);
        let source = match self.source(bits) {
            Source::Place(place) => place.into(),
            constant @ Source::Constant(_) => {
                // In the first register above the live ones, which counts as live for this instruction.
                let register = self.registers.live();
                self.step(Step::Move(constant, Place::X(register)));
                self.registers.set_x_junk(register);
                live = Operand::U(u64::from(register) + 1);
                Operand::X(register)
            }
        };
        self.bury_but(deaths, position, context);
        // The register of what is needed only when the match fails is free when it starts.
        if let Value::Var(var) = bits
            && self.is_free_at(ok, var)
        {
            self.registers.release(var);
        }
        let to = self.define(context);
        self.out.push(Genop::BsStartMatch3, vec![fail, source, live, to]);
    }

    /// `bs_create_bin` but for its result, operand 4.
    pub(super) fn build_bits(
        &mut self,
        id: SegmentsId,
        args: &[Value],
        fail: Operand,
        line: Line,
    ) -> Vec<Operand> {
        let live = self.collection_point();
        let mut args = args.iter();
        let mut list = Vec::new();
        let segments = self.out.segments(id);
        let is_bytes = |segment: &BuildSegment| match segment {
            BuildSegment::Text(_) => true,
            BuildSegment::Value { layout, .. } => layout.is_utf() || layout.unit.is_multiple_of(8),
        };
        let unit = if segments.iter().all(is_bytes) { 8 } else { 1 };
        for (at, segment) in segments.iter().enumerate() {
            match segment {
                BuildSegment::Text(bytes) => {
                    list.extend([
                        Operand::Atom(Atom::new("string")),
                        Operand::U(0),
                        Operand::U(8),
                        Operand::Nil,
                    ]);
                    list.push(self.out.text(bytes));
                    list.push(Operand::Int(
                        i64::try_from(bytes.len()).expect("strings are shorter than 2^63"),
                    ));
                }
                BuildSegment::Value { layout, has_size } => {
                    let value = *args.next().expect("a segment has its value");
                    let size = has_size.then(|| *args.next().expect("a segment has its size"));
                    let is_appended =
                        at == 0 && segments.len() > 1 && layout.ty == SegmentType::Binary && size.is_none();
                    list.push(Operand::Atom(Atom::new(match layout.ty {
                        SegmentType::Binary if is_appended => "append",
                        SegmentType::Binary => "binary",
                        SegmentType::Integer => "integer",
                        SegmentType::Float => "float",
                        SegmentType::Utf8 => "utf8",
                        SegmentType::Utf16 => "utf16",
                        SegmentType::Utf32 => "utf32",
                    })));
                    list.push(unsigned(at + 1));
                    list.push(Operand::U(if layout.is_utf() { 0 } else { layout.unit.into() }));
                    list.push(self.out.endianness(*layout));
                    list.push(self.operand(value));
                    list.push(match size {
                        Some(size) => self.operand(size),
                        None if layout.is_utf() => Operand::Atom(Atom::new("undefined")),
                        None => Operand::Atom(Atom::new("all")),
                    });
                }
            }
        }
        if fail == Operand::Label(0) {
            self.out.line(line);
        }
        vec![fail, Operand::U(0), live, Operand::U(unit), Operand::List(list)]
    }

    /// Matches a segment: the context, and the size if it has one.
    pub(super) fn get_segment(
        &mut self,
        layout: Layout,
        args: &[Value],
        dst: Var,
        fail: BlockId,
        deaths: &[(usize, Var)],
        position: usize,
    ) {
        let live = self.collection_point();
        let fail = self.branch_label(fail);
        let context = self.operand(args[0]);
        let flags = Operand::U(field_flags(layout));
        let mut operands = vec![fail, context, live];
        if !layout.is_utf() {
            operands.push(match args.get(1) {
                Some(&size) => self.operand(size),
                None => Operand::Atom(Atom::new("all")),
            });
            operands.push(Operand::U(layout.unit.into()));
        }
        operands.push(flags);
        // OTP's loader makes two instructions of this one, of which the second still reads the context.
        let result = (layout.ty == SegmentType::Utf32).then(|| self.define(dst));
        self.bury_but(deaths, position, dst);
        operands.push(result.unwrap_or_else(|| self.define(dst)));
        let op = match layout.ty {
            SegmentType::Integer => Genop::BsGetInteger2,
            SegmentType::Float => Genop::BsGetFloat2,
            SegmentType::Binary => Genop::BsGetBinary2,
            SegmentType::Utf8 => Genop::BsGetUtf8,
            SegmentType::Utf16 => Genop::BsGetUtf16,
            SegmentType::Utf32 => Genop::BsGetUtf32,
        };
        self.out.push(op, operands);
    }
}

/// Flags of a segment that is matched, as the file has them.
fn field_flags(layout: Layout) -> u64 {
    const LITTLE: u64 = 2;
    const SIGNED: u64 = 4;
    const NATIVE: u64 = 16;
    let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
    flag(layout.is_little, LITTLE) | flag(layout.is_signed, SIGNED) | flag(layout.is_native, NATIVE)
}
