//! `erts_debug`: sizes of terms in words as OTP's machine would need them, and who shares what.

use super::erlang::process_info::backtrace;
use super::erlang::system::write_out;
use crate::atom;
use crate::bif::argument::name_of;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Kind, Term};
use std::collections::HashSet;

/// Integers of this machine that OTP's keeps in a word, on both sides of zero.
const SMALL: i64 = 1 << 59;

/// Bytes of a binary that OTP keeps in the heap.
const HEAP_BINARY: usize = 64;

fn words_of_bytes(bytes: usize) -> usize {
    if bytes <= HEAP_BINARY { 2 + bytes.div_ceil(8) } else { 6 }
}

fn words_of_bits(term: Term) -> usize {
    let Some(bits) = term.as_bits() else { return 0 };
    if term.is_binary() {
        words_of_bytes(bits.byte_len())
    } else {
        // What is not whole bytes is part of something that is.
        let whole = crate::term::as_terms(term.boxed_words()).last().and_then(|whole| whole.as_bits());
        5 + words_of_bytes(whole.map_or(0, |whole| whole.byte_len()))
    }
}

/// Words of one object without its parts; the parts go to `pending`.
fn object(term: Term, pending: &mut Vec<Term>) -> usize {
    if let Some((head, tail)) = term.as_cons() {
        pending.extend([head, tail]);
        return 2;
    }
    if let Some(value) = term.as_small() {
        return if (-SMALL..SMALL).contains(&value) { 0 } else { 2 };
    }
    if term.is_float() {
        return 2;
    }
    let Some(header) = term.header() else { return 0 };
    let parts = |pending: &mut Vec<Term>| {
        pending.extend(crate::term::as_terms(&term.boxed_words()[header.raw_words()..]));
    };
    match header.kind() {
        Kind::Tuple => {
            parts(pending);
            if header.size() == 0 { 0 } else { header.size() + 1 }
        }
        Kind::BigPos | Kind::BigNeg => 1 + term.as_big_limbs().map_or(1, |(_, limbs)| limbs.len()),
        Kind::HeapBinary | Kind::RefcBinary | Kind::SubBits | Kind::MatchContext => words_of_bits(term),
        Kind::Fun => {
            parts(pending);
            5 + header.size() - header.raw_words()
        }
        Kind::Export => 5,
        Kind::FlatMap => {
            parts(pending);
            // The tuple of the keys is a part.
            2 + header.size() - header.raw_words()
        }
        Kind::HashMap => {
            parts(pending);
            // The root node bears the number of keys.
            1
        }
        Kind::HashNode => {
            parts(pending);
            header.size() - header.raw_words()
        }
        Kind::Float => 2,
        Kind::Ref => 3,
        Kind::ExternalPid | Kind::ExternalPort => 3,
        Kind::ExternalRef => 5,
        Kind::Filler => 0,
    }
}

/// Words of a term; what is shared counts once if `shared`.
fn words(root: Term, shared: bool) -> usize {
    let mut seen = HashSet::new();
    let mut pending = vec![root];
    let mut sum = 0;
    while let Some(term) = pending.pop() {
        if shared && !term.is_immediate() && !seen.insert(term.0) {
            continue;
        }
        sum += object(term, &mut pending);
    }
    sum
}

fn size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let words = words(args[0], true);
    ctx.charge(words / 8);
    Ok(Term::small(words as i64))
}

fn flat_size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let words = words(args[0], false);
    ctx.charge(words / 8);
    Ok(Term::small(words as i64))
}

fn same(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(args[0] == args[1]))
}

/// Terms are copied where they go to other memory; a process may keep sharing its own.
fn copy_shared(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(args[0])
}

fn display(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let text = crate::term::shown(args[0]) + "\n";
    write_out(&text);
    Ok(ctx.process.heap.string(&text))
}

/// What the machine of OTP would tell of its insides is not there.
fn get_internal_state(_ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    Ok(Term::atom(atom::UNDEFINED))
}

/// `erlang:process_display(Pid, backtrace)`: the stack of a process, on standard error.
fn process_display(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pid = args[0].as_pid().filter(|&pid| ctx.vm.processes.find(pid).is_some());
    let (Some(pid), "backtrace") = (pid, name_of(args[1])) else {
        return Err(Exception::badarg().into());
    };
    if pid == ctx.process.pid {
        eprint!("{}", backtrace(ctx.vm, ctx.process));
        return Ok(Term::bool(true));
    }
    let vm = ctx.vm.clone();
    Err(super::erlang::process::ask(ctx, pid, move |target, _| {
        if let Some(process) = target {
            eprint!("{}", backtrace(&vm, process));
        }
        Term::bool(true)
    }))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erts_debug" {
        "size"/1 => size;
        "size_shared"/1 => size;
        "flat_size"/1 => flat_size;
        "same"/2 => same;
        "copy_shared"/1 => copy_shared;
        "display"/1 => display;
        "get_internal_state"/1 => get_internal_state;
    }
    "erlang" {
        "process_display"/2 => process_display;
    }
};
