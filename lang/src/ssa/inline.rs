//! Functions that the source wants written out where they are called: `-compile({inline, [f/1]})`.
//!
//! Only plain ones: with neither `try` nor `receive`, and not recursive. The error of a call that no clause
//! matches is raised by a function of its own, `-inlined-f/1-`, which does nothing else: stack traces show it, as in OTP.

use super::{Block, BlockId, Callee, Entry, ErrorKind, Function, FunctionId, Inst, Op, Term, Value, Var};
use std::collections::HashMap;
use swerl_beam::Atom;

/// Blocks that a function may have to be written out.
const BLOCKS: usize = 64;
/// Blocks that a function may have for others to be written out in it.
const CALLER_BLOCKS: usize = 10_000;

/// Writes out the functions that are `wanted` (by number) where they are called.
pub fn inline(functions: &mut Vec<Function>, wanted: &[bool]) {
    let is_plain = |function: &Function| {
        function.blocks.len() <= BLOCKS
            && function
                .blocks
                .iter()
                .all(|block| block.entry == Entry::Plain && block.handler.is_none() && !block.is_peeking)
    };
    let mut progress: Vec<Progress> = functions
        .iter()
        .zip(wanted)
        .map(
            |(function, &is_wanted)| {
                if is_wanted && is_plain(function) { Progress::New } else { Progress::Never }
            },
        )
        .collect();
    let failing = add_failing(functions, &progress);
    progress.resize(functions.len(), Progress::Never);
    // What is written out has had everything written out in it before.
    for root in (0..).map(FunctionId).take(functions.len()) {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            match progress[id.index()] {
                Progress::New => {
                    progress[id.index()] = Progress::Open;
                    let callees = callees(&functions[id.index()]);
                    stack.extend(
                        callees.into_iter().filter(|callee| progress[callee.index()] == Progress::New),
                    );
                }
                Progress::Open => {
                    write_out(functions, id, &progress, &failing);
                    let is_recursive = callees(&functions[id.index()]).contains(&id);
                    let is_small = functions[id.index()].blocks.len() <= BLOCKS;
                    progress[id.index()] =
                        if is_recursive || !is_small { Progress::Never } else { Progress::Ready };
                    stack.pop();
                }
                Progress::Ready | Progress::Never => {
                    stack.pop();
                }
            }
        }
    }
    for id in (0..).map(FunctionId).take(functions.len()) {
        if progress[id.index()] == Progress::Never {
            write_out(functions, id, &progress, &failing);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    New,
    /// What it calls is being dealt with.
    Open,
    /// It can be written out.
    Ready,
    /// It is not written out.
    Never,
}

fn callees(function: &Function) -> Vec<FunctionId> {
    let mut found = Vec::new();
    for block in &function.blocks {
        found.extend(block.insts.iter().filter_map(|inst| match inst.op {
            Op::Call(Callee::Local(callee)) => Some(callee),
            _ => None,
        }));
        if let Term::TailCall { callee: Callee::Local(callee), .. } = block.term {
            found.push(callee);
        }
    }
    found
}

/// Adds the functions that fail for those that may be written out, where no clause of theirs matches.
fn add_failing(functions: &mut Vec<Function>, progress: &[Progress]) -> Failing {
    let mut failing = Failing::new();
    for id in (0..).map(FunctionId).take(functions.len()) {
        let function = &functions[id.index()];
        let line = function.blocks.iter().find_map(|block| match block.term {
            Term::Error { kind: ErrorKind::FunctionClause, line, .. } => Some(line),
            _ => None,
        });
        let Some(line) = line.filter(|_| progress[id.index()] == Progress::New) else { continue };
        let arity = u32::try_from(function.params.len()).expect("arities are small");
        let params: Vec<Var> = (0..arity).map(Var).collect();
        let args = params.iter().map(|&param| Value::Var(param)).collect();
        let name = Atom::new(&format!("-inlined-{}/{arity}-", function.name));
        let mut stub = Function { name, params, line: function.line, blocks: Vec::new(), var_count: arity };
        let entry = stub.new_block(None);
        stub.block_mut(entry).term = Term::Error { kind: ErrorKind::FunctionClause, args, line };
        failing.insert(id, FunctionId(u32::try_from(functions.len()).expect("fewer than 2^32 functions")));
        functions.push(stub);
    }
    failing
}

/// By function: the one that fails for it.
type Failing = HashMap<FunctionId, FunctionId>;

/// Writes out in a function the calls of those that are ready.
fn write_out(functions: &mut [Function], id: FunctionId, progress: &[Progress], failing: &Failing) {
    let is_ready = |callee: &FunctionId| *callee != id && progress[callee.index()] == Progress::Ready;
    if !callees(&functions[id.index()]).iter().any(is_ready) {
        return;
    }
    let empty = Function {
        name: functions[id.index()].name,
        params: Vec::new(),
        line: 0,
        blocks: Vec::new(),
        var_count: 0,
    };
    let mut function = std::mem::replace(&mut functions[id.index()], empty);
    let mut at = 0;
    let own = function.blocks.len();
    // The blocks that are added hold no such calls; what remains of a block after a call may.
    let mut work: Vec<BlockId> = (0..).map(BlockId).take(own).collect();
    while let Some(&block) = work.get(at) {
        at += 1;
        if function.blocks.len() > CALLER_BLOCKS {
            break;
        }
        if let Some(rest) = write_out_first(&mut function, block, functions, &is_ready, failing) {
            work.push(rest);
        }
    }
    functions[id.index()] = function;
}

/// Writes out the first call in a block; gives the block with what comes after it.
fn write_out_first(
    function: &mut Function,
    id: BlockId,
    functions: &[Function],
    is_ready: &dyn Fn(&FunctionId) -> bool,
    failing: &Failing,
) -> Option<BlockId> {
    let block = function.block(id);
    let first = block.insts.iter().enumerate().find_map(|(at, inst)| match inst.op {
        Op::Call(Callee::Local(callee)) if is_ready(&callee) => Some((at, callee)),
        _ => None,
    });
    let handler = block.handler;
    let is_peeking = block.is_peeking;
    let fails = |callee: FunctionId| failing.get(&callee).copied().unwrap_or(callee);
    if let Some((at, callee)) = first {
        let rest = function.new_block(handler);
        let block = function.block_mut(id);
        let after = block.insts.split_off(at + 1);
        let call = block.insts.pop().expect("the call was found here");
        let term = std::mem::replace(&mut block.term, Term::Unreachable);
        let result = match call.dst {
            Some(dst) => dst,
            None => function.new_var(),
        };
        let end = function.block_mut(rest);
        *end = Block { params: vec![result], entry: Entry::Plain, insts: after, term, handler, is_peeking };
        let entry =
            copy(function, &functions[callee.index()], fails(callee), &call.args, handler, Some(rest));
        function.block_mut(id).term = Term::Jump(entry, Vec::new());
        return Some(rest);
    }
    if let Term::TailCall { callee: Callee::Local(callee), args, .. } = &block.term
        && is_ready(callee)
        && handler.is_none()
    {
        let (callee, args) = (*callee, args.clone());
        let entry = copy(function, &functions[callee.index()], fails(callee), &args, None, None);
        function.block_mut(id).term = Term::Jump(entry, Vec::new());
    }
    None
}

/// Copies the blocks of a function; its results go to `rest`, if there is such a block. Gives the first. `fails` is
/// called where no clause matches.
fn copy(
    function: &mut Function,
    callee: &Function,
    fails: FunctionId,
    args: &[Value],
    handler: Option<BlockId>,
    rest: Option<BlockId>,
) -> BlockId {
    let first_var = function.var_count;
    function.var_count += callee.var_count;
    let first_block = u32::try_from(function.blocks.len()).expect("fewer than 2^32 blocks");
    let var = |var: Var| Var(first_var + var.0);
    let value = |value: &mut Value| {
        if let Value::Var(old) = *value {
            let param = callee.params.iter().position(|&param| param == old);
            *value = param.map_or(Value::Var(var(old)), |at| args[at]);
        }
    };
    for block in &callee.blocks {
        let mut block = block.clone();
        block.handler = handler;
        block.params.iter_mut().for_each(|param| *param = var(*param));
        for inst in &mut block.insts {
            inst.dst = inst.dst.map(var);
            inst.args.iter_mut().for_each(value);
        }
        block.term.for_each_value_mut(value);
        block.term.for_each_successor_mut(|next| next.0 += first_block);
        if let Term::Attempt { dsts, .. } = &mut block.term {
            dsts.iter_mut().for_each(|dst| *dst = var(*dst));
        }
        if let Term::Error { kind: ErrorKind::FunctionClause, line, .. } = block.term {
            block.term = Term::TailCall { callee: Callee::Local(fails), args: args.to_vec(), line };
        }
        if let Some(rest) = rest {
            go_on(function, &mut block, rest);
        }
        function.blocks.push(block);
    }
    BlockId(first_block)
}

/// Makes what would end the function lead on to a block.
fn go_on(function: &mut Function, block: &mut Block, rest: BlockId) {
    match &block.term {
        Term::Return(value) => block.term = Term::Jump(rest, vec![*value]),
        Term::TailCall { callee, args, line } => {
            let result = function.new_var();
            let (op, args, line) = (Op::Call(*callee), args.clone(), *line);
            block.insts.push(Inst { dst: Some(result), op, args, line });
            block.term = Term::Jump(rest, vec![Value::Var(result)]);
        }
        _ => {}
    }
}
