//! Maps: building, updating, matching.

use super::call::{collect_and_repeat, lacks_room, leave};
use super::context::Context;
use super::operand::Packed;
use super::{dispatch, field, handlers, resume, tail, target};
use crate::atom;
use crate::heap::Build as _;
use crate::heap::copy_words;
use crate::heap::map as heap_map;
use crate::proc::exception::Exception;
use crate::term::{Header, Kind, Term, map};
use smallvec::SmallVec;
use std::sync::atomic::{AtomicU16, Ordering};

/// From so many values on a call that copies them is worth its price.
const MANY: usize = 14;

/// How many keys of an instruction have a hint.
const HINTS: usize = 4;

/// A small map by its words, for handlers that would save machine registers for slices and their bounds.
#[derive(Clone, Copy)]
struct Words {
    /// The map: its header, the tuple of keys, the values.
    map: *const u64,
    /// The tuple of keys.
    keys: *const u64,
}

impl Words {
    /// The words of a term, if it is a small map.
    #[inline(always)]
    fn of(term: Term) -> Option<Self> {
        if !term.is_kind(Kind::FlatMap) {
            return None;
        }
        let map = term.boxed_pointer().cast_const();
        // SAFETY: behind its header a small map has the tuple of its keys.
        let keys = Term(unsafe { *map.add(1) });
        Some(Self { map, keys: keys.boxed_pointer() })
    }

    /// How many keys it has.
    #[inline(always)]
    fn size(self) -> usize {
        // SAFETY: it begins with a header.
        unsafe { Header(*self.map).size() - 1 }
    }

    /// Where `key` stands, from 1, among the keys; its value is one further in the map. 0: not near where the instruction's
    /// hint, in the word at `hints`, says that it stood the last time: it mostly stands there again, or one further where
    /// another key came or went.
    ///
    /// # Safety
    /// As for handlers; the instruction has the word.
    #[inline(always)]
    unsafe fn place_near(self, key: u64, hints: *const u64, index: usize) -> usize {
        // SAFETY: by the contract. No place that is read is behind the last key; before the first one stands the header,
        // which is no key.
        unsafe {
            let size = Header(*self.keys).size();
            let hint = &*hints.cast::<AtomicU16>().add(index.min(HINTS - 1));
            let last = hint.load(Ordering::Relaxed) as usize;
            if last < size {
                if *self.keys.add(last + 1) == key {
                    return last + 1;
                }
                if last + 1 < size && *self.keys.add(last + 2) == key {
                    return last + 2;
                }
            }
            if last <= size && *self.keys.add(last) == key { last } else { 0 }
        }
    }
}

/// Where `key` stands among the keys of a small map, near its hint or not; the hint is set.
///
/// # Safety
/// As for [`Words::place_near`].
#[inline(always)]
unsafe fn find(source: Term, keys: &[Term], key: Term, hints: *const u64, index: usize) -> Option<usize> {
    // SAFETY: by the contract.
    let near = Words::of(source).map_or(0, |words| unsafe { words.place_near(key.0, hints, index) });
    if near > 0 {
        return Some(near - 1);
    }
    let found = map::find(keys, key)?;
    // SAFETY: as above; only whole hints are read and written, whichever the order.
    unsafe { (*hints.cast::<AtomicU16>().add(index.min(HINTS - 1))).store(found as u16, Ordering::Relaxed) };
    Some(found)
}

/// A number of keys that has handlers of its own.
pub(crate) trait Count {
    /// The number.
    const COUNT: usize;
}

macro_rules! counts {
    ($($name:ident $count:literal)*) => {$(
        pub(crate) struct $name;

        impl Count for $name {
            const COUNT: usize = $count;
        }
    )*};
}

counts! { One 1 Two 2 Three 3 Four 4 }

handlers! {
    /// `put_map_assoc`, `put_map_exact`: a = number of pairs, b = 1 for exact, c = live X registers,
    /// `[fail] [packed map] [packed target] [hints] ([packed key] [packed value])...`.
    fn put_map(ip, c, sp, hp, reds) {
        // Keys that a small map has: a copy with other values.
        let Some(flat) = Packed(*ip.add(3)).get(c, sp).as_flat_map() else {
            tail!(put_map_slow, ip, c, sp, hp, reds);
        };
        if lacks_room(c, sp, hp, flat.values.len() + 2) {
            return put_map_collect(ip, c, sp, hp, reds);
        }
        tail!(put_map_in_room, ip, c, sp, hp, reds);
    }

    /// `put_map` of a small map, where there is room for another one of its size.
    fn put_map_in_room(ip, c, sp, hp, reds) {
        let source = Packed(*ip.add(3)).get(c, sp);
        let Some(flat) = source.as_flat_map() else {
            tail!(put_map_slow, ip, c, sp, hp, reds);
        };
        let size = flat.values.len();
        *hp = Header::new(Kind::FlatMap, size + 1).0;
        *hp.add(1) = flat.key_tuple.0;
        copy_words(flat.values.as_ptr().cast(), hp.add(2), size);
        let (mut index, mut changed) = (0, false);
        while index < field!(ip, 1) {
            let key = Packed(*ip.add(6 + index * 2)).get(c, sp);
            let Some(at) = find(source, flat.keys, key, ip.add(5), index) else {
                tail!(put_map_slow, ip, c, sp, hp, reds);
            };
            let value = Packed(*ip.add(7 + index * 2)).get(c, sp).0;
            changed |= *hp.add(2 + at) != value;
            *hp.add(2 + at) = value;
            index += 1;
        }
        if !changed {
            Packed(*ip.add(4)).set(c, sp, Packed(*ip.add(3)).get(c, sp));
            dispatch!(ip.add(6 + index * 2), c, sp, hp, reds)
        }
        Packed(*ip.add(4)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(6 + index * 2), c, sp, hp.add(size + 2), reds)
    }

    /// `put_map` of `N` keys that are constants of one word.
    fn put_fields<N: Count>(ip, c, sp, hp, reds) {
        let Some(words) = Words::of(Packed(*ip.add(3)).get(c, sp)) else {
            tail!(put_map_slow, ip, c, sp, hp, reds);
        };
        let size = words.size();
        if size > MANY {
            tail!(put_map, ip, c, sp, hp, reds);
        }
        if lacks_room(c, sp, hp, size + 2) {
            return put_map_collect(ip, c, sp, hp, reds);
        }
        let mut copied = 0;
        while copied < size + 2 {
            // Volatile, or the compiler would make the loop a call.
            hp.add(copied).write_volatile(*words.map.add(copied));
            copied += 1;
        }
        let (mut index, mut changed) = (0, 0);
        while index < N::COUNT {
            let place = words.place_near(*ip.add(6 + index * 2), ip.add(5), index);
            if place == 0 {
                tail!(put_map_in_room, ip, c, sp, hp, reds);
            }
            let value = Packed(*ip.add(7 + index * 2)).get(c, sp).0;
            changed |= *hp.add(1 + place) ^ value;
            *hp.add(1 + place) = value;
            index += 1;
        }
        if changed == 0 {
            Packed(*ip.add(4)).set(c, sp, Packed(*ip.add(3)).get(c, sp));
            dispatch!(ip.add(6 + N::COUNT * 2), c, sp, hp, reds)
        }
        Packed(*ip.add(4)).set(c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(6 + N::COUNT * 2), c, sp, hp.add(words.size() + 2), reds)
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
                let key = Packed(*ip.add(6 + index * 2)).get(c, sp);
                if exact && map::get(source, key).is_none() {
                    let reason = heap.tuple(&[Term::atom(atom::BADKEY), key]);
                    result = Err(Exception::error(reason));
                    break;
                }
                pairs.push((key, Packed(*ip.add(7 + index * 2)).get(c, sp)));
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
                resume!(ip.add(6 + count * 2), c, sp, heap.top, reds)
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

    /// `get_map_elements`: a = count, `[fail] [packed map] [hints] ([packed key] [packed target])...`.
    /// No target is the map.
    fn get_map_elements(ip, c, sp, hp, reds) {
        let source = Packed(*ip.add(3)).get(c, sp);
        let Some(flat) = source.as_flat_map() else {
            tail!(get_large_map_elements, ip, c, sp, hp, reds);
        };
        let mut index = 0;
        while index < field!(ip, 1) {
            let key = Packed(*ip.add(5 + index * 2)).get(c, sp);
            let Some(at) = find(source, flat.keys, key, ip.add(4), index) else {
                dispatch!(target!(ip, 2), c, sp, hp, reds)
            };
            Packed(*ip.add(6 + index * 2)).set(c, sp, flat.values[at]);
            index += 1;
        }
        dispatch!(ip.add(5 + index * 2), c, sp, hp, reds)
    }

    /// `get_map_elements` of `N` keys that are constants of one word.
    fn get_fields<N: Count>(ip, c, sp, hp, reds) {
        let Some(words) = Words::of(Packed(*ip.add(3)).get(c, sp)) else {
            tail!(get_large_map_elements, ip, c, sp, hp, reds);
        };
        let mut index = 0;
        while index < N::COUNT {
            let place = words.place_near(*ip.add(5 + index * 2), ip.add(4), index);
            if place == 0 {
                tail!(get_map_elements, ip, c, sp, hp, reds);
            }
            Packed(*ip.add(6 + index * 2)).set(c, sp, Term(*words.map.add(1 + place)));
            index += 1;
        }
        dispatch!(ip.add(5 + N::COUNT * 2), c, sp, hp, reds)
    }

    /// `get_map_elements` of a large map.
    fn get_large_map_elements(ip, c, sp, hp, reds) {
        let count = field!(ip, 1);
        let source = Packed(*ip.add(3)).get(c, sp);
        for index in 0..count {
            match map::get(source, Packed(*ip.add(5 + index * 2)).get(c, sp)) {
                Some(value) => Packed(*ip.add(6 + index * 2)).set(c, sp, value),
                None => resume!(target!(ip, 2), c, sp, hp, reds),
            }
        }
        resume!(ip.add(5 + count * 2), c, sp, hp, reds)
    }
}

collect_and_repeat! {
    put_map_collect(ip, c, sp): live field!(ip, 3), need room_for_update(ip, c, sp);
}

/// The words that an update of a small map's values takes.
///
/// # Safety
/// As for handlers, at a `put_map`.
unsafe fn room_for_update(ip: *const u64, c: *mut Context, sp: *mut u64) -> usize {
    // SAFETY: by the contract.
    let source = unsafe { Packed(*ip.add(3)).get(c, sp) };
    source.as_flat_map().map_or(0, |flat| flat.values.len() + 2)
}
