//! Making terms. One set of constructors for every kind of memory: process, message, literal area.

use super::{Fragment, Heap, STACK_MARGIN, copy_words};
use crate::term::{Header, Integer, Kind, Pid, SMALL_MAX, SMALL_MIN, SharedBinary, Term, as_words, float};
use num_bigint::{BigInt, Sign};

/// Binaries up to this many bytes live in the heap, larger ones off it.
const HEAP_BINARY_LIMIT: usize = 64;

/// Memory that terms can be made in. No method collects.
pub trait Build {
    /// Room for `words` words, which the caller fills completely before anything else is built or read.
    #[doc(hidden)]
    fn take(&mut self, words: usize) -> *mut u64;

    /// The chain of off-heap binaries, and a counter of their bytes.
    #[doc(hidden)]
    fn note_off_heap(&mut self, object: u64, bytes: usize) -> u64;

    /// `[Head | Tail]`.
    #[inline]
    fn cons(&mut self, head: Term, tail: Term) -> Term {
        let at = self.take(2);
        // SAFETY: `take` gave two words.
        unsafe {
            *at = head.0;
            *at.add(1) = tail.0;
        }
        Term::cons_at(at)
    }

    /// A boxed object of raw words.
    #[doc(hidden)]
    #[inline]
    fn boxed(&mut self, kind: Kind, words: &[u64]) -> Term {
        let at = self.take(words.len() + 1);
        // SAFETY: `take` gave the header and these words.
        unsafe {
            *at = Header::new(kind, words.len()).0;
            std::ptr::copy_nonoverlapping(words.as_ptr(), at.add(1), words.len());
        }
        Term::boxed_at(at)
    }

    /// A tuple.
    #[inline]
    fn tuple(&mut self, elements: &[Term]) -> Term {
        if elements.is_empty() { Term::empty_tuple() } else { self.boxed(Kind::Tuple, as_words(elements)) }
    }

    /// A proper list.
    fn list(&mut self, elements: &[Term]) -> Term {
        self.list_with_tail(elements, Term::NIL)
    }

    /// A list that ends in `tail`.
    fn list_with_tail(&mut self, elements: &[Term], tail: Term) -> Term {
        if elements.is_empty() {
            return tail;
        }
        let at = self.take(elements.len() * 2);
        for (index, element) in elements.iter().enumerate() {
            let cell = at.wrapping_add(index * 2);
            let rest = if index + 1 == elements.len() { tail } else { Term::cons_at(cell.wrapping_add(2)) };
            // SAFETY: `take` gave two words an element.
            unsafe {
                *cell = element.0;
                *cell.add(1) = rest.0;
            }
        }
        Term::cons_at(at)
    }

    /// The list of the characters of `text`.
    fn string(&mut self, text: &str) -> Term {
        if text.is_ascii() {
            return self.byte_list(text.as_bytes());
        }
        let characters: Vec<Term> = text.chars().map(|c| Term::small(i64::from(u32::from(c)))).collect();
        self.list(&characters)
    }

    /// The list of these bytes.
    fn byte_list(&mut self, bytes: &[u8]) -> Term {
        self.byte_list_with_tail(bytes, Term::NIL)
    }

    /// The list of these bytes, ending in `tail`.
    fn byte_list_with_tail(&mut self, bytes: &[u8], tail: Term) -> Term {
        if bytes.is_empty() {
            return tail;
        }
        let at = self.take(bytes.len() * 2);
        for (index, &byte) in bytes.iter().enumerate() {
            let cell = at.wrapping_add(index * 2);
            let rest = if index + 1 == bytes.len() { tail } else { Term::cons_at(cell.wrapping_add(2)) };
            // SAFETY: `take` gave two words a byte.
            unsafe {
                *cell = Term::small(i64::from(byte)).0;
                *cell.add(1) = rest.0;
            }
        }
        Term::cons_at(at)
    }

    /// The first `count` elements of `list` (it has so many), in one run of cells that ends in `tail`.
    fn front(&mut self, list: Term, count: usize, tail: Term) -> Term {
        if count == 0 {
            return tail;
        }
        let at = self.take(count * 2);
        let mut filled = 0;
        for element in list.iter().take(count) {
            let cell = at.wrapping_add(filled * 2);
            filled += 1;
            let rest = if filled == count { tail } else { Term::cons_at(cell.wrapping_add(2)) };
            // SAFETY: `take` gave two words an element.
            unsafe {
                *cell = element.0;
                *cell.add(1) = rest.0;
            }
        }
        assert_eq!(filled, count, "a list has as many elements as were counted");
        Term::cons_at(at)
    }

    /// The first `count` elements of `list` (it has so many) backwards, in one run of cells, and then `tail`.
    fn reversed(&mut self, list: Term, count: usize, tail: Term) -> Term {
        if count == 0 {
            return tail;
        }
        let at = self.take(count * 2);
        let mut left = count;
        for element in list.iter().take(count) {
            let rest = if left == count { tail } else { Term::cons_at(at.wrapping_add(left * 2)) };
            left -= 1;
            let cell = at.wrapping_add(left * 2);
            // SAFETY: `take` gave two words an element.
            unsafe {
                *cell = element.0;
                *cell.add(1) = rest.0;
            }
        }
        assert_eq!(left, 0, "a list has as many elements as were counted");
        Term::cons_at(at)
    }

    /// An integer.
    #[inline]
    fn integer(&mut self, value: i64) -> Term {
        if (SMALL_MIN..=SMALL_MAX).contains(&value) {
            Term::small(value)
        } else {
            self.boxed(if value < 0 { Kind::BigNeg } else { Kind::BigPos }, &[value.unsigned_abs()])
        }
    }

    /// An unsigned integer.
    fn unsigned(&mut self, value: u64) -> Term {
        match i64::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => self.boxed(Kind::BigPos, &[value]),
        }
    }

    /// An integer of any size.
    fn big(&mut self, value: &BigInt) -> Term {
        if let Ok(small) = i64::try_from(value) {
            return self.integer(small);
        }
        let limbs: Vec<u64> = value.iter_u64_digits().collect();
        self.boxed(if value.sign() == Sign::Minus { Kind::BigNeg } else { Kind::BigPos }, &limbs)
    }

    /// An integer of this sign and magnitude: limbs of 64 bits, the least first and the last not zero.
    fn magnitude(&mut self, negative: bool, limbs: &[u64]) -> Term {
        match *limbs {
            [] => Term::small(0),
            [limb] if limb <= SMALL_MAX as u64 => {
                Term::small(if negative { -(limb as i64) } else { limb as i64 })
            }
            [limb] if negative && limb == SMALL_MIN.unsigned_abs() => Term::small(SMALL_MIN),
            _ => self.boxed(if negative { Kind::BigNeg } else { Kind::BigPos }, limbs),
        }
    }

    /// An integer of any size.
    fn any_integer(&mut self, value: &Integer) -> Term {
        match value {
            Integer::Small(value) => self.integer(*value),
            Integer::Big(value) => self.big(value),
        }
    }

    /// A float, which the caller knows to be finite.
    #[inline]
    fn float(&mut self, value: f64) -> Term {
        match float::encode(value) {
            Some(term) => term,
            None => self.boxed(Kind::Float, &[value.to_bits()]),
        }
    }

    /// A binary.
    fn binary(&mut self, bytes: &[u8]) -> Term {
        if bytes.len() > HEAP_BINARY_LIMIT {
            return self.binary_from(bytes.into());
        }
        let words = bytes.len().div_ceil(8);
        let at = self.take(2 + words);
        // SAFETY: `take` gave header, size and the words of the bytes; the last is zeroed before it is partly filled.
        unsafe {
            *at = Header::new(Kind::HeapBinary, 1 + words).0;
            *at.add(1) = bytes.len() as u64;
            if words > 0 {
                *at.add(1 + words) = 0;
            }
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), at.add(2).cast(), bytes.len());
        }
        Term::boxed_at(at)
    }

    /// A binary of these bytes, which move off the heap if they are many.
    fn binary_from(&mut self, bytes: Box<[u8]>) -> Term {
        if bytes.len() <= HEAP_BINARY_LIMIT {
            return self.binary(&bytes);
        }
        let (length, shared) = (bytes.len(), SharedBinary::allocate(bytes));
        self.shared_binary(length, shared.expose_provenance() as u64)
    }

    /// A binary of `bytes` bytes off the heap; `shared` is their [`SharedBinary`]'s address, and its reference is
    /// taken over.
    #[doc(hidden)]
    fn shared_binary(&mut self, bytes: usize, shared: u64) -> Term {
        let at = self.take(4);
        let term = Term::boxed_at(at);
        let next = self.note_off_heap(term.0, bytes);
        // SAFETY: `take` gave four words.
        unsafe {
            *at = Header::new(Kind::RefcBinary, 3).0;
            *at.add(1) = bytes as u64;
            *at.add(2) = shared;
            *at.add(3) = next;
        }
        term
    }

    /// `size` bits of `binary` (a heap or off-heap binary, or a part of one) from bit `offset` of it.
    /// The caller knows that they lie within it.
    fn part(&mut self, binary: Term, offset: usize, size: usize) -> Term {
        if binary.is_kind(Kind::SubBits) {
            let words = binary.boxed_words();
            let (base, original) = (words[1], words[2]);
            return self.boxed(Kind::SubBits, &[size as u64, base + offset as u64, original]);
        }
        self.boxed(Kind::SubBits, &[size as u64, offset as u64, binary.0])
    }

    /// A bit string: the first `bits` bits of `bytes`.
    fn bit_string(&mut self, bytes: &[u8], bits: usize) -> Term {
        let binary = self.binary(&bytes[..bits.div_ceil(8)]);
        if bits.is_multiple_of(8) { binary } else { self.part(binary, 0, bits) }
    }

    /// A reference with this number; `owner` for one that can serve as an alias.
    fn reference(&mut self, number: u64, owner: Option<Pid>) -> Term {
        self.boxed(Kind::Ref, &[number, owner.map_or(0, |pid| pid.0)])
    }

    /// A map of at most 32 keys. The caller gives distinct keys in term order.
    fn flat_map(&mut self, keys: &[Term], values: &[Term]) -> Term {
        let key_tuple = self.tuple(keys);
        self.flat_map_with(key_tuple, values)
    }

    /// A map of at most 32 keys that shares the tuple of keys of another.
    fn flat_map_with(&mut self, key_tuple: Term, values: &[Term]) -> Term {
        let at = self.take(values.len() + 2);
        // SAFETY: `take` gave header, keys and the values.
        unsafe {
            *at = Header::new(Kind::FlatMap, values.len() + 1).0;
            *at.add(1) = key_tuple.0;
            std::ptr::copy_nonoverlapping(as_words(values).as_ptr(), at.add(2), values.len());
        }
        Term::boxed_at(at)
    }

    /// The map of `keys` and `values`, with a pair more before place `at` among them.
    fn flat_map_inserted(&mut self, keys: &[Term], values: &[Term], at: usize, pair: (Term, Term)) -> Term {
        let key_tuple = self.inserted(Header::new(Kind::Tuple, keys.len() + 1), &[], keys, at, pair.0);
        let header = Header::new(Kind::FlatMap, values.len() + 2);
        self.inserted(header, &[key_tuple.0], values, at, pair.1)
    }

    /// The map of `keys` and `values` but those at place `at`.
    fn flat_map_without(&mut self, keys: &[Term], values: &[Term], at: usize) -> Term {
        if keys.len() == 1 {
            return self.flat_map(&[], &[]);
        }
        let key_tuple = self.without(Header::new(Kind::Tuple, keys.len() - 1), &[], keys, at);
        self.without(Header::new(Kind::FlatMap, values.len()), &[key_tuple.0], values, at)
    }

    /// A boxed term of words and terms, with one more of these before place `at`.
    fn inserted(&mut self, header: Header, words: &[u64], terms: &[Term], at: usize, term: Term) -> Term {
        let place = self.take(words.len() + terms.len() + 2);
        let (before, behind) = as_words(terms).split_at(at);
        // SAFETY: `take` gave the words that the parts fill one behind the other.
        unsafe {
            *place = header.0;
            copy_words(words.as_ptr(), place.add(1), words.len());
            let to = place.add(1 + words.len());
            copy_words(before.as_ptr(), to, at);
            *to.add(at) = term.0;
            copy_words(behind.as_ptr(), to.add(at + 1), behind.len());
        }
        Term::boxed_at(place)
    }

    /// A boxed term of words and terms but the one at place `at`.
    fn without(&mut self, header: Header, words: &[u64], terms: &[Term], at: usize) -> Term {
        let place = self.take(words.len() + terms.len());
        let (before, behind) = (&as_words(terms)[..at], &as_words(terms)[at + 1..]);
        // SAFETY: as above.
        unsafe {
            *place = header.0;
            copy_words(words.as_ptr(), place.add(1), words.len());
            let to = place.add(1 + words.len());
            copy_words(before.as_ptr(), to, at);
            copy_words(behind.as_ptr(), to.add(at), behind.len());
        }
        Term::boxed_at(place)
    }

    /// A map with the keys of another and its values but one.
    fn flat_map_changed(&mut self, key_tuple: Term, values: &[Term], changed: usize, value: Term) -> Term {
        let map = self.flat_map_with(key_tuple, values);
        debug_assert!(changed < values.len());
        // SAFETY: the map was made just now: header, keys, then as many values.
        unsafe { *map.boxed_pointer().add(2 + changed) = value.0 };
        map
    }

    /// A larger map.
    fn hash_map(&mut self, size: usize, root: Term) -> Term {
        self.boxed(Kind::HashMap, &[Term::small(size as i64).0, root.0])
    }

    /// An inner node with the children of another and one more before place `at` among them.
    fn hash_node_inserted(&mut self, bitmap: u32, children: &[Term], at: usize, child: Term) -> Term {
        let header = Header::new(Kind::HashNode, children.len() + 2);
        self.inserted(header, &[Term::small(i64::from(bitmap)).0], children, at, child)
    }

    /// An inner node of a larger map: one child a set bit of the bitmap.
    fn hash_node(&mut self, bitmap: u32, children: &[Term]) -> Term {
        let at = self.take(children.len() + 2);
        // SAFETY: `take` gave header, bitmap and the children.
        unsafe {
            *at = Header::new(Kind::HashNode, children.len() + 1).0;
            *at.add(1) = Term::small(i64::from(bitmap)).0;
            std::ptr::copy_nonoverlapping(as_words(children).as_ptr(), at.add(2), children.len());
        }
        Term::boxed_at(at)
    }

    /// An inner node with the children of another but one.
    fn hash_node_changed(&mut self, bitmap: u32, children: &[Term], changed: usize, child: Term) -> Term {
        let node = self.hash_node(bitmap, children);
        debug_assert!(changed < children.len());
        // SAFETY: the node was made just now: header, bitmap, then as many children.
        unsafe { *node.boxed_pointer().add(2 + changed) = child.0 };
        node
    }

    /// A tuple with the elements of another but one.
    fn tuple_changed(&mut self, elements: &[Term], changed: usize, value: Term) -> Term {
        let tuple = self.tuple(elements);
        debug_assert!(changed < elements.len());
        // SAFETY: the tuple was made just now, and has this element.
        unsafe { *tuple.boxed_pointer().add(1 + changed) = value.0 };
        tuple
    }

    /// A closure of the fun entry at this address.
    #[doc(hidden)]
    fn closure(&mut self, entry: u64, creator: Pid, environment: &[Term]) -> Term {
        let at = self.take(environment.len() + 3);
        // SAFETY: `take` gave header, entry, creator and the environment.
        unsafe {
            *at = Header::new(Kind::Fun, environment.len() + 2).0;
            *at.add(1) = entry;
            *at.add(2) = creator.0;
            std::ptr::copy_nonoverlapping(as_words(environment).as_ptr(), at.add(3), environment.len());
        }
        Term::boxed_at(at)
    }
}

impl Build for Heap {
    #[inline]
    fn take(&mut self, words: usize) -> *mut u64 {
        if self.free_words() >= words + STACK_MARGIN && !cfg!(gc_stress) {
            let at = self.top;
            self.top = at.wrapping_add(words);
            return at;
        }
        self.take_fragment(words)
    }

    fn note_off_heap(&mut self, object: u64, bytes: usize) -> u64 {
        self.off_heap_bytes += bytes;
        std::mem::replace(&mut self.off_heap, object)
    }
}

impl Heap {
    /// Makes room for at least `capacity` bytes in the memory behind an off-heap binary, whose bits in use end at bit `end`:
    /// false if that is not so, or others refer to it.
    #[cold]
    pub(crate) fn grow_binary(&mut self, binary: Term, end: usize, capacity: usize) -> bool {
        let Some(shared) = binary.shared() else { return false };
        // Literals have one reference, however many read them.
        if shared.reference_count() > 1 || super::literal_area::has(binary.boxed_pointer()) {
            return false;
        }
        // SAFETY: the object in this heap has the only reference, and its process is here.
        if !unsafe { shared.grow(end, capacity) } {
            return false;
        }
        // SAFETY: an off-heap binary has the size for the account behind its header; no slice of the words is alive.
        let known = unsafe { &mut *binary.boxed_pointer().add(1) };
        self.off_heap_bytes += capacity - *known as usize;
        *known = capacity as u64;
        true
    }

    #[cold]
    fn take_fragment(&mut self, words: usize) -> *mut u64 {
        // SAFETY: the chain's fragments are alive and owned by this heap.
        if let Some(newest) = unsafe { self.fragments.as_mut() }
            && let Some(at) = newest.try_take(words)
        {
            self.fragment_words += words;
            return at;
        }
        let room = words.max(if cfg!(gc_stress) { 1 } else { 64.max(self.fragment_words.min(1 << 19)) });
        let mut fragment = Fragment::new(room);
        fragment.next = self.fragments;
        let at = fragment.try_take(words).expect("a new fragment has the room asked for");
        self.fragments = Box::into_raw(fragment);
        self.fragment_words += words;
        at
    }
}

impl Build for Fragment {
    fn take(&mut self, words: usize) -> *mut u64 {
        self.try_take(words).expect("the size of a message is counted before it is copied")
    }

    fn note_off_heap(&mut self, object: u64, _bytes: usize) -> u64 {
        std::mem::replace(self.off_heap_mut(), object)
    }
}
