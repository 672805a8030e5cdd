//! The interpreter: one handler a specialised instruction, each ending in a jump to the next.
//!
//! Code is words. An instruction is `[handler][op:8 | frame:8 | a:16 | b:16 | c:16]` and further words for
//! constants, code addresses and the call-site record; `frame` says how many slots are open (`code::emit`). A
//! handler has six arguments in machine registers: code address, context, stack top, accumulator, reductions left,
//! heap top; the accumulator is the value that the instruction before has just put into a register (`operand::A`).
//! It ends with a call in tail position, which the compiler turns into a jump at every optimisation level above 0
//! (the workspace sets one for this crate). Handlers with locals in memory go back to the loop in `run` instead
//! (`resume!`).
//!
//! Frames: `call` pushes the address of the next instruction, whose word before it is the call-site record;
//! `allocate n` makes room for Y0 .. Yn-1 below it. So from any return word the walk over the stack knows
//! the size of the frame it returns to.
//!
//! What handlers rely on (registers initialised, frames consistent, room reserved before building) is
//! checked before a function first runs: `code::validate`.
#![allow(unsafe_code, reason = "executes code that the loader has checked, on raw process memory")]

pub(crate) mod arith;
mod bit_writer;
pub(crate) mod bits;
pub(crate) mod bits_build;
mod bits_fault;
pub(crate) mod bits_sizes;
pub(crate) mod call;
pub(crate) mod context;
pub(crate) mod data;
pub(crate) mod exception;
pub(crate) mod float;
pub(crate) mod fun;
pub(crate) mod fused;
pub(crate) mod fused_operator;
pub(crate) mod guard;
pub(crate) mod map;
pub(crate) mod native;
pub(crate) mod operand;
pub(crate) mod receive;
pub(crate) mod run;
pub(crate) mod select;
pub(crate) mod test;
pub(crate) mod trace;
pub(crate) mod whole_bytes;

pub(crate) use context::{Context, Outcome};
use operand::Accumulator;

/// A handler. `(ip, context, sp, accumulator, reductions, hp)`. The accumulator comes fourth, in RCX: shifts by a number
/// that is not in the code need that register, which an operator has just read and is about to write.
pub(crate) type Handler =
    unsafe extern "sysv64" fn(*const u64, *mut Context, *mut u64, Accumulator, i64, *mut u64);

/// Reductions of one turn.
pub(crate) const TURN: i64 = 4000;

/// Goes to the instruction at `$ip`, with a value in the accumulator if the loader counts on one.
macro_rules! dispatch {
    ($ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr) => {
        $crate::interp::dispatch!(@ $ip, $c, $sp, $hp, $reds, $crate::interp::operand::Accumulator::NONE)
    };
    ($ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr, $value:expr) => {
        $crate::interp::dispatch!(@ $ip, $c, $sp, $hp, $reds, $crate::interp::operand::Accumulator::new($value))
    };
    (@ $ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr, $accumulator:expr) => {{
        let ip: *const u64 = $ip;
        return (*ip.cast::<$crate::interp::Handler>())(ip, $c, $sp, $accumulator, $reds, $hp);
    }};
}

/// Goes to a handler known by name, for the instruction at `$ip`.
macro_rules! tail {
    ($handler:expr, $ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr) => {
        return $handler($ip, $c, $sp, $crate::interp::operand::Accumulator::NONE, $reds, $hp)
    };
}

/// Goes to the instruction at `$ip` by way of the loop in `run`, with a value in the accumulator: X0 if none is named,
/// which is what stands there after a call. For handlers whose locals may keep the compiler
/// from making the last call a jump: they must not stay on the native stack below what follows.
macro_rules! resume {
    ($ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr) => {
        $crate::interp::resume!($ip, $c, $sp, $hp, $reds, (*$c).x[0])
    };
    ($ip:expr, $c:ident, $sp:expr, $hp:expr, $reds:expr, $value:expr) => {{
        let (ip, sp, hp, reds): (*const u64, *mut u64, *mut u64, i64) = ($ip, $sp, $hp, $reds);
        (*$c).resume = $crate::interp::context::Resume { ip, sp, hp, accumulator: $value };
        (*$c).reds = reds;
        (*$c).outcome = $crate::interp::Outcome::Continue;
        return;
    }};
}

/// Defines handlers: functions over the six registers, with operand kinds as type parameters.
macro_rules! handlers {
    ($( $(#[$meta:meta])* fn $name:ident $(<$($g:ident : $b:ident),*>)? ($($register:ident),*) $body:block )*) => {
        $($crate::interp::handler! { [$(#[$meta])*] $name [$($($g: $b),*)?] ($($register),*) $body })*
    };
}

/// One handler, for [`handlers!`]; it names the accumulator if it reads it.
macro_rules! handler {
    ($meta:tt $name:ident $generics:tt ($ip:ident, $c:ident, $sp:ident, $hp:ident, $reds:ident) $body:block) => {
        $crate::interp::handler! { $meta $name $generics ($ip, $c, $sp, $hp, $reds, _accumulator) $body }
    };
    ([$(#[$meta:meta])*] $name:ident [$($g:ident : $b:ident),*] ($ip:ident, $c:ident, $sp:ident, $hp:ident, $reds:ident, $accumulator:ident) $body:block) => {
            $(#[$meta])*
            #[allow(unused_mut, unused_variables, unused_assignments, reason = "not every instruction changes every register")]
            pub(crate) unsafe extern "sysv64" fn $name<$($g: $b),*> (
                mut $ip: *const u64,
                $c: *mut $crate::interp::Context,
                mut $sp: *mut u64,
                $accumulator: $crate::interp::operand::Accumulator,
                mut $reds: i64,
                mut $hp: *mut u64,
            ) {
                // SAFETY: the loader has validated the code (see the module's head), so operands name live
                // registers and slots, constants and addresses are its own, and room was reserved.
                unsafe { $body }
            }
    };
}

/// Field `$n` (1 to 3) of the instruction's second word.
macro_rules! field {
    ($ip:expr, $n:literal) => {
        *$ip.cast::<u16>().add(4 + $n) as usize
    };
}

/// The instruction's word `$n` as an address of code.
macro_rules! target {
    ($ip:expr, $n:expr) => {
        std::ptr::with_exposed_provenance::<u64>(*$ip.add($n) as usize)
    };
}

/// The instruction's word `$n` as the entry of a function. Where that is read when it is first called, the word is changed
/// while others run: who sees the new entry must see what was written there before.
macro_rules! callee {
    ($ip:expr, $n:expr) => {{
        let entry = &*$ip.add($n).cast::<std::sync::atomic::AtomicU64>();
        std::ptr::with_exposed_provenance::<u64>(entry.load(std::sync::atomic::Ordering::Acquire) as usize)
    }};
}

pub(crate) use {callee, dispatch, field, handler, handlers, resume, tail, target};
