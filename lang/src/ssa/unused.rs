//! Functions that nobody can call are left out.

use super::{Callee, Function, FunctionId, Op, Term};

/// Removes the functions that cannot be reached from those in `roots`; tells what the others are numbered now.
pub fn remove_unused(functions: &mut Vec<Function>, roots: &[FunctionId]) -> Vec<Option<FunctionId>> {
    let mut is_used = vec![false; functions.len()];
    let mut work: Vec<FunctionId> = roots.to_vec();
    while let Some(id) = work.pop() {
        if !std::mem::replace(&mut is_used[id.index()], true) {
            for_each_mention(&mut functions[id.index()], |mentioned| work.push(*mentioned));
        }
    }
    let mut next = 0;
    let numbers: Vec<Option<FunctionId>> = is_used
        .iter()
        .map(|&is_used| {
            is_used.then(|| {
                next += 1;
                FunctionId(next - 1)
            })
        })
        .collect();
    let mut is_kept = is_used.into_iter();
    functions.retain(|_| is_kept.next().expect("there is one for each function"));
    for function in functions {
        for_each_mention(function, |mentioned| {
            *mentioned = numbers[mentioned.index()].expect("what a used function mentions is used");
        });
    }
    numbers
}

fn for_each_mention(function: &mut Function, mut visit: impl FnMut(&mut FunctionId)) {
    for id in function.reverse_postorder() {
        let block = function.block_mut(id);
        for inst in &mut block.insts {
            if let Op::Call(Callee::Local(mentioned)) | Op::MakeFun(mentioned) = &mut inst.op {
                visit(mentioned);
            }
        }
        if let Term::TailCall { callee: Callee::Local(mentioned), .. } = &mut block.term {
            visit(mentioned);
        }
    }
}
