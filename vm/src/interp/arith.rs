//! Arithmetic on integers: the small case inline, everything else through `bif::erlang::arith`.

use super::call::leave;
use super::context::{Context, Culprit};
use super::operand::{Source, Target, are_small};
use super::{dispatch, field, handlers, resume, tail, target};
use crate::atom::{self, Atom};
use crate::bif::erlang::arith;
use crate::heap::{Build as _, Heap};
use crate::proc::exception::Exception;
use crate::term::{Term, float};

/// A binary operator.
pub(crate) trait Operator {
    /// Is it `/`, which makes floats of integers, and of which a stack trace does not speak?
    const IS_DIVISION: bool;
    /// Its name, for stack traces.
    fn name() -> Atom;
    /// The case of two small integers, if its result is one.
    fn small(a: Term, b: Term) -> Option<Term>;
    /// The case of two floats, for an operator that has one; the result may not be finite.
    #[inline(always)]
    fn floats(_a: f64, _b: f64) -> Option<f64> {
        None
    }
    /// All cases.
    fn any(heap: &mut Heap, a: Term, b: Term) -> Result<Term, Exception>;
}

macro_rules! operators {
    ($($type:ident $name:expr, ($a:ident, $b:ident) $small:expr, $any:path $(, float $op:tt)?;)*) => {
        $(
            #[doc = concat!("Operator ", stringify!($type), ".")]
            pub(crate) struct $type;
            impl Operator for $type {
                const IS_DIVISION: bool = matches!($name, atom::DIVIDE);
                fn name() -> Atom { $name }
                #[inline(always)]
                fn small($a: Term, $b: Term) -> Option<Term> { $small }
                $(
                    #[inline(always)]
                    fn floats(a: f64, b: f64) -> Option<f64> { Some(a $op b) }
                )?
                fn any(heap: &mut Heap, a: Term, b: Term) -> Result<Term, Exception> { $any(heap, a, b) }
            }
        )*
    };
}

#[inline(always)]
fn exact(result: (i64, bool)) -> Option<Term> {
    if result.1 { None } else { Some(Term(result.0 as u64)) }
}

operators! {
    Add atom::PLUS, (a, b) exact((a.0 as i64).overflowing_add(b.0 as i64)), arith::add, float +;
    Subtract atom::MINUS, (a, b) exact((a.0 as i64).overflowing_sub(b.0 as i64)), arith::subtract, float -;
    Multiply atom::TIMES, (a, b) exact(((a.0 as i64) >> 3).overflowing_mul(b.0 as i64)), arith::multiply, float *;
    Slash atom::DIVIDE, (_a, _b) None, arith::divide, float /;
    Divide atom::DIV, (a, b) if b.0 == 0 || b == Term::small(-1) { None } else { Some(Term::small((a.0 as i64).wrapping_div(b.0 as i64))) }, arith::div;
    Remainder atom::REM, (a, b) if b.0 == 0 || b == Term::small(-1) { None } else { Some(Term((a.0 as i64).wrapping_rem(b.0 as i64) as u64)) }, arith::rem;
    BitAnd atom::BAND, (a, b) Some(Term(a.0 & b.0)), arith::band;
    BitOr atom::BOR, (a, b) Some(Term(a.0 | b.0)), arith::bor;
    BitXor atom::BXOR, (a, b) Some(Term(a.0 ^ b.0)), arith::bxor;
    ShiftLeft atom::BSL, (a, b) shift_left(a, b), arith::bsl;
    ShiftRight atom::BSR, (a, b) shift_right(a, b), arith::bsr;
}

#[inline(always)]
fn shift_left(a: Term, b: Term) -> Option<Term> {
    let (value, count) = (a.0 as i64, (b.0 as i64) >> 3);
    if (0..60).contains(&count) {
        let shifted = value << count;
        return (shifted >> count == value).then_some(Term(shifted as u64));
    }
    None
}

#[inline(always)]
fn shift_right(a: Term, b: Term) -> Option<Term> {
    let count = (b.0 as i64) >> 3;
    (0..61).contains(&count).then(|| Term::small(((a.0 as i64) >> 3) >> count))
}

handlers! {
    /// `gc_bif2` of an operator: a, b = sources, c = target, `[fail]` (0: raise), constants.
    fn operate<O: Operator, A: Source, B: Source, D: Target>(ip, c, sp, hp, reds, accumulator) {
        let a = A::take(accumulator, field!(ip, 1), ip.add(3), c, sp);
        let b = B::take(accumulator, field!(ip, 2), ip.add(3 + A::WORDS), c, sp);
        if are_small::<A, B>(a, b) && let Some(value) = O::small(a, b) {
            D::write(field!(ip, 3), c, sp, value);
            dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, value)
        }
        tail!(operate_any::<O, A, B, D>, ip, c, sp, hp, reds);
    }

    /// `operate` of what are not two small integers: floats, and of these the numbers that are no trip to the heap.
    /// A function of its own, or `operate` would save registers for it.
    #[inline(never)]
    fn operate_any<O: Operator, A: Source, B: Source, D: Target>(ip, c, sp, hp, reds) {
        let a = A::read(field!(ip, 1), ip.add(3), c, sp);
        let b = B::read(field!(ip, 2), ip.add(3 + A::WORDS), c, sp);
        if float::is_self_tagged(a.0)
            && float::is_self_tagged(b.0)
            && let Some(value) = O::floats(float::decode(a.0), float::decode(b.0))
            && let Some(value) = float::encode(value)
        {
            D::write(field!(ip, 3), c, sp, value);
            dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, value)
        }
        if (O::IS_DIVISION || !(a.is_small() && b.is_small()))
            && let (Some(x), Some(y)) = (as_float(a), as_float(b))
            && let Some(value) = O::floats(x, y)
            && let Some(value) = float::encode(value)
        {
            D::write(field!(ip, 3), c, sp, value);
            dispatch!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, value)
        }
        return operate_slow::<O, A, B, D>(ip, c, sp, hp, reds);
    }
}

/// A float of either kind, or a small integer as one (exact: its magnitude is checked).
#[inline(always)]
fn as_float(term: Term) -> Option<f64> {
    match term.as_small() {
        Some(value) => (value.unsigned_abs() <= 1 << 53).then_some(value as f64),
        None => term.as_float(),
    }
}

/// The general case. `[fail]` is null where failure raises.
#[cold]
#[inline(never)]
unsafe extern "sysv64" fn operate_slow<O: Operator, A: Source, B: Source, D: Target>(
    ip: *const u64,
    c: *mut Context,
    sp: *mut u64,
    hp: *mut u64,
    reds: i64,
) {
    // SAFETY: called as a handler.
    unsafe {
        let a = A::read(field!(ip, 1), ip.add(3), c, sp);
        let b = B::read(field!(ip, 2), ip.add(3 + A::WORDS), c, sp);
        leave(c, sp, hp, reds);
        let heap = &mut (*c).process().heap;
        match O::any(heap, a, b) {
            Ok(value) => {
                D::write(field!(ip, 3), c, sp, value);
                let hp = heap.top;
                let reds =
                    if heap.wants_collection() { super::call::steal_reductions(&mut *c, reds) } else { reds };
                resume!(ip.add(3 + A::WORDS + B::WORDS), c, sp, hp, reds, value)
            }
            Err(exception) => {
                let fail = target!(ip, 2);
                if !fail.is_null() {
                    resume!(fail, c, sp, heap.top, reds)
                }
                let is_silent = O::IS_DIVISION || is_increment::<O, A, B>(a, b);
                if !is_silent || is_interpreted(c, ip) {
                    let arguments = heap.list(&[a, b]);
                    (*c).culprit = Culprit { mfa: Some((atom::ERLANG, O::name())), arguments };
                }
                super::exception::raise_exception(ip, c, sp, heap.top, reds, exception)
            }
        }
    }
}

/// Does the code at `ip` stand for a script that OTP would interpret?
///
/// # Safety
/// As for handlers.
#[cold]
unsafe fn is_interpreted(c: *mut Context, ip: *const u64) -> bool {
    // SAFETY: called by a handler.
    let vm = unsafe { (*c).vm() };
    vm.code.instance_at(ip).is_some_and(|instance| instance.is_interpreted())
}

/// Is it the addition of a constant, or the subtraction of one from something else? Compiled code that only counts
/// raises in the name of its function, as OTP's does: no frame of the operator goes into the stack trace. The constant
/// is one that fits OTP's small integers, of 60 bits.
fn is_increment<O: Operator, A: Source, B: Source>(a: Term, b: Term) -> bool {
    let is_constant = |words: usize, value: Term, sign: i64| {
        let range = -(1 << 59)..1 << 59;
        words > 0
            && value.as_small().is_some_and(|value| range.contains(&value) && range.contains(&(value * sign)))
    };
    match O::name() {
        atom::PLUS => is_constant(A::WORDS, a, 1) || is_constant(B::WORDS, b, 1),
        atom::MINUS => is_constant(B::WORDS, b, -1),
        _ => false,
    }
}
