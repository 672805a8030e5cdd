//! DSA (FIPS 186-4): signatures by exponents in a subgroup.

use super::curve::Numbers;
use super::modular::Modulus;
use super::random::Random;

/// The group: the field's prime, the order and the generator.
#[derive(Debug)]
pub(super) struct Group {
    p: Modulus,
    q: Modulus,
    g: Vec<u8>,
}

impl Group {
    /// Of `P, Q, G`; none if they are no group.
    pub(super) fn new(p: &[u8], q: &[u8], g: &[u8]) -> Option<Self> {
        Some(Self { p: Modulus::new(p)?, q: Modulus::new(q)?, g: g.to_vec() })
    }

    /// As many bits of a digest as the order has, of the first ones.
    fn shortened<'a>(&self, digest: &'a [u8]) -> &'a [u8] {
        &digest[..digest.len().min(self.q.bits() / 8)]
    }

    /// Signs a digest; none if the group is none after all.
    pub(super) fn sign(&self, private: &[u8], digest: &[u8], random: &mut Random) -> Option<Numbers> {
        let (z, x) = (self.q.reduce(self.shortened(digest)), self.q.reduce(private));
        // A group of the right kind needs one attempt.
        for _ in 0..64 {
            let nonce = self.q.reduce(&random.bytes(self.q.size() + 8));
            let power = self.p.power(&self.p.reduce(&self.g), &self.q.bytes(&nonce));
            let r = self.q.reduce(&self.p.bytes(&power));
            let Some(inverse) = nonce.invert().into_option() else { continue };
            let s = inverse.mul(&z.add(&x.mul(&r)));
            if bool::from(r.is_nonzero()) && bool::from(s.is_nonzero()) {
                return Some((self.q.bytes(&r), self.q.bytes(&s)));
            }
        }
        None
    }

    /// Is it the signature of a digest?
    pub(super) fn verify(&self, public: &[u8], digest: &[u8], (r, s): &Numbers) -> bool {
        let (first, second) = (self.q.reduce(r), self.q.reduce(s));
        if !self.q.is_above(r) || !self.q.is_above(s) || bool::from(first.is_zero()) {
            return false;
        }
        let Some(inverse) = second.invert().into_option() else { return false };
        let z = self.q.reduce(self.shortened(digest));
        let power = |base: &[u8], exponent| self.p.power(&self.p.reduce(base), &self.q.bytes(&exponent));
        let product = power(&self.g, z.mul(&inverse)).mul(&power(public, first.mul(&inverse)));
        self.q.bytes(&self.q.reduce(&self.p.bytes(&product))) == self.q.bytes(&first)
    }
}
