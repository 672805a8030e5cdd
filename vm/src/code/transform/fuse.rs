//! Which instructions are translated together: see `interp::fused`.
//!
//! Only neighbours without a label between them are; a line entry may stand between, its place is then that of
//! the whole.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::super::validate;
use super::calls::need;
use super::{Result, Translation, label, short};
use crate::interp::{Handler, data, fused};
use swerl_beam::{Genop, Instr, Operand};

/// The words that an allocation asks for and the live registers, in one word.
fn room(words: u64, live: u16) -> u64 {
    words | (u64::from(live) << 32)
}

/// The instructions from `index` on, a line entry before them apart.
pub(super) fn after(code: &[Instr], index: usize) -> (Option<&Operand>, &[Instr]) {
    match &code[index..] {
        [Instr { op: Genop::Line, args }, rest @ ..] => (Some(&args[0]), rest),
        rest => (None, rest),
    }
}

/// The handler of a move and a call.
fn moved_call<D: fused::Argument>(op: Genop, s: Value, size: u16) -> Handler {
    match op {
        Genop::Call => pick!(fused::move_call: acc s, ty D),
        Genop::CallOnly => pick!(fused::move_call_only: acc s, ty D),
        _ => pick!(fused::move_call_last: acc s, ty D, frame size),
    }
}

impl Translation<'_> {
    /// Translates the group of instructions that begins here, if there is one; answers how many follow the first.
    pub(super) fn fused(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let code = &self.module.code;
        let first = &code[index];
        let rest = &code[index + 1..];
        match first.op {
            Genop::IsNonemptyList => self.take_cell(out, first, rest),
            Genop::Allocate if !self.validated.needs_zeroed_frames => self.allocate_keep(out, first, rest),
            Genop::IsTuple => self.tuple_by_header(out, first, index + 1),
            Genop::TestHeap => match self.make_cell(out, first, rest)? {
                None => self.store_floats(out, index),
                taken => Ok(taken),
            },
            Genop::GetTupleElement => self.two_elements(out, index),
            Genop::Move => self.move_and_go(out, index),
            Genop::GcBif2 => self.operator_and_more(out, index),
            _ => Ok(None),
        }
    }

    /// `is_tuple` is left out before a test of the arity, which finds out both.
    fn tuple_by_header(&self, out: &mut Emitter, test: &Instr, next: usize) -> Result<Option<usize>> {
        let Some(then) = self.module.code.get(next) else { return Ok(None) };
        let (source, fail) = match then.op {
            Genop::TestArity => (&then.args[1], &then.args[0]),
            Genop::SelectTupleArity => (&then.args[0], &then.args[1]),
            _ => return Ok(None),
        };
        if label(fail) != label(&test.args[0])
            || !self.value(source)?.is_same_register(self.value(&test.args[1])?)
        {
            return Ok(None);
        }
        Ok(Some(1 + self.instruction(out, next)?))
    }

    fn take_cell(&self, out: &mut Emitter, test: &Instr, rest: &[Instr]) -> Result<Option<usize>> {
        let s = self.value(&test.args[1])?;
        match rest {
            [Instr { op: Genop::GetList, args }, ..] if self.value(&args[0])?.is_same_register(s) => {
                let (h, t) = (self.value(&args[1])?, self.value(&args[2])?);
                let s = out.held(s);
                let handler = pick!(fused::take_cell: accreg s, reg h, reg t);
                out.op(Genop::GetList, handler, [s.index, h.index, t.index]);
                out.target(label(&test.args[0]));
                out.holds_unless(h, t);
                Ok(Some(1))
            }
            [Instr { op: Genop::Allocate, args: frame }, rest @ ..]
                if s.kind == Kind::X && !self.validated.needs_zeroed_frames =>
            {
                // A move between them can as well come last, if neither writes what the other reads or writes.
                let (kept, rest) = match rest {
                    [Instr { op: Genop::Move, args }, rest @ ..] => (Some(args), rest),
                    _ => (None, rest),
                };
                let [Instr { op: Genop::GetList, args }, ..] = rest else { return Ok(None) };
                if !self.value(&args[0])?.is_same_register(s) {
                    return Ok(None);
                }
                let (h, t) = (self.value(&args[1])?, self.value(&args[2])?);
                let values =
                    |args: &Vec<_>| -> Result<_> { Ok((self.value(&args[0])?, self.value(&args[1])?)) };
                let kept = kept.map(values).transpose()?;
                let is_apart = |(from, to): (Value, Value)| {
                    let apart = |d: Value| !d.is_same_register(from) && !d.is_same_register(to);
                    apart(h) && apart(t) && to.kind == Kind::Y && from.kind != Kind::K
                };
                if !kept.is_none_or(is_apart) {
                    return Ok(None);
                }
                let (source, size) = (if s.index == 0 { out.held(s) } else { s }, short(&frame[0]));
                let handler = pick!(fused::take_cell_in_frame: accx source, frame size, reg h, reg t);
                out.op(Genop::GetList, handler, [size, short(&frame[1]), s.index]);
                out.target(label(&test.args[0]));
                out.word(u64::from(h.index) | (u64::from(t.index) << 16));
                if let Some((from, to)) = kept {
                    out.op(Genop::Move, pick!(data::move_: src from, reg to), [from.index, to.index, 0]);
                }
                Ok(Some(2 + usize::from(kept.is_some())))
            }
            _ => Ok(None),
        }
    }

    /// `allocate` and the first moves of X registers into the frame.
    fn allocate_keep(&self, out: &mut Emitter, allocate: &Instr, rest: &[Instr]) -> Result<Option<usize>> {
        let kept = |at: usize| -> Result<Option<(Value, Value)>> {
            let Some(Instr { op: Genop::Move, args }) = rest.get(at) else { return Ok(None) };
            let (from, to) = (self.value(&args[0])?, self.value(&args[1])?);
            Ok((from.kind == Kind::X && to.kind == Kind::Y).then_some((from, to)))
        };
        let Some((from, to)) = kept(0)? else { return Ok(None) };
        let size = short(&allocate.args[0]);
        let fields = [size, short(&allocate.args[1]), from.index];
        if let Some((second, slot)) = kept(1)? {
            out.op(Genop::Allocate, pick!(fused::allocate_keep_two: frame size), fields);
            out.word(u64::from(to.index) | (u64::from(second.index) << 16) | (u64::from(slot.index) << 32));
            out.holds(second);
            return Ok(Some(2));
        }
        out.op(Genop::Allocate, pick!(fused::allocate_keep: frame size), fields);
        out.word(u64::from(to.index));
        out.holds(from);
        Ok(Some(1))
    }

    fn make_cell(&self, out: &mut Emitter, test: &Instr, rest: &[Instr]) -> Result<Option<usize>> {
        let [Instr { op: Genop::PutList, args }, rest @ ..] = rest else { return Ok(None) };
        let (h, t, d) = (self.value(&args[0])?, self.value(&args[1])?, self.value(&args[2])?);
        let room = room(need(&test.args[0]), short(&test.args[1]));
        if let [Instr { op: Genop::Deallocate, args: frame }, Instr { op: Genop::Return, .. }, ..] = rest
            && (d.kind, d.index) == (Kind::X, 0)
            && h.kind != Kind::K
            && t.kind != Kind::K
        {
            let size = short(&frame[0]);
            let handler = pick!(fused::return_cell: frame size, reg h, reg t);
            out.op(Genop::PutList, handler, [size, h.index, t.index]);
            out.word(room);
            return Ok(Some(3));
        }
        out.op(Genop::PutList, pick!(fused::make_cell: src h, src t, reg d), [h.index, t.index, d.index]);
        out.word(room);
        out.constant(h);
        out.constant(t);
        Ok(Some(1))
    }

    fn two_elements(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let (first, second) = match &self.module.code[index..] {
            [first, second, ..] if second.op == Genop::GetTupleElement => (&first.args, &second.args),
            _ => return Ok(None),
        };
        let is_proved = |at: usize| self.validated.facts(at).is_some_and(|facts| facts.is_proved);
        let (s, d, d2) = (self.value(&first[0])?, self.value(&first[2])?, self.value(&second[2])?);
        let same = self.value(&second[0])?.is_same_register(s) && !d.is_same_register(s);
        if !same || !is_proved(index + 1) {
            return Ok(None);
        }
        let highest = validate::highest_element(&self.module.code[index..]);
        self.prove_tuple(out, index, &first[0], highest as usize + 1)?;
        let s = out.held(s);
        let handler = pick!(fused::get_two_elements: accreg s, reg d, reg d2);
        out.op(Genop::GetTupleElement, handler, [s.index, short(&first[1]) + 1, d.index]);
        out.word(u64::from(short(&second[1]) + 1) | (u64::from(d2.index) << 16));
        out.holds_unless(d, d2);
        Ok(Some(1))
    }

    fn move_and_go(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let code = &self.module.code;
        let first = &code[index];
        let (s, d) = (self.value(&first.args[0])?, self.value(&first.args[1])?);
        if d.kind != Kind::X {
            return Ok(None);
        }
        let (line, rest) = after(code, index + 1);
        let [next, rest @ ..] = rest else { return Ok(None) };
        let mut taken = 1 + usize::from(line.is_some());
        match next.op {
            Genop::Call | Genop::CallOnly | Genop::CallLast => {
                if let Some(line) = line {
                    self.line(out, line);
                }
                let s = out.held(s);
                let size = if next.op == Genop::CallLast { short(&next.args[2]) } else { 0 };
                let handler = if d.index == 0 {
                    moved_call::<fused::First>(next.op, s, size)
                } else {
                    moved_call::<fused::Other>(next.op, s, size)
                };
                match next.op {
                    Genop::CallLast => out.op(next.op, handler, [size, s.index, d.index]),
                    _ => out.op(next.op, handler, [s.index, d.index, 0]),
                }
                out.target(label(&next.args[1]));
                out.constant(s);
                if next.op == Genop::Call {
                    out.record(self.frame(index + taken));
                }
            }
            Genop::Deallocate if d.index == 0 && line.is_none() => {
                let [Instr { op: Genop::Return, .. }, ..] = rest else { return Ok(None) };
                taken += 1;
                let size = short(&next.args[0]);
                out.op(Genop::Return, pick!(fused::move_return: src s, frame size), [size, s.index, 0]);
                out.constant(s);
            }
            Genop::Return if d.index == 0 && line.is_none() => {
                out.op(Genop::Return, pick!(fused::move_return: src s, frame 0), [0, s.index, 0]);
                out.constant(s);
            }
            _ => return Ok(None),
        }
        Ok(Some(taken))
    }
}
