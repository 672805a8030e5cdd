//! Which variables are still needed where; where they would best be kept.
//!
//! A block inside a `try` or `catch` keeps alive what its handler needs, since any instruction may raise.

use super::{Block, BlockId, Entry, Function, Inst, Op, Term, Value, Var};
use crate::codegen::limits::NO_REGISTER;

/// The facts about a function that register allocation works from.
#[derive(Debug)]
pub struct Liveness {
    /// The reachable blocks in the order in which code is emitted.
    pub order: Vec<BlockId>,
    /// By block: the variables needed at its beginning (its parameters not among them), sorted.
    pub live_in: Vec<Vec<Var>>,
    /// By variable: whether it is needed after a call, or anything else that clears the X registers.
    pub crosses_call: Vec<bool>,
    /// By variable: the X register in which it will be wanted next, or [`NO_REGISTER`].
    pub wanted_in: Vec<u16>,
}

/// A set of variables with quick insertion, removal and walk.
#[derive(Debug)]
pub struct VarSet {
    members: Vec<Var>,
    position: Vec<u32>,
}

const ABSENT: u32 = u32::MAX;

impl VarSet {
    /// An empty set for variables below `var_count`.
    #[must_use]
    pub fn new(var_count: u32) -> Self {
        Self { members: Vec::new(), position: vec![ABSENT; var_count as usize] }
    }

    /// Adds; tells whether it was absent.
    pub fn insert(&mut self, var: Var) -> bool {
        if self.contains(var) {
            return false;
        }
        self.position[var.index()] = u32::try_from(self.members.len()).expect("fewer than 2^32 variables");
        self.members.push(var);
        true
    }

    /// Removes; tells whether it was present.
    pub fn remove(&mut self, var: Var) -> bool {
        let at = std::mem::replace(&mut self.position[var.index()], ABSENT);
        if at == ABSENT {
            return false;
        }
        self.members.swap_remove(at as usize);
        if let Some(moved) = self.members.get(at as usize) {
            self.position[moved.index()] = at;
        }
        true
    }

    /// Whether it is a member.
    #[must_use]
    pub fn contains(&self, var: Var) -> bool {
        self.position[var.index()] != ABSENT
    }

    /// Removes all.
    pub fn clear(&mut self) {
        for var in self.members.drain(..) {
            self.position[var.index()] = ABSENT;
        }
    }

    /// The members, in no order.
    #[must_use]
    pub fn members(&self) -> &[Var] {
        &self.members
    }
}

/// Whether an instruction clears the X registers (but for its result).
#[must_use]
pub fn is_call(op: Op) -> bool {
    match op {
        Op::Call(_) | Op::Send | Op::BuildStacktrace | Op::SetElement { .. } => true,
        Op::Tuple
        | Op::Cons
        | Op::Head
        | Op::Tail
        | Op::Element(_)
        | Op::Bif(_)
        | Op::MakeFun(_)
        | Op::Overwrite(_)
        | Op::RemoveMessage
        | Op::Timeout
        | Op::ReserveMarker
        | Op::BindMarker
        | Op::UseMarker
        | Op::ClearMarker
        | Op::TryEnd
        | Op::PutMap { .. }
        | Op::BuildBits(_)
        | Op::GetPosition
        | Op::SetPosition
        | Op::GetTail
        | Op::FloatArith(..) => false,
    }
}

impl Liveness {
    /// Computes the facts about a function.
    #[must_use]
    pub fn of(function: &Function) -> Self {
        let order = function.reverse_postorder();
        let has_loop = function.blocks.iter().any(|block| block.entry == Entry::Loop);
        let vars = function.var_count as usize;
        let mut facts = Self {
            order,
            live_in: vec![Vec::new(); function.blocks.len()],
            crosses_call: vec![false; vars],
            wanted_in: vec![NO_REGISTER; vars],
        };
        let mut live = VarSet::new(function.var_count);
        loop {
            let mut has_changed = false;
            for position in (0..facts.order.len()).rev() {
                has_changed |= facts.block(function, facts.order[position], &mut live);
            }
            if !(has_loop && has_changed) {
                return facts;
            }
        }
    }

    /// What is needed at the end of a block, its end's own operands not counted.
    pub fn live_out(&self, block: &Block, live: &mut VarSet) {
        live.clear();
        block.term.for_each_successor(|next| self.add_live_in(next, live));
        if let Some(handler) = block.handler {
            self.add_live_in(handler, live);
        }
    }

    fn add_live_in(&self, block: BlockId, live: &mut VarSet) {
        for &var in &self.live_in[block.index()] {
            live.insert(var);
        }
    }

    fn block(&mut self, function: &Function, id: BlockId, live: &mut VarSet) -> bool {
        let block = function.block(id);
        self.live_out(block, live);
        self.term(function, block, live);
        for inst in block.insts.iter().rev() {
            self.inst(inst, live);
        }
        if let Entry::Try(tag) | Entry::Catch(tag) = block.entry {
            live.insert(tag);
        }
        for &param in &block.params {
            live.remove(param);
        }
        if block.entry == Entry::Loop {
            self.all_cross(live);
        }
        let mut sorted = live.members().to_vec();
        sorted.sort_unstable();
        let known = &mut self.live_in[id.index()];
        let has_changed = *known != sorted;
        *known = sorted;
        has_changed
    }

    fn all_cross(&mut self, live: &VarSet) {
        for var in live.members() {
            self.crosses_call[var.index()] = true;
        }
    }

    fn term(&mut self, function: &Function, block: &Block, live: &mut VarSet) {
        block.term.for_each_dst(|dst| {
            live.remove(dst);
        });
        match &block.term {
            Term::Return(Value::Var(var)) => self.wanted_in[var.index()] = 0,
            Term::TailCall { args, .. } => self.want_in_order(args),
            Term::Jump(target, args) => {
                for (arg, param) in args.iter().zip(&function.block(*target).params) {
                    if let Value::Var(var) = arg {
                        self.wanted_in[var.index()] = self.wanted_in[param.index()];
                        if self.crosses_call[param.index()] {
                            self.crosses_call[var.index()] = true;
                        }
                    }
                }
            }
            Term::Try { handler, .. } => {
                for var in &self.live_in[handler.index()] {
                    self.crosses_call[var.index()] = true;
                }
            }
            Term::Return(_)
            | Term::Branch { .. }
            | Term::Switch { .. }
            | Term::SwitchArity { .. }
            | Term::Attempt { .. }
            | Term::Error { .. }
            | Term::Raise(..)
            | Term::LoopRec { .. }
            | Term::LoopRecEnd(_)
            | Term::Wait(..)
            | Term::Unreachable => {}
        }
        block.term.for_each_value(|value| {
            if let Value::Var(var) = value {
                live.insert(var);
            }
        });
    }

    fn inst(&mut self, inst: &Inst, live: &mut VarSet) {
        if let Some(dst) = inst.dst {
            live.remove(dst);
        }
        if is_call(inst.op) {
            self.all_cross(live);
            self.want_in_order(&inst.args);
        }
        for arg in &inst.args {
            if let Value::Var(var) = arg {
                live.insert(*var);
            }
        }
    }

    fn want_in_order(&mut self, args: &[Value]) {
        for (register, arg) in (0..).zip(args) {
            if let Value::Var(var) = arg {
                self.wanted_in[var.index()] = register;
            }
        }
    }
}
