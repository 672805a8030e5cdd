//! Whether a parameter is good for nothing but to start a match, so that it may be a match context already.

use super::{Param, end_moves};
use crate::ssa::liveness::Liveness;
use crate::ssa::{
    Attempt, BlockId, Callee, Entry, ErrorKind, Function, FunctionId, Inst, Op, Term, Value, Var,
};
use std::collections::HashMap;

/// A parameter that may be a match context.
#[derive(Debug)]
pub(in crate::ssa) struct Opening {
    pub(in crate::ssa) param: Param,
    /// The parameters of other functions that it is passed on to.
    pub(in crate::ssa) passed_to: Vec<Param>,
    /// The contexts that are made of it.
    pub(in crate::ssa) contexts: Vec<Var>,
    /// The ways between the blocks where it is needed, and what was done with it there.
    ways: Vec<Way>,
}

#[derive(Clone, Copy, Debug)]
struct Way {
    from: BlockId,
    to: BlockId,
    state: State,
}

/// What may have been done with the parameter when a block is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    /// Nothing.
    is_fresh: bool,
    /// It was seen to be no bit string.
    is_other: bool,
    /// A match was started.
    is_started: bool,
    /// ... and has got somewhere.
    is_moved: bool,
    /// The context, if a match was started, and always the same.
    context: Option<Var>,
}

impl State {
    const FRESH: Self =
        Self { is_fresh: true, is_other: false, is_started: false, is_moved: false, context: None };
    const OTHER: Self = Self { is_other: true, is_fresh: false, ..Self::FRESH };

    fn started(context: Var) -> Self {
        Self { is_fresh: false, is_started: true, context: Some(context), ..Self::FRESH }
    }

    fn or(self, other: Self) -> Self {
        let context = match (self.is_started, other.is_started) {
            (true, true) if self.context != other.context => None,
            (true, _) => self.context,
            (false, _) => other.context,
        };
        Self {
            is_fresh: self.is_fresh || other.is_fresh,
            is_other: self.is_other || other.is_other,
            is_started: self.is_started || other.is_started,
            is_moved: self.is_moved || other.is_moved,
            context,
        }
    }

    /// Whether the parameter is certainly no context.
    fn is_harmless(self) -> bool {
        !self.is_fresh && !self.is_started
    }

    /// The context, if there is one for certain.
    fn certain_context(self) -> Option<Var> {
        self.context.filter(|_| self.is_started && !self.is_fresh && !self.is_other)
    }
}

/// The first parameter of a function that is open to contexts, as far as the function itself is concerned.
pub(in crate::ssa) fn opening(id: FunctionId, function: &Function) -> Option<Opening> {
    let mut matched: Vec<Var> = Vec::new();
    for block in &function.blocks {
        if let Term::Attempt { op: Attempt::StartMatch, args, .. } = &block.term
            && let Value::Var(var) = args[0]
            && !matched.contains(&var)
        {
            matched.push(var);
        }
    }
    if !function.params.iter().any(|param| matched.contains(param)) {
        return None;
    }
    let facts = Liveness::of(function);
    (0..function.params.len())
        .filter(|&index| matched.contains(&function.params[index]))
        .find_map(|index| Walk::new(function, &facts, function.params[index]).run((id, index)))
}

struct Walk<'f> {
    function: &'f Function,
    facts: &'f Liveness,
    param: Var,
    /// Positions of contexts that had not moved.
    starts: Vec<Var>,
    passed_to: Vec<Param>,
    contexts: Vec<Var>,
    ways: Vec<Way>,
}

impl<'f> Walk<'f> {
    fn new(function: &'f Function, facts: &'f Liveness, param: Var) -> Self {
        Self {
            function,
            facts,
            param,
            starts: Vec::new(),
            passed_to: Vec::new(),
            contexts: Vec::new(),
            ways: Vec::new(),
        }
    }

    fn run(mut self, param: Param) -> Option<Opening> {
        let is_held = self.facts.order.iter().any(|&id| {
            self.function.block(id).entry != Entry::Plain
                && self.facts.live_in[id.index()].binary_search(&self.param).is_ok()
        });
        if is_held {
            return None;
        }
        let mut states: HashMap<BlockId, State> = HashMap::from([(BlockId(0), State::FRESH)]);
        for &id in &self.facts.order {
            // Ways back lead to loops, where the parameter is not needed.
            let Some(&state) = states.get(&id) else { continue };
            if id.0 != 0 && self.facts.live_in[id.index()].binary_search(&self.param).is_err() {
                continue;
            }
            let first_way = self.ways.len();
            for (next, way) in self.block(id, self.on_entry(id, state)?)? {
                self.note_way(id, next, way);
            }
            for way in &self.ways[first_way..] {
                let known = states.get(&way.to).copied();
                states.insert(way.to, known.map_or(way.state, |known| known.or(way.state)));
            }
        }
        let Self { passed_to, contexts, mut ways, .. } = self;
        ways.retain(|way| self.facts.live_in[way.to.index()].binary_search(&self.param).is_ok());
        Some(Opening { param, passed_to, contexts, ways })
    }

    /// What holds in a block when all its ways are known: where a match was started on some of them, and the
    /// term was seen to be no bit string on others, the parameter is made a bit string again.
    fn on_entry(&self, id: BlockId, state: State) -> Option<State> {
        if !state.is_started
            || state.certain_context().is_some() && !is_error_with(self.function, id, self.param)
        {
            return Some(state);
        }
        let is_last_resort = is_function_clause(self.function, id);
        let is_known = |way: &&Way| {
            way.state.certain_context().is_some()
                || way.state.is_harmless()
                || is_last_resort && !way.state.is_started
        };
        let mut ways = self.ways.iter().filter(|way| way.to == id);
        ways.all(|way| is_known(&way)).then_some(State::OTHER)
    }

    /// Where two ways lead from one block to another, they are one.
    fn note_way(&mut self, from: BlockId, to: BlockId, state: State) {
        match self.ways.iter_mut().rev().take_while(|way| way.from == from).find(|way| way.to == to) {
            Some(way) => way.state = way.state.or(state),
            None => self.ways.push(Way { from, to, state }),
        }
    }

    /// The ways out of a block; `None` if the parameter is used there in a way that is not open.
    fn block(&mut self, id: BlockId, mut state: State) -> Option<Vec<(BlockId, State)>> {
        let block = self.function.block(id);
        let param = Value::Var(self.param);
        for (at, inst) in block.insts.iter().enumerate() {
            if inst.args.contains(&param) && !state.is_harmless() {
                let Op::Call(Callee::Local(callee)) = inst.op else { return None };
                self.pass(callee, &inst.args, state)?;
                if super::is_needed_after(self.function, self.facts, id, at, self.param) {
                    return None;
                }
            }
            if let (Some(context), Some(dst)) = (state.context, inst.dst)
                && inst.op == Op::GetPosition
                && inst.args[0] == Value::Var(context)
                && !state.is_moved
            {
                self.starts.push(dst);
            }
            if let Some(context) = state.context
                && super::moves(inst, context)
            {
                state.is_moved =
                    !inst.args[1].as_var().is_some_and(|position| self.starts.contains(&position));
            }
        }
        let mut is_used = false;
        block.term.for_each_value(|value| is_used |= value == param);
        let mut ways = Vec::new();
        match &block.term {
            Term::Attempt { op: Attempt::StartMatch, args, dsts, ok, fail } if args[0] == param => {
                if state.is_started {
                    return None;
                }
                self.contexts.push(dsts[0]);
                ways.push((*ok, if state.is_fresh { State::started(dsts[0]) } else { State::OTHER }));
                ways.push((*fail, State::OTHER));
                return Some(ways);
            }
            Term::TailCall { callee: Callee::Local(callee), args, .. } if is_used && !state.is_harmless() => {
                self.pass(*callee, args, state)?;
            }
            // A match is started for it.
            Term::Error { .. } if is_used && !state.is_started && is_function_clause(self.function, id) => {}
            _ if is_used && !state.is_harmless() => return None,
            _ => {}
        }
        let succeeded = match &block.term {
            Term::Branch { yes, .. } => Some(*yes),
            Term::Attempt { ok, .. } => Some(*ok),
            _ => None,
        };
        let is_moved = state.context.is_some_and(|context| end_moves(&block.term, context));
        block.term.for_each_successor(|next| {
            let mut way = state;
            way.is_moved |= is_moved && Some(next) == succeeded;
            ways.push((next, way));
        });
        Some(ways)
    }

    /// The parameter goes on to another function, untouched.
    fn pass(&mut self, callee: FunctionId, args: &[Value], state: State) -> Option<()> {
        let mut places = (0..args.len()).filter(|&place| args[place] == Value::Var(self.param));
        let (Some(place), None) = (places.next(), places.next()) else { return None };
        if state.is_started {
            return None;
        }
        self.passed_to.push((callee, place));
        Some(())
    }
}

/// Whether a block does nothing but raise an error that shows a parameter.
fn is_error_with(function: &Function, id: BlockId, param: Var) -> bool {
    let block = function.block(id);
    match &block.term {
        Term::Error { args, .. } => {
            block.insts.is_empty() && block.params.is_empty() && args.contains(&Value::Var(param))
        }
        _ => false,
    }
}

/// Whether a block does nothing but raise `function_clause`.
fn is_function_clause(function: &Function, id: BlockId) -> bool {
    let block = function.block(id);
    block.insts.is_empty() && matches!(block.term, Term::Error { kind: ErrorKind::FunctionClause, .. })
}

impl Opening {
    /// Sees to it that the parameter is a bit string again where it is needed as one, and as it was.
    pub(in crate::ssa) fn set_back(&self, function: &mut Function) {
        let param = function.params[self.param.1];
        let mut work =
            SetBack { param, positions: HashMap::new(), copies: HashMap::new(), names: HashMap::new() };
        work.names.insert(BlockId(0), param);
        for id in function.reverse_postorder() {
            let ways: Vec<Way> = self.ways.iter().filter(|way| way.to == id).copied().collect();
            if ways.is_empty() {
                continue;
            }
            if is_error_with(function, id, param) {
                ways.iter().for_each(|way| work.lead_to_copy(function, way));
            } else {
                work.enter(function, id, &ways);
            }
        }
    }
}

/// The work on a function.
struct SetBack {
    param: Var,
    /// By context: the position where its match starts.
    positions: HashMap<Var, Var>,
    /// Copies of blocks that raise errors: by block, what they show, whether the context has moved, and whether
    /// it is not known to be one.
    copies: HashMap<(BlockId, Var, bool, bool), BlockId>,
    /// By block: what the parameter is called there.
    names: HashMap<BlockId, Var>,
}

impl SetBack {
    fn lead_to_copy(&mut self, function: &mut Function, way: &Way) {
        let (shown, is_moved) = match way.state.certain_context() {
            Some(context) => (context, way.state.is_moved),
            None => (self.names[&way.from], false),
        };
        if shown == self.param && !way.state.is_fresh {
            return;
        }
        let key = (way.to, shown, is_moved, way.state.is_fresh);
        let copy = match self.copies.get(&key) {
            Some(&copy) => copy,
            None => {
                let copy = if way.state.is_fresh {
                    self.unknown_copy(function, way, shown)
                } else {
                    self.error_copy(function, way, shown)
                };
                self.copies.insert(key, copy);
                copy
            }
        };
        redirect(function, way.from, way.to, copy);
    }

    /// A copy of a block that raises an error with something else for the parameter.
    fn error_copy(&mut self, function: &mut Function, way: &Way, shown: Var) -> BlockId {
        let mut block = function.block(way.to).clone();
        let mut shown = shown;
        if let Some(context) = way.state.certain_context() {
            block.insts = self.bits_again(function, context, way.state.is_moved);
            shown = block.insts.last().and_then(|inst| inst.dst).unwrap_or(shown);
        }
        let param = Value::Var(self.param);
        block.term.for_each_value_mut(|value| {
            if *value == param {
                *value = Value::Var(shown);
            }
        });
        let copy = function.new_block(block.handler);
        *function.block_mut(copy) = block;
        copy
    }

    /// The same, where nobody looked yet whether the parameter is a context.
    fn unknown_copy(&mut self, function: &mut Function, way: &Way, shown: Var) -> BlockId {
        let context = function.new_var();
        let known = Way { state: State::started(context), ..*way };
        let ok = self.error_copy(function, &known, context);
        let fail = if shown == self.param {
            way.to
        } else {
            self.error_copy(function, &Way { state: State::OTHER, ..*way }, shown)
        };
        let start = function.new_block(function.block(way.to).handler);
        let args = vec![Value::Var(shown)];
        function.block_mut(start).term =
            Term::Attempt { op: Attempt::StartMatch, args, dsts: vec![context], ok, fail };
        start
    }

    /// What sets a context back, and makes it a bit string.
    fn bits_again(&mut self, function: &mut Function, context: Var, is_moved: bool) -> Vec<Inst> {
        let args = vec![Value::Var(context)];
        let mut insts = Vec::new();
        if is_moved {
            let position =
                *self.positions.entry(context).or_insert_with(|| start_position(function, context));
            let args = vec![Value::Var(context), Value::Var(position)];
            insts.push(Inst { dst: None, op: Op::SetPosition, args, line: 0 });
        }
        insts.push(Inst { dst: Some(function.new_var()), op: Op::GetTail, args, line: 0 });
        insts
    }

    /// Gives the parameter its name in a block.
    fn enter(&mut self, function: &mut Function, id: BlockId, ways: &[Way]) {
        let first = self.names[&ways[0].from];
        let is_started = |way: &Way| way.state.certain_context().is_some();
        let is_same = ways.iter().all(|way| self.names[&way.from] == first)
            && (ways.iter().all(is_started) || !ways.iter().any(is_started));
        if is_same {
            self.rename(function, id, first);
            return;
        }
        for way in ways {
            let mut name = self.names[&way.from];
            let stub = function.new_block(function.block(id).handler);
            if let Some(context) = way.state.certain_context() {
                let insts = self.bits_again(function, context, way.state.is_moved);
                name = insts.last().and_then(|inst| inst.dst).unwrap_or(name);
                function.block_mut(stub).insts = insts;
            }
            let is_peeking = function.block(id).is_peeking;
            function.block_mut(stub).is_peeking = is_peeking;
            let mut args: Vec<Value> = Vec::new();
            if let Term::Jump(_, given) = &mut function.block_mut(way.from).term {
                args = std::mem::take(given);
            }
            args.push(Value::Var(name));
            function.block_mut(stub).term = Term::Jump(id, args);
            redirect(function, way.from, id, stub);
        }
        let name = function.new_var();
        function.block_mut(id).params.push(name);
        let count = function.block(id).params.len();
        for block in &mut function.blocks {
            // From where nothing leads, nothing is given.
            if let Term::Jump(to, args) = &mut block.term
                && *to == id
            {
                args.resize(count, Value::Nil);
            }
        }
        self.rename(function, id, name);
    }

    fn rename(&mut self, function: &mut Function, id: BlockId, name: Var) {
        self.names.insert(id, name);
        if name == self.param {
            return;
        }
        let param = self.param;
        let replace = |value: &mut Value| {
            if *value == Value::Var(param) {
                *value = Value::Var(name);
            }
        };
        let block = function.block_mut(id);
        block.insts.iter_mut().flat_map(|inst| &mut inst.args).for_each(replace);
        block.term.for_each_value_mut(replace);
    }
}

fn redirect(function: &mut Function, from: BlockId, to: BlockId, instead: BlockId) {
    function.block_mut(from).term.for_each_successor_mut(|next| {
        if *next == to {
            *next = instead;
        }
    });
}

/// The position of a context when its match starts.
fn start_position(function: &mut Function, context: Var) -> Var {
    let start = function.blocks.iter().find_map(|block| match &block.term {
        Term::Attempt { op: Attempt::StartMatch, dsts, ok, .. } if dsts[0] == context => Some(*ok),
        _ => None,
    });
    let start = start.expect("a context comes of the start of a match");
    let position = function.new_var();
    let inst = Inst { dst: Some(position), op: Op::GetPosition, args: vec![Value::Var(context)], line: 0 };
    function.block_mut(start).insts.insert(0, inst);
    position
}
