//! Where ways meet, or seem to: blocks that only one way leads to have no need of parameters, nor of being blocks.

use super::{Block, Entry, Function, Term, Value};

/// Replaces the parameters that are given the same value on all ways by that value.
pub fn straighten(function: &mut Function) {
    if function.blocks.iter().all(|block| block.params.is_empty()) {
        return;
    }
    let order = function.reverse_postorder();
    let mut replaced: Vec<Option<Value>> = vec![None; function.var_count as usize];
    // A parameter that becomes a value may make another one the same value.
    loop {
        let mut given: Vec<Given> = vec![Given::Nothing; function.var_count as usize];
        for &id in &order {
            let Term::Jump(target, args) = &function.block(id).term else { continue };
            for (&param, &arg) in function.block(*target).params.iter().zip(args) {
                let arg = resolve(arg, &replaced);
                if arg != Value::Var(param) {
                    given[param.index()] = given[param.index()].and(arg);
                }
            }
        }
        let mut has_changed = false;
        for block in function.blocks.iter().filter(|block| block.entry == Entry::Plain) {
            for &param in &block.params {
                if let (None, Given::One(value)) = (replaced[param.index()], given[param.index()]) {
                    replaced[param.index()] = Some(value);
                    has_changed = true;
                }
            }
        }
        if !has_changed {
            break;
        }
    }
    if replaced.iter().all(Option::is_none) {
        return;
    }
    let is_kept: Vec<Vec<bool>> = function
        .blocks
        .iter()
        .map(|block| block.params.iter().map(|param| replaced[param.index()].is_none()).collect())
        .collect();
    for (at, block) in function.blocks.iter_mut().enumerate() {
        let mut kept = is_kept[at].iter();
        block.params.retain(|_| *kept.next().expect("there is one for each parameter"));
        if let Term::Jump(target, args) = &mut block.term {
            let mut kept = is_kept[target.index()].iter();
            args.retain(|_| *kept.next().expect("a jump has an argument for each parameter"));
        }
    }
    replace(function, &replaced);
}

/// Replaces variables wherever they are used.
pub(super) fn replace(function: &mut Function, replaced: &[Option<Value>]) {
    for block in &mut function.blocks {
        for inst in &mut block.insts {
            inst.args.iter_mut().for_each(|arg| *arg = resolve(*arg, replaced));
        }
        block.term.for_each_value_mut(|arg| *arg = resolve(*arg, replaced));
    }
}

/// What a parameter is given on the ways seen so far.
#[derive(Clone, Copy, Debug)]
enum Given {
    Nothing,
    One(Value),
    Many,
}

impl Given {
    fn and(self, value: Value) -> Self {
        match self {
            Self::Nothing => Self::One(value),
            Self::One(other) if other == value => self,
            Self::One(_) | Self::Many => Self::Many,
        }
    }
}

/// What a value is in the end.
pub(super) fn resolve(mut value: Value, replaced: &[Option<Value>]) -> Value {
    while let Value::Var(var) = value {
        match replaced.get(var.index()).copied().flatten() {
            Some(other) => value = other,
            None => break,
        }
    }
    value
}

/// Makes one block of two where the first jumps to the second and nothing else does.
pub fn merge_blocks(function: &mut Function) {
    let order = function.reverse_postorder();
    let mut ways = vec![0_u32; function.blocks.len()];
    for &id in &order {
        function.block(id).term.for_each_successor(|next| ways[next.index()] += 1);
    }
    // From the end, so that a block has taken in what follows it before it is taken in itself.
    for &id in order.iter().rev() {
        while let Term::Jump(target, args) = &function.block(id).term {
            let target = *target;
            let (first, second) = (function.block(id), function.block(target));
            let is_one = args.is_empty()
                && second.params.is_empty()
                && target != id
                && ways[target.index()] == 1
                && second.entry == Entry::Plain
                && second.handler == first.handler
                && second.is_peeking == first.is_peeking;
            if !is_one {
                break;
            }
            let empty = Block {
                params: Vec::new(),
                entry: Entry::Plain,
                insts: Vec::new(),
                term: Term::Unreachable,
                handler: None,
                is_peeking: false,
            };
            let second = std::mem::replace(function.block_mut(target), empty);
            let first: &mut Block = function.block_mut(id);
            first.insts.extend(second.insts);
            first.term = second.term;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ssa::Var;

    #[test]
    fn a_chain_of_parameters_is_one_value() {
        let values = [None, Some(Value::Var(Var(0))), Some(Value::Var(Var(1)))];
        assert_eq!(resolve(Value::Var(Var(2)), &values), Value::Var(Var(0)));
    }
}
