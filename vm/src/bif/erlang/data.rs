//! Tuples, lists, sizes.

use crate::bif::argument::{self, index};
use crate::bif::{Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, equal, exactly_equal, hash, map};
use hashbrown::HashMap;
use smallvec::SmallVec;

/// Most elements of a tuple.
const MAX_TUPLE: usize = (1 << 24) - 1;

fn elements<'a>(term: Term) -> Result<&'a [Term], Exception> {
    term.as_tuple().ok_or_else(Exception::badarg)
}

/// Position from 1 to `limit`, counted from 0.
fn position(term: Term, limit: usize) -> Result<usize, Exception> {
    term.as_usize().filter(|&at| at >= 1 && at <= limit).map(|at| at - 1).ok_or_else(Exception::badarg)
}

fn element(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let elements = elements(args[1])?;
    Ok(elements[position(args[0], elements.len())?])
}

fn setelement(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let elements = elements(args[1])?;
    let at = position(args[0], elements.len())?;
    Ok(ctx.process.heap.tuple_changed(elements, at, args[2]))
}

fn tuple_size(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::small(elements(args[0])?.len() as i64))
}

fn tuple_length(term: Term) -> Result<usize, Exception> {
    index(term).ok().filter(|&size| size <= MAX_TUPLE).ok_or_else(Exception::badarg)
}

fn make_tuple_2(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let elements = vec![args[1]; tuple_length(args[0])?];
    Ok(ctx.process.heap.tuple(&elements))
}

fn make_tuple_3(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut elements = vec![args[1]; tuple_length(args[0])?];
    for pair in argument::list(args[2])? {
        let Some(&[at, value]) = pair.as_tuple() else { return Err(Exception::badarg().into()) };
        let at = position(at, elements.len())?;
        elements[at] = value;
    }
    Ok(ctx.process.heap.tuple(&elements))
}

fn append_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut elements = elements(args[0])?.to_vec();
    if elements.len() >= MAX_TUPLE {
        return Err(Exception::badarg().into());
    }
    elements.push(args[1]);
    Ok(ctx.process.heap.tuple(&elements))
}

fn insert_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut elements = elements(args[1])?.to_vec();
    if elements.len() >= MAX_TUPLE {
        return Err(Exception::badarg().into());
    }
    let at = position(args[0], elements.len() + 1)?;
    elements.insert(at, args[2]);
    Ok(ctx.process.heap.tuple(&elements))
}

fn delete_element(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut elements = elements(args[1])?.to_vec();
    let at = position(args[0], elements.len())?;
    elements.remove(at);
    Ok(ctx.process.heap.tuple(&elements))
}

fn tuple_to_list(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let elements = elements(args[0])?;
    ctx.charge(elements.len() / 64);
    Ok(ctx.process.heap.list(elements))
}

fn list_to_tuple(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let elements = argument::list(args[0])?;
    if elements.len() > MAX_TUPLE {
        return Err(Exception::badarg().into());
    }
    ctx.charge(elements.len() / 64);
    Ok(ctx.process.heap.tuple(&elements))
}

fn hd(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(args[0].as_cons().ok_or_else(Exception::badarg)?.0)
}

fn tl(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(args[0].as_cons().ok_or_else(Exception::badarg)?.1)
}

fn length(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut iter = args[0].iter();
    let count = iter.by_ref().count();
    if !iter.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    ctx.charge(count / 128);
    Ok(Term::small(count as i64))
}

fn append(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut iter = args[0].iter();
    let count = iter.by_ref().count();
    if !iter.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    if args[1].is_nil() {
        return Ok(args[0]);
    }
    ctx.charge(count / 64);
    Ok(ctx.process.heap.front(args[0], count, args[1]))
}

/// Up to this many elements to take away are compared one by one.
const FEW: usize = 12;

/// The elements of a list that are not taken away by the elements of another.
fn subtract(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut from = args[0].iter();
    let length = from.by_ref().count();
    if !from.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    let mut what: SmallVec<[Term; FEW]> = SmallVec::new();
    let mut taken = args[1].iter();
    what.extend(taken.by_ref());
    if !taken.tail().is_nil() {
        return Err(Exception::badarg().into());
    }
    if length == 0 || what.is_empty() {
        return Ok(args[0]);
    }
    ctx.charge((length + what.len()) / 16);
    let mut kept: SmallVec<[Term; 128]> = SmallVec::with_capacity(length);
    let mut rest = args[0];
    if what.len() <= FEW {
        while let Some((element, tail)) = rest.as_cons() {
            if what.is_empty() {
                break;
            }
            rest = tail;
            match what.iter().position(|&candidate| exactly_equal(candidate, element)) {
                Some(at) => {
                    what.swap_remove(at);
                }
                None => kept.push(element),
            }
        }
        // Where the last one was found, what comes after it stays as it is.
        return Ok(ctx.process.heap.list_with_tail(&kept, rest));
    }
    let mut counts: HashMap<u32, Vec<(Term, usize)>> = HashMap::new();
    let mut left = what.len();
    for term in what {
        let same_hash = counts.entry(hash::internal(term)).or_default();
        match same_hash.iter_mut().find(|(other, _)| exactly_equal(*other, term)) {
            Some((_, count)) => *count += 1,
            None => same_hash.push((term, 1)),
        }
    }
    while let Some((element, tail)) = rest.as_cons() {
        if left == 0 {
            break;
        }
        rest = tail;
        let found = counts.get_mut(&hash::internal(element)).and_then(|same_hash| {
            same_hash.iter_mut().find(|(other, count)| *count > 0 && exactly_equal(*other, element))
        });
        match found {
            Some((_, count)) => {
                *count -= 1;
                left -= 1;
            }
            None => kept.push(element),
        }
    }
    Ok(ctx.process.heap.list_with_tail(&kept, rest))
}

fn size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if let Some(bits) = args[0].as_bits() {
        return Ok(Term::small((bits.size / 8) as i64));
    }
    tuple_size(ctx, args)
}

fn byte_size(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bits = args[0].as_bits().ok_or_else(Exception::badarg)?;
    Ok(Term::small(bits.byte_len() as i64))
}

fn bit_size(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bits = args[0].as_bits().ok_or_else(Exception::badarg)?;
    Ok(Term::small(bits.size as i64))
}

fn badmap(ctx: &mut NativeContext<'_>, term: Term) -> Exception {
    let reason = ctx.process.heap.tuple(&[Term::atom(crate::atom::BADMAP), term]);
    Exception::error(reason)
}

fn map_size(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_map() {
        return Err(badmap(ctx, args[0]).into());
    }
    Ok(Term::small(map::size(args[0]) as i64))
}

fn is_map_key(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[1].is_map() {
        return Err(badmap(ctx, args[1]).into());
    }
    Ok(Term::bool(map::get(args[1], args[0]).is_some()))
}

fn map_get(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[1].is_map() {
        return Err(badmap(ctx, args[1]).into());
    }
    match map::get(args[1], args[0]) {
        Some(value) => Ok(value),
        None => {
            let reason = ctx.process.heap.tuple(&[Term::atom(crate::atom::BADKEY), args[0]]);
            Err(Exception::error(reason).into())
        }
    }
}

fn is_record_2(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[1].is_atom() {
        return Err(Exception::badarg().into());
    }
    let tag = args[0].as_tuple().and_then(|elements| elements.first());
    Ok(Term::bool(tag == Some(&args[1])))
}

fn is_record_3(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[1].is_atom() || !args[2].is_integer() {
        return Err(Exception::badarg().into());
    }
    let matches = args[0].as_tuple().is_some_and(|elements| {
        elements.first() == Some(&args[1]) && equal(Term::small(elements.len() as i64), args[2])
    });
    Ok(Term::bool(matches))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "element"/2 => element;
        "setelement"/3 => setelement;
        "tuple_size"/1 => tuple_size;
        "make_tuple"/2 => make_tuple_2;
        "make_tuple"/3 => make_tuple_3;
        "append_element"/2 => append_element;
        "insert_element"/3 => insert_element;
        "delete_element"/2 => delete_element;
        "tuple_to_list"/1 => tuple_to_list;
        "list_to_tuple"/1 => list_to_tuple;
        "hd"/1 => hd;
        "tl"/1 => tl;
        "length"/1 => length;
        "++"/2 => append;
        "append"/2 => append;
        "--"/2 => subtract;
        "subtract"/2 => subtract;
        "size"/1 => size;
        "byte_size"/1 => byte_size;
        "bit_size"/1 => bit_size;
        "map_size"/1 => map_size;
        "is_map_key"/2 => is_map_key;
        "map_get"/2 => map_get;
        "is_record"/2 => is_record_2;
        "is_record"/3 => is_record_3;
    }
};
