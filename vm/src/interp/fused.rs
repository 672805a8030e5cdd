//! Instructions that often stand together, each group in one handler: a dispatch less for each that joins.
//! `code::transform::fuse` finds the groups. Those that begin with an operator are in `fused_operator`.

use super::call::{collect_and_repeat, enter, frame_size, lacks_room, push_frame, return_to};
use super::operand::{Frame, Source, Target, X, Y};
use super::{Context, callee, dispatch, field, handlers, target};
use crate::term::Term;

/// Where the last move before a call puts its value.
pub(crate) trait Argument {
    /// Puts it there; answers what is in X0 then.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn pass(register: usize, c: *mut Context, sp: *mut u64, value: Term) -> Term;
}

/// In X0.
pub(crate) struct First;
/// In another X register.
pub(crate) struct Other;

impl Argument for First {
    #[inline(always)]
    unsafe fn pass(_register: usize, c: *mut Context, sp: *mut u64, value: Term) -> Term {
        // SAFETY: by the contract.
        unsafe { X::write(0, c, sp, value) };
        value
    }
}

impl Argument for Other {
    #[inline(always)]
    unsafe fn pass(register: usize, c: *mut Context, sp: *mut u64, value: Term) -> Term {
        // SAFETY: by the contract.
        unsafe {
            X::write(register, c, sp, value);
            (*c).x[0]
        }
    }
}

/// One of the 16-bit fields of the word at `$word`.
macro_rules! half {
    ($word:expr, $n:literal) => {
        *$word.cast::<u16>().add($n) as usize
    };
}

pub(super) use half;

handlers! {
    /// `is_nonempty_list` and `get_list` of the same term: a = source, b = head, c = tail, `[fail]`.
    fn take_cell<S: Source, H: Target, T: Target>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip, c, sp);
        if !value.is_cons() {
            dispatch!(target!(ip, 2), c, sp, hp, reds)
        }
        let cell = value.cons_pointer();
        let (head, tail) = (Term(*cell), Term(*cell.add(1)));
        H::write(field!(ip, 2), c, sp, head);
        T::write(field!(ip, 3), c, sp, tail);
        dispatch!(ip.add(3), c, sp, hp, reds, head)
    }

    /// The same with `allocate` between them: a = frame size, b = live X registers, c = source X register,
    /// `[fail] [head:16 | tail:16]`. Of the accumulator only X0 is taken: that is there again after a collection.
    fn take_cell_in_frame<S: Source, F: Frame, H: Target, T: Target>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 3), ip, c, sp);
        if !value.is_cons() {
            dispatch!(target!(ip, 2), c, sp, hp, reds)
        }
        let size = frame_size!(F, ip);
        if lacks_room(c, sp, hp, size) {
            return frame_slow(ip, c, sp, hp, reds);
        }
        sp = sp.sub(size);
        let cell = value.cons_pointer();
        let (head, tail) = (Term(*cell), Term(*cell.add(1)));
        H::write(half!(ip.add(3), 0), c, sp, head);
        T::write(half!(ip.add(3), 1), c, sp, tail);
        dispatch!(ip.add(4), c, sp, hp, reds)
    }

    /// `allocate` and a move of an X register into the frame: a = frame size, b = live X registers, c = source,
    /// `[slot]`.
    fn allocate_keep<F: Frame>(ip, c, sp, hp, reds) {
        let size = frame_size!(F, ip);
        if lacks_room(c, sp, hp, size) {
            return frame_slow(ip, c, sp, hp, reds);
        }
        sp = sp.sub(size);
        let value = X::read(field!(ip, 3), ip, c, sp);
        Y::write(half!(ip.add(2), 0), c, sp, value);
        dispatch!(ip.add(3), c, sp, hp, reds, value)
    }

    /// The same with two moves: `[slot:16 | second source:16 | second slot:16]`.
    fn allocate_keep_two<F: Frame>(ip, c, sp, hp, reds) {
        let size = frame_size!(F, ip);
        if lacks_room(c, sp, hp, size) {
            return frame_slow(ip, c, sp, hp, reds);
        }
        sp = sp.sub(size);
        let (first, second) = (X::read(field!(ip, 3), ip, c, sp), X::read(half!(ip.add(2), 1), ip, c, sp));
        Y::write(half!(ip.add(2), 0), c, sp, first);
        Y::write(half!(ip.add(2), 2), c, sp, second);
        dispatch!(ip.add(3), c, sp, hp, reds, second)
    }

    /// `test_heap` and `put_list`: a = head, b = tail, c = target, `[words:32 | live:32]`, constants.
    fn make_cell<H: Source, T: Source, D: Target>(ip, c, sp, hp, reds) {
        if lacks_room(c, sp, hp, *ip.add(2).cast::<u32>() as usize) {
            return cell_slow(ip, c, sp, hp, reds);
        }
        *hp = H::read(field!(ip, 1), ip.add(3), c, sp).0;
        *hp.add(1) = T::read(field!(ip, 2), ip.add(3 + H::WORDS), c, sp).0;
        D::write(field!(ip, 3), c, sp, Term::cons_at(hp));
        dispatch!(ip.add(3 + H::WORDS + T::WORDS), c, sp, hp.add(2), reds)
    }

    /// The same into X0, with `deallocate` and `return`: a = frame size, b = head, c = tail,
    /// `[words:32 | live:32]`.
    fn return_cell<F: Frame, H: Source, T: Source>(ip, c, sp, hp, reds) {
        if lacks_room(c, sp, hp, *ip.add(2).cast::<u32>() as usize) {
            return cell_slow(ip, c, sp, hp, reds);
        }
        *hp = H::read(field!(ip, 2), ip, c, sp).0;
        *hp.add(1) = T::read(field!(ip, 3), ip, c, sp).0;
        let cell = Term::cons_at(hp);
        X::write(0, c, sp, cell);
        sp = sp.add(frame_size!(F, ip));
        hp = hp.add(2);
        return_to!(c, sp, hp, reds, cell)
    }

    /// Two `get_tuple_element` of one tuple: a = source, b = position from 1, c = target,
    /// `[second position:16 | second target:16]`.
    fn get_two_elements<S: Source, D: Target, D2: Target>(ip, c, sp, hp, reds, accumulator) {
        let tuple = S::take(accumulator, field!(ip, 1), ip, c, sp).boxed_pointer();
        let first = Term(*tuple.add(field!(ip, 2)));
        let second = Term(*tuple.add(half!(ip.add(2), 0)));
        D::write(field!(ip, 3), c, sp, first);
        D2::write(half!(ip.add(2), 1), c, sp, second);
        dispatch!(ip.add(3), c, sp, hp, reds, first)
    }

    /// `move` and `call`: a = source, b = target X register, `[target] [constant] [record]`.
    fn move_call<S: Source, D: Argument>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip.add(3), c, sp);
        let first = D::pass(field!(ip, 2), c, sp, value);
        push_frame!(sp, ip.add(4 + S::WORDS));
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `move` and `call_only`: a = source, b = target X register, `[target] [constant]`.
    fn move_call_only<S: Source, D: Argument>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 1), ip.add(3), c, sp);
        let first = D::pass(field!(ip, 2), c, sp, value);
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `move` and `call_last`: a = frame size, b = source, c = target X register, `[target] [constant]`.
    fn move_call_last<S: Source, D: Argument, F: Frame>(ip, c, sp, hp, reds, accumulator) {
        let value = S::take(accumulator, field!(ip, 2), ip.add(3), c, sp);
        let first = D::pass(field!(ip, 3), c, sp, value);
        sp = sp.add(frame_size!(F, ip));
        enter!(callee!(ip, 2), c, sp, hp, reds, first)
    }

    /// `move` into X0, `deallocate` and `return`: a = frame size, b = source, `[constant]`.
    fn move_return<S: Source, F: Frame>(ip, c, sp, hp, reds) {
        let value = S::read(field!(ip, 2), ip.add(2), c, sp);
        X::write(0, c, sp, value);
        sp = sp.add(frame_size!(F, ip));
        return_to!(c, sp, hp, reds, value)
    }
}

collect_and_repeat! {
    frame_slow(ip, c, sp): live field!(ip, 2), need field!(ip, 1);
    cell_slow(ip, c, sp): live *ip.add(2).cast::<u32>().add(1) as usize, need *ip.add(2).cast::<u32>() as usize;
}
