//! Curve25519 and Curve448 in both their forms: signatures (RFC 8032) and shared secrets (RFC 7748).

use ed448_goldilocks::elliptic_curve::zeroize::Zeroizing;
use ed25519_dalek::{Signer as _, Verifier as _};

/// A curve in one of its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Ed25519,
    Ed448,
    X25519,
    X448,
}

impl Form {
    /// The form of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ed25519" => Self::Ed25519,
            "ed448" => Self::Ed448,
            "x25519" => Self::X25519,
            "x448" => Self::X448,
            _ => return None,
        })
    }

    /// Does it sign? The others make shared secrets.
    pub(super) fn signs(self) -> bool {
        matches!(self, Self::Ed25519 | Self::Ed448)
    }

    /// Bytes of a key.
    pub(super) fn size(self) -> usize {
        match self {
            Self::Ed25519 | Self::X25519 => 32,
            Self::Ed448 => 57,
            Self::X448 => 56,
        }
    }

    /// The public key of a private one; none if that has a wrong size.
    pub(super) fn public(self, private: &[u8]) -> Option<Vec<u8>> {
        Some(match self {
            Self::Ed25519 => {
                let key: &[u8; 32] = private.try_into().ok()?;
                ed25519_dalek::SigningKey::from_bytes(key).verifying_key().to_bytes().to_vec()
            }
            Self::Ed448 => {
                let key = ed448_goldilocks::SigningKey::try_from(private).ok()?;
                key.verifying_key().to_bytes().to_vec()
            }
            Self::X25519 => {
                let key: [u8; 32] = private.try_into().ok()?;
                let secret = x25519_dalek::StaticSecret::from(key);
                x25519_dalek::PublicKey::from(&secret).to_bytes().to_vec()
            }
            Self::X448 => {
                let key: [u8; 56] = private.try_into().ok()?;
                let secret = x448::StaticSecret::from(key);
                x448::PublicKey::from(&secret).as_bytes().to_vec()
            }
        })
    }

    /// The secret that two share; none where it would be 0.
    pub(super) fn shared(self, theirs: &[u8], ours: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::X25519 => {
                let ours: [u8; 32] = ours.try_into().ok()?;
                let theirs: [u8; 32] = theirs.try_into().ok()?;
                let secret = x25519_dalek::StaticSecret::from(ours)
                    .diffie_hellman(&x25519_dalek::PublicKey::from(theirs));
                secret.was_contributory().then(|| secret.to_bytes().to_vec())
            }
            Self::X448 => {
                let ours = Zeroizing::new(<[u8; 56]>::try_from(ours).ok()?);
                let theirs = x448::PublicKey::from_bytes(theirs)?;
                Some(x448::StaticSecret::from(*ours).diffie_hellman(&theirs).as_bytes().to_vec())
            }
            Self::Ed25519 | Self::Ed448 => None,
        }
    }

    /// Signs a message; none if the key has a wrong size.
    pub(super) fn sign(self, private: &[u8], message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Ed25519 => {
                let key: &[u8; 32] = private.try_into().ok()?;
                Some(ed25519_dalek::SigningKey::from_bytes(key).sign(message).to_bytes().to_vec())
            }
            Self::Ed448 => {
                let key = ed448_goldilocks::SigningKey::try_from(private).ok()?;
                Some(key.sign_raw(message).to_bytes().to_vec())
            }
            Self::X25519 | Self::X448 => None,
        }
    }

    /// Is it the signature of a message?
    pub(super) fn verify(self, public: &[u8], message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519 => {
                let Ok(public) = <&[u8; 32]>::try_from(public) else { return false };
                let Ok(public) = ed25519_dalek::VerifyingKey::from_bytes(public) else { return false };
                let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
                public.verify(message, &signature).is_ok()
            }
            Self::Ed448 => {
                let Ok(bytes) = <[u8; 57]>::try_from(public) else { return false };
                let Ok(public) = ed448_goldilocks::VerifyingKey::from_bytes(&bytes) else {
                    return false;
                };
                let Ok(signature) = ed448_goldilocks::Signature::from_slice(signature) else { return false };
                public.verify_raw(&signature, message).is_ok()
            }
            Self::X25519 | Self::X448 => false,
        }
    }
}
