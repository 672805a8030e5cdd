//! Each instruction on its own: are its operands of the kinds that its opcode takes, and in range?
//!
//! Driven by the opcode table; what a list or a special operand may hold is said here, per opcode.

use super::tables::Layout;
use super::{MAX_ARITY, MAX_FR, MAX_NEED, MAX_X, MAX_Y, ValidateError, ValidateErrorKind};
use swerl_beam::guard_bifs::{self, BifClass};
use swerl_beam::{CodeOutline, Genop, Instr, Literal, MatchCommand, Module, Operand, OperandKind};

/// Checks all instructions.
pub(super) fn check(module: &Module, layout: &Layout) -> Result<(), ValidateError> {
    let checker = Checker { module, layout };
    for (index, instr) in module.code.iter().enumerate() {
        checker.instruction(instr).map_err(|kind| layout.error(module, index, kind))?;
    }
    Ok(())
}

/// Checks what is known of a module before its functions are decoded.
pub(super) fn check_outline(module: &Module, code: &CodeOutline) -> Result<(), ValidateError> {
    let fault = |op, kind| ValidateError { op, ..ValidateError::of_module(kind) };
    if let Some(&op) = code.operations.iter().find(|&&op| is_unsupported(op)) {
        return Err(fault(Some(op), ValidateErrorKind::Unsupported));
    }
    for &index in &code.guards {
        let Some(import) = module.imports.get(index as usize) else {
            return Err(fault(None, ValidateErrorKind::CallArity));
        };
        if import.module.as_str() != "erlang" || guard_bifs::lookup(import.function, import.arity).is_none() {
            let kind = ValidateErrorKind::NotABif { name: import.function, arity: import.arity };
            return Err(fault(None, kind));
        }
    }
    Ok(())
}

struct Checker<'a> {
    module: &'a Module,
    layout: &'a Layout,
}

impl Checker<'_> {
    fn instruction(&self, instr: &Instr) -> Result<(), ValidateErrorKind> {
        if is_unsupported(instr.op) {
            return Err(ValidateErrorKind::Unsupported);
        }
        let kinds = instr.op.operands();
        if kinds.len() != instr.args.len() {
            return Err(ValidateErrorKind::OperandCount);
        }
        for (position, (&kind, arg)) in kinds.iter().zip(&instr.args).enumerate() {
            if !self.operand(kind, arg) {
                return Err(ValidateErrorKind::Operand(position));
            }
        }
        self.particulars(instr)
    }

    /// Whether the operand is of the kind, as far as the kind alone tells.
    fn operand(&self, kind: OperandKind, arg: &Operand) -> bool {
        let number = |limit: u64| matches!(arg, Operand::U(value) if *value <= limit);
        let index = |count: usize| matches!(arg, Operand::U(value) if *value < count as u64);
        match kind {
            OperandKind::Unsigned | OperandKind::LabelNumber => number(u64::from(u32::MAX)),
            OperandKind::Arity => number(u64::from(MAX_ARITY)),
            OperandKind::Live => number(u64::from(MAX_X)),
            OperandKind::Frame => number(u64::from(MAX_Y)),
            OperandKind::Need => match arg {
                Operand::U(words) => *words <= u64::from(MAX_NEED),
                Operand::Alloc { words, floats, funs } => {
                    [words, floats, funs].iter().all(|&&count| count <= MAX_NEED)
                }
                _ => false,
            },
            OperandKind::Jump => self.is_label(arg),
            OperandKind::Fail => *arg == Operand::Label(0) || self.is_label(arg),
            OperandKind::Entry => matches!(arg, Operand::Label(label) if self.layout.entry(*label).is_some()),
            OperandKind::Import => index(self.module.imports.len()),
            OperandKind::Lambda => index(self.module.lambdas.len()),
            OperandKind::StringOffset => number(self.module.strings.len() as u64),
            // A module that was compiled without its chunk of lines (`slim`) still has the instructions.
            OperandKind::Line => match self.module.lines.locations.len() as u64 {
                0 => number(u64::MAX),
                count => number(count),
            },
            OperandKind::Atom => matches!(arg, Operand::Atom(_)),
            OperandKind::Src => self.is_source(arg),
            OperandKind::Size => number(u64::from(u32::MAX)) || self.is_source(arg),
            OperandKind::Reg | OperandKind::Dst => self.is_register(arg),
            OperandKind::YReg | OperandKind::YDst => matches!(arg, Operand::Y(slot) if *slot < MAX_Y),
            OperandKind::FpReg | OperandKind::FpDst => is_fp_register(arg),
            OperandKind::FpSrc => {
                is_fp_register(arg)
                    || self.is_register(arg)
                    || matches!(arg, Operand::Literal(index)
                        if matches!(self.module.literals.get(*index as usize), Some(Literal::Float(_))))
            }
            OperandKind::FpOrDst => is_fp_register(arg) || self.is_register(arg),
            OperandKind::Flags => {
                number(u64::from(u32::MAX)) || matches!(arg, Operand::Nil | Operand::Literal(_))
            }
            OperandKind::List => matches!(arg, Operand::List(_)),
            OperandKind::Special => true,
        }
    }

    fn is_label(&self, arg: &Operand) -> bool {
        matches!(arg, Operand::Label(label) if self.layout.position(*label).is_some())
    }

    fn is_register(&self, arg: &Operand) -> bool {
        match arg.untyped() {
            Operand::X(register) => *register < MAX_X,
            Operand::Y(slot) => *slot < MAX_Y,
            _ => false,
        }
    }

    fn is_constant(&self, arg: &Operand) -> bool {
        match arg {
            Operand::Int(_) | Operand::Big(_) | Operand::Atom(_) | Operand::Nil => true,
            Operand::Literal(index) => (*index as usize) < self.module.literals.len(),
            _ => false,
        }
    }

    fn is_source(&self, arg: &Operand) -> bool {
        self.is_constant(arg) || self.is_register(arg)
    }

    /// Checks what depends on the opcode: lists, special operands, and operands that must fit each other.
    fn particulars(&self, instr: &Instr) -> Result<(), ValidateErrorKind> {
        let operand = |position: usize, holds: bool| {
            if holds { Ok(()) } else { Err(ValidateErrorKind::Operand(position)) }
        };
        match (instr.op, &instr.args[..]) {
            (Genop::Call, [Operand::U(arity), Operand::Label(label)])
            | (Genop::CallOnly, [Operand::U(arity), Operand::Label(label)])
            | (Genop::CallLast, [Operand::U(arity), Operand::Label(label), _]) => {
                match self.layout.entry(*label) {
                    Some(function) if u64::from(function.arity) == *arity => Ok(()),
                    _ => Err(ValidateErrorKind::CallArity),
                }
            }
            (Genop::CallExt, [Operand::U(arity), Operand::U(import)])
            | (Genop::CallExtOnly, [Operand::U(arity), Operand::U(import)])
            | (Genop::CallExtLast, [Operand::U(arity), Operand::U(import), _]) => {
                match self.import(*import) {
                    Some(import) if u64::from(import.arity) == *arity => Ok(()),
                    _ => Err(ValidateErrorKind::CallArity),
                }
            }
            (Genop::Bif0, [import, ..]) => self.bif(import, 0, BifClass::Plain),
            (Genop::Bif1, [_, import, ..]) => self.bif(import, 1, BifClass::Plain),
            (Genop::Bif2, [_, import, ..]) => self.bif(import, 2, BifClass::Plain),
            (Genop::GcBif1, [_, _, import, ..]) => self.bif(import, 1, BifClass::Collecting),
            (Genop::GcBif2, [_, _, import, ..]) => self.bif(import, 2, BifClass::Collecting),
            (Genop::GcBif3, [_, _, import, ..]) => self.bif(import, 3, BifClass::Collecting),
            (Genop::Trim, [Operand::U(dropped), Operand::U(left)]) => {
                operand(0, dropped.saturating_add(*left) <= u64::from(MAX_Y))
            }
            (Genop::SelectVal, [_, _, Operand::List(list)]) => {
                let is_pair = |pair: &[Operand]| {
                    let [value, label] = pair else { return false };
                    self.is_constant(value) && self.is_label(label)
                };
                operand(2, list.len().is_multiple_of(2) && list.chunks(2).all(is_pair))
            }
            (Genop::SelectTupleArity, [_, _, Operand::List(list)]) => {
                let is_pair = |pair: &[Operand]| {
                    let [size, label] = pair else { return false };
                    matches!(size, Operand::U(_)) && self.is_label(label)
                };
                operand(2, list.len().is_multiple_of(2) && list.chunks(2).all(is_pair))
            }
            (Genop::PutTuple2, [_, Operand::List(list)]) => {
                operand(1, list.iter().all(|arg| self.is_source(arg)))
            }
            (Genop::PutMapAssoc | Genop::PutMapExact, [.., Operand::List(list)]) => {
                let holds = !list.is_empty() && list.len().is_multiple_of(2);
                operand(4, holds && list.iter().all(|arg| self.is_source(arg)))
            }
            (Genop::HasMapFields, [.., Operand::List(list)]) => {
                operand(2, !list.is_empty() && list.iter().all(|arg| self.is_source(arg)))
            }
            (Genop::GetMapElements, [.., Operand::List(list)]) => {
                let is_pair = |pair: &[Operand]| {
                    let [key, value] = pair else { return false };
                    self.is_source(key) && self.is_register(value)
                };
                operand(2, !list.is_empty() && list.len().is_multiple_of(2) && list.chunks(2).all(is_pair))
            }
            (Genop::MakeFun3, [Operand::U(lambda), _, Operand::List(list)]) => {
                let free = self.lambda(*lambda).map(|lambda| lambda.num_free as usize);
                operand(2, free == Some(list.len()) && list.iter().all(|arg| self.is_source(arg)))
            }
            (Genop::CallFun2, [tag, Operand::U(arity), _]) => match tag {
                Operand::Atom(_) => Ok(()),
                Operand::U(lambda) => match self.lambda(*lambda) {
                    Some(lambda) if u64::from(lambda.arity - lambda.num_free) == *arity => Ok(()),
                    _ => Err(ValidateErrorKind::CallArity),
                },
                _ => operand(0, false),
            },
            (Genop::InitYregs, [Operand::List(list)]) => {
                let is_slot = |arg: &Operand| matches!(arg, Operand::Y(slot) if *slot < MAX_Y);
                operand(0, !list.is_empty() && list.iter().all(is_slot))
            }
            (Genop::UpdateRecord, [_, Operand::U(size), _, _, Operand::List(list)]) => {
                let is_pair = |pair: &[Operand]| {
                    let [position, value] = pair else { return false };
                    let position = match position {
                        Operand::U(position) => Some(*position),
                        Operand::Int(position) => u64::try_from(*position).ok(),
                        _ => None,
                    };
                    position.is_some_and(|p| (1..=*size).contains(&p)) && self.is_source(value)
                };
                operand(4, list.len().is_multiple_of(2) && list.chunks(2).all(is_pair))
            }
            (Genop::BsCreateBin, [.., Operand::List(list)]) => operand(5, self.is_segment_list(list)),
            (Genop::BsStartMatch4, [fail, ..]) => {
                let is_mode =
                    matches!(fail, Operand::Atom(mode) if matches!(mode.as_str(), "no_fail" | "resume"));
                operand(0, is_mode || self.is_label(fail))
            }
            (Genop::BsMatchString, [_, _, Operand::U(bits), Operand::U(offset)]) => {
                operand(3, self.is_string(*offset, bits.div_ceil(8)))
            }
            (Genop::BsPutString, [Operand::U(length), Operand::U(offset)]) => {
                operand(1, self.is_string(*offset, *length))
            }
            (Genop::BsPutInteger | Genop::BsPutFloat | Genop::BsPutBinary, [_, _, unit, ..]) => {
                operand(2, is_unit(unit))
            }
            (Genop::BsAppend, [_, _, _, _, unit, ..]) => operand(4, is_unit(unit)),
            (Genop::BsPrivateAppend, [_, _, unit, ..]) => operand(2, is_unit(unit)),
            (Genop::BsMatch, [_, _, Operand::List(list)]) => operand(2, self.is_command_list(list)),
            _ => Ok(()),
        }
    }

    fn import(&self, index: u64) -> Option<&swerl_beam::Import> {
        self.module.imports.get(usize::try_from(index).ok()?)
    }

    fn lambda(&self, index: u64) -> Option<&swerl_beam::Lambda> {
        self.module.lambdas.get(usize::try_from(index).ok()?)
    }

    fn is_string(&self, offset: u64, bytes: u64) -> bool {
        offset.checked_add(bytes).is_some_and(|end| end <= self.module.strings.len() as u64)
    }

    fn bif(&self, import: &Operand, arity: u32, class: BifClass) -> Result<(), ValidateErrorKind> {
        let import = match import {
            Operand::U(index) => self.import(*index),
            _ => None,
        };
        let Some(import) = import else { return Err(ValidateErrorKind::CallArity) };
        let known = guard_bifs::lookup(import.function, import.arity).filter(|bif| bif.class == class);
        if import.arity == arity && import.module.as_str() == "erlang" && known.is_some() {
            Ok(())
        } else {
            Err(ValidateErrorKind::NotABif { name: import.function, arity: import.arity })
        }
    }

    /// Segments of `bs_create_bin`: six operands each.
    fn is_segment_list(&self, list: &[Operand]) -> bool {
        list.len().is_multiple_of(6) && list.chunks(6).all(|segment| self.is_segment(segment))
    }

    fn is_command_list(&self, list: &[Operand]) -> bool {
        let Some(commands) = MatchCommand::all(list) else { return false };
        let is_live = |live: &Operand| matches!(live, Operand::U(live) if *live <= u64::from(MAX_X));
        commands.iter().all(|command| match command {
            MatchCommand::Take { is_binary, live, flags, target, .. } => {
                let no_live = !is_binary && **live == Operand::Nil;
                let flags = self.is_constant(flags) || matches!(flags, Operand::U(_));
                (no_live || is_live(live)) && flags && self.is_register(target)
            }
            MatchCommand::Tail { live, target } => is_live(live) && self.is_register(target),
            MatchCommand::AtLeast { .. }
            | MatchCommand::Exactly(_)
            | MatchCommand::Skip(_)
            | MatchCommand::Equals { .. } => true,
        })
    }

    fn is_segment(&self, segment: &[Operand]) -> bool {
        let [Operand::Atom(kind), Operand::U(_), Operand::U(unit), flags, value, size] = segment else {
            return false;
        };
        if *unit > MAX_UNIT || !(self.is_constant(flags) || matches!(flags, Operand::U(_))) {
            return false;
        }
        match kind.as_str() {
            "string" => {
                let (Operand::U(offset), Operand::Int(length)) = (value, size) else { return false };
                u64::try_from(*length).is_ok_and(|length| self.is_string(*offset, length))
            }
            "append" | "private_append" | "binary" | "float" | "integer" | "utf8" | "utf16" | "utf32" => {
                self.is_source(value) && self.is_source(size)
            }
            _ => false,
        }
    }
}

/// The largest unit of a segment.
const MAX_UNIT: u64 = 256;

fn is_unit(arg: &Operand) -> bool {
    matches!(arg, Operand::U(unit) if *unit <= MAX_UNIT)
}

fn is_fp_register(arg: &Operand) -> bool {
    matches!(arg, Operand::Fr(register) if *register < MAX_FR)
}

/// Instructions that OTP 25 does not load either.
#[rustfmt::skip]
fn is_unsupported(op: Genop) -> bool {
    use Genop as G;
    matches!(
        op,
        G::MPlus | G::MMinus | G::MTimes | G::MDiv | G::IntDiv | G::IntRem | G::IntBand | G::IntBor | G::IntBxor
            | G::IntBsl | G::IntBsr | G::IntBnot | G::IsConstant | G::PutString | G::PutTuple | G::Put | G::MakeFun
            | G::PutLiteral | G::BsStartMatch | G::BsGetInteger | G::BsGetFloat | G::BsGetBinary | G::BsSkipBits
            | G::BsTestTail | G::BsSave | G::BsRestore | G::BsInit | G::BsFinal | G::BsNeedBuf | G::BsBitsToBytes
            | G::BsFinal2 | G::BsBitsToBytes2 | G::BsStartMatch2 | G::BsSave2 | G::BsRestore2 | G::BsContextToBinary
    )
}
