//! Floats in registers, and which of their instructions are translated together.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::calls::need;
use super::{LoadError, Result, Translation, short};
use crate::interp::operand::{K, X, Y};
use crate::interp::{Handler, call, float};
use swerl_beam::{Genop, Instr, Operand};

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    match instr.op {
        Genop::Fmove | Genop::Fconv => {
            if let Some(taken) = t.load_and_operate(out, index)? {
                return Ok(Some(taken));
            }
            if let Some(taken) = t.store_floats(out, index)? {
                return Ok(Some(taken));
            }
        }
        Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv | Genop::Fnegate => {}
        _ => return Ok(None),
    }
    t.float_instruction(out, instr)?;
    Ok(Some(0))
}

/// A load of a float register: the term's place, and the register.
type Load = (Value, u16);

/// The operand of an operation whose loads are part of it.
#[derive(Clone, Copy)]
enum Loaded {
    Register(u16),
    Term(Load),
}

impl Loaded {
    fn new(register: u16, loads: &[Load]) -> Self {
        loads
            .iter()
            .find(|load| load.1 == register)
            .map_or(Self::Register(register), |&load| Self::Term(load))
    }

    /// The field that names it.
    fn index(self) -> u16 {
        match self {
            Self::Register(register) => register,
            Self::Term((value, _)) => value.index,
        }
    }

    /// The float register that it is loaded to, 0 if it is in one.
    fn register(self) -> u16 {
        match self {
            Self::Register(_) => 0,
            Self::Term((_, register)) => register,
        }
    }

    fn constant(self, out: &mut Emitter) {
        if let Self::Term((value, _)) = self {
            out.constant(value);
        }
    }
}

/// How many words the plain instruction for a load takes.
fn load_words(load: &Load) -> u64 {
    2 + u64::from(load.0.kind == Kind::K)
}

const OPERATION_WORDS: u64 = 2;
const STORE_WORDS: u64 = 2;
/// Words of an instruction for one or two floats of one word, and of a reservation of heap.
const FAST_STORE_WORDS: u64 = 3;
const RESERVATION_WORDS: u64 = 3;

fn operate_loaded<O: float::FloatOperator>(a: Loaded, b: Loaded) -> Handler {
    fn second<O: float::FloatOperator, A: float::Loaded>(b: Loaded) -> Handler {
        match b {
            Loaded::Register(_) => float::float_load_operate::<O, A, float::InRegister>,
            Loaded::Term((value, _)) => match value.kind {
                Kind::X | Kind::A => float::float_load_operate::<O, A, float::InTerm<X>>,
                Kind::Y => float::float_load_operate::<O, A, float::InTerm<Y>>,
                Kind::K => float::float_load_operate::<O, A, float::InTerm<K>>,
            },
        }
    }
    match a {
        Loaded::Register(_) => second::<O, float::InRegister>(b),
        Loaded::Term((value, _)) => match value.kind {
            Kind::X | Kind::A => second::<O, float::InTerm<X>>(b),
            Kind::Y => second::<O, float::InTerm<Y>>(b),
            Kind::K => second::<O, float::InTerm<K>>(b),
        },
    }
}

impl Translation<'_> {
    fn float_instruction(&self, out: &mut Emitter, instr: &Instr) -> Result<()> {
        let (op, args) = (instr.op, instr.args.as_slice());
        match op {
            Genop::Fmove => match (args[0].untyped(), args[1].untyped()) {
                (source, Operand::Fr(register)) => {
                    let s = self.value(source)?;
                    out.op(op, pick!(float::float_load: src s), [s.index, *register, 0]);
                    out.constant(s);
                }
                (Operand::Fr(register), target) => {
                    let d = self.value(target)?;
                    out.op(op, pick!(float::float_store: reg d), [*register, d.index, 0]);
                }
                _ => return Err(LoadError::Unsupported("fmove")),
            },
            Genop::Fconv => {
                let s = self.value(&args[0])?;
                out.op(op, pick!(float::float_convert: src s), [s.index, register(&args[1]), 0]);
                out.constant(s);
            }
            Genop::Fnegate => {
                out.op(op, float::float_negate, [register(&args[1]), register(&args[2]), 0]);
            }
            _ => {
                let handler = match op {
                    Genop::Fadd => float::float_operate::<float::FAdd> as Handler,
                    Genop::Fsub => float::float_operate::<float::FSubtract>,
                    Genop::Fmul => float::float_operate::<float::FMultiply>,
                    _ => float::float_operate::<float::FDivide>,
                };
                out.op(op, handler, [register(&args[1]), register(&args[2]), register(&args[3])]);
            }
        }
        Ok(())
    }

    /// The load that an instruction is, if it is one.
    fn load(&self, instr: &Instr) -> Result<Option<Load>> {
        match (instr.op, instr.args.as_slice()) {
            (Genop::Fmove, [source, target]) if !matches!(source.untyped(), Operand::Fr(_)) => {
                Ok(Some((self.value(source)?, register(target))))
            }
            (Genop::Fconv, [source, target]) => Ok(Some((self.value(source)?, register(target)))),
            _ => Ok(None),
        }
    }

    /// One or two loads and an operation on what was loaded. Behind the group stand its instructions themselves: it
    /// goes there when an operand is no float of one word.
    fn load_and_operate(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let code = &self.module.code;
        let mut loads = Vec::with_capacity(2);
        let mut at = index;
        let (mut lines, mut operation) = (Vec::new(), None);
        while let Some(instr) = code.get(at) {
            at += 1;
            match instr.op {
                Genop::Line => lines.push(instr),
                Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv => {
                    operation = Some(instr);
                    break;
                }
                _ => match self.load(instr)? {
                    Some(load) if loads.len() < 2 => loads.push(load),
                    _ => break,
                },
            }
        }
        let Some(operation) = operation else { return Ok(None) };
        let (a, b, d) =
            (register(&operation.args[1]), register(&operation.args[2]), register(&operation.args[3]));
        let is_used = |load: &Load| load.1 == a || load.1 == b;
        if !loads.iter().all(is_used) || (loads.len() == 2 && loads[0].1 == loads[1].1) {
            return Ok(None);
        }
        let first = Loaded::new(a, &loads);
        // What both operands are is loaded once.
        let second = if a == b { Loaded::Register(b) } else { Loaded::new(b, &loads) };
        let handler = match operation.op {
            Genop::Fadd => operate_loaded::<float::FAdd>(first, second),
            Genop::Fsub => operate_loaded::<float::FSubtract>(first, second),
            Genop::Fmul => operate_loaded::<float::FMultiply>(first, second),
            _ => operate_loaded::<float::FDivide>(first, second),
        };
        let constants = loads.iter().filter(|load| load.0.kind == Kind::K).count() as u64;
        let skip = 3 + constants + loads.iter().map(load_words).sum::<u64>() + OPERATION_WORDS;
        out.op(operation.op, handler, [first.index(), second.index(), d]);
        out.word(u64::from(first.register()) | (u64::from(second.register()) << 16) | (skip << 32));
        first.constant(out);
        second.constant(out);
        for instr in &code[index..at] {
            match instr.op {
                Genop::Line => self.line(out, &instr.args[0]),
                _ => self.float_instruction(out, instr)?,
            }
        }
        Ok(Some(at - index - 1))
    }

    /// Stores of float registers, and the reservation of heap for these alone. Floats of one word need no heap: behind
    /// the instructions for them stand those of the module, for all others.
    pub(super) fn store_floats(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let code = &self.module.code[index..];
        let reserved = match code.first() {
            Some(Instr { op: Genop::TestHeap, args }) => match &args[0] {
                Operand::Alloc { words: 0, floats, funs: 0 } => Some(*floats as usize),
                _ => return Ok(None),
            },
            _ => None,
        };
        let first = usize::from(reserved.is_some());
        let mut stores = Vec::new();
        for instr in code[first..].iter().take(reserved.unwrap_or(2)) {
            match self.store(instr)? {
                Some(store) => stores.push(store),
                None => break,
            }
        }
        if reserved.map_or(stores.len() < 2, |floats| stores.len() != floats || floats == 0) {
            return Ok(None);
        }
        let reservation = if reserved.is_some() { RESERVATION_WORDS } else { 0 };
        let plain = reservation + STORE_WORDS * stores.len() as u64;
        // Words from an instruction for one or two floats to the module's own.
        let mut ahead = FAST_STORE_WORDS * stores.len().div_ceil(2) as u64;
        for some in stores.chunks(2) {
            let to_next = if ahead == FAST_STORE_WORDS { ahead + plain } else { FAST_STORE_WORDS };
            let ways = (to_next << 16) | (ahead << 32);
            match *some {
                [(d, r), (d2, r2)] => {
                    out.op(Genop::Fmove, pick!(float::float_store_two: reg d, reg d2), [r, d.index, r2]);
                    out.word(u64::from(d2.index) | ways);
                }
                [(d, r)] => {
                    out.op(Genop::Fmove, pick!(float::float_store_one: reg d), [r, d.index, 0]);
                    out.word(ways);
                }
                _ => {}
            }
            ahead -= FAST_STORE_WORDS;
        }
        if let Some(test) = code.first().filter(|_| reserved.is_some()) {
            out.op(Genop::TestHeap, call::test_heap, [0, short(&test.args[1]), 0]);
            out.word(need(&test.args[0]));
        }
        for instr in &code[first..first + stores.len()] {
            self.float_instruction(out, instr)?;
        }
        Ok(Some(first + stores.len() - 1))
    }

    /// The store of a float register that an instruction is, if it is one: the term's place, and the register.
    fn store(&self, instr: &Instr) -> Result<Option<Load>> {
        match (instr.op, instr.args.as_slice()) {
            (Genop::Fmove, [source, target]) if matches!(source.untyped(), Operand::Fr(_)) => {
                Ok(Some((self.value(target)?, register(source))))
            }
            _ => Ok(None),
        }
    }
}

fn register(operand: &Operand) -> u16 {
    match operand.untyped() {
        Operand::Fr(register) => *register,
        _ => 0,
    }
}
