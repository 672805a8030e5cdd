//! Curves of the form y² = x³ + ax + b over prime fields: keys, shared secrets, ECDSA. One crate a curve, and one
//! definition of what is done with all of them.

use super::random::Random;
use ecdsa::hazmat::{sign_prehashed, verify_prehashed};
use ecdsa::{EcdsaCurve, Signature};
use elliptic_curve::ops::Reduce;
use elliptic_curve::point::PointCompression;
use elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, FieldBytesSize, Generate as _, NonZeroScalar, PublicKey,
    Scalar, SecretKey, ecdh,
};

/// A curve, by what is done with it. Keys are bytes, as OTP shows them.
pub(super) struct Curve {
    /// Its names.
    pub(super) names: &'static [&'static str],
    /// Bytes of a private key, and of a coordinate.
    pub(super) size: usize,
    generate: fn(&mut Random) -> Vec<u8>,
    public: fn(&[u8]) -> Option<Vec<u8>>,
    is_public: fn(&[u8]) -> bool,
    shared: fn(&[u8], &[u8]) -> Option<Vec<u8>>,
    sign: fn(&[u8], &[u8], &mut Random) -> Option<Numbers>,
    verify: fn(&[u8], &[u8], &Numbers) -> bool,
}

/// The two numbers of a signature.
pub(super) type Numbers = (Vec<u8>, Vec<u8>);

impl std::fmt::Debug for Curve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names).finish()
    }
}

/// What all these curves can do.
trait Weierstrass: EcdsaCurve + CurveArithmetic + PointCompression {}

impl<C: EcdsaCurve + CurveArithmetic + PointCompression> Weierstrass for C {}

/// Bytes of a number with zeros in front, in a field's size.
fn padded(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let first = bytes.iter().position(|&byte| byte != 0).unwrap_or(bytes.len());
    let digits = &bytes[first..];
    let mut padded = vec![0; size.checked_sub(digits.len())?];
    padded.extend_from_slice(digits);
    Some(padded)
}

/// A number that is not 0, in the scalar field.
fn scalar<C: Weierstrass>(bytes: &[u8]) -> Option<NonZeroScalar<C>>
where
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let bytes = padded(bytes, FieldBytes::<C>::default().len())?;
    let bytes = FieldBytes::<C>::try_from(&bytes[..]).ok()?;
    NonZeroScalar::new(<Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&bytes)).into_option()
}

/// The point that bytes write: compressed, not compressed, or both at once.
fn point<C: Weierstrass>(bytes: &[u8]) -> Option<PublicKey<C>>
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    if let [tag @ (6 | 7), rest @ ..] = bytes {
        let odd = rest.last().is_some_and(|byte| byte & 1 == 1);
        return if odd == (*tag == 7) { point::<C>(&[&[4], rest].concat()) } else { None };
    }
    PublicKey::from_sec1_bytes(bytes).ok()
}

fn generate<C: Weierstrass>(random: &mut Random) -> Vec<u8>
where
    FieldBytesSize<C>: ModulusSize,
{
    SecretKey::<C>::generate_from_rng(random).to_bytes().to_vec()
}

fn public<C: Weierstrass>(private: &[u8]) -> Option<Vec<u8>>
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let public = PublicKey::<C>::from_secret_scalar(&scalar::<C>(private)?);
    Some(public.as_affine().to_sec1_point(false).as_bytes().to_vec())
}

fn is_public<C: Weierstrass>(public: &[u8]) -> bool
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    point::<C>(public).is_some()
}

fn shared<C: Weierstrass>(theirs: &[u8], ours: &[u8]) -> Option<Vec<u8>>
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let secret = ecdh::diffie_hellman::<C>(scalar::<C>(ours)?, point::<C>(theirs)?.as_affine());
    Some(secret.raw_secret_bytes().to_vec())
}

fn sign<C: Weierstrass>(private: &[u8], digest: &[u8], random: &mut Random) -> Option<Numbers>
where
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let private = scalar::<C>(private)?;
    loop {
        let nonce = NonZeroScalar::<C>::generate_from_rng(random);
        if let Ok((signature, _)) = sign_prehashed::<C>(&private, &nonce, digest) {
            let (r, s) = signature.split_bytes();
            return Some((r.to_vec(), s.to_vec()));
        }
    }
}

fn verify<C: Weierstrass>(public: &[u8], digest: &[u8], (r, s): &Numbers) -> bool
where
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
    Scalar<C>: Reduce<FieldBytes<C>>,
{
    let size = FieldBytes::<C>::default().len();
    let number = |bytes: &[u8]| FieldBytes::<C>::try_from(&padded(bytes, size)?[..]).ok();
    let (Some(public), Some(r), Some(s)) = (point::<C>(public), number(r), number(s)) else { return false };
    let Ok(mut signature) = Signature::<C>::from_scalars(r, s) else { return false };
    if C::NORMALIZE_S {
        // Both forms of the second number are good, as elsewhere.
        signature = signature.normalize_s();
    }
    verify_prehashed::<C>(&public.to_projective(), digest, &signature).is_ok()
}

macro_rules! curves {
    ($($curve:ty => $size:literal, [$($name:literal),*];)*) => {
        &[$(Curve {
            names: &[$($name),*],
            size: $size,
            generate: generate::<$curve>,
            public: public::<$curve>,
            is_public: is_public::<$curve>,
            shared: shared::<$curve>,
            sign: sign::<$curve>,
            verify: verify::<$curve>,
        },)*]
    };
}

/// The curves.
pub(super) const CURVES: &[Curve] = curves! {
    p224::NistP224 => 28, ["secp224r1"];
    k256::Secp256k1 => 32, ["secp256k1"];
    p384::NistP384 => 48, ["secp384r1"];
    p521::NistP521 => 66, ["secp521r1"];
    p192::NistP192 => 24, ["secp192r1", "prime192v1"];
    p256::NistP256 => 32, ["secp256r1", "prime256v1"];
    bp256::BrainpoolP256r1 => 32, ["brainpoolP256r1"];
    bp256::BrainpoolP256t1 => 32, ["brainpoolP256t1"];
    bp384::BrainpoolP384r1 => 48, ["brainpoolP384r1"];
    bp384::BrainpoolP384t1 => 48, ["brainpoolP384t1"];
};

impl Curve {
    /// The curve of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        CURVES.iter().find(|curve| curve.names.contains(&name))
    }

    /// A new private key.
    pub(super) fn generate(&self, random: &mut Random) -> Vec<u8> {
        (self.generate)(random)
    }

    /// A private key in the curve's size; none if it is too long.
    pub(super) fn private(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        padded(bytes, self.size)
    }

    /// The public key of a private one; none for 0.
    pub(super) fn public(&self, private: &[u8]) -> Option<Vec<u8>> {
        (self.public)(private)
    }

    /// Is it a point of the curve?
    pub(super) fn is_public(&self, public: &[u8]) -> bool {
        (self.is_public)(public)
    }

    /// The secret that two share.
    pub(super) fn shared(&self, theirs: &[u8], ours: &[u8]) -> Option<Vec<u8>> {
        (self.shared)(theirs, ours)
    }

    /// Signs a digest.
    pub(super) fn sign(&self, private: &[u8], digest: &[u8], random: &mut Random) -> Option<Numbers> {
        (self.sign)(private, digest, random)
    }

    /// Is it the signature of a digest?
    pub(super) fn verify(&self, public: &[u8], digest: &[u8], signature: &Numbers) -> bool {
        (self.verify)(public, digest, signature)
    }
}
