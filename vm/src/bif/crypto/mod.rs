//! Module `crypto`: digests, message authentication, ciphers, random bytes, numbers.
//!
//! The algorithms are RustCrypto's. A digest's state is a term; a cipher under way is a reference, and what belongs
//! to it is kept here until it ends or its process does. Exceptions name the same places as OTP's.

mod aead;
mod agree;
mod cipher;
mod curve;
mod der;
mod digest;
mod dsa;
mod edwards;
mod mac;
mod modular;
mod number;
mod padding;
mod pkey;
mod random;
mod rsa;

use super::argument::{name_of, named};
use super::{Interrupt, Native, NativeContext, NativeResult, iodata};
use crate::heap::{Build as _, map as heap_map};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Pid, Term};
use cipher::{Cipher, Padding, Stream};
use digest::Algorithm;
use hashbrown::HashMap;
use parking_lot::Mutex;

/// Bytes that a scheduler works on.
const SHORT: usize = 128 * 1024;

/// Ciphers under way, by the numbers of their references.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<HashMap<u64, (Pid, Stream)>>);

impl Streams {
    /// A process has ended, and its ciphers with it.
    pub(crate) fn owner_ended(&self, owner: Pid) {
        let mut streams = self.0.lock();
        if !streams.is_empty() {
            streams.retain(|_, (other, _)| *other != owner);
        }
    }
}

/// `{Tag, {File, Line}, Text}`, as OTP's library reports faults, and the number of the argument that is to blame; 0 for none.
fn fault_of(
    ctx: &mut NativeContext<'_>,
    argument: usize,
    tag: &'static str,
    place: (&str, i64),
    text: &str,
) -> Exception {
    let heap = &mut ctx.process.heap;
    let file = heap.string(place.0);
    let place = heap.tuple(&[file, Term::small(place.1)]);
    let text = heap.string(text);
    let mut exception = Exception::error(heap.tuple(&[named(tag), place, text]));
    let argument = if argument == 0 { named("undefined") } else { Term::small(argument as i64) };
    exception.cause = heap_map::from_pairs(heap, &[(named("erl_function_arg_num"), argument)]);
    exception
}

fn fault(ctx: &mut NativeContext<'_>, argument: usize, file: &str, line: i64, text: &str) -> Exception {
    fault_of(ctx, argument, "badarg", (file, line), text)
}

/// The same call on the dirty pool.
fn later(function: &'static str, args: &[Term]) -> Interrupt {
    Interrupt::call("crypto", function, args)
}

fn is_long(data: Term) -> bool {
    iodata::size(data).is_ok_and(|size| size > SHORT)
}

fn algorithm(
    ctx: &mut NativeContext<'_>,
    name: Term,
    file: &str,
    line: i64,
) -> Result<&'static Algorithm, Exception> {
    match Algorithm::named(name_of(name)) {
        Some(algorithm) => Ok(algorithm),
        None => Err(fault(ctx, 1, file, line, "Bad digest type")),
    }
}

fn hash_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let data = iodata::to_bytes(args[1])?;
    let algorithm = algorithm(ctx, args[0], "hash.c", 108)?;
    ctx.charge(data.len() / 64);
    Ok(ctx.process.heap.binary(&algorithm.of(&[&data])))
}

fn hash(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[1]) {
        return Err(later("hash_long", args));
    }
    hash_all(ctx, args)
}

/// `{Algorithm, State}`.
fn hash_state(ctx: &mut NativeContext<'_>, algorithm: &Algorithm, state: &[u8]) -> Term {
    let state = ctx.process.heap.binary(state);
    ctx.process.heap.tuple(&[named(algorithm.name), state])
}

fn hash_init(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let algorithm = algorithm(ctx, args[0], "hash.c", 142)?;
    Ok(hash_state(ctx, algorithm, &algorithm.start()))
}

fn taken_apart(state: Term) -> Option<(&'static Algorithm, Vec<u8>)> {
    let &[name, state] = state.as_tuple()? else { return None };
    Some((Algorithm::named(name_of(name))?, state.as_binary()?.into_owned()))
}

fn hash_update(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let data = iodata::to_bytes(args[1])?;
    let known = taken_apart(args[0]);
    let next = known.and_then(|(algorithm, state)| Some((algorithm, algorithm.update(&state, &data)?)));
    ctx.charge(data.len() / 64);
    match next {
        Some((algorithm, state)) => Ok(hash_state(ctx, algorithm, &state)),
        None => Err(fault(ctx, 1, "hash.c", 171, "Bad state").into()),
    }
}

fn hash_final(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    match taken_apart(args[0]).and_then(|(algorithm, state)| algorithm.finish(&state)) {
        Some(digest) => Ok(ctx.process.heap.binary(&digest)),
        None => Err(fault(ctx, 1, "hash.c", 205, "Bad state").into()),
    }
}

fn info_map(ctx: &mut NativeContext<'_>, pairs: &[(&'static str, Term)]) -> Term {
    let pairs: Vec<(Term, Term)> = pairs.iter().map(|&(key, value)| (named(key), value)).collect();
    heap_map::from_pairs(&mut ctx.process.heap, &pairs)
}

fn hash_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let algorithm = Algorithm::named(name_of(args[0])).ok_or_else(Exception::badarg)?;
    let pairs = [
        ("type", Term::small(i64::from(algorithm.number))),
        ("size", Term::small(algorithm.size as i64)),
        ("block_size", Term::small(algorithm.block as i64)),
    ];
    Ok(info_map(ctx, &pairs))
}

/// `mac(Type, SubType, Key, Data)`.
fn mac_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let key = iodata::to_bytes(args[2])?;
    let Ok(data) = iodata::to_bytes(args[3]) else {
        return Err(fault(ctx, 4, "mac.c", 175, "Bad text").into());
    };
    ctx.charge(data.len() / 64);
    let bytes = match name_of(args[0]) {
        "hmac" => match Algorithm::named(name_of(args[1])) {
            Some(algorithm) => mac::hmac(algorithm, &key, &data),
            None => return Err(fault(ctx, 2, "mac.c", 263, "Bad digest algorithm for HMAC").into()),
        },
        "cmac" => {
            let Some(cipher) = Cipher::named(name_of(args[1]), Some(key.len())) else {
                return Err(fault(ctx, 2, "mac.c", 313, "Unknown cipher").into());
            };
            match cipher.keyed(&key) {
                Some(block) => mac::cmac(&*block, &data),
                None => return Err(fault(ctx, 3, "mac.c", 316, "Bad key size").into()),
            }
        }
        "poly1305" => match mac::poly1305(&key, &data) {
            Some(bytes) => bytes,
            None => return Err(fault(ctx, 3, "mac.c", 235, "Bad key length").into()),
        },
        _ => return Err(fault(ctx, 1, "mac.c", 233, "Unknown mac algorithm").into()),
    };
    Ok(ctx.process.heap.binary(&bytes))
}

fn mac(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[3]) {
        return Err(later("mac_long", args));
    }
    mac_all(ctx, args)
}

/// The states of the digests of HMAC after their keys: `{Inner, Outer}`.
fn hmac_start(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let key = iodata::to_bytes(args[1])?;
    let Some(algorithm) = Algorithm::named(name_of(args[0])) else {
        return Err(fault(ctx, 2, "mac.c", 617, "Bad digest algorithm for HMAC").into());
    };
    let (inner, outer) = mac::hmac_keys(algorithm, &key);
    let mut states = Vec::new();
    for key in [inner, outer] {
        let state = algorithm.update(&algorithm.start(), &key).unwrap_or_default();
        states.push(hash_state(ctx, algorithm, &state));
    }
    Ok(ctx.process.heap.tuple(&states))
}

fn pbkdf2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const FILE: &str = "pbkdf2_hmac.c";
    let algorithm = algorithm(ctx, args[0], FILE, 34)?;
    let Some(password) = args[1].as_binary() else {
        return Err(fault(ctx, 2, FILE, 41, "Not binary").into());
    };
    let Some(salt) = args[2].as_binary() else { return Err(fault(ctx, 3, FILE, 44, "Not binary").into()) };
    let Some(rounds) = args[3].as_usize() else { return Err(fault(ctx, 4, FILE, 47, "Not integer").into()) };
    if rounds == 0 {
        return Err(fault(ctx, 4, FILE, 49, "Must be > 0").into());
    }
    let Some(size) = args[4].as_usize() else { return Err(fault(ctx, 5, FILE, 52, "Not integer").into()) };
    if size == 0 {
        return Err(fault(ctx, 5, FILE, 54, "Must be > 0").into());
    }
    let key = mac::pbkdf2(algorithm, &password, &salt, rounds, size);
    Ok(ctx.process.heap.binary(&key))
}

/// `true`, `false`, or a list of options: whether to encrypt, and how to pad.
fn direction(ctx: &mut NativeContext<'_>, term: Term) -> Result<(bool, Padding), Exception> {
    const FILE: &str = "api_ng.c";
    if let Some(encrypts) = term.as_bool() {
        return Ok((encrypts, Padding::Undefined));
    }
    let (mut encrypts, mut padding) = (true, Padding::Undefined);
    let Some(options) = term.to_vec() else {
        return Err(fault(ctx, 5, FILE, 120, "Options are not a boolean or a proper list"));
    };
    for option in options {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "encrypt" => match value.as_bool() {
                Some(value) => encrypts = value,
                None => return Err(fault(ctx, 5, FILE, 152, "The 'encrypt' option must be a boolean!")),
            },
            Some(&[key, value]) if name_of(key) == "padding" => {
                padding = match name_of(value) {
                    "undefined" => Padding::Undefined,
                    "none" => Padding::None,
                    "pkcs_padding" => Padding::Pkcs,
                    "zero" => Padding::Zero,
                    "random" => Padding::Random,
                    _ => return Err(fault(ctx, 5, FILE, 168, "Bad 'padding' option value")),
                };
            }
            _ => return Err(fault(ctx, 5, FILE, 139, "Options must be a property list!")),
        }
    }
    Ok((encrypts, padding))
}

/// The arguments `Cipher, Key, IV, Flag` of ciphers, checked.
fn cipher_stream(ctx: &mut NativeContext<'_>, args: &[Term]) -> Result<Stream, Exception> {
    const FILE: &str = "api_ng.c";
    let (encrypts, padding) = direction(ctx, args[3])?;
    let Ok(key) = iodata::to_bytes(args[1]) else { return Err(fault(ctx, 2, FILE, 228, "Bad key")) };
    if args[0].as_atom().is_none() {
        return Err(fault(ctx, 1, FILE, 235, "Cipher id is not an atom"));
    }
    let Some(cipher) = Cipher::named(name_of(args[0]), Some(key.len())) else {
        return Err(fault(ctx, 1, FILE, 242, "Unknown cipher"));
    };
    if key.len() != cipher.key && !cipher.takes_any_key() {
        // Where a family has the cipher of each size, there is none of this one.
        return Err(if cipher.name != name_of(args[0]) {
            fault(ctx, 1, FILE, 242, "Unknown cipher")
        } else if cipher.name.starts_with("des") {
            fault_of(ctx, 2, "error", (FILE, 363), "Can't initialize context, key_length")
        } else {
            fault(ctx, 2, FILE, 244, "Bad key size")
        });
    }
    if cipher.mode.seals() {
        return Err(fault(ctx, 1, FILE, 250, "Missing arguments for this cipher"));
    }
    let Ok(iv) = iodata::to_bytes(args[2]) else { return Err(fault(ctx, 3, FILE, 304, "Bad iv type")) };
    if iv.len() != cipher.iv && cipher.iv > 0 {
        return Err(fault(ctx, 3, FILE, 310, "Bad iv size"));
    }
    let iv = if cipher.iv == 0 { &[] } else { &iv[..] };
    match Stream::new(cipher, &key, iv, encrypts, padding) {
        Some(stream) => Ok(stream),
        None => Err(fault(ctx, 2, FILE, 244, "Bad key size")),
    }
}

fn cipher_data(ctx: &mut NativeContext<'_>, data: Term) -> Result<Vec<u8>, Exception> {
    iodata::to_bytes(data).map_err(|_| fault(ctx, 4, "api_ng.c", 966, "expected binary as data"))
}

fn last_block(ctx: &mut NativeContext<'_>, stream: &mut Stream) -> Result<Vec<u8>, Exception> {
    let result = stream.finish();
    result.map_err(|_| match stream.padding {
        Padding::None if stream.encrypts => {
            fault_of(ctx, 0, "error", ("api_ng.c", 610), "Padding 'none' but unfilled last block")
        }
        _ => fault_of(ctx, 0, "error", ("api_ng.c", 638), "Can't finalize"),
    })
}

/// `crypto_one_time(Cipher, Key, IV, Data, Flag)`.
fn one_time_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut stream = cipher_stream(ctx, &[args[0], args[1], args[2], args[4]])?;
    let data = cipher_data(ctx, args[3])?;
    ctx.charge(data.len() / 16);
    let mut output = stream.update(&data);
    output.extend(last_block(ctx, &mut stream)?);
    Ok(ctx.process.heap.binary(&output))
}

fn one_time(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[3]) {
        return Err(later("one_time_long", args));
    }
    one_time_all(ctx, args)
}

/// `crypto_init(Cipher, Key, IV, Flag)`.
fn init(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let stream = cipher_stream(ctx, args)?;
    let number = ctx.vm.next_reference();
    ctx.vm.natives.ciphers.0.lock().insert(number, (ctx.process.pid, stream));
    Ok(ctx.process.heap.reference(number, None))
}

/// Works with a cipher under way.
fn with<R>(
    ctx: &mut NativeContext<'_>,
    term: Term,
    line: i64,
    work: impl FnOnce(&mut NativeContext<'_>, &mut Stream) -> Result<R, Exception>,
) -> Result<R, Exception> {
    let number = term.as_ref_number().unwrap_or(0);
    let taken = ctx.vm.natives.ciphers.0.lock().remove(&number);
    let Some((owner, mut stream)) = taken else { return Err(fault(ctx, 1, "api_ng.c", line, "Bad State")) };
    let result = work(ctx, &mut stream);
    ctx.vm.natives.ciphers.0.lock().insert(number, (owner, stream));
    result
}

fn update(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let data = cipher_data(ctx, args[1])?;
    ctx.charge(data.len() / 16);
    let output = with(ctx, args[0], 731, |_, stream| Ok(stream.update(&data)))?;
    Ok(ctx.process.heap.binary(&output))
}

fn finish(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let output = with(ctx, args[0], 886, last_block)?;
    Ok(ctx.process.heap.binary(&output))
}

fn stream_data(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let pairs = with(ctx, args[0], 992, |_, stream| {
        let padded = stream.padding_size.map_or_else(|| named("undefined"), |size| Term::small(size as i64));
        Ok([
            ("size", Term::small(stream.size as i64)),
            ("padding_size", padded),
            ("padding_type", named(stream.padding.name())),
            ("encrypt", Term::bool(stream.encrypts)),
        ])
    })?;
    Ok(info_map(ctx, &pairs))
}

/// `aead(Cipher, Key, IV, Data, AAD, TagOrSize, Flag)`.
fn aead_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    const FILE: &str = "aead.c";
    let Some(encrypts) = args[6].as_bool() else {
        return Err(fault(ctx, 7, FILE, 54, "Bad enc flag").into());
    };
    if args[0].as_atom().is_none() {
        return Err(fault(ctx, 1, FILE, 61, "non-atom type").into());
    }
    let mut bytes = |argument: usize, line, text| {
        iodata::to_bytes(args[argument - 1]).map_err(|_| fault(ctx, argument, FILE, line, text))
    };
    let (key, iv) = (bytes(2, 63, "non-binary key")?, bytes(3, 65, "non-binary iv")?);
    let (mut data, aad) = (bytes(4, 67, "non-binary text")?, bytes(5, 69, "non-binary AAD")?);
    let given = if encrypts { Vec::new() } else { bytes(6, 77, "non-binary Tag")? };
    let Some(cipher) = Cipher::named(name_of(args[0]), Some(key.len())) else {
        return Err(fault(ctx, 1, FILE, 90, "Unknown cipher or invalid key size").into());
    };
    if !cipher.mode.seals() {
        let text = ctx.process.heap.string("Not an AEAD cipher");
        let reason = ctx.process.heap.tuple(&[Term::atom(crate::atom::BADARG), text]);
        return Err(Exception::error(reason).into());
    }
    if key.len() != cipher.key {
        return Err(fault(ctx, 1, FILE, 90, "Unknown cipher or invalid key size").into());
    }
    let Some(size) = (if encrypts { args[5].as_usize() } else { Some(given.len()) }) else {
        return Err(fault(ctx, 6, FILE, 73, "Bad Tag length").into());
    };
    if size == 0 || size > 16 {
        let fault = if encrypts {
            fault_of(ctx, 0, "error", (FILE, 156), "Can't get Tag")
        } else {
            fault(ctx, 6, FILE, 78, "Bad Tag length")
        };
        return Err(fault.into());
    }
    let Some(mut tag) = aead::run(cipher, &key, &iv, &aad, &mut data, size, encrypts) else {
        return Err(fault(ctx, 3, FILE, 111, "Bad IV length").into());
    };
    tag.truncate(size);
    let heap = &mut ctx.process.heap;
    if encrypts {
        let (data, tag) = (heap.binary(&data), heap.binary(&tag));
        return Ok(heap.tuple(&[data, tag]));
    }
    Ok(if number::equal(&tag, &given) { heap.binary(&data) } else { Term::atom(crate::atom::ERROR) })
}

fn aead(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[3]) {
        return Err(later("aead_long", args));
    }
    aead_all(ctx, args)
}

fn cipher_info(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let cipher = Cipher::named(name_of(args[0]), None).ok_or_else(Exception::badarg)?;
    let number = |number: usize| Term::small(number as i64);
    let kind = if cipher.number == 0 { named("undefined") } else { number(cipher.number as usize) };
    let pairs = [
        ("block_size", number(cipher.block)),
        ("iv_length", number(cipher.iv)),
        ("key_length", number(cipher.key)),
        ("mode", named(cipher.mode.name())),
        ("prop_aead", Term::bool(cipher.mode.seals())),
        ("type", kind),
    ];
    Ok(info_map(ctx, &pairs))
}

/// The names of digests, of ciphers or of curves.
fn names(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let names: Vec<&'static str> = match name_of(args[0]) {
        "hashs" => digest::ALGORITHMS.iter().map(|algorithm| algorithm.name).collect(),
        "ciphers" => {
            let one = cipher::CIPHERS.iter().map(|cipher| cipher.name);
            one.chain(cipher::FAMILIES.iter().copied()).collect()
        }
        "curves" => curve::CURVES.iter().flat_map(|curve| curve.names).copied().collect(),
        _ => return Err(Exception::badarg().into()),
    };
    let atoms: Vec<Term> = names.into_iter().map(named).collect();
    Ok(ctx.process.heap.list(&atoms))
}

/// The tables of this module.
pub(super) fn tables(tables: &mut Vec<&'static [Native]>) {
    tables.extend([NATIVES, number::NATIVES, agree::NATIVES, pkey::NATIVES]);
}

const NATIVES: &[Native] = natives! {
    "crypto" {
        "hash"/2 => hash;
        "hash_long"/2 = dirty => hash_all;
        "hash_init"/1 => hash_init;
        "hash_update"/2 => hash_update;
        "hash_final"/1 => hash_final;
        "hash_info"/1 => hash_info;
        "mac_of"/4 => mac;
        "mac_long"/4 = dirty => mac_all;
        "hmac_start"/2 => hmac_start;
        "pbkdf2_hmac"/5 = dirty => pbkdf2;
        "crypto_one_time"/5 => one_time;
        "one_time_long"/5 = dirty => one_time_all;
        "crypto_init"/4 => init;
        "crypto_update"/2 => update;
        "crypto_final"/1 => finish;
        "crypto_get_data"/1 => stream_data;
        "crypto_one_time_aead"/7 => aead;
        "aead_long"/7 = dirty => aead_all;
        "cipher_info"/1 => cipher_info;
        "names"/1 => names;
    }
};
