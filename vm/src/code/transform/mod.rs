//! From generic instructions to specialised ones. The families are those of `interp`; `fuse` looks first for
//! neighbours that are translated together.

mod arith;
mod bits;
mod bits_match;
mod bits_put;
mod calls;
mod checks;
mod control;
mod data;
mod floats;
mod fuse;
mod fuse_operator;

pub(super) use bits::strings;

use super::emit::{Emitter, Kind, Value};
use super::fun_table::FunEntry;
use super::instance::Place;
use super::loader::{Constants, LoadError};
use super::module_table::Code;
use super::validate::{self, Frame, Validated};
use crate::atom::{self, Atom};
use crate::interp::{Handler, exception, native};
use crate::term::Term;
use calls::init_slots;
use std::collections::HashSet;
use swerl_beam::{Genop, Import, Instr, Module, Operand};

/// What a translation knows.
#[derive(Debug)]
pub(crate) struct Translation<'a> {
    pub(crate) code: &'a Code,
    pub(crate) name: Atom,
    pub(crate) module: &'a Module,
    pub(super) validated: &'a Validated,
    pub(crate) constants: &'a Constants,
    pub(crate) funs: &'a [&'static FunEntry],
}

type Result<T> = std::result::Result<T, LoadError>;

fn address_of<T>(reference: &'static T) -> u64 {
    std::ptr::from_ref(reference).expose_provenance() as u64
}

impl Translation<'_> {
    /// Translates the function, which is all the code that the module has now. Answers the word of its entry.
    pub(crate) fn run(&self, out: &mut Emitter) -> Result<u32> {
        let (mut entry, mut index) = (0, 0);
        let handlers = self.try_handlers();
        while index < self.module.code.len() {
            let instr = &self.module.code[index];
            match instr.op {
                Genop::Label => {
                    if validate::begins_try_handler(&self.module.code, index) {
                        never(out);
                    }
                    let number = unsigned(&instr.args[0]);
                    out.define(number);
                    let is_entry = index > 0 && self.module.code[index - 1].op == Genop::FuncInfo;
                    if is_entry && !self.is_jumped_to(number, index) {
                        // Whoever enters a function leaves X0 in the accumulator.
                        out.holds(Value::FIRST);
                    }
                }
                Genop::FuncInfo => {
                    let function = self.atom(&instr.args[1])?;
                    let arity = unsigned(&instr.args[2]);
                    out.frame(Some(0));
                    out.word(exception::func_info as Handler as usize as u64);
                    out.word(out.plain(Genop::FuncInfo));
                    out.word(Term::atom(self.name).word());
                    out.word(Term::atom(function).word());
                    out.word(u64::from(arity));
                    entry = out.here();
                    // A native function of this name takes the place of the body.
                    let native =
                        self.code.find_export(self.name, function, arity).and_then(|export| export.native);
                    if let Some(native) = native
                        && let Some(Instr { op: Genop::Label, args }) = self.module.code.get(index + 1)
                    {
                        out.define(unsigned(&args[0]));
                        out.op(Genop::NifStart, native::native_entry as Handler, [0; 3]);
                        out.word(address_of(native));
                        index += 2;
                        continue;
                    }
                }
                Genop::Line => self.line(out, &instr.args[0]),
                Genop::OnLoad
                | Genop::IntCodeEnd
                | Genop::NifStart
                | Genop::Fclearerror
                | Genop::Fcheckerror => {}
                Genop::ExecutableLine | Genop::DebugLine => {}
                Genop::Jump if handlers.contains(&label(&instr.args[0])) => never(out),
                _ => {
                    out.frame(self.known_frame(index));
                    index += self.instruction(out, index)?;
                    let opened = matches!(instr.op, Genop::Allocate | Genop::AllocateHeap);
                    if self.validated.needs_zeroed_frames && opened {
                        init_slots(out, 0..unsigned(&instr.args[0]));
                    }
                }
            }
            index += 1;
        }
        // Where an unproved operand of a damaged file leads.
        out.define(self.broken());
        never(out);
        Ok(entry)
    }

    /// The labels where handlers of `try` begin.
    fn try_handlers(&self) -> HashSet<u32> {
        let code = &self.module.code;
        let begins = |&(at, instr): &(usize, &Instr)| {
            instr.op == Genop::Label && validate::begins_try_handler(code, at)
        };
        code.iter().enumerate().filter(begins).map(|(_, instr)| unsigned(&instr.args[0])).collect()
    }

    /// Is the label of the entry at this instruction reached by other ways than calls? Jumps stay in their function.
    fn is_jumped_to(&self, label: u32, entry: usize) -> bool {
        let is_it = |operand: &Operand| *operand == Operand::Label(label);
        self.module.code[entry + 1..].iter().take_while(|instr| instr.op != Genop::FuncInfo).any(|instr| {
            !matches!(instr.op, Genop::Label | Genop::Call | Genop::CallOnly | Genop::CallLast)
                && instr.args.iter().any(|operand| is_it(operand) || list(operand).iter().any(is_it))
        })
    }

    /// The label behind the module's own.
    fn broken(&self) -> u32 {
        self.module.label_count
    }

    pub(super) fn line(&self, out: &mut Emitter, operand: &Operand) {
        let number = unsigned(operand) as usize;
        let (file, line) = match number.checked_sub(1).and_then(|at| self.module.lines.locations.get(at)) {
            Some(&(file, line)) => (file, line),
            None => (0, 0),
        };
        out.places.push(Place { word: out.here(), file, line });
    }

    fn atom(&self, operand: &Operand) -> Result<Atom> {
        match operand.untyped() {
            Operand::Atom(atom) => Ok(Atom::new(atom.as_str())?),
            _ => Err(LoadError::Unsupported("operand that is no atom")),
        }
    }

    /// A source or register operand.
    pub(crate) fn value(&self, operand: &Operand) -> Result<Value> {
        let constant = Value::constant;
        Ok(match operand.untyped() {
            Operand::X(register) => Value { kind: Kind::X, index: *register, term: Term::NIL },
            Operand::Y(slot) => Value { kind: Kind::Y, index: *slot, term: Term::NIL },
            Operand::Nil => constant(Term::NIL),
            Operand::Atom(atom) => constant(Term::atom(Atom::new(atom.as_str())?)),
            Operand::Int(value) => constant(self.constants.integer(*value)),
            Operand::Big(value) => constant(self.constants.integers.get(value).copied().unwrap_or(Term::NIL)),
            Operand::U(value) => constant(Term::small(*value as i64)),
            Operand::Char(value) => constant(Term::small(i64::from(*value))),
            Operand::Literal(index) => {
                constant(self.constants.table.get(*index as usize).copied().unwrap_or(Term::NIL))
            }
            Operand::Fr(_)
            | Operand::Label(_)
            | Operand::List(_)
            | Operand::Alloc { .. }
            | Operand::Typed(..) => {
                return Err(LoadError::Unsupported("operand that is no value"));
            }
        })
    }

    /// Bytes of the string pool, as a binary.
    pub(crate) fn string(&self, offset: u32, size: u32) -> Term {
        self.constants.strings.get(&(offset, size)).copied().unwrap_or(Term::NIL)
    }

    pub(super) fn import(&self, operand: &Operand) -> Result<(Import, &'static super::export_table::Export)> {
        let import = self.module.imports[unsigned(operand) as usize];
        let (module, function) = (Atom::new(import.module.as_str())?, Atom::new(import.function.as_str())?);
        Ok((import, self.code.export(module, function, import.arity)))
    }

    /// The X registers that a collection must keep at an instruction that reads these sources again after it: as many
    /// as it says, and the sources beyond them. What lies between is not in use any more, and is cleared.
    pub(super) fn live<'a>(
        &self,
        out: &mut Emitter,
        stated: &Operand,
        sources: impl IntoIterator<Item = &'a Operand>,
    ) -> Result<u16> {
        let stated = short(stated);
        let register = |source: &Operand| match source.untyped() {
            Operand::X(register) => Some(*register).filter(|&register| register >= stated),
            _ => None,
        };
        let beyond: Vec<u16> = sources.into_iter().filter_map(register).collect();
        let Some(&last) = beyond.iter().max() else { return Ok(stated) };
        for register in (stated..last).filter(|register| !beyond.contains(register)) {
            data::move_to(self, out, &Operand::Nil, &Operand::X(register))?;
        }
        Ok(last + 1)
    }

    /// Size of the frame that is open before this instruction, where it is the same on all paths.
    fn known_frame(&self, index: usize) -> Option<u16> {
        match self.validated.facts(index)?.frame {
            Frame::Slots(size) => Some(size),
            Frame::None => Some(0),
            Frame::Mixed => None,
        }
    }

    /// Size of the frame that is open before this instruction.
    pub(super) fn frame(&self, index: usize) -> u16 {
        match self.validated.facts(index).map(|facts| facts.frame) {
            Some(Frame::Slots(size)) => size,
            Some(Frame::None | Frame::Mixed) | None => 0,
        }
    }

    /// Translates one instruction; answers how many that follow it were taken in.
    fn instruction(&self, out: &mut Emitter, index: usize) -> Result<usize> {
        if let Some(taken) = self.fused(out, index)? {
            return Ok(taken);
        }
        for family in [
            calls::instruction,
            data::instruction,
            checks::instruction,
            arith::instruction,
            floats::instruction,
            control::instruction,
        ] {
            if let Some(taken) = family(self, out, index)? {
                return Ok(taken);
            }
        }
        bits::instruction(self, out, index)
    }
}

pub(super) fn unsigned(operand: &Operand) -> u32 {
    match operand.untyped() {
        Operand::U(value) => *value as u32,
        Operand::Int(value) => *value as u32,
        Operand::Label(value) | Operand::Char(value) | Operand::Literal(value) => *value,
        _ => 0,
    }
}

pub(super) fn short(operand: &Operand) -> u16 {
    unsigned(operand) as u16
}

/// What stands where only a damaged file leads: it raises.
fn never(out: &mut Emitter) {
    out.frame(None);
    out.op(Genop::IfEnd, exception::raise_reason, [0; 3]);
    out.word(Term::atom(atom::BADARG).word());
}

pub(super) fn label(operand: &Operand) -> u32 {
    match operand {
        Operand::Label(label) => *label,
        _ => 0,
    }
}

pub(super) fn list(operand: &Operand) -> &[Operand] {
    match operand {
        Operand::List(list) => list,
        _ => &[],
    }
}
