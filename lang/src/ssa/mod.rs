//! Static single assignment: a function as blocks of instructions, made from the core language and turned into
//! BEAM code by [`codegen`](crate::codegen).
//!
//! Every variable has one definition, which dominates its uses. Values that differ by path meet in block
//! parameters, which only [`Term::Jump`] gives. An instruction inside a block never branches: what may go two
//! ways ends its block. An exception leaves a block for its `handler`, to which no edge leads but that of the
//! [`Term::Try`] which opened it.

pub mod arithmetic;
pub mod build;
pub mod common;
pub mod contexts;
pub mod delay;
pub mod errors;
pub mod inline;
pub mod joins;
pub mod liveness;
pub mod markers;
pub mod positions;
pub mod remarks;
pub mod returning;
pub mod simplify;
pub mod sink;
pub mod types;
pub mod unused;
pub mod updates;
pub mod zeros;

pub use crate::core::{Callee, ErrorKind, FloatOp, FunctionId, Layout, Line, Op, SegmentsId, Value, Var};
use swerl_beam::{Atom, Genop};

/// A block of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

impl BlockId {
    /// Position in [`Function::blocks`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Atom,
    /// Its parameters; as many as its arity.
    pub params: Vec<Var>,
    /// Where it stands.
    pub line: Line,
    /// Its blocks; the first is the entry, to which nothing jumps.
    pub blocks: Vec<Block>,
    /// How many variables there are.
    pub var_count: u32,
}

/// A straight piece of code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Its parameters.
    pub params: Vec<Var>,
    /// How it is entered.
    pub entry: Entry,
    /// What it does.
    pub insts: Vec<Inst>,
    /// How it ends.
    pub term: Term,
    /// Where exceptions raised in it are handled, when that is in this function.
    pub handler: Option<BlockId>,
    /// Whether it looks at a message that is still in the mailbox: nothing may be stored in the frame.
    pub is_peeking: bool,
}

/// How a block is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// By jumps and branches.
    Plain,
    /// By an exception in the `try` with this tag; three parameters: class, reason, raw stack trace.
    Try(Var),
    /// By an exception in the `catch` with this tag, or by a jump with its value; one parameter: the result.
    Catch(Var),
    /// By jumps, one of them from below: the loop of a `receive`.
    Loop,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Inst {
    /// What it defines.
    pub dst: Option<Var>,
    /// What it does.
    pub op: Op,
    /// Its operands.
    pub args: Vec<Value>,
    /// Where it stands, for those that may raise.
    pub line: Line,
}

/// A branch instruction's question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Test {
    /// The generic instruction that asks it.
    pub op: Genop,
    /// Its operands, in its order.
    pub args: Vec<Value>,
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// Returns from the function.
    Return(Value),
    /// Calls as the last thing the function does.
    TailCall {
        /// What.
        callee: Callee,
        /// Operands.
        args: Vec<Value>,
        /// Where.
        line: Line,
    },
    /// Goes to a block, giving it its parameters.
    Jump(BlockId, Vec<Value>),
    /// Goes one of two ways.
    Branch {
        /// Which way.
        test: Test,
        /// When it holds.
        yes: BlockId,
        /// When it does not.
        no: BlockId,
    },
    /// Goes by value: an atom or a small integer.
    Switch {
        /// The value.
        value: Value,
        /// The ways; constants of one kind, distinct.
        cases: Vec<(Value, BlockId)>,
        /// For any other value.
        default: BlockId,
    },
    /// Goes by the size of a tuple (which the value must be).
    SwitchArity {
        /// The tuple.
        value: Value,
        /// The ways.
        cases: Vec<(u32, BlockId)>,
        /// For any other size.
        default: BlockId,
    },
    /// Computes something that may fail, and then goes elsewhere.
    Attempt {
        /// What.
        op: Attempt,
        /// Its operands.
        args: Vec<Value>,
        /// What it defines, on the way `ok`.
        dsts: Vec<Var>,
        /// When it succeeds.
        ok: BlockId,
        /// When it fails.
        fail: BlockId,
    },
    /// Raises an error.
    Error {
        /// Which.
        kind: ErrorKind,
        /// The value that goes with it (arguments for `function_clause`).
        args: Vec<Value>,
        /// Where.
        line: Line,
    },
    /// Raises a handled exception again: raw stack trace and reason.
    Raise(Value, Value),
    /// Opens a `try` or `catch`: the handler's [`Entry`] tells which.
    Try {
        /// The tag.
        tag: Var,
        /// What is protected.
        body: BlockId,
        /// Where exceptions go.
        handler: BlockId,
    },
    /// Fetches the current message (in a [`Entry::Loop`] block).
    LoopRec {
        /// The message.
        message: Var,
        /// When there is one.
        found: BlockId,
        /// When there is none.
        empty: BlockId,
        /// Where the `receive` stands.
        line: Line,
    },
    /// Goes on to the next message.
    LoopRecEnd(BlockId),
    /// Waits for a message, then goes on at the first block; with a time limit, at the second when it is over.
    Wait(BlockId, Option<(Value, BlockId)>),
    /// Never reached.
    Unreachable,
}

/// What a [`Term::Attempt`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// A guard BIF.
    Bif(Atom),
    /// Looks up keys of a map, the operands after it.
    GetMapElements,
    /// As [`Op::PutMap`] of keys that must be there, in a guard.
    PutMap,
    /// As [`Op::BuildBits`], in a guard.
    BuildBits(SegmentsId),
    /// Makes a match context of a bit string.
    StartMatch,
    /// Matches a segment: the context, and the size if it has one.
    GetSegment(Layout),
}

impl Term {
    /// Calls `visit` with every operand.
    pub fn for_each_value(&self, mut visit: impl FnMut(Value)) {
        match self {
            Self::Return(value)
            | Self::Switch { value, .. }
            | Self::SwitchArity { value, .. }
            | Self::Wait(_, Some((value, _))) => visit(*value),
            Self::TailCall { args, .. }
            | Self::Jump(_, args)
            | Self::Attempt { args, .. }
            | Self::Error { args, .. } => args.iter().for_each(|&arg| visit(arg)),
            Self::Branch { test, .. } => test.args.iter().for_each(|&arg| visit(arg)),
            Self::Raise(trace, reason) => {
                visit(*trace);
                visit(*reason);
            }
            Self::Try { .. }
            | Self::LoopRec { .. }
            | Self::LoopRecEnd(_)
            | Self::Wait(_, None)
            | Self::Unreachable => {}
        }
    }

    /// Calls `visit` with every operand, to change it.
    pub fn for_each_value_mut(&mut self, mut visit: impl FnMut(&mut Value)) {
        match self {
            Self::Return(value)
            | Self::Switch { value, .. }
            | Self::SwitchArity { value, .. }
            | Self::Wait(_, Some((value, _))) => visit(value),
            Self::TailCall { args, .. }
            | Self::Jump(_, args)
            | Self::Attempt { args, .. }
            | Self::Error { args, .. } => args.iter_mut().for_each(visit),
            Self::Branch { test, .. } => test.args.iter_mut().for_each(visit),
            Self::Raise(trace, reason) => {
                visit(trace);
                visit(reason);
            }
            Self::Try { .. }
            | Self::LoopRec { .. }
            | Self::LoopRecEnd(_)
            | Self::Wait(_, None)
            | Self::Unreachable => {}
        }
    }

    /// Calls `visit` with every variable it defines.
    pub fn for_each_dst(&self, mut visit: impl FnMut(Var)) {
        match self {
            Self::Attempt { dsts, .. } => dsts.iter().for_each(|&dst| visit(dst)),
            Self::Try { tag, .. } => visit(*tag),
            Self::LoopRec { message, .. } => visit(*message),
            Self::Return(_)
            | Self::TailCall { .. }
            | Self::Jump(..)
            | Self::Branch { .. }
            | Self::Switch { .. }
            | Self::SwitchArity { .. }
            | Self::Error { .. }
            | Self::Raise(..)
            | Self::LoopRecEnd(_)
            | Self::Wait(..)
            | Self::Unreachable => {}
        }
    }

    /// Calls `visit` with every block it may go to. The last is the one best placed right after this one.
    pub fn for_each_successor(&self, mut visit: impl FnMut(BlockId)) {
        match self {
            Self::Jump(target, _) | Self::LoopRecEnd(target) => visit(*target),
            Self::Branch { yes, no, .. } => {
                visit(*no);
                visit(*yes);
            }
            Self::Switch { cases, default, .. } => {
                visit(*default);
                cases.iter().rev().for_each(|&(_, target)| visit(target));
            }
            Self::SwitchArity { cases, default, .. } => {
                visit(*default);
                cases.iter().rev().for_each(|&(_, target)| visit(target));
            }
            Self::Attempt { ok, fail, .. } => {
                visit(*fail);
                visit(*ok);
            }
            Self::Try { body, handler, .. } => {
                visit(*handler);
                visit(*body);
            }
            Self::LoopRec { found, empty, .. } => {
                visit(*empty);
                visit(*found);
            }
            Self::Wait(again, after) => {
                visit(*again);
                if let Some((_, after)) = after {
                    visit(*after);
                }
            }
            Self::Return(_)
            | Self::TailCall { .. }
            | Self::Error { .. }
            | Self::Raise(..)
            | Self::Unreachable => {}
        }
    }

    /// Calls `visit` with every block it may go to, to change it.
    pub fn for_each_successor_mut(&mut self, mut visit: impl FnMut(&mut BlockId)) {
        match self {
            Self::Jump(target, _) | Self::LoopRecEnd(target) => visit(target),
            Self::Branch { yes, no, .. } => {
                visit(no);
                visit(yes);
            }
            Self::Switch { cases, default, .. } => {
                visit(default);
                cases.iter_mut().for_each(|(_, target)| visit(target));
            }
            Self::SwitchArity { cases, default, .. } => {
                visit(default);
                cases.iter_mut().for_each(|(_, target)| visit(target));
            }
            Self::Attempt { ok, fail, .. } => {
                visit(fail);
                visit(ok);
            }
            Self::Try { body, handler, .. } => {
                visit(handler);
                visit(body);
            }
            Self::LoopRec { found, empty, .. } => {
                visit(empty);
                visit(found);
            }
            Self::Wait(again, after) => {
                visit(again);
                if let Some((_, after)) = after {
                    visit(after);
                }
            }
            Self::Return(_)
            | Self::TailCall { .. }
            | Self::Error { .. }
            | Self::Raise(..)
            | Self::Unreachable => {}
        }
    }

    /// Whether the function ends here.
    #[must_use]
    pub fn is_exit(&self) -> bool {
        matches!(
            self,
            Self::Return(_)
                | Self::TailCall { .. }
                | Self::Error { .. }
                | Self::Raise(..)
                | Self::Unreachable
        )
    }
}

impl Function {
    /// How much it does: instructions, and ends of blocks but those that only lead on or raise an error.
    #[must_use]
    pub fn size(&self) -> usize {
        let of_block = |block: &Block| {
            let is_nothing = matches!(block.term, Term::Error { .. } | Term::Unreachable | Term::Jump(..));
            block.insts.len() + usize::from(!is_nothing)
        };
        self.blocks.iter().map(of_block).sum()
    }

    /// A variable that is not used yet.
    pub fn new_var(&mut self) -> Var {
        let var = Var(self.var_count);
        self.var_count += 1;
        var
    }

    /// Adds an empty block, which must be given its end.
    pub fn new_block(&mut self, handler: Option<BlockId>) -> BlockId {
        let id = BlockId(u32::try_from(self.blocks.len()).expect("fewer than 2^32 blocks"));
        self.blocks.push(Block {
            params: Vec::new(),
            entry: Entry::Plain,
            insts: Vec::new(),
            term: Term::Unreachable,
            handler,
            is_peeking: false,
        });
        id
    }

    /// A block.
    #[must_use]
    pub fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.index()]
    }

    /// A block, to change it.
    pub fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.index()]
    }

    /// The reachable blocks, each after all that lead to it, but for the edges back to the head of a loop.
    #[must_use]
    pub fn reverse_postorder(&self) -> Vec<BlockId> {
        let mut is_seen = vec![false; self.blocks.len()];
        let mut order = Vec::with_capacity(self.blocks.len());
        // Successors that are still to be entered, the last first; and the blocks under way, each with where its
        // successors begin.
        let mut pending: Vec<BlockId> = Vec::new();
        let mut stack: Vec<(BlockId, usize)> = Vec::new();
        let enter = |id: BlockId, is_seen: &mut Vec<bool>, pending: &mut Vec<BlockId>| {
            is_seen[id.index()] = true;
            let begin = pending.len();
            self.block(id).term.for_each_successor(|next| pending.push(next));
            pending[begin..].reverse();
            (id, begin)
        };
        stack.push(enter(BlockId(0), &mut is_seen, &mut pending));
        while let Some(&(id, begin)) = stack.last() {
            if pending.len() == begin {
                order.push(id);
                stack.pop();
            } else if let Some(next) = pending.pop()
                && !is_seen[next.index()]
            {
                stack.push(enter(next, &mut is_seen, &mut pending));
            }
        }
        order.reverse();
        order
    }
}
