//! An operator on small integers together with what goes on with its result: another operator, a call, a return.
//!
//! Behind such a group stand its instructions themselves: the group goes there when its operands are not small integers,
//! or the result is not, so that it has nothing to do for floats, large integers and failures.

use super::arith::Operator;
use super::call::{enter, frame_size, push_frame, return_to};
use super::fused::{Argument, First, half};
use super::operand::{Frame, K, Source, Target, X, Y, are_small};
use super::{callee, dispatch, field, handlers};
use crate::term::Term;

/// On which side of the second operator the first's result stands.
pub(crate) trait Side {
    /// Applies the operator.
    fn operate<O: Operator>(result: Term, other: Term) -> Option<Term>;
}

/// On the left.
pub(crate) struct Left;
/// On the right.
pub(crate) struct Right;

impl Side for Left {
    #[inline(always)]
    fn operate<O: Operator>(result: Term, other: Term) -> Option<Term> {
        O::small(result, other)
    }
}

impl Side for Right {
    #[inline(always)]
    fn operate<O: Operator>(result: Term, other: Term) -> Option<Term> {
        O::small(other, result)
    }
}

/// The value of the operator, if operands and value are small integers.
#[inline(always)]
fn small<O: Operator, A: Source, B: Source>(a: Term, b: Term) -> Option<Term> {
    if are_small::<A, B>(a, b) { O::small(a, b) } else { None }
}

/// Words of `operate` with these operands.
const fn operator<A: Source, B: Source>() -> usize {
    3 + A::WORDS + B::WORDS
}

/// Words of `call` with its record, and of `move` between registers.
const CALL: usize = 4;
const MOVE: usize = 2;

/// Words of the group without the instructions themselves, for [`operate_swap_call`].
const SWAP_CALL: usize = 4;

/// Words from the beginning of an operator with its call to where the called function returns.
pub(crate) const fn behind_call<A: Source, B: Source>() -> usize {
    3 + B::WORDS + operator::<A, B>() + CALL
}

/// The same for [`operate_swap_call`].
pub(crate) const BEHIND_SWAP_CALL: usize = SWAP_CALL + operator::<Y, K>() + 2 * MOVE + CALL;

handlers! {
    /// Two operators on small integers, the second on the first's result: a, b = the first's sources, c = its
    /// target, `[other source of the second:16 | its target:16] [constant] [constant]`.
    /// Behind it stand the two instructions themselves, for every other case.
    fn operate_twice<O: Operator, P: Operator, A: Source, B: Source, E: Source, W: Side>(ip, c, sp, hp, reds, accumulator) {
        let (a, b) = (A::take(accumulator, field!(ip, 1), ip, c, sp), B::read(field!(ip, 2), ip.add(3), c, sp));
        if let Some(first) = small::<O, A, B>(a, b) {
            let other = E::take(accumulator, half!(ip.add(2), 0), ip.add(3 + B::WORDS), c, sp);
            if are_small::<E, K>(other, Term::small(0)) && let Some(second) = W::operate::<P>(first, other) {
                X::write(field!(ip, 3), c, sp, first);
                X::write(half!(ip.add(2), 1), c, sp, second);
                // The two instructions have the same constants again.
                dispatch!(ip.add(9 + 2 * (B::WORDS + E::WORDS)), c, sp, hp, reds, second)
            }
        }
        dispatch!(ip.add(3 + B::WORDS + E::WORDS), c, sp, hp, reds)
    }

    /// An operator and `call`: a, b = sources, c = target X register, `[target] [constant]`.
    fn operate_call<O: Operator, A: Source, B: Source, D: Argument>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 1), ip, c, sp);
        let b = B::take(accumulator, field!(ip, 2), ip.add(3), c, sp);
        if let Some(value) = small::<O, A, B>(a, b) {
            let first = D::pass(field!(ip, 3), c, sp, value);
            push_frame!(sp, ip.add(behind_call::<A, B>()));
            enter!(callee!(ip, 2), c, sp, hp, reds, first)
        }
        dispatch!(ip.add(3 + B::WORDS), c, sp, hp, reds)
    }

    /// An operator and `call_only`: a, b = sources, c = target X register, `[target] [constant]`.
    fn operate_call_only<O: Operator, A: Source, B: Source, D: Argument>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 1), ip, c, sp);
        let b = B::take(accumulator, field!(ip, 2), ip.add(3), c, sp);
        if let Some(value) = small::<O, A, B>(a, b) {
            let first = D::pass(field!(ip, 3), c, sp, value);
            enter!(callee!(ip, 2), c, sp, hp, reds, first)
        }
        dispatch!(ip.add(3 + B::WORDS), c, sp, hp, reds)
    }

    /// An operator into X0 and `call_last`: a = frame size, b, c = sources, `[target] [constant]`.
    fn operate_call_last<O: Operator, A: Source, B: Source, F: Frame>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 2), ip, c, sp);
        let b = B::take(accumulator, field!(ip, 3), ip.add(3), c, sp);
        if let Some(value) = small::<O, A, B>(a, b) {
            let first = First::pass(0, c, sp, value);
            sp = sp.add(frame_size!(F, ip));
            enter!(callee!(ip, 2), c, sp, hp, reds, first)
        }
        dispatch!(ip.add(3 + B::WORDS), c, sp, hp, reds)
    }

    /// An operator into X0, `deallocate` and `return`: a = frame size, b, c = sources, constants.
    fn operate_return<O: Operator, A: Source, B: Source, F: Frame>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 2), ip.add(2), c, sp);
        let b = B::take(accumulator, field!(ip, 3), ip.add(2 + A::WORDS), c, sp);
        if let Some(value) = small::<O, A, B>(a, b) {
            X::write(0, c, sp, value);
            sp = sp.add(frame_size!(F, ip));
            return_to!(c, sp, hp, reds, value)
        }
        dispatch!(ip.add(2 + A::WORDS + B::WORDS), c, sp, hp, reds)
    }

    /// An operator on a slot and a constant, a move of X0 into the frame, a move of the operator's result to X0, and
    /// `call`: what stands between the two calls of `f(N - 1) + f(N - 2)`. a = the operator's slot, b = its target X
    /// register, c = the slot that X0 goes to, `[target] [constant]`.
    fn operate_swap_call<O: Operator>(ip, c, sp, hp, reds, accumulator) {
        let a = Y::take(accumulator, field!(ip, 1), ip, c, sp);
        let b = Term(*ip.add(3));
        if let Some(value) = small::<O, Y, K>(a, b) {
            Y::write(field!(ip, 3), c, sp, (*c).x[0]);
            X::write(field!(ip, 2), c, sp, value);
            X::write(0, c, sp, value);
            push_frame!(sp, ip.add(BEHIND_SWAP_CALL));
            enter!(callee!(ip, 2), c, sp, hp, reds, value)
        }
        dispatch!(ip.add(SWAP_CALL), c, sp, hp, reds)
    }
}
