//! Moves, and terms that are built and taken apart.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::super::validate;
use super::{LoadError, Result, Translation, address_of, label, list, short, unsigned};
use crate::interp::{Handler, call, data, fun, map, test};
use crate::term::Term;
use swerl_beam::{Genop, Instr, Operand};

/// The handler for so many keys and other operands in turn, if all keys are constants of one word.
macro_rules! by_count {
    ($few:path, $operands:expr, $any:path) => {{
        use $few as few;
        match $operands.len() / 2 {
            _ if !has_plain_keys($operands) => $any as Handler,
            1 => few::<map::One>,
            2 => few::<map::Two>,
            3 => few::<map::Three>,
            4 => few::<map::Four>,
            _ => $any,
        }
    }};
}

/// Are the keys, which every second operand is, constants that are equal only to themselves?
fn has_plain_keys(operands: &[Value]) -> bool {
    let is_plain = |key: &Value| key.kind == Kind::K && key.term.is_immediate() && !key.term.is_float();
    operands.iter().step_by(2).all(is_plain)
}

/// Copies a value.
pub(super) fn move_to(t: &Translation<'_>, out: &mut Emitter, from: &Operand, to: &Operand) -> Result<()> {
    let (s, d) = (t.value(from)?, t.value(to)?);
    out.op(Genop::Move, pick!(data::move_: src s, reg d), [s.index, d.index, 0]);
    out.constant(s);
    out.holds(d);
    Ok(())
}

/// Translates an instruction of this family; answers how many that follow it were taken in, and `None` for others.
#[allow(clippy::too_many_lines, reason = "one arm an opcode")]
pub(super) fn instruction(t: &Translation<'_>, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
    let instr = &t.module.code[index];
    let (op, args) = (instr.op, instr.args.as_slice());
    match op {
        Genop::Move => {
            let (s, d) = (t.value(&args[0])?, t.value(&args[1])?);
            if let Some(Instr { op: Genop::Move, args: next }) = t.module.code.get(index + 1) {
                let (s2, d2) = (t.value(&next[0])?, t.value(&next[1])?);
                if s.kind != Kind::K && s2.kind != Kind::K {
                    let handler = pick!(data::move_two: reg s, reg d, reg s2, reg d2);
                    out.op(op, handler, [s.index, d.index, 0]);
                    out.word(u64::from(s2.index) | (u64::from(d2.index) << 16));
                    out.holds(d2);
                    return Ok(Some(1));
                }
            }
            move_to(t, out, &args[0], &args[1])?;
        }
        Genop::Swap => {
            let (a, b) = (t.value(&args[0])?, t.value(&args[1])?);
            out.op(op, pick!(data::swap: reg a, reg b), [a.index, b.index, 0]);
            out.holds(b);
        }
        Genop::PutList => {
            let (h, t, d) = (t.value(&args[0])?, t.value(&args[1])?, t.value(&args[2])?);
            out.op(op, pick!(data::put_list: src h, src t, reg d), [h.index, t.index, d.index]);
            out.constant(h);
            out.constant(t);
        }
        Genop::PutTuple2 => {
            let d = t.value(&args[0])?;
            let elements =
                list(&args[1]).iter().map(|element| t.value(element)).collect::<Result<Vec<_>>>()?;
            match *elements {
                [a, b] => {
                    out.op(op, pick!(data::put_pair: src a, src b, reg d), [a.index, b.index, d.index]);
                    out.constant(a);
                    out.constant(b);
                }
                [a, b, e] => {
                    let handler = pick!(data::put_triple: src a, src b, src e, reg d);
                    out.op(op, handler, [a.index, b.index, d.index]);
                    out.word(u64::from(e.index));
                    out.constant(a);
                    out.constant(b);
                    out.constant(e);
                }
                [] => {
                    out.op(op, pick!(data::move_: ty crate::interp::operand::K, reg d), [0, d.index, 0]);
                    out.word(Term::empty_tuple().word());
                }
                _ => {
                    let handler = pick!(data::put_tuple: frame elements.len(), reg d);
                    out.op(op, handler, [elements.len() as u16, d.index, 0]);
                    for &element in &elements {
                        out.packed(element);
                    }
                }
            }
        }
        Genop::GetList => {
            t.prove::<test::IsNonemptyList>(out, index, &args[0])?;
            let (s, h, t) = (out.held(t.value(&args[0])?), t.value(&args[1])?, t.value(&args[2])?);
            out.op(op, pick!(data::get_list: accreg s, reg h, reg t), [s.index, h.index, t.index]);
            out.holds_unless(h, t);
        }
        Genop::GetHd | Genop::GetTl => {
            t.prove::<test::IsNonemptyList>(out, index, &args[0])?;
            let (s, d) = (out.held(t.value(&args[0])?), t.value(&args[1])?);
            let handler = if op == Genop::GetHd {
                pick!(data::get_hd: accreg s, reg d)
            } else {
                pick!(data::get_tl: accreg s, reg d)
            };
            out.op(op, handler, [s.index, d.index, 0]);
            out.holds(d);
        }
        Genop::GetTupleElement => {
            let highest = validate::highest_element(&t.module.code[index..]);
            t.prove_tuple(out, index, &args[0], highest as usize + 1)?;
            let (s, d) = (out.held(t.value(&args[0])?), t.value(&args[2])?);
            let position = short(&args[1]) + 1;
            out.op(op, pick!(data::get_tuple_element: accreg s, reg d), [s.index, position, d.index]);
            out.holds(d);
        }
        Genop::SetTupleElement => {
            t.prove_tuple(out, index, &args[1], unsigned(&args[2]) as usize + 1)?;
            out.op(op, data::set_tuple_element, [short(&args[2]) + 1, 0, 0]);
            out.packed(t.value(&args[0])?);
            out.packed(t.value(&args[1])?);
        }
        Genop::UpdateRecord => {
            t.prove_tuple(out, index, &args[2], unsigned(&args[1]) as usize)?;
            let updates = list(&args[4]);
            out.op(op, data::update_record, [short(&args[1]), (updates.len() / 2) as u16, 0]);
            out.packed(t.value(&args[2])?);
            out.packed(t.value(&args[3])?);
            for pair in updates.chunks_exact(2) {
                out.word(u64::from(unsigned(&pair[0])));
                out.packed(t.value(&pair[1])?);
            }
        }

        Genop::MakeFun2 => {
            // It makes room itself, and the environment is in the first X registers.
            let number = unsigned(&args[0]) as usize;
            let count = u16::try_from(t.module.lambdas[number].num_free);
            let count = count.map_err(|_| LoadError::Unsupported("environment of so many values"))?;
            out.op(Genop::TestHeap, call::test_heap, [0, count, 0]);
            out.word(u64::from(count) + 3);
            out.op(op, fun::make_fun, [count, 0, 0]);
            out.word(address_of(t.funs[number]));
            out.packed(t.value(&Operand::X(0))?);
            for register in 0..count {
                out.packed(t.value(&Operand::X(register))?);
            }
        }
        Genop::MakeFun3 => {
            let entry = t.funs[unsigned(&args[0]) as usize];
            let variables = list(&args[2]);
            out.op(op, fun::make_fun, [variables.len() as u16, 0, 0]);
            out.word(address_of(entry));
            out.packed(t.value(&args[1])?);
            for variable in variables {
                out.packed(t.value(variable)?);
            }
        }

        Genop::PutMapAssoc | Genop::PutMapExact => {
            let pairs = list(&args[4]);
            let exact = u16::from(op == Genop::PutMapExact);
            let operands = pairs.iter().map(|operand| t.value(operand)).collect::<Result<Vec<_>>>()?;
            let handler = by_count!(map::put_fields, &operands, map::put_map);
            let live = t.live(out, &args[3], pairs.iter().chain([&args[1]]))?;
            out.op(op, handler, [(pairs.len() / 2) as u16, exact, live]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.packed(t.value(&args[2])?);
            out.word(0);
            for operand in operands {
                out.packed(operand);
            }
        }
        Genop::HasMapFields => {
            let keys = list(&args[2]);
            out.op(op, map::has_map_fields, [keys.len() as u16, 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            for key in keys {
                out.packed(t.value(key)?);
            }
        }
        Genop::GetMapElements => {
            let operands =
                list(&args[2]).iter().map(|operand| t.value(operand)).collect::<Result<Vec<_>>>()?;
            let handler = by_count!(map::get_fields, &operands, map::get_map_elements);
            out.op(op, handler, [(operands.len() / 2) as u16, 0, 0]);
            out.target(label(&args[0]));
            out.packed(t.value(&args[1])?);
            out.word(0);
            for operand in operands {
                out.packed(operand);
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(0))
}

impl Translation<'_> {
    /// Checks the operand of an instruction that takes it apart, where validation could not prove its type.
    pub(super) fn prove<T: test::Test>(
        &self,
        out: &mut Emitter,
        index: usize,
        operand: &Operand,
    ) -> Result<()> {
        if self.validated.facts(index).is_some_and(|facts| facts.is_proved) {
            return Ok(());
        }
        self.type_test::<T>(out, Genop::IsTuple, &[Operand::Label(self.broken()), operand.clone()])
    }

    /// As [`Self::prove`], for a tuple of at least `size` elements.
    pub(super) fn prove_tuple(
        &self,
        out: &mut Emitter,
        index: usize,
        operand: &Operand,
        size: usize,
    ) -> Result<()> {
        if self.validated.facts(index).is_some_and(|facts| facts.is_proved) {
            return Ok(());
        }
        out.op(Genop::TestArity, test::has_elements, [0; 3]);
        out.target(self.broken());
        out.packed(self.value(operand)?);
        out.word(size as u64);
        Ok(())
    }
}
