//! Float registers.
//!
//! A float operation seldom stands alone: what it works on was just loaded from a term. Loads and operation are one
//! instruction where the compiler left them side by side (see `code::transform::floats`).

use super::context::Context;
use super::operand::{Source, Target};
use super::{dispatch, field, handlers, resume, tail};
use crate::proc::exception::Exception;
use crate::term::{Header, Kind, Term, float};

/// An operation on two floats.
pub(crate) trait FloatOperator {
    /// The result, perhaps not finite.
    fn apply(a: f64, b: f64) -> f64;
}

macro_rules! float_operators {
    ($($type:ident $op:tt;)*) => {
        $(
            #[doc = concat!("Float operator ", stringify!($op), ".")]
            pub(crate) struct $type;
            impl FloatOperator for $type {
                #[inline(always)]
                fn apply(a: f64, b: f64) -> f64 { a $op b }
            }
        )*
    };
}

float_operators! {
    FAdd +;
    FSubtract -;
    FMultiply *;
    FDivide /;
}

/// The address of a float register.
///
/// # Safety
/// As for handlers; the register is one of those that exist, which validation has seen to.
#[inline(always)]
unsafe fn register(c: *mut Context, number: usize) -> *mut f64 {
    // SAFETY: by the contract.
    unsafe { (&raw mut (*c).floats).cast::<f64>().add(number) }
}

/// Where an operation finds its operand, when its load is part of the same instruction: in a term, which goes to a
/// register as well, or in a register.
pub(crate) trait Loaded {
    /// Further words of the instruction that the operand takes.
    const WORDS: usize;
    /// The operand, `None` if the term is not a float in one word. `field` names the term's register or the float
    /// register, `loaded` the float register that the term is loaded to.
    ///
    /// # Safety
    /// As for handlers.
    unsafe fn read(
        field: usize,
        loaded: usize,
        word: *const u64,
        c: *mut Context,
        sp: *mut u64,
    ) -> Option<f64>;
}

/// In a float register.
pub(crate) struct InRegister;
/// In a term.
pub(crate) struct InTerm<S>(std::marker::PhantomData<S>);

impl Loaded for InRegister {
    const WORDS: usize = 0;
    #[inline(always)]
    unsafe fn read(field: usize, _: usize, _: *const u64, c: *mut Context, _: *mut u64) -> Option<f64> {
        // SAFETY: the field names a register.
        Some(unsafe { *register(c, field) })
    }
}

impl<S: Source> Loaded for InTerm<S> {
    const WORDS: usize = S::WORDS;
    #[inline(always)]
    unsafe fn read(
        field: usize,
        loaded: usize,
        word: *const u64,
        c: *mut Context,
        sp: *mut u64,
    ) -> Option<f64> {
        // SAFETY: the fields name registers.
        unsafe {
            let term = S::read(field, word, c, sp);
            if !float::is_self_tagged(term.0) {
                return None;
            }
            let value = float::decode(term.0);
            *register(c, loaded) = value;
            Some(value)
        }
    }
}

handlers! {
    /// `fmove` to a float register: a = source (a float), b = register, `[constant]`.
    fn float_load<S: Source>(ip, c, sp, hp, reds) {
        let source = S::read(field!(ip, 1), ip.add(2), c, sp);
        *register(c, field!(ip, 2)) = source.as_float().unwrap_or(0.0);
        dispatch!(ip.add(2 + S::WORDS), c, sp, hp, reds)
    }

    /// `fmove` from a float register: a = register, b = target. Room was reserved.
    fn float_store<D: Target>(ip, c, sp, hp, reds) {
        let value = *register(c, field!(ip, 1));
        if let Some(term) = float::encode(value) {
            D::write(field!(ip, 2), c, sp, term);
            dispatch!(ip.add(2), c, sp, hp, reds)
        }
        *hp = Header::new(Kind::Float, 1).0;
        *hp.add(1) = value.to_bits();
        D::write(field!(ip, 2), c, sp, Term::boxed_at(hp));
        dispatch!(ip.add(2), c, sp, hp.add(2), reds)
    }

    /// `fmove` from a float register that may be one word: a = register, b = target,
    /// `[0:16 | words to what follows:16 | to where every float is stored:16]`.
    fn float_store_one<D: Target>(ip, c, sp, hp, reds) {
        let ways = ip.add(2).cast::<u16>();
        if let Some(term) = float::encode(*register(c, field!(ip, 1))) {
            D::write(field!(ip, 2), c, sp, term);
            dispatch!(ip.add(*ways.add(1) as usize), c, sp, hp, reds)
        }
        dispatch!(ip.add(*ways.add(2) as usize), c, sp, hp, reds)
    }

    /// Two of them: a = register, b = target, c = the second's register,
    /// `[its target:16 | words to what follows:16 | to where every float is stored:16]`.
    fn float_store_two<D: Target, D2: Target>(ip, c, sp, hp, reds) {
        let ways = ip.add(2).cast::<u16>();
        if let Some(first) = float::encode(*register(c, field!(ip, 1)))
            && let Some(second) = float::encode(*register(c, field!(ip, 3)))
        {
            D::write(field!(ip, 2), c, sp, first);
            D2::write(*ways as usize, c, sp, second);
            dispatch!(ip.add(*ways.add(1) as usize), c, sp, hp, reds)
        }
        dispatch!(ip.add(*ways.add(2) as usize), c, sp, hp, reds)
    }

    /// `fconv`: a = source (any number), b = register, `[constant]`.
    fn float_convert<S: Source>(ip, c, sp, hp, reds) {
        let source = S::read(field!(ip, 1), ip.add(2), c, sp);
        let value = match source.as_small() {
            Some(small) => small as f64,
            None if float::is_self_tagged(source.0) => float::decode(source.0),
            None => tail!(float_convert_any::<S>, ip, c, sp, hp, reds),
        };
        *register(c, field!(ip, 2)) = value;
        dispatch!(ip.add(2 + S::WORDS), c, sp, hp, reds)
    }

    /// `fconv` of what is not one word, or no number.
    fn float_convert_any<S: Source>(ip, c, sp, hp, reds) {
        let source = S::read(field!(ip, 1), ip.add(2), c, sp);
        let value = source.as_float().or_else(|| source.as_integer().and_then(|integer| integer.to_float()));
        match value {
            Some(value) => {
                *register(c, field!(ip, 2)) = value;
                resume!(ip.add(2 + S::WORDS), c, sp, hp, reds)
            }
            None => super::exception::raise_exception(ip, c, sp, hp, reds, Exception::badarith()),
        }
    }

    /// `fadd` and the like: a, b = sources, c = target register.
    fn float_operate<O: FloatOperator>(ip, c, sp, hp, reds) {
        let value = O::apply(*register(c, field!(ip, 1)), *register(c, field!(ip, 2)));
        if value.is_finite() {
            *register(c, field!(ip, 3)) = value;
            dispatch!(ip.add(2), c, sp, hp, reds)
        }
        super::exception::raise_exception(ip, c, sp, hp, reds, Exception::badarith())
    }

    /// The same with the loads of one or both sources: a, b = sources, c = target register,
    /// `[register of a:16 | of b:16 | words to what follows:16] [constant] [constant]`. Behind it stand the
    /// instructions themselves, for every other case.
    fn float_load_operate<O: FloatOperator, A: Loaded, B: Loaded>(ip, c, sp, hp, reds) {
        let loaded = ip.add(2).cast::<u16>();
        if let Some(a) = A::read(field!(ip, 1), *loaded as usize, ip.add(3), c, sp)
            && let Some(b) = B::read(field!(ip, 2), *loaded.add(1) as usize, ip.add(3 + A::WORDS), c, sp)
        {
            let value = O::apply(a, b);
            if value.is_finite() {
                *register(c, field!(ip, 3)) = value;
                dispatch!(ip.add(*loaded.add(2) as usize), c, sp, hp, reds)
            }
        }
        dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds)
    }

    /// `fnegate`: a = source, b = target register.
    fn float_negate(ip, c, sp, hp, reds) {
        *register(c, field!(ip, 2)) = -*register(c, field!(ip, 1));
        dispatch!(ip.add(2), c, sp, hp, reds)
    }
}
