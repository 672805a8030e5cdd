//! Bytes to terms. The bytes may be anything: what is wrong with them is an error, and their sizes are checked
//! against what is left before memory is taken.

use super::{VERSION, tag};
use crate::atom::{self, Atom};
use crate::code::fun_table::FunEntry;
use crate::heap::{Build as _, Heap, map as heap_map};
use crate::sys::zlib;
use crate::term::{Kind, Pid, Term};
use crate::vm::Vm;
use num_bigint::{BigInt, Sign};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::sync::atomic::AtomicPtr;

/// Most elements of a tuple.
const MAX_TUPLE: usize = (1 << 24) - 1;
/// Most bytes that a compressed term may grow to.
const MAX_INFLATED: usize = 1 << 32;

/// The bytes are no term, or a term that is not safe to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no term of the external format")]
pub(crate) struct Malformed;

type Result<T> = std::result::Result<T, Malformed>;

/// The term that `bytes` begin with (after the version byte), and how many bytes it takes.
/// `safe`: makes no new atoms.
pub(crate) fn from_bytes(vm: &Vm, heap: &mut Heap, bytes: &[u8], safe: bool) -> Result<(Term, usize)> {
    let (&version, rest) = bytes.split_first().ok_or(Malformed)?;
    if version != VERSION {
        return Err(Malformed);
    }
    if let Some((&tag::COMPRESSED, packed)) = rest.split_first() {
        let size =
            u32::from_be_bytes(packed.get(..4).and_then(|four| four.try_into().ok()).ok_or(Malformed)?);
        let (inflated, used) = inflate(&packed[4..], size as usize)?;
        let mut reader = Reader::new(vm, heap, &inflated, safe);
        let term = reader.term()?;
        return Ok((term, 6 + used));
    }
    let mut reader = Reader::new(vm, heap, rest, safe);
    let term = reader.term()?;
    Ok((term, reader.at + 1))
}

fn inflate(packed: &[u8], size: usize) -> Result<(Vec<u8>, usize)> {
    if size > MAX_INFLATED {
        return Err(Malformed);
    }
    let (out, used) = zlib::expanded(packed, 15, size).map_err(|_| Malformed)?;
    if out.len() == size { Ok((out, used)) } else { Err(Malformed) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    vm: &'a Vm,
    heap: &'a mut Heap,
    safe: bool,
    /// Parts of the terms under construction, those of the innermost last.
    parts: Vec<Term>,
    /// The last atoms that were read, each with whether its name is in Latin-1 and the name's bytes, at a place that
    /// the name tells.
    recent: [Option<(bool, &'a [u8], Atom)>; RECENT],
}

/// How many atoms a reader remembers. Most terms have few, which come again and again.
const RECENT: usize = 16;

/// A compound term under construction.
struct Compound {
    kind: CompoundKind,
    /// Where its parts begin among all.
    begin: usize,
    /// Parts still to come.
    missing: usize,
}

enum CompoundKind {
    Tuple,
    /// Elements, then the tail.
    List,
    Map,
    /// The free variables of this fun.
    Fun(&'static FunEntry, Pid),
}

/// A term, or the start of one with parts.
enum Item {
    Whole(Term),
    Parts(Compound),
}

impl<'a> Reader<'a> {
    fn new(vm: &'a Vm, heap: &'a mut Heap, bytes: &'a [u8], safe: bool) -> Self {
        Self { bytes, at: 0, vm, heap, safe, parts: Vec::new(), recent: [None; RECENT] }
    }

    #[inline]
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(count).ok_or(Malformed)?;
        let bytes = self.bytes.get(self.at..end).ok_or(Malformed)?;
        self.at = end;
        Ok(bytes)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn short(&mut self) -> Result<usize> {
        let two = self.take(2)?;
        Ok(usize::from(u16::from_be_bytes([two[0], two[1]])))
    }

    fn long(&mut self) -> Result<u32> {
        let four = self.take(4)?;
        Ok(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
    }

    fn size(&mut self) -> Result<usize> {
        Ok(self.long()? as usize)
    }

    fn double(&mut self) -> Result<u64> {
        let high = u64::from(self.long()?);
        Ok(high << 32 | u64::from(self.long()?))
    }

    /// A number of parts, each of which takes at least one byte.
    fn count(&mut self, per_part: usize) -> Result<usize> {
        let count = self.size()?;
        let needed = count.checked_mul(per_part).ok_or(Malformed)?;
        if needed > self.bytes.len() - self.at { Err(Malformed) } else { Ok(count) }
    }

    fn term(&mut self) -> Result<Term> {
        let mut open: Vec<Compound> = Vec::new();
        loop {
            let mut done = match self.item()? {
                Item::Whole(term) => term,
                Item::Parts(compound) if compound.missing > 0 => {
                    open.push(compound);
                    continue;
                }
                Item::Parts(compound) => self.close(compound)?,
            };
            loop {
                let Some(innermost) = open.last_mut() else { return Ok(done) };
                self.parts.push(done);
                innermost.missing -= 1;
                if innermost.missing > 0 {
                    break;
                }
                let Some(compound) = open.pop() else { return Err(Malformed) };
                done = self.close(compound)?;
            }
        }
    }

    fn close(&mut self, compound: Compound) -> Result<Term> {
        let parts = self.parts.get(compound.begin..).ok_or(Malformed)?;
        let term = match compound.kind {
            CompoundKind::Tuple => self.heap.tuple(parts),
            CompoundKind::List => {
                let (&tail, elements) = parts.split_last().ok_or(Malformed)?;
                self.heap.list_with_tail(elements, tail)
            }
            CompoundKind::Map => {
                let pairs: SmallVec<[(Term, Term); 16]> =
                    parts.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
                let map = heap_map::from_pairs(self.heap, &pairs);
                if crate::term::map::size(map) != pairs.len() {
                    return Err(Malformed);
                }
                map
            }
            CompoundKind::Fun(entry, creator) => {
                let address = std::ptr::from_ref(entry).expose_provenance() as u64;
                self.heap.closure(address, creator, parts)
            }
        };
        self.parts.truncate(compound.begin);
        Ok(term)
    }

    fn item(&mut self) -> Result<Item> {
        let begin = self.parts.len();
        let parts = |kind, count| Item::Parts(Compound { kind, begin, missing: count });
        let tag = self.byte()?;
        Ok(match tag {
            tag::SMALL_TUPLE => parts(CompoundKind::Tuple, usize::from(self.byte()?)),
            tag::LARGE_TUPLE => {
                let count = self.count(1)?;
                if count > MAX_TUPLE {
                    return Err(Malformed);
                }
                parts(CompoundKind::Tuple, count)
            }
            tag::LIST => parts(CompoundKind::List, self.count(1)? + 1),
            tag::MAP => parts(CompoundKind::Map, self.count(2)? * 2),
            tag::NEW_FUN => self.fun()?,
            _ => Item::Whole(self.leaf(tag)?),
        })
    }

    fn leaf(&mut self, tag: u8) -> Result<Term> {
        Ok(match tag {
            tag::SMALL_INTEGER => Term::small(i64::from(self.byte()?)),
            tag::INTEGER => Term::small(i64::from(self.long()?.cast_signed())),
            tag::SMALL_BIG => {
                let count = usize::from(self.byte()?);
                self.big(count)?
            }
            tag::LARGE_BIG => {
                let count = self.size()?;
                self.big(count)?
            }
            tag::NEW_FLOAT => {
                let value = f64::from_bits(self.double()?);
                if !value.is_finite() {
                    return Err(Malformed);
                }
                self.heap.float(value)
            }
            tag::FLOAT => {
                let text = self.take(31)?;
                let text = text.split(|&byte| byte == 0).next().unwrap_or(text);
                let text = std::str::from_utf8(text).map_err(|_| Malformed)?;
                let value: f64 = text.trim().parse().map_err(|_| Malformed)?;
                if !value.is_finite() {
                    return Err(Malformed);
                }
                self.heap.float(value)
            }
            tag::NIL => Term::NIL,
            tag::STRING => {
                let count = self.short()?;
                let bytes = self.take(count)?;
                self.heap.byte_list(bytes)
            }
            tag::BINARY => {
                let count = self.size()?;
                let bytes = self.take(count)?;
                self.heap.binary(bytes)
            }
            tag::BIT_BINARY => {
                let count = self.size()?;
                let odd = usize::from(self.byte()?);
                let bytes = self.take(count)?;
                if odd > 8 || (count == 0) != (odd == 0) {
                    return Err(Malformed);
                }
                self.heap.bit_string(bytes, (count * 8).saturating_sub(8 - odd.min(8)))
            }
            tag::ATOM | tag::SMALL_ATOM | tag::ATOM_UTF8 | tag::SMALL_ATOM_UTF8 => {
                Term::atom(self.atom(tag)?)
            }
            tag::EXPORT => {
                let (module, function) = (self.any_atom()?, self.any_atom()?);
                let arity_tag = self.byte()?;
                let arity = self.byte()?;
                if arity_tag != tag::SMALL_INTEGER {
                    return Err(Malformed);
                }
                if self.safe && !self.vm.code.is_exported(module, function, u32::from(arity)) {
                    return Err(Malformed);
                }
                let export = self.vm.code.export(module, function, u32::from(arity));
                self.heap.boxed(Kind::Export, &[export.word()])
            }
            tag::NEW_PID | tag::PID => self.pid(tag)?,
            tag::NEW_PORT | tag::PORT | tag::V4_PORT => self.port(tag)?,
            tag::NEWER_REFERENCE | tag::NEW_REFERENCE | tag::REFERENCE => self.reference(tag)?,
            _ => return Err(Malformed),
        })
    }

    fn big(&mut self, count: usize) -> Result<Term> {
        let sign = self.byte()?;
        let bytes = self.take(count)?;
        let magnitude = BigInt::from_bytes_le(Sign::Plus, bytes);
        Ok(self.heap.big(&if sign == 0 { magnitude } else { -magnitude }))
    }

    fn any_atom(&mut self) -> Result<Atom> {
        let tag = self.byte()?;
        self.atom(tag)
    }

    fn atom(&mut self, tag: u8) -> Result<Atom> {
        let count = match tag {
            tag::ATOM | tag::ATOM_UTF8 => self.short()?,
            tag::SMALL_ATOM | tag::SMALL_ATOM_UTF8 => usize::from(self.byte()?),
            _ => return Err(Malformed),
        };
        let bytes = self.take(count)?;
        let is_latin1 = matches!(tag, tag::ATOM | tag::SMALL_ATOM);
        let ends = bytes
            .first()
            .zip(bytes.last())
            .map_or(0, |(first, last)| usize::from(first.wrapping_mul(7) ^ last));
        let place = (ends ^ count) % RECENT;
        if let Some((kind, name, atom)) = self.recent[place]
            && kind == is_latin1
            && name == bytes
        {
            return Ok(atom);
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if !is_latin1 || text.is_ascii() => Cow::Borrowed(text),
            _ if is_latin1 => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
            _ => return Err(Malformed),
        };
        let atom = if self.safe {
            Atom::existing(&text).ok_or(Malformed)?
        } else {
            Atom::new(&text).map_err(|_| Malformed)?
        };
        self.recent[place] = Some((is_latin1, bytes, atom));
        Ok(atom)
    }

    fn creation(&mut self, short: bool) -> Result<u64> {
        if short { Ok(u64::from(self.byte()?)) } else { Ok(u64::from(self.long()?)) }
    }

    fn pid(&mut self, tag: u8) -> Result<Term> {
        let node = self.any_atom()?;
        let (number, serial) = (u64::from(self.long()?), u64::from(self.long()?));
        let creation = self.creation(tag == tag::PID)?;
        if node == atom::NONODE_NOHOST {
            return Pid::new(number, serial).map(Term::pid).ok_or(Malformed);
        }
        let words = [number, serial << 32 | creation, Term::atom(node).word()];
        Ok(self.heap.boxed(Kind::ExternalPid, &words))
    }

    fn port(&mut self, tag: u8) -> Result<Term> {
        let node = self.any_atom()?;
        let number = if tag == tag::V4_PORT { self.double()? } else { u64::from(self.long()?) };
        let creation = self.creation(tag == tag::PORT)?;
        if node == atom::NONODE_NOHOST {
            return if number >> 28 == 0 { Ok(Term::port(number)) } else { Err(Malformed) };
        }
        Ok(self.heap.boxed(Kind::ExternalPort, &[number, creation, Term::atom(node).word()]))
    }

    fn reference(&mut self, tag: u8) -> Result<Term> {
        let count = if tag == tag::REFERENCE { 1 } else { self.short()? };
        if count == 0 || count > 5 {
            return Err(Malformed);
        }
        let node = self.any_atom()?;
        let mut ids = Vec::new();
        // The oldest form has its only number before the creation.
        if tag == tag::REFERENCE {
            ids.push(u64::from(self.long()?));
        }
        let creation = self.creation(tag != tag::NEWER_REFERENCE)?;
        while ids.len() < count {
            ids.push(u64::from(self.long()?));
        }
        if node == atom::NONODE_NOHOST {
            let id = |at: usize| ids.get(at).copied().unwrap_or(0);
            if id(0) >> 18 != 0 || id(2) >> 14 != 0 {
                return Err(Malformed);
            }
            return Ok(self.heap.reference(id(2) << 50 | id(1) << 18 | id(0), None));
        }
        let mut words = vec![(count as u64) << 32 | creation];
        words.extend(ids.chunks(2).map(|pair| pair[0] | pair.get(1).copied().unwrap_or(0) << 32));
        words.push(Term::atom(node).word());
        Ok(self.heap.boxed(Kind::ExternalRef, &words))
    }

    /// A local fun of a module version that may be loaded or not.
    fn fun(&mut self) -> Result<Item> {
        self.long()?;
        let arity = u32::from(self.byte()?);
        let mut version = [0; 16];
        version.copy_from_slice(self.take(16)?);
        let index = self.long()?;
        let free = self.count(1)?;
        let module = self.any_atom()?;
        let mut number = || -> Result<i64> {
            let tag = self.byte()?;
            self.leaf(tag)?.as_i64().ok_or(Malformed)
        };
        let (_old_index, old_uniq) = (number()?, number()?);
        let tag = self.byte()?;
        let creator = self.leaf(tag)?.as_pid().unwrap_or(Pid(0));
        let entry = self.vm.code.funs.get(FunEntry {
            code: AtomicPtr::default(),
            module,
            function: atom::EMPTY,
            arity,
            index,
            old_uniq: u32::try_from(old_uniq).map_err(|_| Malformed)?,
            free: free as u32,
            version,
        });
        if entry.arity != arity || entry.free as usize != free {
            return Err(Malformed);
        }
        let kind = CompoundKind::Fun(entry, creator);
        Ok(Item::Parts(Compound { kind, begin: self.parts.len(), missing: free }))
    }
}
