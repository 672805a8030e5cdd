//! RSA: keys and the operation on numbers. How messages become numbers is told in `padding`.

use super::modular::{Modulus, Residue, digits, number};
use super::random::Random;
use crypto_bigint::{BoxedUint, ConcatenatingMul as _, Integer as _, NonZero, Resize as _};
use crypto_primes::hazmat::{SetBits, SmallFactorsSieveFactory};
use crypto_primes::{Flavor, is_prime, sieve_and_find};

/// A public key.
#[derive(Debug)]
pub(super) struct Public {
    exponent: Vec<u8>,
    pub(super) modulus: Modulus,
}

/// The primes of a private key, and what is derived of them.
#[derive(Debug)]
struct Primes {
    p: Modulus,
    q: Modulus,
    exponents: [Vec<u8>; 2],
    coefficient: Vec<u8>,
}

/// A private key.
#[derive(Debug)]
pub(super) struct Private {
    pub(super) public: Public,
    exponent: Vec<u8>,
    primes: Option<Primes>,
}

impl Public {
    /// Of the exponent and the modulus; none if they are no key.
    pub(super) fn new(exponent: &[u8], modulus: &[u8]) -> Option<Self> {
        Some(Self { exponent: exponent.to_vec(), modulus: Modulus::new(modulus)? })
    }

    /// The number raised to the public exponent; none unless it is below the modulus.
    pub(super) fn apply(&self, message: &[u8]) -> Option<Vec<u8>> {
        let modulus = &self.modulus;
        let result = modulus.is_above(message).then(|| self.raise(&modulus.reduce(message)))?;
        Some(modulus.bytes(&result))
    }

    fn raise(&self, message: &Residue) -> Residue {
        self.modulus.power(message, &self.exponent)
    }
}

impl Private {
    /// Of `[E, N, D]` or `[E, N, D, P, Q, DP, DQ, QI]`; none if they are no key.
    pub(super) fn new(parts: &[Vec<u8>]) -> Option<Self> {
        let (public, exponent, primes) = match parts {
            [e, n, d] => (Public::new(e, n)?, d, None),
            [e, n, d, p, q, dp, dq, qi] => {
                let primes = Primes {
                    p: Modulus::new(p)?,
                    q: Modulus::new(q)?,
                    exponents: [dp.clone(), dq.clone()],
                    coefficient: qi.clone(),
                };
                (Public::new(e, n)?, d, Some(primes))
            }
            _ => return None,
        };
        Some(Self { public, exponent: exponent.clone(), primes })
    }

    /// The number raised to the private exponent; none unless it is below the modulus. It is multiplied by a random one
    /// before, so that the time tells nothing of either, and what came of the primes is proved before it is shown.
    pub(super) fn apply(&self, message: &[u8], random: &mut Random) -> Option<Vec<u8>> {
        let modulus = &self.public.modulus;
        if !modulus.is_above(message) {
            return None;
        }
        let message = modulus.reduce(message);
        let (mask, unmask) = loop {
            let mask = modulus.reduce(&random.bytes(modulus.size() + 8));
            if let Some(unmask) = mask.invert().into_option() {
                break (mask, unmask);
            }
        };
        let masked = message.mul(&self.public.raise(&mask));
        let of_primes = self.primes.as_ref().map(|primes| primes.apply(modulus, &masked));
        let result =
            match of_primes.filter(|result| self.public.raise(result).retrieve() == masked.retrieve()) {
                Some(result) => result,
                None => modulus.power(&masked, &self.exponent),
            };
        Some(modulus.bytes(&result.mul(&unmask)))
    }
}

impl Primes {
    /// By the Chinese remainder theorem.
    fn apply(&self, modulus: &Modulus, message: &Residue) -> Residue {
        let bytes = modulus.bytes(message);
        let [dp, dq] = &self.exponents;
        let by_p = self.p.power(&self.p.reduce(&bytes), dp);
        let by_q = self.q.bytes(&self.q.power(&self.q.reduce(&bytes), dq));
        let difference = by_p.sub(&self.p.reduce(&by_q));
        let factor = self.p.bytes(&difference.mul(&self.p.reduce(&self.coefficient)));
        let q = modulus.reduce(&digits(self.q.number()));
        modulus.reduce(&by_q).add(&modulus.reduce(&factor).mul(&q))
    }
}

/// A new key as `[E, N, D, P, Q, DP, DQ, QI]`; none for sizes and exponents for which there is none.
pub(super) fn generate(bits: u32, exponent: &[u8], random: &mut Random) -> Option<Vec<Vec<u8>>> {
    let e = number(exponent);
    if bits < 512 || !bool::from(e.is_odd()) || e.bits_vartime() < 2 || e.bits_vartime() >= bits {
        return None;
    }
    let p = prime(bits.div_ceil(2), &e, random)?;
    loop {
        let q = prime(bits / 2, &e, random)?;
        if q == p {
            continue;
        }
        let (p, q) = if p.cmp_vartime(&q).is_gt() { (p.clone(), q) } else { (q, p.clone()) };
        let one = BoxedUint::one();
        let (less_p, less_q) = (p.wrapping_sub(&one), q.wrapping_sub(&one));
        let modulus = p.concatenating_mul(&q);
        let order = less_p.concatenating_mul(&less_q);
        let d = inverse(&e, &order)?;
        let rest = |number: &BoxedUint| Some(d.rem(&number.to_nz().into_option()?));
        let numbers = [&e, &modulus, &d, &p, &q, &rest(&less_p)?, &rest(&less_q)?, &inverse(&q, &p)?];
        return Some(numbers.into_iter().map(digits).collect());
    }
}

/// The inverse of a number modulo another.
fn inverse(number: &BoxedUint, modulus: &BoxedUint) -> Option<BoxedUint> {
    let modulus: NonZero<BoxedUint> = modulus.to_nz().into_option()?;
    let number = if number.bits_precision() > modulus.bits_precision() {
        number.rem(&modulus)
    } else {
        number.resize(modulus.bits_precision())
    };
    number.invert_mod(&modulus).into_option()
}

/// A prime of so many bits, the two highest set, that is no multiple of the exponent and 1 more.
fn prime(bits: u32, exponent: &BoxedUint, random: &mut Random) -> Option<BoxedUint> {
    let factory = SmallFactorsSieveFactory::<BoxedUint>::new(Flavor::Any, bits, SetBits::TwoMsb).ok()?;
    let good = |_: &mut Random, candidate: &BoxedUint| {
        is_prime(Flavor::Any, candidate)
            && inverse(exponent, &candidate.wrapping_sub(BoxedUint::one())).is_some()
    };
    sieve_and_find(random, factory, good).ok().flatten()
}
