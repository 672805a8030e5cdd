//! Operand kinds, as type parameters of handlers: X register, Y slot, constant.

use super::Context;
use crate::term::Term;

/// Where a value comes from.
pub(crate) trait Source {
    /// Further words of the instruction that the operand takes.
    const WORDS: usize;
    /// Reads it: `field` is the value of its 16-bit field, `word` the address of its further word.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn read(field: usize, word: *const u64, c: *mut Context, sp: *mut u64) -> Term;
}

/// Where a value goes.
pub(crate) trait Target {
    /// Writes it.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn write(field: usize, c: *mut Context, sp: *mut u64, value: Term);
}

/// X register.
pub(crate) struct X;
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
