//! Operand kinds, as type parameters of handlers: X register, Y slot, constant.

use super::Context;
use crate::term::Term;
use std::mem::MaybeUninit;

/// A value on its way from one instruction to the next in a machine register. It is in an X register too, but what
/// is read from there right after it was written comes late: a load has to wait for the store.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Accumulator(MaybeUninit<u64>);

impl Accumulator {
    /// Whatever the machine register holds; the next instruction does not read it.
    pub(crate) const NONE: Self = Self(MaybeUninit::uninit());

    #[inline(always)]
    pub(crate) const fn new(value: Term) -> Self {
        Self(MaybeUninit::new(value.0))
    }
}

/// Where a value comes from.
pub(crate) trait Source {
    /// Further words of the instruction that the operand takes.
    const WORDS: usize;
    /// Whether it stands in the instruction.
    const IS_CONSTANT: bool = false;
    /// Reads it: `field` is the value of its 16-bit field, `word` the address of its further word.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn read(field: usize, word: *const u64, c: *mut Context, sp: *mut u64) -> Term;

    /// Reads it from the accumulator, if it is there.
    ///
    /// # Safety
    /// As for handlers.
    #[inline(always)]
    unsafe fn take(
        _accumulator: Accumulator,
        field: usize,
        word: *const u64,
        c: *mut Context,
        sp: *mut u64,
    ) -> Term {
        // SAFETY: by the contract.
        unsafe { Self::read(field, word, c, sp) }
    }
}

/// Whether both operands are small integers. Constants that are none are not given to instructions that ask.
#[inline(always)]
pub(crate) fn are_small<A: Source, B: Source>(a: Term, b: Term) -> bool {
    let bits = if A::IS_CONSTANT { 0 } else { a.0 } | if B::IS_CONSTANT { 0 } else { b.0 };
    debug_assert!(bits & 7 != 0 || (a.0 | b.0) & 7 == 0, "a constant is a small integer");
    bits & 7 == 0
}

/// Where a value goes.
pub(crate) trait Target {
    /// Writes it.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn write(field: usize, c: *mut Context, sp: *mut u64, value: Term);
}

/// A source that is a target too.
pub(crate) trait Register: Source + Target {}

impl Register for X {}
impl Register for Y {}

/// X register.
pub(crate) struct X;
/// X register that the instruction before has written: its value is in the accumulator, which the loader knows
/// (`Emitter::holds`). Only what goes back to the same instruction later must [`read`](Source::read) it.
pub(crate) struct A;
/// Y slot.
pub(crate) struct Y;
/// Constant.
pub(crate) struct K;

impl Source for X {
    const WORDS: usize = 0;
    #[inline(always)]
    unsafe fn read(field: usize, _word: *const u64, c: *mut Context, _sp: *mut u64) -> Term {
        // SAFETY: the field names a register.
        unsafe { *c.cast::<Term>().add(field) }
    }
}

impl Source for A {
    const WORDS: usize = 0;
    #[inline(always)]
    unsafe fn read(field: usize, word: *const u64, c: *mut Context, sp: *mut u64) -> Term {
        // SAFETY: by the contract.
        unsafe { X::read(field, word, c, sp) }
    }
    #[inline(always)]
    unsafe fn take(
        accumulator: Accumulator,
        field: usize,
        word: *const u64,
        c: *mut Context,
        sp: *mut u64,
    ) -> Term {
        // SAFETY: the instruction before has left the value there, and in the register.
        let (value, stored) = unsafe { (Term(accumulator.0.assume_init()), X::read(field, word, c, sp)) };
        debug_assert!(value == stored, "the accumulator is what the loader thinks");
        value
    }
}

impl Source for Y {
    const WORDS: usize = 0;
    #[inline(always)]
    unsafe fn read(field: usize, _word: *const u64, _c: *mut Context, sp: *mut u64) -> Term {
        // SAFETY: the field names a slot of the open frame.
        unsafe { *sp.cast::<Term>().add(field) }
    }
}

impl Source for K {
    const WORDS: usize = 1;
    const IS_CONSTANT: bool = true;
    #[inline(always)]
    unsafe fn read(_field: usize, word: *const u64, _c: *mut Context, _sp: *mut u64) -> Term {
        // SAFETY: the instruction has this word.
        unsafe { *word.cast::<Term>() }
    }
}

impl Target for X {
    #[inline(always)]
    unsafe fn write(field: usize, c: *mut Context, _sp: *mut u64, value: Term) {
        // SAFETY: the field names a register.
        unsafe { *c.cast::<Term>().add(field) = value }
    }
}

impl Target for Y {
    #[inline(always)]
    unsafe fn write(field: usize, _c: *mut Context, sp: *mut u64, value: Term) {
        // SAFETY: the field names a slot of the open frame.
        unsafe { *sp.cast::<Term>().add(field) = value }
    }
}

/// An operand in one word of its own: registers as headers (which are never terms), else the constant.
#[derive(Clone, Copy)]
pub(crate) struct Packed(pub(crate) u64);

const PACKED_X: u64 = 7;
const PACKED_Y: u64 = 7 | (1 << 3);

impl Packed {
    pub(crate) const fn x(register: usize) -> Self {
        Self(((register as u64) << 8) | PACKED_X)
    }

    pub(crate) const fn y(slot: usize) -> Self {
        Self(((slot as u64) << 8) | PACKED_Y)
    }

    /// Its value.
    ///
    /// # Safety
    /// As for handlers.
    #[inline(always)]
    pub(crate) unsafe fn get(self, c: *mut Context, sp: *mut u64) -> Term {
        // SAFETY: the word names a register, a slot of the open frame, or is a constant.
        unsafe {
            match self.0 & 0xff {
                PACKED_X => *c.cast::<Term>().add((self.0 >> 8) as usize),
                PACKED_Y => *sp.cast::<Term>().add((self.0 >> 8) as usize),
                _ => Term(self.0),
            }
        }
    }

    /// Writes to the register or slot.
    ///
    /// # Safety
    /// As for handlers; not a constant.
    #[inline(always)]
    pub(crate) unsafe fn set(self, c: *mut Context, sp: *mut u64, value: Term) {
        // SAFETY: the word names a register or a slot of the open frame.
        unsafe {
            if self.0 & 0xff == PACKED_X {
                *c.cast::<Term>().add((self.0 >> 8) as usize) = value;
            } else {
                *sp.cast::<Term>().add((self.0 >> 8) as usize) = value;
            }
        }
    }
}

/// A frame size: fixed in the handler for the common ones, so that a return does not wait for a load.
pub(crate) trait Frame {
    /// The number of slots; `field` is the address of the field that holds it.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn size(field: *const u16) -> usize;
}

macro_rules! frames {
    ($($name:ident = $size:literal),*) => {
        $(
            #[doc = concat!("A frame of ", stringify!($size), " slots.")]
            pub(crate) struct $name;
            impl Frame for $name {
                #[inline(always)]
                unsafe fn size(_field: *const u16) -> usize { $size }
            }
        )*
    };
}
frames!(F0 = 0, F1 = 1, F2 = 2, F3 = 3, F4 = 4, F5 = 5, F6 = 6);

/// A frame of any size.
pub(crate) struct FAny;

impl Frame for FAny {
    #[inline(always)]
    unsafe fn size(field: *const u16) -> usize {
        // SAFETY: the instruction has this field.
        unsafe { *field as usize }
    }
}
