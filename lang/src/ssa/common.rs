//! What was fetched or computed before is not fetched or computed again, and what a tuple or list cell was just
//! built of need not be fetched.
//!
//! Where ways meet, what all of them know is known. Not across calls: a value that waits in the frame costs as much
//! as another fetch.

use super::liveness::is_call;
use super::{Attempt, BlockId, Entry, Function, Inst, Op, Term, Value, Var};
use std::collections::HashMap;
use swerl_beam::guard_bifs::{self, BifForm};

/// The results of operations.
type Known = HashMap<(Op, Vec<Value>), Value>;

/// Whether an operation gives the same whenever it has the same operands.
fn is_lasting(op: Op, args: usize) -> bool {
    match op {
        Op::Element(_) | Op::Head | Op::Tail => true,
        Op::Bif(name) => {
            let bif = u32::try_from(args).ok().and_then(|args| guard_bifs::lookup(name, args));
            bif.is_some_and(|bif| bif.form == BifForm::Arithmetic)
                || matches!(
                    name.as_str(),
                    "element" | "hd" | "tl" | "length" | "tuple_size" | "byte_size" | "bit_size" | "map_size"
                )
        }
        _ => false,
    }
}

/// Leaves out operations whose result is at hand.
pub fn share_results(function: &mut Function) {
    let is_it = |inst: &&Inst| is_lasting(inst.op, inst.args.len());
    let attempts = function.blocks.iter().filter(|block| matches!(block.term, Term::Attempt { .. })).count();
    if attempts + function.blocks.iter().flat_map(|block| &block.insts).filter(is_it).count() < 2 {
        return;
    }
    let order = function.reverse_postorder();
    let mut ways = vec![0_u32; function.blocks.len()];
    for &id in &order {
        function.block(id).term.for_each_successor(|next| ways[next.index()] += 1);
    }
    let mut on_entry: Vec<Option<Known>> = vec![None; function.blocks.len()];
    let mut same: HashMap<Var, Value> = HashMap::new();
    for &id in &order {
        let mut known = on_entry[id.index()].take().unwrap_or_default();
        let block = function.block_mut(id);
        if block.entry != Entry::Plain {
            known.clear();
        }
        let resolve = |value: &mut Value, same: &HashMap<Var, Value>| {
            *value = value.as_var().and_then(|var| same.get(&var).copied()).unwrap_or(*value);
        };
        block.insts.retain_mut(|inst| {
            inst.args.iter_mut().for_each(|arg| resolve(arg, &same));
            if is_call(inst.op) {
                known.clear();
            }
            let Some(dst) = inst.dst else { return true };
            match inst.op {
                Op::Tuple => {
                    for (at, &arg) in (0..).zip(&inst.args) {
                        known.insert((Op::Element(at), vec![Value::Var(dst)]), arg);
                    }
                }
                Op::Cons => {
                    known.insert((Op::Head, vec![Value::Var(dst)]), inst.args[0]);
                    known.insert((Op::Tail, vec![Value::Var(dst)]), inst.args[1]);
                }
                op if is_lasting(op, inst.args.len()) => {
                    let key = (op, inst.args.clone());
                    if let Some(&value) = known.get(&key) {
                        same.insert(dst, value);
                        return false;
                    }
                    known.insert(key, Value::Var(dst));
                }
                _ => {}
            }
            true
        });
        block.term.for_each_value_mut(|value| resolve(value, &same));
        if let Term::Attempt { op: Attempt::Bif(name), args, dsts, ok, .. } = &block.term
            && is_lasting(Op::Bif(*name), args.len())
            && ways[ok.index()] == 1
        {
            let (key, dst, ok) = ((Op::Bif(*name), args.clone()), dsts[0], *ok);
            match known.get(&key) {
                Some(&value) => {
                    same.insert(dst, value);
                    block.term = Term::Jump(ok, Vec::new());
                }
                None => {
                    let mut succeeded = known.clone();
                    succeeded.insert(key, Value::Var(dst));
                    on_entry[ok.index()] = Some(succeeded);
                }
            }
        }
        let mut next: Vec<BlockId> = Vec::new();
        block.term.for_each_successor(|target| next.push(target));
        for target in next {
            match &mut on_entry[target.index()] {
                // What succeeded on the only way there was noted above.
                Some(_) if ways[target.index()] == 1 => {}
                Some(other) => other.retain(|key, value| known.get(key) == Some(value)),
                none => *none = Some(known.clone()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssa::{Callee, Test};
    use swerl_beam::{Atom, Genop};

    fn inst(dst: u32, op: Op, args: &[Value]) -> Inst {
        Inst { dst: Some(Var(dst)), op, args: args.to_vec(), line: 0 }
    }

    fn var(number: u32) -> Value {
        Value::Var(Var(number))
    }

    fn function(count: usize) -> Function {
        let mut function = Function {
            name: Atom::new("f"),
            params: vec![Var(0)],
            line: 0,
            blocks: Vec::new(),
            var_count: 20,
        };
        for _ in 0..count {
            function.new_block(None);
        }
        function
    }

    #[test]
    fn a_second_fetch_is_left_out() {
        let mut function = function(1);
        let block = function.block_mut(BlockId(0));
        block.insts = vec![
            inst(1, Op::Element(1), &[var(0)]),
            inst(2, Op::Element(1), &[var(0)]),
            inst(3, Op::Element(2), &[var(0)]),
            inst(4, Op::Tuple, &[var(1), var(2), var(3)]),
            inst(5, Op::Element(2), &[var(4)]),
        ];
        block.term = Term::Return(var(5));
        share_results(&mut function);
        let block = function.block(BlockId(0));
        assert_eq!(block.insts.len(), 3);
        assert_eq!(block.insts[2].args, [var(1), var(1), var(3)]);
        assert_eq!(block.term, Term::Return(var(3)));
    }

    #[test]
    fn calls_forget_and_joins_know_what_all_know() {
        let mut function = function(3);
        let call = Op::Call(Callee::Remote(Atom::new("m"), Atom::new("f")));
        let test = Test { op: Genop::IsNil, args: vec![var(0)] };
        function.block_mut(BlockId(0)).insts =
            vec![inst(1, Op::Head, &[var(0)]), inst(2, call, &[]), inst(3, Op::Head, &[var(0)])];
        function.block_mut(BlockId(0)).term = Term::Branch { test, yes: BlockId(1), no: BlockId(2) };
        function.block_mut(BlockId(1)).insts = vec![inst(4, Op::Head, &[var(0)])];
        function.block_mut(BlockId(1)).term = Term::Jump(BlockId(2), Vec::new());
        function.block_mut(BlockId(1)).insts.push(inst(6, Op::Tail, &[var(0)]));
        function.block_mut(BlockId(2)).insts =
            vec![inst(7, Op::Tail, &[var(0)]), inst(5, Op::Head, &[var(0)])];
        function.block_mut(BlockId(2)).term = Term::Return(var(5));
        share_results(&mut function);
        let left: Vec<usize> = function.blocks.iter().map(|block| block.insts.len()).collect();
        assert_eq!(left, [3, 1, 1]);
    }
}
