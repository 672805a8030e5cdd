//! `term_to_binary` and `binary_to_term`.

use crate::bif::argument::{self, bytes, name_of, named};
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::etf::decode;
use crate::etf::encode::{self, Options};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

fn options(list: Option<&Term>) -> Result<Options, Exception> {
    let mut options = Options::default();
    for option in list.map_or(Ok(Vec::new()), |&term| argument::list(term))? {
        match option.as_tuple() {
            Some(&[key, value]) => {
                let number = value.as_usize().ok_or_else(Exception::badarg)?;
                match (name_of(key), number) {
                    ("compressed", 0..=9) => options.compression = number as u32,
                    ("minor_version", 0..=2) => options.minor_version = number as u8,
                    _ => return Err(Exception::badarg()),
                }
            }
            _ => match name_of(option) {
                "compressed" => options.compression = 6,
                "deterministic" | "local" => {}
                _ => return Err(Exception::badarg()),
            },
        }
    }
    Ok(options)
}

/// Bytes that a scheduler reads or writes; what is longer goes to the dirty pool.
const SHORT: usize = 256 * 1024;

/// The options of an argument that may be missing.
fn given(args: &[Term]) -> Term {
    args.get(1).copied().unwrap_or(Term::NIL)
}

fn term_to_binary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(bytes) = encode::within(args[0], options(args.get(1))?, SHORT) else {
        return Err(Interrupt::call("erts_internal", "term_to_binary_long", &[args[0], given(args)]));
    };
    ctx.charge(bytes.len() / 64);
    Ok(ctx.process.heap.binary_from(bytes.into_boxed_slice()))
}

fn term_to_binary_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = encode::to_bytes(args[0], options(args.get(1))?);
    Ok(ctx.process.heap.binary_from(bytes.into_boxed_slice()))
}

fn term_to_iovec(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match in_pieces(ctx, args, SHORT)? {
        Some(list) => Ok(list),
        None => Err(Interrupt::call("erts_internal", "term_to_iovec_long", &[args[0], given(args)])),
    }
}

fn term_to_iovec_long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(in_pieces(ctx, args, usize::MAX)?.unwrap_or(Term::NIL))
}

/// The external format as a list of binaries, among them the larger ones of the term itself. What is compressed is in
/// one.
fn in_pieces(ctx: &mut NativeContext<'_>, args: &[Term], most: usize) -> Result<Option<Term>, Exception> {
    let options = options(args.get(1))?;
    let pieces = if options.compression > 0 {
        encode::within(args[0], options, most).map(|bytes| (bytes, Vec::new()))
    } else {
        encode::pieces(args[0], options, most)
    };
    let Some((bytes, cuts)) = pieces else { return Ok(None) };
    ctx.charge(bytes.len() / 64);
    let heap = &mut ctx.process.heap;
    let (mut list, mut end) = (Term::NIL, bytes.len());
    for (at, binary) in cuts.into_iter().rev() {
        if at < end {
            let piece = heap.binary(&bytes[at..end]);
            list = heap.cons(piece, list);
        }
        let size = binary.as_bits().map_or(0, |bits| bits.size);
        let whole = if size.is_multiple_of(8) { binary } else { heap.part(binary, 0, size - size % 8) };
        list = heap.cons(whole, list);
        end = at;
    }
    let first = heap.binary(&bytes[..end]);
    Ok(Some(heap.cons(first, list)))
}

fn external_size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut options = Options::default();
    for option in args.get(1).map_or(Ok(Vec::new()), |&term| argument::list(term))? {
        match option.as_tuple() {
            Some(&[key, version]) if name_of(key) == "minor_version" => {
                options.minor_version = match version.as_usize() {
                    Some(version @ 0..=1) => version as u8,
                    _ => return Err(Exception::badarg().into()),
                };
            }
            _ => return Err(Exception::badarg().into()),
        }
    }
    let bytes = encode::to_bytes(args[0], options);
    ctx.charge(bytes.len() / 64);
    Ok(Term::small(bytes.len() as i64))
}

fn binary_to_term(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    decoding(args)?;
    if bytes(args[0])?.len() > SHORT {
        return Err(Interrupt::call("erts_internal", "binary_to_term_long", &[args[0], given(args)]));
    }
    decoded(ctx, args)
}

/// What decoding is told: to make nothing new, and to tell how much it used.
fn decoding(args: &[Term]) -> Result<(bool, bool), Exception> {
    let (mut safe, mut tell) = (false, false);
    for option in args.get(1).map_or(Some(Vec::new()), |term| term.to_vec()).ok_or_else(argument::badopt)? {
        match name_of(option) {
            "safe" => safe = true,
            "used" => tell = true,
            _ => return Err(argument::badopt()),
        }
    }
    Ok((safe, tell))
}

fn decoded(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let (safe, tell) = decoding(args)?;
    ctx.charge(bytes.len() / 64);
    let (term, used) = decode::from_bytes(ctx.vm, &mut ctx.process.heap, &bytes, safe)
        .map_err(|decode::Malformed| Exception::badarg())?;
    if tell {
        return Ok(ctx.process.heap.tuple(&[term, Term::small(used as i64)]));
    }
    Ok(term)
}

/// The MD5 of the module in a BEAM file; `undefined` if it is none.
fn module_md5(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    match swerl_beam::Module::read(&bytes) {
        Ok(module) => Ok(ctx.process.heap.binary(&module.md5())),
        Err(_) => Ok(named("undefined")),
    }
}

/// The bytes of one chunk of a module's file, its identifier as a string.
fn chunk(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = bytes(args[0])?;
    let name = argument::ascii(args[1]).unwrap_or_default();
    let Ok(name) = <[u8; 4]>::try_from(name.as_bytes()) else {
        return Err(Exception::badarg().into());
    };
    match swerl_beam::chunk(&bytes, name) {
        Ok(Some(chunk)) => Ok(ctx.process.heap.binary(chunk)),
        Ok(None) => Ok(named("undefined")),
        Err(_) => Err(Exception::badarg().into()),
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "term_to_binary"/1 => term_to_binary;
        "term_to_binary"/2 => term_to_binary;
        "term_to_iovec"/1 => term_to_iovec;
        "term_to_iovec"/2 => term_to_iovec;
        "external_size"/1 => external_size;
        "external_size"/2 => external_size;
        "binary_to_term"/1 => binary_to_term;
        "binary_to_term"/2 => binary_to_term;
    }
    "erts_internal" {
        "term_to_binary_long"/2 = dirty => term_to_binary_long;
        "term_to_iovec_long"/2 = dirty => term_to_iovec_long;
        "binary_to_term_long"/2 = dirty => decoded;
        "beamfile_module_md5"/1 => module_md5;
        "beamfile_chunk"/2 => chunk;
    }
};
