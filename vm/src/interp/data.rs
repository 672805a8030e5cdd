//! Moves, and building and taking apart lists and tuples.

use super::call::frame_size;
use super::operand::{Frame, Packed, Register, Source, Target};
use super::{dispatch, field, handlers};
use crate::heap::copy_words;
use crate::term::{Header, Kind, Term};

handlers! {
    /// `move`: a = source, b = target, `[constant]`.
    fn move_<S: Source, D: Target>(ip, c, sp, hp, reds) {
        let value = S::read(field!(ip, 1), ip.add(2), c, sp);
        D::write(field!(ip, 2), c, sp, value);
        dispatch!(ip.add(2 + S::WORDS), c, sp, hp, reds, value)
    }

    /// Two moves between registers, one after the other: a, b, then `[second target:16 | second source:16]`.
    fn move_two<S: Source, D: Target, S2: Source, D2: Target>(ip, c, sp, hp, reds) {
        let value = S::read(field!(ip, 1), ip, c, sp);
        D::write(field!(ip, 2), c, sp, value);
        let more = *ip.add(2);
        let value = S2::read((more & 0xffff) as usize, ip, c, sp);
        D2::write(((more >> 16) & 0xffff) as usize, c, sp, value);
        dispatch!(ip.add(3), c, sp, hp, reds, value)
    }

    /// `swap`: a, b.
    fn swap<A: Register, B: Register>(ip, c, sp, hp, reds) {
        let (a, b) = (A::read(field!(ip, 1), ip, c, sp), B::read(field!(ip, 2), ip, c, sp));
        A::write(field!(ip, 1), c, sp, b);
        B::write(field!(ip, 2), c, sp, a);
        dispatch!(ip.add(2), c, sp, hp, reds, a)
    }

    /// `put_list`: a = head, b = tail, c = target, constants.
    fn put_list<H: Source, T: Source, D: Target>(ip, c, sp, hp, reds) {
        *hp = H::read(field!(ip, 1), ip.add(2), c, sp).0;
        *hp.add(1) = T::read(field!(ip, 2), ip.add(2 + H::WORDS), c, sp).0;
        D::write(field!(ip, 3), c, sp, Term::cons_at(hp));
        dispatch!(ip.add(2 + H::WORDS + T::WORDS), c, sp, hp.add(2), reds)
    }

    /// `put_tuple2` of two elements: a, b = elements, c = target, constants.
    fn put_pair<A: Source, B: Source, D: Target>(ip, c, sp, hp, reds) {
        *hp = Header::new(Kind::Tuple, 2).0;
        *hp.add(1) = A::read(field!(ip, 1), ip.add(2), c, sp).0;
        *hp.add(2) = B::read(field!(ip, 2), ip.add(2 + A::WORDS), c, sp).0;
        D::write(field!(ip, 3), c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(2 + A::WORDS + B::WORDS), c, sp, hp.add(3), reds)
    }

    /// `put_tuple2` of three elements: a, b = the first two, c = target, `[third]`, constants.
    fn put_triple<A: Source, B: Source, E: Source, D: Target>(ip, c, sp, hp, reds) {
        *hp = Header::new(Kind::Tuple, 3).0;
        *hp.add(1) = A::read(field!(ip, 1), ip.add(3), c, sp).0;
        *hp.add(2) = B::read(field!(ip, 2), ip.add(3 + A::WORDS), c, sp).0;
        *hp.add(3) = E::read(*ip.add(2) as usize, ip.add(3 + A::WORDS + B::WORDS), c, sp).0;
        D::write(field!(ip, 3), c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(3 + A::WORDS + B::WORDS + E::WORDS), c, sp, hp.add(4), reds)
    }

    /// `put_tuple2` of some elements: a = size (fixed in the handler for small ones, as a frame's), b = target,
    /// `[packed]`...
    fn put_tuple<N: Frame, D: Target>(ip, c, sp, hp, reds) {
        let size = frame_size!(N, ip);
        *hp = Header::new(Kind::Tuple, size).0;
        let mut index = 0;
        while index < size {
            *hp.add(1 + index) = Packed(*ip.add(2 + index)).get(c, sp).0;
            index += 1;
        }
        D::write(field!(ip, 2), c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(2 + size), c, sp, hp.add(1 + size), reds)
    }

    /// `get_list`: a = source, b = head, c = tail.
    fn get_list<S: Source, H: Target, T: Target>(ip, c, sp, hp, reds, accumulator) {
        let cell = S::take(accumulator, field!(ip, 1), ip, c, sp).cons_pointer();
        let (head, tail) = (Term(*cell), Term(*cell.add(1)));
        H::write(field!(ip, 2), c, sp, head);
        T::write(field!(ip, 3), c, sp, tail);
        dispatch!(ip.add(2), c, sp, hp, reds, head)
    }

    /// `get_hd`: a = source, b = target.
    fn get_hd<S: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let cell = S::take(accumulator, field!(ip, 1), ip, c, sp).cons_pointer();
        let head = Term(*cell);
        D::write(field!(ip, 2), c, sp, head);
        dispatch!(ip.add(2), c, sp, hp, reds, head)
    }

    /// `get_tl`: a = source, b = target.
    fn get_tl<S: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let cell = S::take(accumulator, field!(ip, 1), ip, c, sp).cons_pointer();
        let tail = Term(*cell.add(1));
        D::write(field!(ip, 2), c, sp, tail);
        dispatch!(ip.add(2), c, sp, hp, reds, tail)
    }

    /// `get_tuple_element`: a = source, b = position from 1, c = target.
    fn get_tuple_element<S: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let tuple = S::take(accumulator, field!(ip, 1), ip, c, sp).boxed_pointer();
        let element = Term(*tuple.add(field!(ip, 2)));
        D::write(field!(ip, 3), c, sp, element);
        dispatch!(ip.add(2), c, sp, hp, reds, element)
    }

    /// `set_tuple_element`: a = position from 1, `[packed value] [packed tuple]`. The tuple was made just before.
    fn set_tuple_element(ip, c, sp, hp, reds) {
        let value = Packed(*ip.add(2)).get(c, sp);
        let tuple = Packed(*ip.add(3)).get(c, sp).boxed_pointer();
        *tuple.add(field!(ip, 1)) = value.0;
        dispatch!(ip.add(4), c, sp, hp, reds)
    }

    /// `update_record`: a = size, b = number of updates, `[packed source] [packed target] ([position] [packed value])...`.
    fn update_record(ip, c, sp, hp, reds) {
        let (size, count) = (field!(ip, 1), field!(ip, 2));
        let source = Packed(*ip.add(2)).get(c, sp).boxed_pointer();
        copy_words(source, hp, size + 1);
        let mut index = 0;
        while index < count {
            let position = *ip.add(4 + index * 2) as usize;
            *hp.add(position) = Packed(*ip.add(5 + index * 2)).get(c, sp).0;
            index += 1;
        }
        Packed(*ip.add(3)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(4 + count * 2), c, sp, hp.add(size + 1), reds)
    }
}
