//! Which instructions are translated together with the operator before them: see `interp::fused_operator`.

use super::super::emit::{Emitter, Kind, Value, pick};
use super::arith::may_be_small;
use super::fuse::after;
use super::{Result, Translation, label, short};
use crate::interp::operand::{FAny, X, Y};
use crate::interp::{Handler, arith, data, fused, fused_operator};
use swerl_beam::{Genop, Instr, Operand};

/// Declares the operators that are joined, and picks the handler of two.
macro_rules! joined {
    ($($name:literal => $operator:ident),*) => {
        /// An operator that is joined with another.
        #[derive(Clone, Copy)]
        enum Joined {
            $($operator),*
        }

        impl Joined {
            fn named(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$operator),)*
                    _ => None,
                }
            }
        }

        /// An operator with a call behind it.
        fn with_call<D: fused::Argument>(o: Joined, op: Genop, a: Value, b: Value) -> Handler {
            match (o, op) {
                $((Joined::$operator, Genop::Call) => {
                    pick!(fused_operator::operate_call: ty arith::$operator, accreg a, acc b, ty D)
                })*
                $((Joined::$operator, _) => {
                    pick!(fused_operator::operate_call_only: ty arith::$operator, accreg a, acc b, ty D)
                })*
            }
        }

        fn with_last_call(o: Joined, a: Value, b: Value) -> Handler {
            match o {
                $(Joined::$operator => {
                    pick!(fused_operator::operate_call_last: ty arith::$operator, accreg a, acc b, ty FAny)
                })*
            }
        }

        fn twice(first: Joined, second: Joined, a: Value, b: Value, other: Value, is_left: bool) -> Handler {
            match first {
                $(Joined::$operator => then::<arith::$operator>(second, a, b, other, is_left),)*
            }
        }

        fn then<O: arith::Operator>(second: Joined, a: Value, b: Value, other: Value, is_left: bool) -> Handler {
            match second {
                $(Joined::$operator if is_left => {
                    pick!(fused_operator::operate_twice: ty O, ty arith::$operator, accx a, konst b, acckonst other, ty fused_operator::Left)
                })*
                $(Joined::$operator => {
                    pick!(fused_operator::operate_twice: ty O, ty arith::$operator, accx a, konst b, acckonst other, ty fused_operator::Right)
                })*
            }
        }
    };
}

joined! {
    "+" => Add, "-" => Subtract, "*" => Multiply,
    "band" => BitAnd, "bor" => BitOr, "bxor" => BitXor, "bsl" => ShiftLeft, "bsr" => ShiftRight
}

/// The handler of one of the operators that most often make a function's value, with the return.
fn with_return(o: Joined, a: Value, b: Value, size: u16) -> Option<Handler> {
    Some(match o {
        Joined::Add => pick!(fused_operator::operate_return: ty arith::Add, acc a, acc b, frame size),
        Joined::Subtract => {
            pick!(fused_operator::operate_return: ty arith::Subtract, acc a, acc b, frame size)
        }
        Joined::Multiply => {
            pick!(fused_operator::operate_return: ty arith::Multiply, acc a, acc b, frame size)
        }
        _ => return None,
    })
}

impl Translation<'_> {
    /// Translates an operator and what goes on with its result, if that is one of the groups; answers how many
    /// instructions follow the first.
    pub(super) fn operator_and_more(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        if self.takes_floats(index) {
            return Ok(None);
        }
        if let Some(taken) = self.two_operators(out, index)? {
            return Ok(Some(taken));
        }
        let first = &self.module.code[index];
        let Some(operator) = self.operator(first)? else { return Ok(None) };
        let operand = |at: usize| self.value(&first.args[at]);
        let (a, b, d) = (operand(3)?, operand(4)?, operand(5)?);
        if d.kind != Kind::X || (a.kind, b.kind) == (Kind::K, Kind::K) {
            return Ok(None);
        }
        let (line, rest) = after(&self.module.code, index + 1);
        let taken = usize::from(line.is_some());
        let (held_a, held_b) = (out.held(a), out.held(b));
        match rest {
            [next @ Instr { op: Genop::Call | Genop::CallOnly, .. }, ..] if a.kind != Kind::K => {
                let handler = if d.index == 0 {
                    with_call::<fused::First>(operator, next.op, held_a, held_b)
                } else {
                    with_call::<fused::Other>(operator, next.op, held_a, held_b)
                };
                out.op(next.op, handler, [a.index, b.index, d.index]);
                out.target(label(&next.args[1]));
                out.constant(b);
            }
            [next @ Instr { op: Genop::CallLast, .. }, ..] if a.kind != Kind::K && d.index == 0 => {
                let handler = with_last_call(operator, held_a, held_b);
                out.op(next.op, handler, [short(&next.args[2]), a.index, b.index]);
                out.target(label(&next.args[1]));
                out.constant(b);
            }
            [next @ Instr { op: Genop::Deallocate | Genop::Return, .. }, ..]
                if d.index == 0 && line.is_none() =>
            {
                let size = match rest {
                    [Instr { op: Genop::Return, .. }, ..] => 0,
                    [_, Instr { op: Genop::Return, .. }, ..] => short(&next.args[0]),
                    _ => return Ok(None),
                };
                let Some(handler) = with_return(operator, held_a, held_b, size) else { return Ok(None) };
                out.op(Genop::Return, handler, [size, a.index, b.index]);
                out.constant(a);
                out.constant(b);
            }
            [Instr { op: Genop::Move, args: kept }, Instr { op: Genop::Move, args: passed }, ..]
                if line.is_none() =>
            {
                return self.operator_between_calls(out, index, [kept, passed]);
            }
            _ => return Ok(None),
        }
        // The instructions themselves.
        self.gc_bif2(out, index)?;
        if let Some(line) = line {
            self.line(out, line);
        }
        Ok(Some(1 + taken + self.instruction(out, index + 1 + taken)?))
    }

    /// The group of `operate_swap_call`.
    fn operator_between_calls(
        &self,
        out: &mut Emitter,
        index: usize,
        [kept, passed]: [&Vec<Operand>; 2],
    ) -> Result<Option<usize>> {
        let code = &self.module.code;
        let first = &code[index];
        let (line, rest) = after(code, index + 3);
        let [call @ Instr { op: Genop::Call, .. }, ..] = rest else { return Ok(None) };
        let value = |operand: &Operand| self.value(operand);
        let (a, b, d) = (value(&first.args[3])?, value(&first.args[4])?, value(&first.args[5])?);
        let ((from, to), (result, argument)) =
            ((value(&kept[0])?, value(&kept[1])?), (value(&passed[0])?, value(&passed[1])?));
        let is_first = |value: Value| value.is_same_register(Value::FIRST);
        let fits = a.kind == Kind::Y
            && b.kind == Kind::K
            && !is_first(d)
            && is_first(from)
            && to.kind == Kind::Y
            && result.is_same_register(d)
            && is_first(argument);
        let handler: Handler = match self.operator(first)? {
            Some(Joined::Add) if fits => fused_operator::operate_swap_call::<arith::Add>,
            Some(Joined::Subtract) if fits => fused_operator::operate_swap_call::<arith::Subtract>,
            _ => return Ok(None),
        };
        out.op(Genop::Call, handler, [a.index, d.index, to.index]);
        out.target(label(&call.args[1]));
        out.constant(b);
        self.gc_bif2(out, index)?;
        out.op(Genop::Move, pick!(data::move_: ty X, ty Y), [0, to.index, 0]);
        out.op(Genop::Move, pick!(data::move_: ty X, ty X), [d.index, 0, 0]);
        if let Some(line) = line {
            self.line(out, line);
        }
        let taken = 2 + usize::from(line.is_some());
        Ok(Some(1 + taken + self.instruction(out, index + 1 + taken)?))
    }

    /// Two operators of which the second takes the first's result. Behind the group stand both instructions
    /// themselves: it goes there when its operands are not small integers.
    fn two_operators(&self, out: &mut Emitter, index: usize) -> Result<Option<usize>> {
        let code = &self.module.code;
        let (first, (line, rest)) = (&code[index], after(code, index + 1));
        let Some(second) = rest.first() else { return Ok(None) };
        if second.op != Genop::GcBif2 {
            return Ok(None);
        }
        let operands = |instr: &Instr| -> Result<[Value; 3]> {
            Ok([self.value(&instr.args[3])?, self.value(&instr.args[4])?, self.value(&instr.args[5])?])
        };
        let ([a, b, d], [a2, b2, d2]) = (operands(first)?, operands(second)?);
        let is_left = a2.is_same_register(d);
        let other = if is_left { b2 } else { a2 };
        let fits = a.kind == Kind::X
            && d.kind == Kind::X
            && d2.kind == Kind::X
            && b.kind != Kind::Y
            && other.kind != Kind::Y
            && !other.is_same_register(d)
            && (is_left || b2.is_same_register(d));
        let (Some(o), Some(p)) = (self.operator(first)?, self.operator(second)?) else { return Ok(None) };
        if !fits {
            return Ok(None);
        }
        let handler = twice(o, p, out.held(a), b, out.held(other), is_left);
        out.op(Genop::GcBif2, handler, [a.index, b.index, d.index]);
        out.word(u64::from(other.index) | (u64::from(d2.index) << 16));
        out.constant(b);
        out.constant(other);
        self.gc_bif2(out, index)?;
        if let Some(line) = line {
            self.line(out, line);
        }
        self.gc_bif2(out, index + 1 + usize::from(line.is_some()))?;
        Ok(Some(1 + usize::from(line.is_some())))
    }

    /// Which of the operators that are joined an instruction applies. Constants are small integers.
    fn operator(&self, instr: &Instr) -> Result<Option<Joined>> {
        let (import, _) = self.import(&instr.args[2])?;
        let fits = may_be_small(self.value(&instr.args[3])?) && may_be_small(self.value(&instr.args[4])?);
        if import.module.as_str() != "erlang" || !fits {
            return Ok(None);
        }
        Ok(Joined::named(import.function.as_str()))
    }
}
