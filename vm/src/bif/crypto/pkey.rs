//! Signatures, and encryption by RSA: what belongs to the arguments of `sign`, `verify`, `public_encrypt` and their kin.

use super::agree::key_bytes;
use super::curve::Curve;
use super::digest::Algorithm;
use super::edwards::Form;
use super::padding::{self, Oaep, Pss, Salt};
use super::random::Random;
use super::{der, dsa, fault, fault_of, rsa};
use crate::bif::argument::name_of;
use crate::bif::{Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;

const FILE: &str = "pkey.c";

/// A kind of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rsa,
    Dsa,
    Ecdsa,
    Eddsa,
}

/// A key, private or public.
enum Key {
    RsaPublic(rsa::Public),
    RsaPrivate(Box<rsa::Private>),
    Dsa(dsa::Group, Vec<u8>),
    Ecdsa(&'static Curve, Vec<u8>),
    Eddsa(Form, Vec<u8>),
}

/// How a number is padded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Pkcs1,
    Pss,
    Oaep,
    X931,
    None,
}

/// What the options of a call say.
struct Options {
    scheme: Scheme,
    salt: Salt,
    mask: Option<&'static Algorithm>,
    oaep_digest: Option<&'static Algorithm>,
    label: Vec<u8>,
}

fn kind(ctx: &mut NativeContext<'_>, algorithm: Term, none: bool) -> Result<Kind, Exception> {
    Ok(match name_of(algorithm) {
        "rsa" => Kind::Rsa,
        // There is no signature of DSA without a digest.
        "dss" if !none => Kind::Dsa,
        "ecdsa" => Kind::Ecdsa,
        "eddsa" => Kind::Eddsa,
        _ => return Err(fault(ctx, 1, FILE, 112, "Bad algorithm")),
    })
}

fn digest(ctx: &mut NativeContext<'_>, argument: usize, name: Term) -> Result<&'static Algorithm, Exception> {
    Algorithm::named(name_of(name)).ok_or_else(|| fault(ctx, argument, FILE, 138, "Bad digest type"))
}

/// The key of a kind; none if the term is no such key.
fn key(kind: Kind, term: Term, private: bool) -> Option<Key> {
    let parts = term.to_vec()?;
    match (kind, &parts[..]) {
        (Kind::Rsa, parts) => {
            let parts: Vec<Vec<u8>> = parts.iter().map(|&part| key_bytes(part)).collect::<Option<_>>()?;
            Some(match &parts[..] {
                [e, n] if !private => Key::RsaPublic(rsa::Public::new(e, n)?),
                parts if private => Key::RsaPrivate(Box::new(rsa::Private::new(parts)?)),
                _ => return None,
            })
        }
        (Kind::Dsa, &[p, q, g, own]) => {
            let group = dsa::Group::new(&key_bytes(p)?, &key_bytes(q)?, &key_bytes(g)?)?;
            Some(Key::Dsa(group, key_bytes(own)?))
        }
        (Kind::Ecdsa, &[own, curve]) => {
            let (curve, own) = (Curve::named(name_of(curve))?, key_bytes(own)?);
            let own = if private { curve.private(&own)? } else { own };
            (private || curve.is_public(&own)).then_some(Key::Ecdsa(curve, own))
        }
        (Kind::Eddsa, &[own, form]) => {
            let (form, own) = (Form::named(name_of(form))?, own.as_binary()?.into_owned());
            (form.signs() && own.len() == form.size()).then_some(Key::Eddsa(form, own))
        }
        _ => None,
    }
}

fn wanted_key(
    ctx: &mut NativeContext<'_>,
    argument: usize,
    kind: Kind,
    term: Term,
    private: bool,
) -> Result<Key, Exception> {
    if term.is_map() {
        let line = if private { 512 } else { 430 };
        return Err(fault(ctx, argument, FILE, line, "No engine support"));
    }
    if let Some(key) = key(kind, term, private) {
        return Ok(key);
    }
    let (name, lines) = match kind {
        Kind::Rsa => ("RSA", (357, 435)),
        Kind::Ecdsa => ("ECDSA", (362, 440)),
        Kind::Eddsa => ("EDDSA", (371, 449)),
        Kind::Dsa => ("DSA", (381, 459)),
    };
    let (line, which) = if private { (lines.0, "private") } else { (lines.1, "public") };
    Err(fault(ctx, argument, FILE, line, &format!("Couldn't get {name} {which} key")))
}

/// A message or `{digest, Digest}`: what is signed, once for a key that signs digests and once for one that signs messages.
fn message(
    ctx: &mut NativeContext<'_>,
    kind: Kind,
    algorithm: Option<&'static Algorithm>,
    term: Term,
) -> Result<Vec<u8>, Exception> {
    if let Some(pair) = term.as_tuple() {
        let &[tag, digest] = pair else {
            return Err(fault(ctx, 3, FILE, 184, "Expected a two-tuple or binary"));
        };
        if name_of(tag) != "digest" {
            return Err(fault(ctx, 3, FILE, 186, "Expected 'digest' as head"));
        }
        let Some(digest) = digest.as_binary() else {
            return Err(fault(ctx, 3, FILE, 188, "Bad 2nd element in list"));
        };
        if kind != Kind::Eddsa && algorithm.is_some_and(|algorithm| algorithm.size != digest.len()) {
            return Err(fault(ctx, 3, FILE, 193, "Bad binary size for the algorithm"));
        }
        return Ok(digest.into_owned());
    }
    let Ok(bytes) = iodata::to_bytes(term) else {
        return Err(fault(ctx, 3, FILE, 208, "Expected a binary or a list"));
    };
    Ok(match algorithm {
        Some(algorithm) if kind != Kind::Eddsa => algorithm.of(&[&bytes]),
        _ => bytes,
    })
}

/// The options of `sign` and `verify`, which stand at this argument.
fn sign_options(
    ctx: &mut NativeContext<'_>,
    argument: usize,
    kind: Kind,
    term: Term,
) -> Result<Options, Exception> {
    let mut options =
        Options { scheme: Scheme::Pkcs1, salt: Salt::Most, mask: None, oaep_digest: None, label: Vec::new() };
    let Some(list) = term.to_vec() else { return Err(fault(ctx, argument, FILE, 254, "Expected a list")) };
    if kind != Kind::Rsa && !list.is_empty() {
        return Err(fault(ctx, argument, FILE, 271, "Only RSA supports Options"));
    }
    for option in list {
        let Some(&[name, value]) = option.as_tuple() else {
            return Err(fault(ctx, argument, FILE, 277, "Expects only two-tuples in the list"));
        };
        match name_of(name) {
            "rsa_mgf1_md" => options.mask = Some(digest(ctx, argument, value)?),
            "rsa_padding" => {
                options.scheme = match name_of(value) {
                    "rsa_pkcs1_padding" => Scheme::Pkcs1,
                    "rsa_pkcs1_pss_padding" => Scheme::Pss,
                    "rsa_x931_padding" => Scheme::X931,
                    "rsa_no_padding" => Scheme::None,
                    _ => return Err(fault(ctx, argument, FILE, 310, "Bad value in option rsa_padding")),
                };
            }
            "rsa_pss_saltlen" => {
                options.salt = match value.as_small() {
                    Some(-2) => Salt::Most,
                    Some(-1) => Salt::Digest,
                    Some(size @ 0..) => Salt::Bytes(size as usize),
                    _ => return Err(fault(ctx, argument, FILE, 316, "Bad value in option rsa_pss_saltlen")),
                };
            }
            _ => return Err(fault(ctx, argument, FILE, 319, "Bad option")),
        }
    }
    Ok(options)
}

/// The arguments `Algorithm, Digest, Message` and the options, checked.
struct Request {
    kind: Kind,
    algorithm: Option<&'static Algorithm>,
    message: Vec<u8>,
    options: Options,
}

fn request(ctx: &mut NativeContext<'_>, args: &[Term], options: usize) -> Result<Request, Exception> {
    let none = matches!(name_of(args[1]), "none" | "undefined");
    let kind = kind(ctx, args[0], none)?;
    // A digest is needed only where no number is signed as it is.
    let algorithm = match kind {
        Kind::Rsa | Kind::Eddsa if none => None,
        _ => Some(digest(ctx, 2, args[1])?),
    };
    let message = message(ctx, kind, algorithm, args[2])?;
    ctx.charge(message.len() / 64);
    let options = sign_options(ctx, options, kind, args[options - 1])?;
    Ok(Request { kind, algorithm, message, options })
}

impl Request {
    /// The digest for signatures by RSA, with what says which it is.
    fn check(&self, ctx: &mut NativeContext<'_>) -> Result<(), Exception> {
        if self.kind != Kind::Rsa {
            return Ok(());
        }
        if self.algorithm.is_some_and(|algorithm| padding::digest_prefix(algorithm).is_none()) {
            return Err(fault_of(ctx, 0, "error", (FILE, 533), "Can't EVP_PKEY_CTX_set_signature_md"));
        }
        let fits = match self.options.scheme {
            Scheme::Pkcs1 => true,
            Scheme::Pss => self.algorithm.is_some(),
            Scheme::X931 => self.algorithm.and_then(padding::x931_mark).is_some(),
            Scheme::None | Scheme::Oaep => self.algorithm.is_none(),
        };
        if fits {
            return Ok(());
        }
        Err(fault_of(ctx, 0, "error", (FILE, 539), "Can't EVP_PKEY_CTX_set_rsa_padding"))
    }

    fn pss(&self, algorithm: &'static Algorithm) -> Pss {
        Pss { digest: algorithm, mask: self.options.mask.unwrap_or(algorithm), salt: self.options.salt }
    }

    /// The block that stands for the message, where its form leaves no choice.
    fn block(&self, size: usize) -> Option<Vec<u8>> {
        let prefixed = |algorithm| Some([&padding::digest_prefix(algorithm)?[..], &self.message].concat());
        match (self.options.scheme, self.algorithm) {
            (Scheme::Pkcs1, Some(algorithm)) => padding::signed_block(&prefixed(algorithm)?, size),
            (Scheme::Pkcs1, None) => padding::signed_block(&self.message, size),
            (Scheme::X931, Some(algorithm)) => {
                padding::x931_block(&self.message, padding::x931_mark(algorithm)?, size)
            }
            (Scheme::None, None) => (self.message.len() == size).then(|| self.message.clone()),
            _ => None,
        }
    }

    fn sign(&self, key: &Key, random: &mut Random) -> Option<Vec<u8>> {
        match key {
            Key::RsaPrivate(key) => {
                let modulus = &key.public.modulus;
                let block = match (self.options.scheme, self.algorithm) {
                    (Scheme::Pss, Some(algorithm)) => {
                        self.pss(algorithm).block(&self.message, modulus.bits(), random)?
                    }
                    _ => self.block(modulus.size())?,
                };
                let signature = key.apply(&block, random)?;
                // Of the two numbers whose square is the same, X9.31 takes the smaller.
                Some(if self.options.scheme == Scheme::X931 { modulus.nearer(&signature) } else { signature })
            }
            Key::Dsa(group, own) => Some(der::write(&group.sign(own, &self.message, random)?)),
            Key::Ecdsa(curve, own) => Some(der::write(&curve.sign(own, &self.message, random)?)),
            Key::Eddsa(form, own) => form.sign(own, &self.message),
            Key::RsaPublic(_) => None,
        }
    }

    fn verify(&self, key: &Key, signature: &[u8]) -> bool {
        match key {
            Key::RsaPublic(key) => {
                let modulus = &key.modulus;
                if signature.len() != modulus.size() {
                    return false;
                }
                let Some(mut block) = key.apply(signature) else { return false };
                match (self.options.scheme, self.algorithm) {
                    (Scheme::Pss, Some(algorithm)) => {
                        self.pss(algorithm).is_block(&block, &self.message, modulus.bits())
                    }
                    (scheme, _) => {
                        if scheme == Scheme::X931 && block.last().is_some_and(|byte| byte & 15 != 12) {
                            block = modulus.other(&block);
                        }
                        self.block(modulus.size()).is_some_and(|good| good == block)
                    }
                }
            }
            Key::Dsa(group, own) => {
                der::read(signature).is_some_and(|numbers| group.verify(own, &self.message, &numbers))
            }
            Key::Ecdsa(curve, own) => {
                der::read(signature).is_some_and(|numbers| curve.verify(own, &self.message, &numbers))
            }
            Key::Eddsa(form, own) => form.verify(own, &self.message, signature),
            Key::RsaPrivate(_) => false,
        }
    }
}

/// `sign(Algorithm, Digest, Message, Key, Options)`.
fn sign(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let request = request(ctx, args, 5)?;
    let key = wanted_key(ctx, 4, request.kind, args[3], true)?;
    request.check(ctx)?;
    let mut random = Random::new()?;
    match request.sign(&key, &mut random) {
        Some(signature) => Ok(ctx.process.heap.binary(&signature)),
        None => Err(fault_of(ctx, 0, "error", (FILE, 601), "Can't EVP_PKEY_sign").into()),
    }
}

/// `verify(Algorithm, Digest, Message, Signature, Key, Options)`.
fn verify(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(signature) = args[3].as_binary() else {
        return Err(fault(ctx, 4, FILE, 758, "Expected a binary").into());
    };
    let request = request(ctx, args, 6)?;
    let key = wanted_key(ctx, 5, request.kind, args[4], false)?;
    request.check(ctx)?;
    Ok(Term::bool(request.verify(&key, &signature)))
}

/// The options of `public_encrypt` and its kin: a list, or the name of a padding.
fn crypt_options(ctx: &mut NativeContext<'_>, term: Term) -> Result<Options, Exception> {
    let mut options =
        Options { scheme: Scheme::Pkcs1, salt: Salt::Most, mask: None, oaep_digest: None, label: Vec::new() };
    let list = if let Some(list) = term.to_vec() {
        list
    } else if term.as_atom().is_some() {
        let name = super::named("rsa_padding");
        vec![ctx.process.heap.tuple(&[name, term])]
    } else {
        return Err(fault(ctx, 4, FILE, 924, "Expect only two-tuples in the list"));
    };
    for option in list {
        let Some(&[name, value]) = option.as_tuple() else {
            return Err(fault(ctx, 4, FILE, 924, "Expect only two-tuples in the list"));
        };
        match name_of(name) {
            "rsa_padding" => {
                options.scheme = match name_of(value) {
                    "rsa_pkcs1_padding" => Scheme::Pkcs1,
                    "rsa_pkcs1_oaep_padding" => Scheme::Oaep,
                    "rsa_x931_padding" => Scheme::X931,
                    "rsa_no_padding" => Scheme::None,
                    _ => return Err(fault(ctx, 4, FILE, 949, "Bad padding type in option rsa_padding")),
                };
            }
            // Accepted, and without a meaning for what is encrypted.
            "signature_md" => _ = digest(ctx, 4, value)?,
            "rsa_mgf1_md" => options.mask = Some(digest(ctx, 4, value)?),
            "rsa_oaep_md" => options.oaep_digest = Some(digest(ctx, 4, value)?),
            "rsa_oaep_label" => {
                let Some(label) = value.as_binary() else {
                    return Err(fault(ctx, 4, FILE, 978, "Binary expected for option rsa_oaep_label"));
                };
                options.label = label.into_owned();
            }
            _ => return Err(fault(ctx, 4, FILE, 997, "Unknown option")),
        }
    }
    Ok(options)
}

impl Options {
    fn oaep(&self) -> Option<Oaep> {
        let digest = self.oaep_digest.or_else(|| Algorithm::named("sha"))?;
        Some(Oaep { digest, mask: self.mask.unwrap_or(digest), label: self.label.clone() })
    }

    /// Encrypts or decrypts with a key.
    fn crypt(&self, key: &Key, data: &[u8], encrypts: bool, random: &mut Random) -> Option<Vec<u8>> {
        match (key, encrypts) {
            (Key::RsaPublic(key), true) => {
                let size = key.modulus.size();
                key.apply(&match self.scheme {
                    Scheme::Pkcs1 => padding::sealed_block(data, size, random)?,
                    Scheme::Oaep => self.oaep()?.block(data, size, random)?,
                    Scheme::None => Some(data.to_vec()).filter(|data| data.len() == size)?,
                    Scheme::X931 | Scheme::Pss => return None,
                })
            }
            (Key::RsaPrivate(key), false) => {
                if data.len() > key.public.modulus.size() {
                    return None;
                }
                let block = key.apply(data, random)?;
                match self.scheme {
                    Scheme::Pkcs1 => padding::sealed_data(&block).map(<[u8]>::to_vec),
                    Scheme::Oaep => self.oaep()?.data(&block),
                    Scheme::None => Some(block),
                    Scheme::X931 | Scheme::Pss => None,
                }
            }
            (Key::RsaPrivate(key), true) => {
                let size = key.public.modulus.size();
                let block = match self.scheme {
                    Scheme::None => Some(data.to_vec()).filter(|data| data.len() == size)?,
                    _ => padding::signed_block(data, size)?,
                };
                key.apply(&block, random)
            }
            (Key::RsaPublic(key), false) => {
                let block = key.apply(data)?;
                match self.scheme {
                    Scheme::None => Some(block),
                    _ => padding::signed_data(&block).map(<[u8]>::to_vec),
                }
            }
            _ => None,
        }
    }
}

/// `pkey_crypt(Algorithm, Data, Key, Options, IsPrivate, Encrypts)`.
fn crypt(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (private, encrypts) = (args[4].as_bool() == Some(true), args[5].as_bool() == Some(true));
    let kind = kind(ctx, args[0], false)?;
    let options = crypt_options(ctx, args[3])?;
    let Some(data) = args[1].as_binary() else {
        return Err(fault(ctx, 2, FILE, 1052, "Binary expected").into());
    };
    let key = wanted_key(ctx, 3, kind, args[2], private)?;
    // What a private key encrypts shows who did it; such blocks have two forms only.
    let signs = private == encrypts;
    if signs && matches!(options.scheme, Scheme::Oaep | Scheme::X931 | Scheme::Pss) {
        return Err(fault_of(ctx, 0, "error", (FILE, 1120), "Couldn't set rsa padding").into());
    }
    let mut random = Random::new()?;
    match options.crypt(&key, &data, encrypts, &mut random) {
        Some(bytes) => Ok(ctx.process.heap.binary(&bytes)),
        None => Err(fault_of(ctx, 0, "error", (FILE, 1184), "Couldn't get the result").into()),
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "crypto" {
        "pkey_sign"/5 = dirty => sign;
        "pkey_verify"/6 = dirty => verify;
        "pkey_crypt"/6 = dirty => crypt;
    }
};
