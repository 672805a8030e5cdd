//! Terms: one 64-bit word each, tagged in the low three bits.
//!
//! ```text
//!   000  small integer, 61 bits                      (value << 3)
//!   001, 100, 101  float, self-tagged (arXiv 2411.16544; see `float.rs`)
//!   010  cons: pointer to head and tail words
//!   011  boxed: pointer to a header word and what follows
//!   110  other immediate: kind in bits 3..6, value above (atom, local pid, local port, [], none, catch)
//!   111  header: kind in bits 3..8, size in words (without the header) above
//! ```
//!
//! A header makes its object walkable: [`Header::raw_words`] words after it hold raw data, the rest are terms.
//!
//! Invariant of the whole machine: a [`Term`] in a native function's hands stays valid until that function
//! returns, because nothing it can call collects. So reading through a term is safe code outside this
//! folder; the accessors here are the only places that turn a word into a pointer.
#![allow(unsafe_code, reason = "the word layout of terms is defined here and hidden behind safe accessors")]

mod binary;
mod boxed;
mod cmp;
pub(crate) mod float;
pub(crate) mod hash;
pub(crate) mod integer;
mod jenkins;
mod list;
pub(crate) mod map;
pub(crate) mod map_hash;
pub(crate) mod portable_hash;
mod print;

pub(crate) use binary::Holder;
pub use binary::{BitsView, SharedBinary};
pub use boxed::{FunView, HashView, MapView};
pub use cmp::{compare, equal, exactly_equal};
pub use integer::Integer;
pub use list::ListIter;
pub use map::{map_key_order, pairs as map_pairs};
pub use print::{display, ref_parts, shown, write_atom};

use crate::atom::Atom;

/// An Erlang term: one tagged word. Copying it copies the word, not what it points to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Term(pub(crate) u64);

pub(crate) const TAG_MASK: u64 = 7;
pub(crate) const TAG_SMALL: u64 = 0;
pub(crate) const TAG_CONS: u64 = 2;
pub(crate) const TAG_BOXED: u64 = 3;
pub(crate) const TAG_IMMEDIATE: u64 = 6;
pub(crate) const TAG_HEADER: u64 = 7;

const IMM_ATOM: u64 = TAG_IMMEDIATE;
const IMM_PID: u64 = TAG_IMMEDIATE | (1 << 3);
const IMM_PORT: u64 = TAG_IMMEDIATE | (2 << 3);
const IMM_NIL: u64 = TAG_IMMEDIATE | (3 << 3);
const IMM_NONE: u64 = TAG_IMMEDIATE | (4 << 3);
const IMM_CATCH: u64 = TAG_IMMEDIATE | (5 << 3);
const IMM_MASK: u64 = 0x3f;
const IMM_SHIFT: u32 = 6;

/// Largest small integer: 2^60 - 1.
pub const SMALL_MAX: i64 = (1 << 60) - 1;
/// Smallest small integer: -2^60.
pub const SMALL_MIN: i64 = -(1 << 60);

/// What a boxed object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Elements.
    Tuple = 0,
    /// Positive big integer: 64-bit limbs, least first, no leading zero.
    BigPos = 1,
    /// Negative big integer: limbs of its magnitude.
    BigNeg = 2,
    /// A float outside the self-tagged range: its bits.
    Float = 3,
    /// Closure: fun entry, creator pid, then the environment's terms.
    Fun = 4,
    /// `fun M:F/A`: the export entry.
    Export = 5,
    /// Reference: number, owner pid for an alias (or 0), then the binary of a [`Holder`] if it stands for something that
    /// lives as long as it.
    Ref = 6,
    /// Binary in the heap: size in bytes, then the bytes, zero padded.
    HeapBinary = 7,
    /// Binary off the heap: size in bytes, [`SharedBinary`], next off-heap object of this heap.
    RefcBinary = 8,
    /// Part of a binary: size in bits, offset in bits, then the binary.
    SubBits = 9,
    /// Match context: end in bits, position in bits, start in bits, then the binary.
    MatchContext = 10,
    /// Map of at most 32 keys: tuple of sorted keys, then the values.
    FlatMap = 11,
    /// Larger map: number of keys (small integer), root node.
    HashMap = 12,
    /// Node of a larger map: bitmap (small integer), then the children.
    HashNode = 13,
    /// Pid of another node: number, serial and creation, then the node's name.
    ExternalPid = 14,
    /// Port of another node.
    ExternalPort = 15,
    /// Reference of another node.
    ExternalRef = 16,
    /// Unused words of a heap.
    Filler = 31,
}

/// A header word, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Header(pub(crate) u64);

impl Header {
    /// Header of an object of `size` words after the header.
    #[must_use]
    #[inline]
    pub const fn new(kind: Kind, size: usize) -> Self {
        Self(((size as u64) << 8) | ((kind as u64) << 3) | TAG_HEADER)
    }

    /// Words after the header.
    #[must_use]
    #[inline]
    pub const fn size(self) -> usize {
        (self.0 >> 8) as usize
    }

    /// What the object is.
    #[must_use]
    #[inline(always)]
    pub fn kind(self) -> Kind {
        match (self.0 >> 3) & 31 {
            0 => Kind::Tuple,
            1 => Kind::BigPos,
            2 => Kind::BigNeg,
            3 => Kind::Float,
            4 => Kind::Fun,
            5 => Kind::Export,
            6 => Kind::Ref,
            7 => Kind::HeapBinary,
            8 => Kind::RefcBinary,
            9 => Kind::SubBits,
            10 => Kind::MatchContext,
            11 => Kind::FlatMap,
            12 => Kind::HashMap,
            13 => Kind::HashNode,
            14 => Kind::ExternalPid,
            15 => Kind::ExternalPort,
            16 => Kind::ExternalRef,
            _ => Kind::Filler,
        }
    }

    /// How many of the words after the header hold raw data; terms follow them.
    #[must_use]
    #[inline]
    pub fn raw_words(self) -> usize {
        match self.kind() {
            Kind::Tuple | Kind::FlatMap | Kind::HashMap | Kind::HashNode => 0,
            Kind::Fun | Kind::SubBits => 2,
            // One that holds something has a binary behind the two.
            Kind::Ref => self.size().min(2),
            Kind::MatchContext => 3,
            Kind::BigPos
            | Kind::BigNeg
            | Kind::Float
            | Kind::Export
            | Kind::HeapBinary
            | Kind::RefcBinary
            | Kind::Filler => self.size(),
            Kind::ExternalPid | Kind::ExternalPort | Kind::ExternalRef => self.size() - 1,
        }
    }
}

impl Term {
    /// `[]`.
    pub const NIL: Self = Self(IMM_NIL);
    /// No term: an internal mark that never reaches a program.
    pub const NONE: Self = Self(IMM_NONE);

    /// The small integer `value`, which the caller knows to fit (see [`SMALL_MIN`], [`SMALL_MAX`]).
    #[must_use]
    #[inline]
    pub const fn small(value: i64) -> Self {
        debug_assert!(value >= SMALL_MIN && value <= SMALL_MAX);
        Self((value << 3) as u64)
    }

    /// An atom.
    #[must_use]
    #[inline]
    pub const fn atom(atom: Atom) -> Self {
        Self(((atom.index() as u64) << IMM_SHIFT) | IMM_ATOM)
    }

    /// `true` or `false`.
    #[must_use]
    #[inline]
    pub const fn bool(value: bool) -> Self {
        if value { Self::atom(crate::atom::TRUE) } else { Self::atom(crate::atom::FALSE) }
    }

    /// A process of this node.
    #[must_use]
    #[inline]
    pub const fn pid(pid: Pid) -> Self {
        Self((pid.0 << IMM_SHIFT) | IMM_PID)
    }

    /// A port of this node.
    #[must_use]
    #[inline]
    pub const fn port(number: u64) -> Self {
        Self((number << IMM_SHIFT) | IMM_PORT)
    }

    /// Marks a Y slot whose frame has a handler at `address` (a word-aligned code address).
    #[must_use]
    #[inline]
    pub(crate) fn catch(address: *const u64) -> Self {
        Self(((address as u64) << IMM_SHIFT) | IMM_CATCH)
    }

    /// The handler's code address, if this is a catch mark.
    #[inline]
    pub(crate) fn as_catch(self) -> Option<*const u64> {
        (self.0 & IMM_MASK == IMM_CATCH)
            .then(|| std::ptr::with_exposed_provenance((self.0 >> IMM_SHIFT) as usize))
    }

    /// The cons cell at `pointer`.
    #[inline]
    pub(crate) fn cons_at(pointer: *const u64) -> Self {
        Self(pointer as u64 | TAG_CONS)
    }

    /// The boxed object at `pointer`.
    #[inline]
    pub(crate) fn boxed_at(pointer: *const u64) -> Self {
        Self(pointer as u64 | TAG_BOXED)
    }

    /// `{}`.
    #[must_use]
    pub fn empty_tuple() -> Self {
        crate::heap::literal_area::empty_tuple()
    }

    /// The word itself. For identity and debugging only.
    #[must_use]
    #[inline]
    pub const fn word(self) -> u64 {
        self.0
    }

    #[inline]
    pub(crate) const fn tag(self) -> u64 {
        self.0 & TAG_MASK
    }

    /// Neither cons nor boxed: the word is the whole term.
    #[must_use]
    #[inline]
    pub const fn is_immediate(self) -> bool {
        let tag = self.tag();
        tag != TAG_CONS && tag != TAG_BOXED
    }

    /// Is this the internal mark [`Term::NONE`]?
    #[must_use]
    #[inline]
    pub const fn is_none(self) -> bool {
        self.0 == IMM_NONE
    }

    /// Is this `[]`?
    #[must_use]
    #[inline]
    pub const fn is_nil(self) -> bool {
        self.0 == IMM_NIL
    }

    /// Is this a nonempty list cell?
    #[must_use]
    #[inline]
    pub const fn is_cons(self) -> bool {
        self.tag() == TAG_CONS
    }

    /// Is this a list cell or `[]`?
    #[must_use]
    #[inline(always)]
    pub const fn is_list(self) -> bool {
        self.is_cons() || self.is_nil()
    }

    /// Is this an atom?
    #[must_use]
    #[inline]
    pub const fn is_atom(self) -> bool {
        self.0 & IMM_MASK == IMM_ATOM
    }

    /// Is this a small integer?
    #[must_use]
    #[inline]
    pub const fn is_small(self) -> bool {
        self.tag() == TAG_SMALL
    }

    /// The atom, if it is one.
    #[must_use]
    #[inline]
    pub const fn as_atom(self) -> Option<Atom> {
        if self.is_atom() { Some(Atom::from_index((self.0 >> IMM_SHIFT) as u32)) } else { None }
    }

    /// `true` or `false`, if it is one of them.
    #[must_use]
    #[inline(always)]
    pub fn as_bool(self) -> Option<bool> {
        if self == Self::bool(true) {
            Some(true)
        } else if self == Self::bool(false) {
            Some(false)
        } else {
            None
        }
    }

    /// The value, if this is a small integer.
    #[must_use]
    #[inline]
    pub const fn as_small(self) -> Option<i64> {
        if self.is_small() { Some((self.0 as i64) >> 3) } else { None }
    }

    /// The small integer as an index or size.
    #[must_use]
    #[inline]
    pub fn as_usize(self) -> Option<usize> {
        self.as_small().and_then(|value| usize::try_from(value).ok())
    }

    /// The local process, if it is one.
    #[must_use]
    #[inline(always)]
    pub const fn as_pid(self) -> Option<Pid> {
        if self.0 & IMM_MASK == IMM_PID { Some(Pid(self.0 >> IMM_SHIFT)) } else { None }
    }

    /// The identity of a local process or port, if it is one.
    pub(crate) fn as_identity(self) -> Option<Pid> {
        self.as_pid().or_else(|| self.as_port().map(Pid::of_port))
    }

    /// The number of a local port, if it is one.
    #[must_use]
    #[inline(always)]
    pub const fn as_port(self) -> Option<u64> {
        if self.0 & IMM_MASK == IMM_PORT { Some(self.0 >> IMM_SHIFT) } else { None }
    }

    /// Head and tail, if this is a list cell.
    #[must_use]
    #[inline]
    pub fn as_cons(self) -> Option<(Term, Term)> {
        if !self.is_cons() {
            return None;
        }
        let pointer = self.cons_pointer();
        // SAFETY: a cons term points at two initialised words of a live heap (module invariant).
        unsafe { Some((Term(*pointer), Term(*pointer.add(1)))) }
    }

    #[inline]
    pub(crate) fn cons_pointer(self) -> *mut u64 {
        std::ptr::with_exposed_provenance_mut((self.0 - TAG_CONS) as usize)
    }

    #[inline]
    pub(crate) fn boxed_pointer(self) -> *mut u64 {
        std::ptr::with_exposed_provenance_mut((self.0 - TAG_BOXED) as usize)
    }

    /// The object's header, if this is boxed.
    #[must_use]
    #[inline(always)]
    pub fn header(self) -> Option<Header> {
        if self.tag() == TAG_BOXED {
            // SAFETY: a boxed term points at the header of a live object (module invariant).
            Some(Header(unsafe { *self.boxed_pointer() }))
        } else {
            None
        }
    }

    /// What the boxed object is.
    #[must_use]
    #[inline(always)]
    pub fn kind(self) -> Option<Kind> {
        self.header().map(Header::kind)
    }

    #[inline]
    pub(crate) fn is_kind(self, kind: Kind) -> bool {
        self.header().is_some_and(|header| header.kind() == kind)
    }

    /// The words after the header of a boxed object. Private to this folder and the heap.
    #[inline]
    pub(crate) fn boxed_words<'a>(self) -> &'a [u64] {
        let pointer = self.boxed_pointer();
        // SAFETY: the header tells how many words follow; objects do not change while terms to them are read
        // (match contexts are only read and written through their own accessors).
        unsafe {
            let size = Header(*pointer).size();
            std::slice::from_raw_parts(pointer.add(1), size)
        }
    }

    /// The elements, if this is a tuple.
    #[must_use]
    #[inline]
    pub fn as_tuple<'a>(self) -> Option<&'a [Term]> {
        if self.is_kind(Kind::Tuple) { Some(as_terms(self.boxed_words())) } else { None }
    }

    /// Is this a tuple?
    #[must_use]
    #[inline]
    pub fn is_tuple(self) -> bool {
        self.is_kind(Kind::Tuple)
    }

    /// Is this a map?
    #[must_use]
    #[inline(always)]
    pub fn is_map(self) -> bool {
        matches!(self.kind(), Some(Kind::FlatMap | Kind::HashMap))
    }

    /// Is this a pid, of this node or another?
    #[must_use]
    #[inline(always)]
    pub fn is_pid(self) -> bool {
        self.0 & IMM_MASK == IMM_PID || self.is_kind(Kind::ExternalPid)
    }

    /// Is this a port?
    #[must_use]
    #[inline(always)]
    pub fn is_port(self) -> bool {
        self.0 & IMM_MASK == IMM_PORT || self.is_kind(Kind::ExternalPort)
    }

    /// Is this a reference?
    #[must_use]
    #[inline(always)]
    pub fn is_reference(self) -> bool {
        matches!(self.kind(), Some(Kind::Ref | Kind::ExternalRef))
    }

    /// The number of a local reference.
    #[must_use]
    pub fn as_ref_number(self) -> Option<u64> {
        self.is_kind(Kind::Ref).then(|| self.boxed_words()[0])
    }

    /// The owner of a local reference that is (or was) an alias.
    #[must_use]
    pub fn ref_owner(self) -> Option<Pid> {
        if !self.is_kind(Kind::Ref) {
            return None;
        }
        match self.boxed_words()[1] {
            0 => None,
            owner => Some(Pid(owner)),
        }
    }

    /// Is this a fun of any kind?
    #[must_use]
    #[inline(always)]
    pub fn is_fun(self) -> bool {
        matches!(self.kind(), Some(Kind::Fun | Kind::Export))
    }

    /// Iterates over a list's elements. Ask [`ListIter::tail`] afterwards whether it was proper.
    #[must_use]
    pub fn iter(self) -> ListIter {
        ListIter::new(self)
    }

    /// The elements of a proper list.
    #[must_use]
    pub fn to_vec(self) -> Option<Vec<Term>> {
        let mut iter = self.iter();
        let elements = iter.by_ref().collect();
        iter.tail().is_nil().then_some(elements)
    }
}

/// Words that are terms, as terms.
#[inline]
pub(crate) fn as_terms(words: &[u64]) -> &[Term] {
    // SAFETY: `Term` is a transparent wrapper of `u64`.
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), words.len()) }
}

/// Terms, as their words.
#[inline]
pub(crate) fn as_words(terms: &[Term]) -> &[u64] {
    // SAFETY: `Term` is a transparent wrapper of `u64`.
    unsafe { std::slice::from_raw_parts(terms.as_ptr().cast(), terms.len()) }
}

/// Number of a process of this node: unique for the machine's life, printed as `<0.Number.Serial>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid(pub(crate) u64);

impl Pid {
    /// Bits of the printed number; what is above them is the serial.
    pub const NUMBER_BITS: u32 = 15;
    /// Bits of the printed number of a port.
    const PORT_BITS: u32 = 28;

    /// From number and serial, as in `list_to_pid/1` and the external format. `None` if they do not fit.
    #[must_use]
    pub const fn new(number: u64, serial: u64) -> Option<Self> {
        if number >> Self::NUMBER_BITS == 0 && serial >> (58 - Self::NUMBER_BITS) == 0 {
            Some(Self((serial << Self::NUMBER_BITS) | number))
        } else {
            None
        }
    }

    /// Set in the identity of a port.
    const PORT: u64 = 1 << 57;

    /// The identity of a port, for links, monitors and signals: there it stands where a process would.
    pub(crate) const fn of_port(number: u64) -> Self {
        Self(Self::PORT | number)
    }

    /// The number of the port that this identity is of.
    pub(crate) const fn port_number(self) -> Option<u64> {
        if self.0 & Self::PORT == 0 { None } else { Some(self.0 & ((1 << Self::PORT_BITS) - 1)) }
    }

    /// The process or port as a term.
    pub(crate) const fn term(self) -> Term {
        match self.port_number() {
            Some(number) => Term::port(number),
            None => Term::pid(self),
        }
    }

    /// The printed number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }

    /// The printed serial.
    #[must_use]
    pub const fn serial(self) -> u64 {
        self.0 >> Self::NUMBER_BITS
    }
}

impl std::fmt::Debug for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&display(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_one_word() {
        assert_eq!(size_of::<Term>(), 8);
        assert_eq!(size_of::<Option<Pid>>(), 16);
    }

    #[test]
    fn small_integers_keep_their_value() {
        for value in [0, 1, -1, 17, SMALL_MAX, SMALL_MIN] {
            assert_eq!(Term::small(value).as_small(), Some(value));
        }
    }
}
