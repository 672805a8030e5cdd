//! Updates of tuples: what replaces elements one after the other makes one new tuple.
//!
//! `R#r{a = 1, b = 2}` reads as two calls of `setelement/3`, of which the first makes a tuple that only the second
//! sees. Where few elements stay, they are fetched and the new tuple is built with them; else the calls after the
//! first become assignments to its fresh tuple. Between the call and these nothing may collect garbage: the
//! collector looks for pointers from old to new terms nowhere.

use super::simplify::count_uses;
use super::{Block, Callee, Function, Inst, Op, Term, Value};
use swerl_beam::Atom;

/// So many elements are fetched at most to build a tuple anew.
const FETCHES: usize = 6;

/// Makes updates cheaper.
pub fn simplify_updates(function: &mut Function) {
    let has_updates = |block: &Block| {
        block.insts.iter().any(|inst| update(inst).is_some()) || tail_update(&block.term).is_some()
    };
    let blocks: Vec<usize> =
        (0..function.blocks.len()).filter(|&at| has_updates(&function.blocks[at])).collect();
    if blocks.is_empty() {
        return;
    }
    for &at in &blocks {
        open_tail_call(function, at);
    }
    let uses = count_uses(function);
    for &at in &blocks {
        let mut insts = std::mem::take(&mut function.blocks[at].insts);
        let next = chains(&insts, &uses);
        let mut is_later = vec![false; insts.len()];
        next.iter().flatten().for_each(|&after| is_later[after] = true);
        // By instruction: what stands in its place.
        let mut instead: Vec<Option<Vec<Inst>>> = vec![None; insts.len()];
        for first in 0..insts.len() {
            if is_later[first] || update(&insts[first]).is_none() {
                continue;
            }
            let mut chain = vec![first];
            while let Some(after) = next[chain[chain.len() - 1]] {
                chain.push(after);
            }
            match build(function, &insts, &chain) {
                // Where the last stands, all values are known.
                Some(built) => {
                    chain.iter().for_each(|&link| instead[link] = Some(Vec::new()));
                    instead[chain[chain.len() - 1]] = Some(built);
                }
                None => overwrite(&mut insts, &chain),
            }
        }
        let written = insts.into_iter().zip(instead);
        function.blocks[at].insts =
            written.flat_map(|(inst, instead)| instead.unwrap_or_else(|| vec![inst])).collect();
        close_tail_call(&mut function.blocks[at], &uses);
    }
}

/// Which element an instruction replaces, counted from 0.
fn update(inst: &Inst) -> Option<u32> {
    match (inst.op, &inst.args[..]) {
        (Op::SetElement { at, .. }, _) => Some(at),
        (Op::Call(Callee::Remote(module, name)), args) => constant_update(module, name, args),
        _ => None,
    }
}

fn constant_update(module: Atom, name: Atom, args: &[Value]) -> Option<u32> {
    match args {
        &[Value::Int(at), Value::Var(_), _]
            if module.as_str() == "erlang" && name.as_str() == "setelement" =>
        {
            u32::try_from(at).ok()?.checked_sub(1)
        }
        _ => None,
    }
}

fn tail_update(term: &Term) -> Option<u32> {
    match term {
        Term::TailCall { callee: Callee::Remote(module, name), args, .. } => {
            constant_update(*module, *name, args)
        }
        _ => None,
    }
}

/// Makes an instruction of a last call that updates what was just updated.
fn open_tail_call(function: &mut Function, at: usize) {
    let Term::TailCall { callee, args, line } = &function.blocks[at].term else { return };
    let Some(index) = tail_update(&function.blocks[at].term) else { return };
    let tuple = args[1].as_var();
    let before = function.blocks[at].insts.last().filter(|last| last.dst == tuple);
    let Some(op) = before.and_then(|before| match before.op {
        Op::SetElement { size, tag, .. } if index < size => Some(Op::SetElement { at: index, size, tag }),
        _ => update(before).map(|_| Op::Call(*callee)),
    }) else {
        return;
    };
    let (args, line) = (args.clone(), *line);
    let dst = function.new_var();
    let block = &mut function.blocks[at];
    block.insts.push(Inst { dst: Some(dst), op, args, line });
    block.term = Term::Return(Value::Var(dst));
}

/// The reverse, where a call it has remained.
fn close_tail_call(block: &mut Block, uses: &[u32]) {
    let Term::Return(Value::Var(result)) = block.term else { return };
    let is_it = |last: &&Inst| last.dst == Some(result) && update(last).is_some();
    if block.handler.is_some() || uses.get(result.index()) != Some(&1) {
        return;
    }
    if let Some(last) = block.insts.last().filter(is_it)
        && let Op::Call(callee) = last.op
    {
        block.term = Term::TailCall { callee, args: last.args.clone(), line: last.line };
        block.insts.pop();
    }
}

/// By instruction: the one that updates its result, if only that looks at it.
fn chains(insts: &[Inst], uses: &[u32]) -> Vec<Option<usize>> {
    let mut next = vec![None; insts.len()];
    for (at, inst) in insts.iter().enumerate() {
        let (Some(index), Some(dst)) = (update(inst), inst.dst) else { continue };
        if uses[dst.index()] != 1 {
            continue;
        }
        let follows = |after: &Inst| match (inst.op, after.op) {
            (Op::SetElement { .. }, Op::SetElement { .. }) => true,
            // The first has seen that there are so many.
            (Op::Call(_), Op::Call(_)) => update(after).is_some_and(|other| other <= index),
            _ => false,
        };
        next[at] = (at + 1..insts.len())
            .find(|&after| insts[after].args.contains(&Value::Var(dst)))
            .filter(|&after| update(&insts[after]).is_some() && insts[after].args[1] == Value::Var(dst))
            .filter(|&after| follows(&insts[after]));
    }
    next
}

/// A tuple that is built anew, where that is worth it.
fn build(function: &mut Function, insts: &[Inst], chain: &[usize]) -> Option<Vec<Inst>> {
    let (first, last) = (&insts[*chain.first()?], &insts[*chain.last()?]);
    let Op::SetElement { size, tag, .. } = first.op else { return None };
    let mut elements: Vec<Option<Value>> = vec![None; size as usize];
    for &link in chain {
        *elements.get_mut(update(&insts[link])? as usize)? = Some(insts[link].args[2]);
    }
    if let (Some(tag), Some(first @ None)) = (tag, elements.first_mut()) {
        *first = Some(Value::Atom(tag));
    }
    if elements.iter().filter(|element| element.is_none()).count() > FETCHES {
        return None;
    }
    let mut built = Vec::new();
    let mut args = Vec::with_capacity(elements.len());
    for (at, element) in (0..).zip(elements) {
        args.push(element.unwrap_or_else(|| {
            let dst = function.new_var();
            built.push(Inst { dst: Some(dst), op: Op::Element(at), args: vec![first.args[1]], line: 0 });
            Value::Var(dst)
        }));
    }
    built.push(Inst { dst: last.dst, op: Op::Tuple, args, line: 0 });
    Some(built)
}

/// Makes a call of the first, and assignments to its tuple of as many as stand right behind it.
fn overwrite(insts: &mut [Inst], chain: &[usize]) {
    let callee = Callee::Remote(Atom::new("erlang"), Atom::new("setelement"));
    for (steps, &link) in chain.iter().enumerate() {
        let inst = &mut insts[link];
        let is_fresh = steps > 0 && link == chain[steps - 1] + 1;
        match update(inst) {
            Some(at) if is_fresh => {
                inst.op = Op::Overwrite(at);
                inst.args.remove(0);
            }
            _ => inst.op = Op::Call(callee),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssa::{BlockId, Var};

    fn function(insts: Vec<Inst>, term: Term) -> Function {
        let mut function = Function {
            name: Atom::new("f"),
            params: vec![Var(0), Var(1)],
            line: 0,
            blocks: Vec::new(),
            var_count: 20,
        };
        let entry = function.new_block(None);
        function.block_mut(entry).insts = insts;
        function.block_mut(entry).term = term;
        function
    }

    fn set(op: Op, at: i64, tuple: u32, dst: u32) -> Inst {
        let args = vec![Value::Int(at), Value::Var(Var(tuple)), Value::Var(Var(1))];
        Inst { dst: Some(Var(dst)), op, args, line: 0 }
    }

    fn known(at: u32, size: u32) -> Op {
        Op::SetElement { at, size, tag: Some(Atom::new("r")) }
    }

    fn call() -> Op {
        Op::Call(Callee::Remote(Atom::new("erlang"), Atom::new("setelement")))
    }

    fn ops(function: &Function) -> Vec<Op> {
        function.block(BlockId(0)).insts.iter().map(|inst| inst.op).collect()
    }

    #[test]
    fn a_small_record_is_built_anew() {
        let insts = vec![set(known(3, 5), 4, 0, 2), set(known(1, 5), 2, 2, 3)];
        let mut function = function(insts, Term::Return(Value::Var(Var(3))));
        simplify_updates(&mut function);
        assert_eq!(ops(&function), [Op::Element(2), Op::Element(4), Op::Tuple]);
        let built = &function.block(BlockId(0)).insts[2];
        assert_eq!(built.args[0], Value::atom("r"));
        assert_eq!(built.dst, Some(Var(3)));
    }

    #[test]
    fn a_large_one_is_copied_once() {
        let insts = vec![set(known(20, 30), 21, 0, 2), set(known(1, 30), 2, 2, 3)];
        let mut function = function(insts, Term::Return(Value::Var(Var(3))));
        simplify_updates(&mut function);
        assert_eq!(ops(&function), [call(), Op::Overwrite(1)]);
    }

    #[test]
    fn what_may_have_too_few_elements_is_asked_first() {
        for (first, second, expected) in [(5, 2, vec![call(), Op::Overwrite(1)]), (2, 5, vec![call()])] {
            let insts = vec![set(call(), first, 0, 2), set(call(), second, 2, 3)];
            let mut function = function(insts, Term::Return(Value::Var(Var(3))));
            simplify_updates(&mut function);
            assert_eq!(ops(&function), expected);
            let ends_with_call = matches!(function.block(BlockId(0)).term, Term::TailCall { .. });
            assert_eq!(ends_with_call, first < second);
        }
    }

    #[test]
    fn a_tuple_that_others_see_stays() {
        let cell = Inst {
            dst: Some(Var(4)),
            op: Op::Cons,
            args: vec![Value::Var(Var(2)), Value::Var(Var(3))],
            line: 0,
        };
        let insts = vec![set(call(), 5, 0, 2), set(call(), 2, 2, 3), cell];
        let mut function = function(insts, Term::Return(Value::Var(Var(4))));
        simplify_updates(&mut function);
        assert_eq!(ops(&function), [call(), call(), Op::Cons]);
    }

    #[test]
    fn nothing_comes_between_a_call_and_its_assignments() {
        let insts = vec![
            set(call(), 5, 0, 2),
            Inst { dst: Some(Var(5)), op: Op::Cons, args: vec![Value::Nil, Value::Nil], line: 0 },
            set(call(), 2, 2, 3),
        ];
        let mut function = function(insts, Term::Return(Value::Var(Var(3))));
        simplify_updates(&mut function);
        assert_eq!(ops(&function), [call(), Op::Cons]);
    }
}
