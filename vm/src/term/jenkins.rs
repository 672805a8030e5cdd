//! Bob Jenkins' mixing of 32-bit words (`lookup2`, 1996, public domain), on which Erlang's hashes are built.

/// The golden ratio; its multiples tell kinds of terms apart.
const RATIO: u32 = 0x9e37_79b9;

/// The mark of a kind of term: a multiple of the golden ratio.
pub(super) const fn mark(number: u32) -> u32 {
    RATIO.wrapping_mul(number)
}

fn mix(mut a: u32, mut b: u32, mut c: u32) -> (u32, u32, u32) {
    macro_rules! step {
        ($x:ident, $y:ident, $z:ident, $shifted:expr) => {
            $x = $x.wrapping_sub($y).wrapping_sub($z);
            $x ^= $shifted;
        };
    }
    step!(a, b, c, c >> 13);
    step!(b, c, a, a << 8);
    step!(c, a, b, b >> 13);
    step!(a, b, c, c >> 12);
    step!(b, c, a, a << 16);
    step!(c, a, b, b >> 5);
    step!(a, b, c, c >> 3);
    step!(b, c, a, a << 10);
    step!(c, a, b, b >> 15);
    (a, b, c)
}

/// `hash` with two words added.
pub(super) fn words(hash: u32, first: u32, second: u32, mark: u32) -> u32 {
    mix(mark.wrapping_add(first), mark.wrapping_add(second), hash).2
}

/// `hash` with the halves of a 64-bit word added, the lower first.
pub(super) fn long(hash: u32, word: u64, mark: u32) -> u32 {
    words(hash, word as u32, (word >> 32) as u32, mark)
}

/// The hash of a block of bytes.
pub(super) fn block(bytes: &[u8], initial: u32) -> u32 {
    let word = |bytes: &[u8]| {
        bytes.iter().enumerate().fold(0u32, |word, (at, &byte)| word | u32::from(byte) << (8 * at))
    };
    let (mut a, mut b, mut c) = (RATIO, RATIO, initial);
    let mut chunks = bytes.chunks_exact(12);
    for chunk in chunks.by_ref() {
        (a, b, c) = mix(
            a.wrapping_add(word(&chunk[..4])),
            b.wrapping_add(word(&chunk[4..8])),
            c.wrapping_add(word(&chunk[8..])),
        );
    }
    let rest = chunks.remainder();
    let part = |from: usize, to: usize| word(&rest[from.min(rest.len())..to.min(rest.len())]);
    // The lowest byte of the last word holds the length.
    let last = c.wrapping_add(bytes.len() as u32).wrapping_add(part(8, 11) << 8);
    mix(a.wrapping_add(part(0, 4)), b.wrapping_add(part(4, 8)), last).2
}

/// The bytes at the front of a list, packed four to a word as both hashes of lists do.
pub(super) struct ByteRun {
    /// The hash with the full words added.
    pub(super) hash: u32,
    /// What is left, and of how many bytes.
    pub(super) rest: u32,
    pub(super) count: u32,
    /// The list from its first element that is no byte on.
    pub(super) tail: super::Term,
}

/// Adds the bytes at the front of `list`. `rest` of `count` bytes come before it.
pub(super) fn byte_run(mut hash: u32, list: super::Term, mut rest: u32, mut count: u32) -> ByteRun {
    let mut tail = list;
    while let Some((head, next)) = tail.as_cons() {
        let Some(byte) = head.as_small().and_then(|value| u8::try_from(value).ok()) else { break };
        rest = rest << 8 | u32::from(byte);
        count += 1;
        if count == 4 {
            hash = words(hash, rest, 0, mark(4));
            (rest, count) = (0, 0);
        }
        tail = next;
    }
    ByteRun { hash, rest, count, tail }
}
