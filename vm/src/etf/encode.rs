//! Terms to bytes.

use super::{VERSION, tag};
use crate::atom::{self, Atom};
use crate::bif::erlang::float_text::{self, Layout};
use crate::bif::erlang::nodes::external_node;
use crate::code::export_table::Export;
use crate::code::fun_table::FunEntry;
use crate::sys::zlib;
use crate::term::{FunView, Kind, Term, map, ref_parts};

/// How the caller wants a term encoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// 0: floats as text; 2: all atoms in UTF-8.
    pub(crate) minor_version: u8,
    /// Level of compression, 0 for none.
    pub(crate) compression: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { minor_version: 1, compression: 0 }
    }
}

/// `term` in the external format, with the version byte.
pub(crate) fn to_bytes(term: Term, options: Options) -> Vec<u8> {
    within(term, options, usize::MAX).unwrap_or_default()
}

/// Bits whose whole bytes belong into an output at a position, where they are not copied.
pub(crate) type Cut = (usize, Term);

/// Bytes beyond which a binary is not copied into pieces.
const COPIED: usize = 64;

/// `term` in the external format without the bytes of its larger binaries, and where those belong; nothing where it
/// would be longer than `most`.
pub(crate) fn pieces(term: Term, options: Options, most: usize) -> Option<(Vec<u8>, Vec<Cut>)> {
    let (mut out, mut cuts) = (vec![VERSION], Vec::new());
    let minor_version = options.minor_version;
    let encoder = Encoder { out: &mut out, minor_version, most, cuts: Some(&mut cuts) };
    encoder.encode(term).then_some((out, cuts))
}

/// The same, or nothing where it would be longer than `most` before it is compressed.
pub(crate) fn within(term: Term, options: Options, most: usize) -> Option<Vec<u8>> {
    let mut out = vec![VERSION];
    let encoder = Encoder { out: &mut out, minor_version: options.minor_version, most, cuts: None };
    if !encoder.encode(term) {
        return None;
    }
    if options.compression > 0 {
        let packed = deflated(&out[1..], options.compression);
        if packed.len() + 5 < out.len() - 1 {
            let size = (out.len() - 1) as u32;
            out.truncate(1);
            out.push(tag::COMPRESSED);
            out.extend(size.to_be_bytes());
            out.extend(packed);
        }
    }
    Some(out)
}

fn deflated(bytes: &[u8], level: u32) -> Vec<u8> {
    // Only lack of memory keeps it from compressing; then the term stays as it is.
    zlib::compressed(bytes, zlib::Parameters::new(level as i32, 15)).unwrap_or_else(|_| bytes.to_vec())
}

/// What is still to be written, the next last.
enum Step<'a> {
    Term(Term),
    /// Elements of a tuple, free variables of a fun.
    Terms(&'a [Term]),
    /// A list's elements from here on, and its tail.
    List(Term),
    /// A small map's keys and values.
    Pairs(&'a [Term], &'a [Term]),
    /// A fun that starts here is complete: its size is known.
    FunEnd(usize),
}

struct Encoder<'a> {
    out: &'a mut Vec<u8>,
    minor_version: u8,
    /// Longest output.
    most: usize,
    /// Where larger binaries belong that are not copied.
    cuts: Option<&'a mut Vec<Cut>>,
}

impl Encoder<'_> {
    /// Writes a term; `false`: it became too long.
    fn encode(mut self, term: Term) -> bool {
        let mut pending = vec![Step::Term(term)];
        while let Some(step) = pending.pop() {
            if self.out.len() > self.most {
                return false;
            }
            let term = match step {
                Step::Term(term) => term,
                Step::Terms(terms) => {
                    let Some((&first, rest)) = terms.split_first() else { continue };
                    pending.push(Step::Terms(rest));
                    first
                }
                Step::List(rest) => match rest.as_cons() {
                    Some((head, tail)) => {
                        pending.push(Step::List(tail));
                        head
                    }
                    None => rest,
                },
                Step::Pairs(keys, values) => {
                    let (Some((&key, keys)), Some((&value, values))) =
                        (keys.split_first(), values.split_first())
                    else {
                        continue;
                    };
                    pending.extend([Step::Pairs(keys, values), Step::Term(value)]);
                    key
                }
                Step::FunEnd(start) => {
                    let size = (self.out.len() - start) as u32;
                    self.out[start..start + 4].copy_from_slice(&size.to_be_bytes());
                    continue;
                }
            };
            if term.is_immediate() {
                self.leaf(term);
            } else if term.is_cons() {
                self.list(term, &mut pending);
            } else if let Some(elements) = term.as_tuple() {
                match u8::try_from(elements.len()) {
                    Ok(count) => self.out.extend([tag::SMALL_TUPLE, count]),
                    Err(_) => self.tag_and_size(tag::LARGE_TUPLE, elements.len()),
                }
                pending.push(Step::Terms(elements));
            } else if let Some(map) = term.as_flat_map() {
                self.tag_and_size(tag::MAP, map.keys.len());
                pending.push(Step::Pairs(map.keys, map.values));
            } else if term.is_map() {
                self.tag_and_size(tag::MAP, map::size(term));
                // Taken from the end: in the order that `keys/1` shows.
                for (key, value) in map::pairs(term) {
                    pending.extend([Step::Term(value), Step::Term(key)]);
                }
            } else if let Some(closure) = term.as_closure() {
                self.closure(&closure, &mut pending);
            } else {
                self.leaf(term);
            }
        }
        true
    }

    fn tag_and_size(&mut self, tag: u8, size: usize) {
        self.out.push(tag);
        self.out.extend((size as u32).to_be_bytes());
    }

    fn list(&mut self, list: Term, pending: &mut Vec<Step<'_>>) {
        let (start, mut count, mut rest, mut is_text) = (self.out.len(), 0, list, true);
        self.out.extend([tag::STRING, 0, 0]);
        // Written as text until an element is none.
        while let Some((head, tail)) = rest.as_cons() {
            if is_text {
                match head.as_small().map(u8::try_from) {
                    Some(Ok(byte)) if count < 0xffff => self.out.push(byte),
                    _ => is_text = false,
                }
            }
            (count, rest) = (count + 1, tail);
        }
        if is_text && rest.is_nil() {
            self.out[start + 1..start + 3].copy_from_slice(&(count as u16).to_be_bytes());
            return;
        }
        self.out.truncate(start);
        self.tag_and_size(tag::LIST, count);
        pending.push(Step::List(list));
    }

    fn closure<'t>(&mut self, closure: &FunView<'t>, pending: &mut Vec<Step<'t>>) {
        let entry = FunEntry::of(closure);
        self.out.push(tag::NEW_FUN);
        let start = self.out.len();
        self.out.extend([0; 4]);
        self.out.push(entry.arity as u8);
        self.out.extend(entry.version);
        self.out.extend(entry.index.to_be_bytes());
        self.out.extend((closure.environment.len() as u32).to_be_bytes());
        self.atom(entry.module);
        self.integer(i64::from(entry.index));
        self.integer(i64::from(entry.old_uniq));
        self.leaf(Term::pid(closure.creator));
        pending.push(Step::FunEnd(start));
        pending.push(Step::Terms(closure.environment));
    }

    fn leaf(&mut self, term: Term) {
        if let Some(value) = term.as_small() {
            self.integer(value);
        } else if let Some(atom) = term.as_atom() {
            self.atom(atom);
        } else if term.is_nil() {
            self.out.push(tag::NIL);
        } else if let Some(value) = term.as_float() {
            self.float(value);
        } else if let Some(bits) = term.as_bits() {
            let odd = bits.size % 8;
            self.tag_and_size(if odd == 0 { tag::BINARY } else { tag::BIT_BINARY }, bits.byte_len());
            if odd > 0 {
                self.out.push(odd as u8);
            }
            match &mut self.cuts {
                Some(cuts) if bits.size / 8 > COPIED => {
                    cuts.push((self.out.len(), term));
                    if odd > 0 {
                        self.out.extend(bits.to_bytes().last());
                    }
                }
                _ => match bits.as_bytes() {
                    Some(bytes) => self.out.extend_from_slice(bytes),
                    None => self.out.extend(bits.to_bytes()),
                },
            }
        } else if let Some((negative, limbs)) = term.as_big_limbs() {
            let bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
            self.big(negative, &bytes);
        } else if let Some(export) = Export::of(term) {
            self.out.push(tag::EXPORT);
            self.atom(export.module);
            self.atom(export.function);
            self.out.extend([tag::SMALL_INTEGER, export.arity as u8]);
        } else {
            self.identifier(term);
        }
    }

    fn integer(&mut self, value: i64) {
        if let Ok(byte) = u8::try_from(value) {
            self.out.extend([tag::SMALL_INTEGER, byte]);
        } else if let Ok(value) = i32::try_from(value) {
            self.out.push(tag::INTEGER);
            self.out.extend(value.to_be_bytes());
        } else {
            self.big(value < 0, &value.unsigned_abs().to_le_bytes());
        }
    }

    /// A big integer; `bytes` are those of its magnitude, least first, perhaps with zeros at the end.
    fn big(&mut self, negative: bool, bytes: &[u8]) {
        let count = bytes.len() - bytes.iter().rev().take_while(|&&byte| byte == 0).count();
        match u8::try_from(count) {
            Ok(count) => self.out.extend([tag::SMALL_BIG, count]),
            Err(_) => self.tag_and_size(tag::LARGE_BIG, count),
        }
        self.out.push(u8::from(negative));
        self.out.extend(&bytes[..count]);
    }

    fn float(&mut self, value: f64) {
        if self.minor_version > 0 {
            self.out.push(tag::NEW_FLOAT);
            self.out.extend(value.to_be_bytes());
            return;
        }
        let text = float_text::write(value, Layout::Scientific(20)).unwrap_or_default();
        let mut field = [0; 31];
        for (to, from) in field.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        self.out.push(tag::FLOAT);
        self.out.extend(field);
    }

    fn atom(&mut self, atom: Atom) {
        let text = atom.text();
        if self.minor_version < 2 && text.is_ascii() {
            self.out.push(tag::ATOM);
            self.out.extend((text.len() as u16).to_be_bytes());
            self.out.extend_from_slice(text.as_bytes());
            return;
        }
        let latin1: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        if let Some(bytes) = latin1.filter(|_| self.minor_version < 2) {
            self.out.push(tag::ATOM);
            self.out.extend((bytes.len() as u16).to_be_bytes());
            self.out.extend(bytes);
            return;
        }
        match u8::try_from(text.len()) {
            Ok(count) => self.out.extend([tag::SMALL_ATOM_UTF8, count]),
            Err(_) => {
                self.out.push(tag::ATOM_UTF8);
                self.out.extend((text.len() as u16).to_be_bytes());
            }
        }
        self.out.extend(text.bytes());
    }

    fn longs(&mut self, values: &[u64]) {
        for &value in values {
            self.out.extend((value as u32).to_be_bytes());
        }
    }

    /// Pids, ports and references, of this node and others.
    fn identifier(&mut self, term: Term) {
        if let Some(pid) = term.as_pid() {
            self.out.push(tag::NEW_PID);
            self.atom(atom::NONODE_NOHOST);
            self.longs(&[pid.number(), pid.serial(), 0]);
            return;
        }
        if let Some(port) = term.as_port() {
            self.out.push(tag::NEW_PORT);
            self.atom(atom::NONODE_NOHOST);
            self.longs(&[port, 0]);
            return;
        }
        if let Some(number) = term.as_ref_number() {
            let (high, middle, low) = ref_parts(number);
            self.out.extend([tag::NEWER_REFERENCE, 0, 3]);
            self.atom(atom::NONODE_NOHOST);
            self.longs(&[0, low, middle, high]);
            return;
        }
        let node = external_node(term).as_atom().unwrap_or(atom::NONODE_NOHOST);
        let words = term.boxed_words();
        match term.kind() {
            Some(Kind::ExternalPid) => {
                self.out.push(tag::NEW_PID);
                self.atom(node);
                self.longs(&[words[0], words[1] >> 32, words[1]]);
            }
            Some(Kind::ExternalPort) => {
                self.out.push(tag::V4_PORT);
                self.atom(node);
                self.out.extend(words[0].to_be_bytes());
                self.longs(&[words[1]]);
            }
            _ => {
                let count = (words[0] >> 32) as u16;
                self.out.push(tag::NEWER_REFERENCE);
                self.out.extend(count.to_be_bytes());
                self.atom(node);
                self.longs(&[words[0]]);
                for index in 0..usize::from(count) {
                    self.longs(&[words[1 + index / 2] >> (32 * (index % 2))]);
                }
            }
        }
    }
}
