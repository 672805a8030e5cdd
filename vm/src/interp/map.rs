//! Maps: building, updating, matching.

use super::bits::has_room;
use super::call::leave;
use super::operand::Packed;
use super::{dispatch, field, handlers, resume, target};
use crate::atom;
use crate::heap::Build as _;
use crate::heap::map as heap_map;
use crate::proc::exception::Exception;
use crate::term::{Header, Kind, Term, map};
use smallvec::SmallVec;

handlers! {
    /// `put_map_assoc`, `put_map_exact`: a = number of pairs, b = 1 for exact,
    /// `[fail] [packed map] [packed target] ([packed key] [packed value])...`.
    fn put_map(ip, c, sp, hp, reds) {
        // One key of a small map that has it: a copy with another value.
        if field!(ip, 1) == 1
            && let Some(flat) = Packed(*ip.add(3)).get(c, sp).as_flat_map()
            && has_room(sp, hp, flat.values.len() + 2)
            && let Some(at) = map::find(flat.keys, Packed(*ip.add(5)).get(c, sp))
        {
            let value = Packed(*ip.add(6)).get(c, sp);
            if flat.values[at] == value {
                Packed(*ip.add(4)).set(c, sp, Packed(*ip.add(3)).get(c, sp));
                dispatch!(ip.add(7), c, sp, hp, reds)
            }
            let count = flat.values.len();
            *hp = Header::new(Kind::FlatMap, count + 1).0;
            *hp.add(1) = flat.key_tuple.0;
            std::ptr::copy_nonoverlapping(flat.values.as_ptr().cast(), hp.add(2), count);
            *hp.add(2 + at) = value.0;
            Packed(*ip.add(4)).set(c, sp, Term::boxed_at(hp));
            dispatch!(ip.add(7), c, sp, hp.add(count + 2), reds)
        }
        return put_map_slow(ip, c, sp, hp, reds);
    }

    /// Every other `put_map`.
    fn put_map_slow(ip, c, sp, hp, reds) {
        let (count, exact) = (field!(ip, 1), field!(ip, 2) == 1);
        let source = Packed(*ip.add(3)).get(c, sp);
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        let mut result = Ok(source);
        if !source.is_map() {
            let reason = heap.tuple(&[Term::atom(atom::BADMAP), source]);
            result = Err(Exception::error(reason));
        } else {
            let mut pairs: SmallVec<[(Term, Term); 8]> = SmallVec::new();
            for index in 0..count {
                let key = Packed(*ip.add(5 + index * 2)).get(c, sp);
                if exact && map::get(source, key).is_none() {
                    let reason = heap.tuple(&[Term::atom(atom::BADKEY), key]);
                    result = Err(Exception::error(reason));
                    break;
                }
                pairs.push((key, Packed(*ip.add(6 + index * 2)).get(c, sp)));
            }
            if result.is_ok() {
                result = Ok(heap_map::put_all(heap, source, &pairs));
            }
        }
        match result {
            Ok(map) => {
                Packed(*ip.add(4)).set(c, sp, map);
                let reds = if heap.wants_collection() {
                    super::call::steal_reductions(&mut *c, reds)
                } else {
                    reds
                };
                resume!(ip.add(5 + count * 2), c, sp, heap.top, reds)
            }
            Err(exception) => {
                let fail = target!(ip, 2);
                if !fail.is_null() {
                    resume!(fail, c, sp, heap.top, reds)
                }
                super::exception::raise_exception(ip, c, sp, heap.top, reds, exception)
            }
        }
    }

    /// `has_map_fields`: a = count, `[fail] [packed map] [packed key]...`.
    fn has_map_fields(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let source = Packed(*ip.add(3)).get(c, sp);
        for index in 0..count {
            if map::get(source, Packed(*ip.add(4 + index)).get(c, sp)).is_none() {
                resume!(target!(ip, 2), c, sp, hp, reds)
            }
        }
        resume!(ip.add(4 + count), c, sp, hp, reds)
    }

    /// `get_map_elements`: a = count, `[fail] [packed map] ([packed key] [packed target])...`.
    fn get_map_elements(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let source = Packed(*ip.add(3)).get(c, sp);
        for index in 0..count {
            match map::get(source, Packed(*ip.add(4 + index * 2)).get(c, sp)) {
                Some(value) => Packed(*ip.add(5 + index * 2)).set(c, sp, value),
                None => resume!(target!(ip, 2), c, sp, hp, reds),
            }
        }
        resume!(ip.add(4 + count * 2), c, sp, hp, reds)
    }
}
