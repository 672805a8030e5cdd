//! Pairs of keys, and the secrets that two of them share.

use super::curve::Curve;
use super::edwards::Form;
use super::modular::Modulus;
use super::random::Random;
use super::{fault, fault_of, rsa};
use crate::bif::argument::name_of;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Integer, Term};

/// Bytes of a key: a binary, or an integer that is not below 0.
pub(super) fn key_bytes(term: Term) -> Option<Vec<u8>> {
    if let Some(bytes) = term.as_binary() {
        return Some(bytes.into_owned());
    }
    term.as_integer().map(Integer::into_big)?.to_biguint().map(|number| number.to_bytes_be())
}

fn is_undefined(term: Term) -> bool {
    name_of(term) == "undefined"
}

fn pair(ctx: &mut NativeContext<'_>, public: &[u8], private: &[u8]) -> Term {
    let heap = &mut ctx.process.heap;
    let (public, private) = (heap.binary(public), heap.binary(private));
    heap.tuple(&[public, private])
}

/// The prime and the generator of a group, of two arguments; `argument` is the number of both.
fn group(
    ctx: &mut NativeContext<'_>,
    argument: usize,
    lines: (i64, i64),
    terms: (Term, Term),
) -> Result<(Option<Modulus>, Vec<u8>), Exception> {
    let Some(p) = key_bytes(terms.0) else {
        return Err(fault(ctx, argument, "dh.c", lines.0, "Bad value of 'p'"));
    };
    let Some(g) = key_bytes(terms.1) else {
        return Err(fault(ctx, argument, "dh.c", lines.1, "Bad value of 'g'"));
    };
    // Smaller ones keep no secret.
    Ok((Modulus::new(&p).filter(|modulus| modulus.bits() >= 512), g))
}

/// Bytes of a number without zeros in front.
fn trimmed(bytes: &[u8]) -> &[u8] {
    &bytes[bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len())..]
}

/// `dh_generate(Private, P, G, Bits)`: 0 for bits that the group decides.
fn dh_generate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let given = if is_undefined(args[0]) { None } else { Some(key_bytes(args[0])) };
    if matches!(given, Some(None)) {
        return Err(fault(ctx, 1, "dh.c", 57, "PrivKeyIn").into());
    }
    let (modulus, g) = group(ctx, 2, (66, 71), (args[1], args[2]))?;
    let Some(bits) = args[3].as_usize() else {
        return Err(fault(ctx, 4, "dh.c", 89, "Bad value of length element").into());
    };
    let Some(modulus) = modulus.filter(|modulus| bits < modulus.bits()) else {
        return Err(fault_of(ctx, 0, "error", ("dh.c", 124), "Can't generate DH key pair").into());
    };
    let private = match given.flatten() {
        Some(private) => private,
        None => {
            let bits = if bits == 0 { modulus.bits() - 1 } else { bits };
            let mut private = Random::new()?.bytes(bits.div_ceil(8));
            let spare = 8 * private.len() - bits;
            private[0] = (private[0] & (0xff >> spare)) | (0x80 >> spare);
            private
        }
    };
    let public = modulus.bytes(&modulus.power(&modulus.reduce(&g), &private));
    Ok(pair(ctx, trimmed(&public), &private))
}

/// `dh_compute(Theirs, Ours, P, G)`.
fn dh_compute(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const EXPECTED: &str = "Bad peer public key; binary expected";
    let Some(theirs) = key_bytes(args[0]) else { return Err(fault(ctx, 1, "dh.c", 187, EXPECTED).into()) };
    let (modulus, _) = group(ctx, 3, (194, 197), (args[2], args[3]))?;
    let Some(ours) = key_bytes(args[1]) else { return Err(fault(ctx, 1, "dh.c", 215, EXPECTED).into()) };
    let Some(modulus) = modulus else {
        return Err(fault_of(ctx, 0, "error", ("dh.c", 243), "Can't get result").into());
    };
    let public = modulus.reduce(&theirs);
    let digits = modulus.bytes(&public);
    let (minus_one, one) = (modulus.other(&[1]), modulus.bytes(&modulus.reduce(&[1])));
    let good = modulus.is_above(&theirs) && digits != one && digits != minus_one;
    if !good || bool::from(public.is_zero()) {
        return Err(fault_of(ctx, 0, "error", ("dh.c", 236), "Can't get result size").into());
    }
    let secret = modulus.bytes(&modulus.power(&public, &ours));
    match trimmed(&secret) {
        [] | [1] => Err(fault_of(ctx, 0, "error", ("dh.c", 243), "Can't get result").into()),
        secret => Ok(ctx.process.heap.binary(secret)),
    }
}

/// `ecdh_generate(Curve, Private)`.
fn ecdh_generate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let given = if is_undefined(args[1]) { None } else { Some(key_bytes(args[1])) };
    if matches!(given, Some(None)) {
        return Err(fault(ctx, 1, "ec.c", 273, "Bad private key").into());
    }
    let Some(curve) = Curve::named(name_of(args[0])) else {
        return Err(fault(ctx, 1, "ec.c", 355, "Couldn't get Curve definition").into());
    };
    let private = match given.flatten() {
        Some(bytes) => curve.private(&bytes),
        None => Some(curve.generate(&mut Random::new()?)),
    };
    let public = private.as_deref().and_then(|private| curve.public(private));
    match (public, private) {
        (Some(public), Some(private)) => Ok(pair(ctx, &public, &private)),
        _ => Err(fault(ctx, 2, "ec.c", 429, "peer priv key must not be 0").into()),
    }
}

/// `ecdh_compute(Theirs, Ours, Curve)`.
fn ecdh_compute(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const FILE: &str = "ecdh.c";
    const EXPECTED: &str = "Bad peer public key; binary expected";
    let Some(curve) = Curve::named(name_of(args[2])) else {
        return Err(fault_of(ctx, 2, "error", ("ec.c", 78), "Bad curve def. Expect 5-tuple.").into());
    };
    let Some(theirs) = key_bytes(args[0]) else { return Err(fault(ctx, 1, FILE, 54, EXPECTED).into()) };
    let is_infinity = theirs.is_empty() || theirs == [0];
    if !is_infinity && !curve.is_public(&theirs) {
        return Err(fault_of(ctx, 0, "error", (FILE, 70), "Can't do fromdata").into());
    }
    let Some(ours) = key_bytes(args[1]) else { return Err(fault(ctx, 1, FILE, 81, EXPECTED).into()) };
    match curve.shared(&theirs, &ours) {
        Some(secret) => Ok(ctx.process.heap.binary(&secret)),
        None => Err(fault_of(ctx, 0, "error", (FILE, 113), "Can't get result").into()),
    }
}

/// The form that an atom names; the module has looked that it is one.
fn form(term: Term) -> Result<Form, Exception> {
    Form::named(name_of(term)).ok_or_else(Exception::badarg)
}

/// `edwards_generate(Form, Private)`.
fn edwards_generate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let form = form(args[0])?;
    let private = if is_undefined(args[1]) {
        Some(Random::new()?.bytes(form.size()))
    } else {
        args[1].as_binary().map(std::borrow::Cow::into_owned)
    };
    let public = private.as_deref().and_then(|private| form.public(private));
    match (public, private) {
        (Some(public), Some(private)) => Ok(pair(ctx, &public, &private)),
        _ => Err(fault_of(ctx, 2, "error", ("evp.c", 145), "Can't EVP_PKEY_new_raw_private_key").into()),
    }
}

/// `edwards_compute(Theirs, Ours, Form)`.
fn edwards_compute(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const FILE: &str = "evp.c";
    let form = form(args[2])?;
    let of_size = |term: Term| term.as_binary().filter(|bytes| bytes.len() == form.size());
    let Some(ours) = of_size(args[1]) else {
        return Err(fault(ctx, 3, FILE, 51, "Not a raw private key").into());
    };
    let Some(theirs) = of_size(args[0]) else {
        return Err(fault(ctx, 2, FILE, 63, "Not a raw public peer key").into());
    };
    match form.shared(&theirs, &ours) {
        Some(secret) => Ok(ctx.process.heap.binary(&secret)),
        None => Err(fault_of(ctx, 0, "error", (FILE, 79), "Can't EVP_PKEY_derive").into()),
    }
}

/// `rsa_generate(Bits, Exponent)`.
fn rsa_generate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const FILE: &str = "rsa.c";
    let Some(bits) = args[0].as_usize().and_then(|bits| u32::try_from(bits).ok()) else {
        return Err(fault(ctx, 2, FILE, 461, "Can't get unsigned int").into());
    };
    if bits < 256 {
        return Err(fault(ctx, 2, FILE, 465, "Can't be < 256").into());
    }
    let Some(exponent) = key_bytes(args[1]) else {
        return Err(fault(ctx, 2, FILE, 470, "Can't get binary public exponent").into());
    };
    let mut random = Random::new()?;
    // More bits than OpenSSL takes would keep a thread for hours.
    let parts = Some(bits).filter(|&bits| bits <= 16384);
    let Some(parts) = parts.and_then(|bits| rsa::generate(bits, &exponent, &mut random)) else {
        return Err(fault_of(ctx, 0, "error", (FILE, 492), "Can't generate RSA key-pair").into());
    };
    let parts: Vec<Term> = parts.iter().map(|part| ctx.process.heap.binary(part)).collect();
    Ok(ctx.process.heap.list(&parts))
}

pub(super) const NATIVES: &[Native] = natives! {
    "crypto" {
        "dh_generate"/4 = dirty => dh_generate;
        "dh_compute"/4 = dirty => dh_compute;
        "ecdh_generate"/2 = dirty => ecdh_generate;
        "ecdh_compute"/3 = dirty => ecdh_compute;
        "edwards_generate"/2 = dirty => edwards_generate;
        "edwards_compute"/3 = dirty => edwards_compute;
        "rsa_generate"/2 = dirty => rsa_generate;
    }
};
