//! From generic instructions to specialised ones.

use super::emit::{Emitter, Kind, Value, pick};
use super::fun_table::FunEntry;
use super::instance::{Function, Place};
use super::loader::{Constants, LoadError};
use super::module_table::Code;
use super::validate::{self, Frame, Validated};
use crate::atom::{self, Atom};
use crate::bif::Native;
use crate::interp::context::X_REGISTERS;
use crate::interp::operand::{X, Y};
use crate::interp::test::tuple_header;
use crate::interp::{
    Handler, arith, call, data, exception, float, fun, guard, map, native, receive, select, test,
};
use crate::term::Term;
use swerl_beam::{Genop, Import, Instr, Module, Operand};

/// What a translation knows.
#[derive(Debug)]
pub(crate) struct Translation<'a> {
    pub(crate) code: &'a Code,
    pub(crate) name: Atom,
    pub(crate) module: &'a Module,
    pub(crate) validated: &'a Validated,
    pub(crate) constants: &'a Constants,
    pub(crate) funs: &'a [&'static FunEntry],
    /// Whether the function at hand was not proved to set its slots before it reads them.
    pub(crate) zeroed: bool,
}

type Result<T> = std::result::Result<T, LoadError>;

fn address_of<T>(reference: &'static T) -> u64 {
    std::ptr::from_ref(reference).expose_provenance() as u64
}

impl Translation<'_> {
    /// Translates all code. Answers the word of the `-on_load` function.
    pub(crate) fn run(&mut self, out: &mut Emitter, functions: &mut Vec<Function>) -> Result<Option<u32>> {
        let mut on_load = None;
        let mut index = 0;
        while index < self.module.code.len() {
            let instr = &self.module.code[index];
            match instr.op {
                Genop::Label => {
                    if validate::begins_try_handler(&self.module.code, index) {
                        out.op(Genop::IfEnd, exception::raise_reason, [0; 3]);
                        out.word(Term::atom(atom::BADARG).word());
                    }
                    out.define(unsigned(&instr.args[0]));
                }
                Genop::FuncInfo => {
                    let function = self.atom(&instr.args[1])?;
                    self.zeroed = self
                        .validated
                        .functions()
                        .get(functions.len())
                        .is_some_and(|f| f.needs_zeroed_frames);
                    let arity = unsigned(&instr.args[2]);
                    let start = out.here();
                    out.word(exception::func_info as Handler as usize as u64);
                    out.word(u64::from(Genop::FuncInfo as u8));
                    out.word(Term::atom(self.name).word());
                    out.word(Term::atom(function).word());
                    out.word(u64::from(arity));
                    functions.push(Function { name: function, arity, start, entry: out.here() });
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
                Genop::OnLoad => on_load = functions.last().map(|function| function.entry),
                Genop::Line => self.line(out, &instr.args[0]),
                Genop::IntCodeEnd | Genop::NifStart | Genop::Fclearerror | Genop::Fcheckerror => {}
                Genop::ExecutableLine | Genop::DebugLine => {}
                _ => {
                    index += self.instruction(out, index)?;
                    let opened = matches!(instr.op, Genop::Allocate | Genop::AllocateHeap);
                    if self.zeroed && opened {
                        init_slots(out, 0..unsigned(&instr.args[0]));
                    }
                }
            }
            index += 1;
        }
        // Where an unproved operand of a damaged file leads.
        out.define(self.broken());
        out.op(Genop::IfEnd, exception::raise_reason, [0; 3]);
        out.word(Term::atom(atom::BADARG).word());
        Ok(on_load)
    }

    /// The label behind the module's own.
    fn broken(&self) -> u32 {
        self.module.label_count
    }

    /// Checks the operand of an instruction that takes it apart, where validation could not prove its type.
    fn prove<T: test::Test>(&self, out: &mut Emitter, index: usize, operand: &Operand) -> Result<()> {
        if self.validated.facts(index).is_some_and(|facts| facts.is_proved) {
            return Ok(());
        }
        self.type_test::<T>(out, Genop::IsTuple, &[Operand::Label(self.broken()), operand.clone()])
    }

    /// As [`Self::prove`], for a tuple of at least `size` elements.
    fn prove_tuple(&self, out: &mut Emitter, index: usize, operand: &Operand, size: usize) -> Result<()> {
        if self.validated.facts(index).is_some_and(|facts| facts.is_proved) {
            return Ok(());
        }
        out.op(Genop::TestArity, test::has_elements, [0; 3]);
        out.target(self.broken());
        out.packed(self.value(operand)?);
        out.word(size as u64);
        Ok(())
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
        let constant = |term| Value { kind: Kind::K, index: 0, term };
        Ok(match operand.untyped() {
            Operand::X(register) => Value { kind: Kind::X, index: *register, term: Term::NIL },
            Operand::Y(slot) => Value { kind: Kind::Y, index: *slot, term: Term::NIL },
            Operand::Nil => constant(Term::NIL),
            Operand::Atom(atom) => constant(Term::atom(Atom::new(atom.as_str())?)),
            Operand::Int(value) => constant(match self.constants.integers.get(&(*value).into()) {
                Some(&term) => term,
                None => Term::small(*value),
            }),
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

    /// As [`Self::value`], a constant being moved to a register first.
    fn in_register(&self, out: &mut Emitter, operand: &Operand) -> Result<Value> {
        let value = self.value(operand)?;
        if value.kind != Kind::K {
            return Ok(value);
        }
        let scratch = Value { kind: Kind::X, index: (X_REGISTERS - 1) as u16, term: Term::NIL };
        out.op(Genop::Move, pick!(data::move_: src value, reg scratch), [0, scratch.index, 0]);
        out.constant(value);
        Ok(scratch)
    }

    pub(super) fn import(&self, operand: &Operand) -> Result<(Import, &'static super::export_table::Export)> {
        let import = self.module.imports[unsigned(operand) as usize];
        let (module, function) = (Atom::new(import.module.as_str())?, Atom::new(import.function.as_str())?);
        Ok((import, self.code.export(module, function, import.arity)))
    }

    fn guard_function(&self, operand: &Operand) -> Result<&'static Native> {
        let (import, export) = self.import(operand)?;
        export.native.ok_or_else(|| {
            LoadError::MissingNative(format!("{}:{}/{}", import.module, import.function, import.arity))
        })
    }

    /// Size of the frame that is open before this instruction.
    pub(super) fn frame(&self, index: usize) -> u16 {
        match self.validated.facts(index).map(|facts| facts.frame) {
            Some(Frame::Slots(size)) => size,
            Some(Frame::None | Frame::Mixed) | None => 0,
        }
    }

    /// Does the function return right behind this instruction? Then the size of its frame, and how many
    /// instructions say so.
    fn leaves_after(&self, index: usize) -> Option<(u16, usize)> {
        match self.module.code.get(index + 1..)? {
            [Instr { op: Genop::Return, .. }, ..] => Some((0, 1)),
            [Instr { op: Genop::Deallocate, args }, Instr { op: Genop::Return, .. }, ..] => {
                Some((short(&args[0]), 2))
            }
            _ => None,
        }
    }

    /// Translates one instruction; answers how many that follow it were taken in.
    #[allow(clippy::too_many_lines, reason = "one arm an opcode")]
    fn instruction(&mut self, out: &mut Emitter, index: usize) -> Result<usize> {
        if let Some(taken) = self.fused(out, index)? {
            return Ok(taken);
        }
        let instr = &self.module.code[index];
        let (op, args) = (instr.op, instr.args.as_slice());
        match op {
            Genop::Label
            | Genop::FuncInfo
            | Genop::OnLoad
            | Genop::Line
            | Genop::IntCodeEnd
            | Genop::NifStart
            | Genop::Fclearerror
            | Genop::Fcheckerror
            | Genop::ExecutableLine
            | Genop::DebugLine => {}

            Genop::Call => {
                out.op(op, call::call, [0; 3]);
                out.target(label(&args[1]));
                out.record(self.frame(index));
            }
            Genop::CallOnly => {
                out.op(op, call::call_only, [0; 3]);
                out.target(label(&args[1]));
            }
            Genop::CallLast => {
                let size = short(&args[2]);
                out.op(op, pick!(call::call_last: frame size), [size, 0, 0]);
                out.target(label(&args[1]));
            }
            Genop::CallExt => {
                let (_, export) = self.import(&args[1])?;
                match export.native {
                    Some(native) => {
                        out.op(op, native::handler(native), [0; 3]);
                        out.word(address_of(native));
                    }
                    None => {
                        out.op(op, call::call_ext, [0; 3]);
                        out.word(address_of(export));
                    }
                }
                out.record(self.frame(index));
            }
            Genop::CallExtOnly | Genop::CallExtLast => {
                let (_, export) = self.import(&args[1])?;
                if let Some(native) = export.native.filter(|native| native.function != "apply") {
                    // The caller of a native function stays on the stack, for traces to show it.
                    out.op(op, native::handler(native), [0; 3]);
                    out.word(address_of(native));
                    out.record(self.frame(index));
                    if op == Genop::CallExtOnly {
                        out.op(op, call::return_, [0; 3]);
                    } else {
                        let size = short(&args[2]);
                        out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                    }
                    return Ok(0);
                }
                if let Some(native) = export.native.filter(|native| native.arity == 2) {
                    let size = if op == Genop::CallExtOnly { 0 } else { short(&args[2]) };
                    out.op(op, fun::apply_fun_last, [size, 0, 0]);
                    out.word(address_of(native));
                    out.record(self.frame(index));
                    if op == Genop::CallExtOnly {
                        out.op(op, call::return_, [0; 3]);
                    } else {
                        out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                    }
                    return Ok(0);
                }
                if op == Genop::CallExtOnly {
                    out.op(op, call::call_ext_only, [0; 3]);
                } else {
                    let size = short(&args[2]);
                    out.op(op, pick!(call::call_ext_last: frame size), [size, 0, 0]);
                }
                out.word(address_of(export));
            }
            Genop::CallFun | Genop::CallFun2 => {
                let (count, fun) = if op == Genop::CallFun {
                    (short(&args[0]), Operand::X(short(&args[0])))
                } else {
                    (short(&args[1]), args[2].clone())
                };
                if let Some((size, taken)) = self.leaves_after(index) {
                    out.op(op, fun::call_fun_last, [count, size, 0]);
                    out.packed(self.value(&fun)?);
                    return Ok(taken);
                }
                out.op(op, fun::call_fun, [count, 0, 0]);
                out.packed(self.value(&fun)?);
                out.record(self.frame(index));
            }
            Genop::Apply => {
                out.op(op, fun::apply, [short(&args[0]), 0, 0]);
                out.word(0);
                out.record(self.frame(index));
            }
            Genop::ApplyLast => {
                let size = short(&args[1]);
                out.op(op, fun::apply_last, [short(&args[0]), size, 0]);
                out.word(0);
                out.record(self.frame(index));
                out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
            }
            Genop::Return => out.op(op, call::return_, [0; 3]),
            Genop::Deallocate => {
                if let Some(Instr { op: Genop::Return, .. }) = self.module.code.get(index + 1) {
                    let size = short(&args[0]);
                    out.op(op, pick!(call::deallocate_return: frame size), [size, 0, 0]);
                    return Ok(1);
                }
                out.op(op, call::deallocate, [short(&args[0]), 0, 0]);
            }
            Genop::Trim => out.op(op, call::deallocate, [short(&args[0]), 0, 0]),
            Genop::Allocate | Genop::AllocateZero => {
                let size = short(&args[0]);
                out.op(op, pick!(call::allocate: frame size), [size, short(&args[1]), 0]);
                if op == Genop::AllocateZero {
                    init_slots(out, 0..unsigned(&args[0]));
                }
            }
            Genop::AllocateHeap | Genop::AllocateHeapZero => {
                out.op(op, call::allocate_heap, [short(&args[0]), short(&args[2]), 0]);
                out.word(need(&args[1]));
                if op == Genop::AllocateHeapZero {
                    init_slots(out, 0..unsigned(&args[0]));
                }
            }
            Genop::TestHeap => {
                out.op(op, call::test_heap, [0, short(&args[1]), 0]);
                out.word(need(&args[0]));
            }
            Genop::Init => {
                let slot = u32::from(self.value(&args[0])?.index);
                init_slots(out, slot..slot + 1);
            }
            Genop::InitYregs => {
                let slots = list(&args[0]);
                out.op(op, call::init_yregs, [slots.len() as u16, 0, 0]);
                for slot in slots {
                    let slot = self.value(slot)?.index;
                    out.word(u64::from(slot));
                }
            }
            Genop::Jump => {
                out.op(op, call::jump, [0; 3]);
                out.target(label(&args[0]));
            }

            Genop::Move => {
                let (s, d) = (self.value(&args[0])?, self.value(&args[1])?);
                if let Some(Instr { op: Genop::Move, args: next }) = self.module.code.get(index + 1) {
                    let (s2, d2) = (self.value(&next[0])?, self.value(&next[1])?);
                    if s.kind != Kind::K && s2.kind != Kind::K {
                        let handler = pick!(data::move_two: reg s, reg d, reg s2, reg d2);
                        out.op(op, handler, [s.index, d.index, 0]);
                        out.word(u64::from(s2.index) | (u64::from(d2.index) << 16));
                        return Ok(1);
                    }
                }
                out.op(op, pick!(data::move_: src s, reg d), [s.index, d.index, 0]);
                out.constant(s);
            }
            Genop::Swap => {
                out.op(op, data::swap, [0; 3]);
                out.packed(self.value(&args[0])?);
                out.packed(self.value(&args[1])?);
            }
            Genop::PutList => {
                let (h, t, d) = (self.value(&args[0])?, self.value(&args[1])?, self.value(&args[2])?);
                out.op(op, pick!(data::put_list: src h, src t, reg d), [h.index, t.index, d.index]);
                out.constant(h);
                out.constant(t);
            }
            Genop::PutTuple2 => {
                let d = self.value(&args[0])?;
                let elements = list(&args[1]);
                out.op(op, pick!(data::put_tuple: reg d), [d.index, elements.len() as u16, 0]);
                for element in elements {
                    out.packed(self.value(element)?);
                }
            }
            Genop::GetList => {
                self.prove::<test::IsNonemptyList>(out, index, &args[0])?;
                let (s, h, t) = (self.value(&args[0])?, self.value(&args[1])?, self.value(&args[2])?);
                out.op(op, pick!(data::get_list: reg s, reg h, reg t), [s.index, h.index, t.index]);
            }
            Genop::GetHd | Genop::GetTl => {
                self.prove::<test::IsNonemptyList>(out, index, &args[0])?;
                let (s, d) = (self.value(&args[0])?, self.value(&args[1])?);
                let handler = if op == Genop::GetHd {
                    pick!(data::get_hd: reg s, reg d)
                } else {
                    pick!(data::get_tl: reg s, reg d)
                };
                out.op(op, handler, [s.index, d.index, 0]);
            }
            Genop::GetTupleElement => {
                self.prove_tuple(out, index, &args[0], unsigned(&args[1]) as usize + 1)?;
                let (s, d) = (self.value(&args[0])?, self.value(&args[2])?);
                let position = short(&args[1]) + 1;
                out.op(op, pick!(data::get_tuple_element: reg s, reg d), [s.index, position, d.index]);
            }
            Genop::SetTupleElement => {
                self.prove_tuple(out, index, &args[1], unsigned(&args[2]) as usize + 1)?;
                out.op(op, data::set_tuple_element, [short(&args[2]) + 1, 0, 0]);
                out.packed(self.value(&args[0])?);
                out.packed(self.value(&args[1])?);
            }
            Genop::UpdateRecord => {
                self.prove_tuple(out, index, &args[2], unsigned(&args[1]) as usize)?;
                let updates = list(&args[4]);
                out.op(op, data::update_record, [short(&args[1]), (updates.len() / 2) as u16, 0]);
                out.packed(self.value(&args[2])?);
                out.packed(self.value(&args[3])?);
                for pair in updates.chunks_exact(2) {
                    out.word(u64::from(unsigned(&pair[0])));
                    out.packed(self.value(&pair[1])?);
                }
            }

            Genop::IsInteger => self.type_test::<test::IsInteger>(out, op, args)?,
            Genop::IsFloat => self.type_test::<test::IsFloat>(out, op, args)?,
            Genop::IsNumber => self.type_test::<test::IsNumber>(out, op, args)?,
            Genop::IsAtom => self.type_test::<test::IsAtom>(out, op, args)?,
            Genop::IsPid => self.type_test::<test::IsPid>(out, op, args)?,
            Genop::IsReference => self.type_test::<test::IsReference>(out, op, args)?,
            Genop::IsPort => self.type_test::<test::IsPort>(out, op, args)?,
            Genop::IsNil => self.type_test::<test::IsNil>(out, op, args)?,
            Genop::IsBinary => self.type_test::<test::IsBinary>(out, op, args)?,
            Genop::IsBitstr => self.type_test::<test::IsBitstring>(out, op, args)?,
            Genop::IsList => self.type_test::<test::IsList>(out, op, args)?,
            Genop::IsNonemptyList => self.type_test::<test::IsNonemptyList>(out, op, args)?,
            Genop::IsTuple => self.type_test::<test::IsTuple>(out, op, args)?,
            Genop::IsFunction => self.type_test::<test::IsFunction>(out, op, args)?,
            Genop::IsBoolean => self.type_test::<test::IsBoolean>(out, op, args)?,
            Genop::IsMap => self.type_test::<test::IsMap>(out, op, args)?,
            Genop::IsFunction2 => {
                out.op(op, test::is_function_of_arity, [0; 3]);
                out.target(label(&args[0]));
                out.packed(self.value(&args[1])?);
                out.packed(self.value(&args[2])?);
            }
            Genop::TestArity => {
                let s = self.value(&args[1])?;
                // Whether or not the term is known to be a tuple: the header tells both.
                out.op(op, pick!(test::is_tuple_of_arity: reg s), [s.index, 0, 0]);
                out.target(label(&args[0]));
                out.word(tuple_header(unsigned(&args[2]) as usize));
            }
            Genop::IsTaggedTuple => {
                let s = self.value(&args[1])?;
                out.op(op, pick!(test::is_tagged_tuple: reg s), [s.index, 0, 0]);
                out.target(label(&args[0]));
                out.word(tuple_header(unsigned(&args[2]) as usize));
                out.word(Term::atom(self.atom(&args[3])?).word());
            }
            Genop::IsLt => self.comparison::<test::Lt>(out, op, args)?,
            Genop::IsGe => self.comparison::<test::Ge>(out, op, args)?,
            Genop::IsEq => self.comparison::<test::Eq>(out, op, args)?,
            Genop::IsNe => self.comparison::<test::Ne>(out, op, args)?,
            Genop::IsEqExact | Genop::IsNeExact => {
                let (a, b) = (self.value(&args[1])?, self.value(&args[2])?);
                let (register, constant) = if a.kind == Kind::K { (b, a) } else { (a, b) };
                if constant.kind == Kind::K && register.kind != Kind::K && is_one_word(constant.term) {
                    let handler = if op == Genop::IsEqExact {
                        pick!(test::is_same: reg register)
                    } else {
                        pick!(test::is_not_same: reg register)
                    };
                    out.op(op, handler, [register.index, 0, 0]);
                    out.target(label(&args[0]));
                    out.constant(constant);
                } else if op == Genop::IsEqExact {
                    self.comparison::<test::EqExact>(out, op, args)?;
                } else {
                    self.comparison::<test::NeExact>(out, op, args)?;
                }
            }
            Genop::SelectVal => self.select_val(out, args)?,
            Genop::SelectTupleArity => {
                let s = self.in_register(out, &args[0])?;
                let pairs = list(&args[2]);
                out.op(op, pick!(select::select_arity: reg s), [s.index, (pairs.len() / 2) as u16, 0]);
                out.target(label(&args[1]));
                for pair in pairs.chunks_exact(2) {
                    out.word(tuple_header(unsigned(&pair[0]) as usize));
                }
                for pair in pairs.chunks_exact(2) {
                    out.target(label(&pair[1]));
                }
            }

            Genop::Bif0 => self.guard_call(out, op, &args[0], 0, &[], &args[1])?,
            Genop::Bif1 => self.guard_call(out, op, &args[1], label(&args[0]), &args[2..3], &args[3])?,
            Genop::Bif2 => self.guard_call(out, op, &args[1], label(&args[0]), &args[2..4], &args[4])?,
            Genop::GcBif1 => self.guard_call(out, op, &args[2], label(&args[0]), &args[3..4], &args[4])?,
            Genop::GcBif2 => self.gc_bif2(out, args)?,
            Genop::GcBif3 => self.guard_call(out, op, &args[2], label(&args[0]), &args[3..6], &args[6])?,

            Genop::Fmove => match (args[0].untyped(), args[1].untyped()) {
                (source, Operand::Fr(register)) => {
                    out.op(op, float::float_load, [*register, 0, 0]);
                    out.packed(self.value(source)?);
                }
                (Operand::Fr(register), target) => {
                    out.op(op, float::float_store, [*register, 0, 0]);
                    out.packed(self.value(target)?);
                }
                _ => return Err(LoadError::Unsupported("fmove")),
            },
            Genop::Fconv => {
                out.op(op, float::float_convert, [float_register(&args[1]), 0, 0]);
                out.packed(self.value(&args[0])?);
            }
            Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv => {
                let handler = match op {
                    Genop::Fadd => float::float_operate::<float::FAdd> as Handler,
                    Genop::Fsub => float::float_operate::<float::FSubtract>,
                    Genop::Fmul => float::float_operate::<float::FMultiply>,
                    _ => float::float_operate::<float::FDivide>,
                };
                let fields = [float_register(&args[1]), float_register(&args[2]), float_register(&args[3])];
                out.op(op, handler, fields);
            }
            Genop::Fnegate => {
                out.op(op, float::float_negate, [float_register(&args[1]), float_register(&args[2]), 0]);
            }

            Genop::Catch | Genop::Try => {
                out.op(op, exception::catch_, [self.value(&args[0])?.index, 0, 0]);
                out.target(label(&args[1]));
            }
            Genop::CatchEnd => out.op(op, exception::catch_end, [self.value(&args[0])?.index, 0, 0]),
            Genop::TryEnd => out.op(op, exception::try_end, [self.value(&args[0])?.index, 0, 0]),
            Genop::TryCase => out.op(op, exception::try_case, [self.value(&args[0])?.index, 0, 0]),
            Genop::Badmatch => self.raise_value(out, op, args, atom::BADMATCH)?,
            Genop::CaseEnd => self.raise_value(out, op, args, atom::CASE_CLAUSE)?,
            Genop::TryCaseEnd => self.raise_value(out, op, args, atom::TRY_CLAUSE)?,
            Genop::Badrecord => self.raise_value(out, op, args, atom::BADRECORD)?,
            Genop::IfEnd => {
                out.op(op, exception::raise_reason, [0; 3]);
                out.word(Term::atom(atom::IF_CLAUSE).word());
            }
            Genop::Raise => {
                out.op(op, exception::raise_again, [0; 3]);
                out.packed(self.value(&args[0])?);
                out.packed(self.value(&args[1])?);
            }
            Genop::RawRaise => out.op(op, exception::raw_raise, [0; 3]),
            Genop::BuildStacktrace => out.op(op, exception::build_stacktrace, [0; 3]),

            Genop::Send => out.op(op, receive::send, [0; 3]),
            Genop::RemoveMessage => out.op(op, receive::remove_message, [0; 3]),
            Genop::Timeout => out.op(op, receive::timeout, [0; 3]),
            Genop::LoopRec => {
                out.op(op, receive::loop_rec, [0; 3]);
                out.target(label(&args[0]));
                out.packed(self.value(&args[1])?);
            }
            Genop::LoopRecEnd => {
                out.op(op, receive::loop_rec_end, [0; 3]);
                out.target(label(&args[0]));
            }
            Genop::Wait => {
                out.op(op, receive::wait, [0; 3]);
                out.target(label(&args[0]));
            }
            Genop::WaitTimeout => {
                out.op(op, receive::wait_timeout, [0; 3]);
                out.target(label(&args[0]));
                out.packed(self.value(&args[1])?);
            }
            Genop::RecvMarkerReserve => {
                out.op(op, receive::recv_marker_reserve, [0; 3]);
                out.packed(self.value(&args[0])?);
            }
            Genop::RecvMarkerBind => {
                out.op(op, receive::recv_marker_bind, [0; 3]);
                out.packed(self.value(&args[0])?);
                out.packed(self.value(&args[1])?);
            }
            Genop::RecvMarkerClear => {
                out.op(op, receive::recv_marker_clear, [0; 3]);
                out.packed(self.value(&args[0])?);
            }
            Genop::RecvMarkerUse => {
                out.op(op, receive::recv_marker_use, [0; 3]);
                out.packed(self.value(&args[0])?);
            }
            Genop::RecvMark | Genop::RecvSet => {}

            Genop::MakeFun3 => {
                let entry = self.funs[unsigned(&args[0]) as usize];
                let variables = list(&args[2]);
                out.op(op, fun::make_fun, [variables.len() as u16, 0, 0]);
                out.word(address_of(entry));
                out.packed(self.value(&args[1])?);
                for variable in variables {
                    out.packed(self.value(variable)?);
                }
            }

            Genop::PutMapAssoc | Genop::PutMapExact => {
                let pairs = list(&args[4]);
                let exact = u16::from(op == Genop::PutMapExact);
                out.op(op, map::put_map, [(pairs.len() / 2) as u16, exact, 0]);
                out.target(label(&args[0]));
                out.packed(self.value(&args[1])?);
                out.packed(self.value(&args[2])?);
                for operand in pairs {
                    out.packed(self.value(operand)?);
                }
            }
            Genop::HasMapFields | Genop::GetMapElements => {
                let operands = list(&args[2]);
                let (handler, count) = if op == Genop::HasMapFields {
                    (map::has_map_fields as Handler, operands.len())
                } else {
                    (map::get_map_elements as Handler, operands.len() / 2)
                };
                out.op(op, handler, [count as u16, 0, 0]);
                out.target(label(&args[0]));
                out.packed(self.value(&args[1])?);
                for operand in operands {
                    out.packed(self.value(operand)?);
                }
            }
            _ => return super::transform_bits::instruction(self, out, instr).map(|()| 0),
        }
        Ok(0)
    }

    fn type_test<T: test::Test>(&self, out: &mut Emitter, op: Genop, args: &[Operand]) -> Result<()> {
        let s = self.value(&args[1])?;
        let handler = match s.kind {
            Kind::X => test::type_test::<X, T> as Handler,
            Kind::Y => test::type_test::<Y, T>,
            Kind::K => test::type_test::<crate::interp::operand::K, T>,
        };
        out.op(op, handler, [s.index, 0, 0]);
        out.target(label(&args[0]));
        out.constant(s);
        Ok(())
    }

    fn comparison<T: test::Comparison>(&self, out: &mut Emitter, op: Genop, args: &[Operand]) -> Result<()> {
        let (a, b) = (self.value(&args[1])?, self.value(&args[2])?);
        out.op(op, pick!(test::compare_test: src a, src b, ty T), [a.index, b.index, 0]);
        out.target(label(&args[0]));
        out.constant(a);
        out.constant(b);
        Ok(())
    }

    fn select_val(&self, out: &mut Emitter, args: &[Operand]) -> Result<()> {
        let op = Genop::SelectVal;
        let s = self.in_register(out, &args[0])?;
        let mut pairs = list(&args[2])
            .chunks_exact(2)
            .map(|pair| Ok((self.value(&pair[0])?.term, label(&pair[1]))))
            .collect::<Result<Vec<_>>>()?;
        let count = pairs.len() as u16;
        if !pairs.iter().all(|(term, _)| is_one_word(*term)) {
            out.op(op, pick!(select::select_term: reg s), [s.index, count, 0]);
        } else {
            pairs.sort_by_key(|(term, _)| term.word());
            let dense = pairs.iter().all(|(term, _)| term.is_small())
                && pairs.len() > 3
                && pairs.windows(2).all(|pair| pair[1].0.word() == pair[0].0.word().wrapping_add(8));
            if dense {
                out.op(op, pick!(select::select_range: reg s), [s.index, count, 0]);
                out.target(label(&args[1]));
                out.word(pairs[0].0.word());
                for (_, to) in pairs {
                    out.target(to);
                }
                return Ok(());
            }
            let handler =
                if count == 2 { pick!(select::select_two: reg s) } else { pick!(select::select_word: reg s) };
            out.op(op, handler, [s.index, count, 0]);
        }
        out.target(label(&args[1]));
        for (term, _) in &pairs {
            out.word(term.word());
        }
        for (_, to) in pairs {
            out.target(to);
        }
        Ok(())
    }

    fn guard_call(
        &self,
        out: &mut Emitter,
        op: Genop,
        import: &Operand,
        fail: u32,
        sources: &[Operand],
        target: &Operand,
    ) -> Result<()> {
        let native = self.guard_function(import)?;
        let operands = sources.iter().map(|source| self.value(source)).collect::<Result<Vec<_>>>()?;
        let target = self.value(target)?;
        let handler = guard::fast(native, &operands, target).unwrap_or(native::guard_native);
        out.op(op, handler, [sources.len() as u16, u16::from(fail == 0), 0]);
        out.target(fail);
        out.word(address_of(native));
        out.packed(target);
        for operand in operands {
            out.packed(operand);
        }
        Ok(())
    }

    pub(super) fn gc_bif2(&self, out: &mut Emitter, args: &[Operand]) -> Result<()> {
        let (import, _) = self.import(&args[2])?;
        let operator = if import.module.as_str() == "erlang" { import.function.as_str() } else { "" };
        let (a, b, d) = (self.value(&args[3])?, self.value(&args[4])?, self.value(&args[5])?);
        macro_rules! operator {
            ($type:ty) => {
                pick!(arith::operate: ty $type, src a, src b, reg d)
            };
        }
        let handler = match operator {
            "+" => operator!(arith::Add),
            "-" => operator!(arith::Subtract),
            "*" => operator!(arith::Multiply),
            "/" => operator!(arith::Slash),
            "div" => operator!(arith::Divide),
            "rem" => operator!(arith::Remainder),
            "band" => operator!(arith::BitAnd),
            "bor" => operator!(arith::BitOr),
            "bxor" => operator!(arith::BitXor),
            "bsl" => operator!(arith::ShiftLeft),
            "bsr" => operator!(arith::ShiftRight),
            _ => {
                return self.guard_call(out, Genop::GcBif2, &args[2], label(&args[0]), &args[3..5], &args[5]);
            }
        };
        out.op(Genop::GcBif2, handler, [a.index, b.index, d.index]);
        out.target(label(&args[0]));
        out.constant(a);
        out.constant(b);
        Ok(())
    }

    fn raise_value(&self, out: &mut Emitter, op: Genop, args: &[Operand], tag: Atom) -> Result<()> {
        out.op(op, exception::raise_value, [0; 3]);
        out.packed(self.value(&args[0])?);
        out.word(Term::atom(tag).word());
        Ok(())
    }
}

fn init_slots(out: &mut Emitter, slots: std::ops::Range<u32>) {
    out.op(Genop::InitYregs, call::init_yregs, [slots.len() as u16, 0, 0]);
    for slot in slots {
        out.word(u64::from(slot));
    }
}

/// Is a term equal to this one only if it is the same word?
fn is_one_word(term: Term) -> bool {
    term.is_immediate() && !term.is_float()
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

/// Words of a heap reservation. A float takes two at most, a fun three beside its variables.
pub(super) fn need(operand: &Operand) -> u64 {
    match operand {
        Operand::Alloc { words, floats, funs } => {
            u64::from(*words) + u64::from(*floats) * 2 + u64::from(*funs) * 3
        }
        other => u64::from(unsigned(other)),
    }
}

fn float_register(operand: &Operand) -> u16 {
    match operand.untyped() {
        Operand::Fr(register) => *register,
        _ => 0,
    }
}
