//! Follows control through each function, over all paths, and checks at every instruction that what it uses is
//! there: registers, slots of the frame, reserved heap, open handlers.
//!
//! Every label has a state, the join of the states of all paths that reach it. Labels whose state changed are
//! walked from again, in the order of the code, until none is left. Joins only lose knowledge, and heap that is
//! reserved does not survive a jump backwards, so this ends.

use super::error::{Register, ValidateErrorKind as Kind};
use super::kinds::{Kind as TermKind, Kinds};
use super::state::{Handlers, Registers, Reserved, State};
use super::tables::Layout;
use super::{Facts, Frame, Function, Handler, MAX_X, ValidateError, never_returns};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use swerl_beam::{Genop, Instr, Module, Operand, OperandKind};

/// Checks the flow of all functions; gives the facts of all instructions, and the handlers these refer to.
pub(super) fn check(
    module: &Module,
    layout: &mut Layout,
) -> Result<(Vec<Option<Facts>>, Handlers), ValidateError> {
    let mut flow = Flow {
        module,
        layout,
        function: None,
        raises_in_partial_frame: false,
        states: vec![None; layout.labels.len()],
        is_news: vec![false; layout.labels.len()],
        pending: BinaryHeap::new(),
        facts: vec![None; module.code.len()],
        handlers: Handlers::default(),
    };
    let mut needs_zeroed_frames = Vec::with_capacity(layout.functions.len());
    for function in &layout.functions {
        flow.function(*function)?;
        needs_zeroed_frames.push(flow.raises_in_partial_frame);
    }
    let (facts, handlers) = (flow.facts, flow.handlers);
    for (function, needs) in layout.functions.iter_mut().zip(needs_zeroed_frames) {
        function.needs_zeroed_frames = needs;
    }
    Ok((facts, handlers))
}

struct Flow<'a> {
    module: &'a Module,
    layout: &'a Layout,
    /// The function that is being checked.
    function: Option<Function>,
    /// Whether something in it may raise while a slot of the frame is not initialised.
    raises_in_partial_frame: bool,
    /// By label.
    states: Vec<Option<Box<State>>>,
    /// By label: whether it knows something that was not walked from yet.
    is_news: Vec<bool>,
    /// Labels with news, by place: `(place, label)`.
    pending: BinaryHeap<Reverse<(u32, u32)>>,
    facts: Vec<Option<Facts>>,
    handlers: Handlers,
}

/// Where control goes after an instruction, besides its jumps.
enum Next {
    /// To the instruction after it.
    Through,
    /// To one further down: those between belong to this one.
    Skip(u32),
    /// Nowhere.
    Stop,
}

impl Flow<'_> {
    fn function(&mut self, function: Function) -> Result<(), ValidateError> {
        self.function = Some(function);
        self.raises_in_partial_frame = false;
        let entry = self.label_at(function.entry).unwrap_or_default();
        self.arrive(function.entry, entry, State::entry(function.arity), false)
            .map_err(|kind| self.layout.error(self.module, function.entry as usize, kind))?;
        while let Some(Reverse((place, label))) = self.pending.pop() {
            // Another path may have taken the news along already.
            if !std::mem::take(&mut self.is_news[label as usize]) {
                continue;
            }
            let Some(state) = self.states.get(label as usize).and_then(Option::as_deref) else { continue };
            let state = state.clone();
            self.walk(place, state, function)?;
        }
        Ok(())
    }

    fn instr(&self, index: u32) -> Option<&Instr> {
        self.module.code.get(index as usize)
    }

    fn label_at(&self, index: u32) -> Option<u32> {
        let instr = self.instr(index).filter(|instr| instr.op == Genop::Label)?;
        match instr.args[..] {
            [Operand::U(label)] => u32::try_from(label).ok(),
            _ => None,
        }
    }

    /// Walks from the label at `start` until control stops or runs into a label that learns nothing new.
    fn walk(&mut self, start: u32, mut state: State, function: Function) -> Result<(), ValidateError> {
        let mut index = start;
        loop {
            let error = |flow: &Self, kind| flow.layout.error(flow.module, index as usize, kind);
            if index >= function.end {
                return Err(error(self, Kind::RunsOut));
            }
            if index != start
                && let Some(label) = self.label_at(index)
            {
                if !self.learn(label, &state).map_err(|kind| error(self, kind))? {
                    return Ok(());
                }
                self.is_news[label as usize] = false;
                if let Some(joined) = self.states.get(label as usize).and_then(Option::as_deref) {
                    state = joined.clone();
                }
            }
            let module = self.module;
            let instr = &module.code[index as usize];
            if !keeps_fresh(instr.op) {
                state.kinds.forget_fresh();
            }
            let is_proved = self.is_proved(instr, &state.kinds);
            self.facts[index as usize] = Some(Facts {
                frame: state.frame,
                live_x: live_x(instr, &state),
                is_proved,
                handler: state.handlers,
            });
            match self.step(index, instr, &mut state).map_err(|kind| error(self, kind))? {
                Next::Through => index += 1,
                Next::Skip(to) => index = to,
                Next::Stop => return Ok(()),
            }
        }
    }

    /// Joins a state into a label's; tells whether the label is to be walked from.
    fn learn(&mut self, label: u32, state: &State) -> Result<bool, Kind> {
        let Some(known) = self.states.get_mut(label as usize) else { return Err(Kind::ForeignLabel(label)) };
        let Some(known) = known else {
            *known = Some(Box::new(state.clone()));
            return Ok(true);
        };
        let before = known.clone();
        let is_changed = known.join(state, &self.handlers);
        if known.frame == Frame::Mixed {
            // What raises there finds the handlers of the path it came by.
            self.raise(state)?;
            self.raise(&before)?;
        }
        Ok(is_changed)
    }

    /// Control comes to a label by a jump.
    fn arrive(&mut self, place: u32, label: u32, mut state: State, is_backward: bool) -> Result<(), Kind> {
        if is_backward {
            state.heap = Reserved::default();
        }
        if self.learn(label, &state)? {
            self.is_news[label as usize] = true;
            self.pending.push(Reverse((place, label)));
        }
        Ok(())
    }

    /// Control may go from the instruction at `from` to the label.
    fn branch(&mut self, from: u32, target: &Operand, state: &State) -> Result<(), Kind> {
        let Operand::Label(label) = *target else { return Ok(()) };
        let function = self.function.expect("a function is being checked");
        match self.layout.position(label) {
            Some(place) if (function.start..function.end).contains(&place) => {
                self.arrive(place, label, state.clone(), place <= from)
            }
            _ => Err(Kind::ForeignLabel(label)),
        }
    }

    /// Control may go to the innermost handler, if one is open in this frame.
    fn raise(&mut self, state: &State) -> Result<(), Kind> {
        let function = self.function.expect("a function is being checked");
        if state.need_whole_frame().is_err() {
            self.raises_in_partial_frame = true;
        }
        let Some((handler, _)) = self.handlers.pop(state.handlers) else { return Ok(()) };
        let place = self.handler_place(handler, function)?;
        // A handler closes its tag, for which paths must agree on the frame; said here, so that joining ends.
        let known = self.states.get(handler.label as usize).and_then(Option::as_deref);
        if known.is_some_and(|known| known.frame != state.frame || known.handlers != state.handlers) {
            return Err(Kind::MixedFrames);
        }
        let mut caught = State {
            x: Registers::first(3),
            y: state.y,
            kinds: state.kinds.clone(),
            frame: state.frame,
            fr: 0,
            heap: Reserved::default(),
            handlers: state.handlers,
        };
        caught.kinds.forget_x();
        caught.kinds.forget_fresh();
        self.arrive(place, handler.label, caught, false)
    }

    /// Where a handler begins, if it begins with the instruction that closes it.
    fn handler_place(&self, handler: Handler, function: Function) -> Result<u32, Kind> {
        let place = self
            .layout
            .position(handler.label)
            .filter(|place| (function.start..function.end).contains(place))
            .ok_or(Kind::ForeignLabel(handler.label))?;
        let closes = if handler.is_catch { Genop::CatchEnd } else { Genop::TryCase };
        let mut index = place;
        while let Some(instr) = self.instr(index).filter(|_| index < function.end) {
            match instr.op {
                Genop::Label | Genop::Line => index += 1,
                op if op == closes && instr.args == [Operand::Y(handler.slot)] => return Ok(place),
                _ => break,
            }
        }
        Err(Kind::BadHandler(handler.label))
    }

    fn read(&self, arg: &Operand, state: &State) -> Result<(), Kind> {
        match *arg.untyped() {
            Operand::X(register) if !state.x.contains(register) => {
                Err(Kind::Uninitialised(Register::X(register)))
            }
            Operand::Y(slot) => {
                if state.frame != Frame::Mixed {
                    self.check_slot(slot, state)?;
                }
                if state.y.contains(slot) { Ok(()) } else { Err(Kind::Uninitialised(Register::Y(slot))) }
            }
            Operand::Fr(register) if state.fr >> register & 1 == 0 => {
                Err(Kind::Uninitialised(Register::Fr(register)))
            }
            _ => Ok(()),
        }
    }

    fn read_all(&self, args: &[Operand], state: &State) -> Result<(), Kind> {
        args.iter().try_for_each(|arg| self.read(arg, state))
    }

    fn write(&self, arg: &Operand, state: &mut State) -> Result<(), Kind> {
        self.write_kind(arg, TermKind::Any, state)
    }

    fn write_kind(&self, arg: &Operand, kind: TermKind, state: &mut State) -> Result<(), Kind> {
        state.kinds.set(arg, kind);
        match *arg.untyped() {
            Operand::X(register) => state.x.insert(register),
            Operand::Y(slot) => {
                self.check_slot(slot, state)?;
                state.y.insert(slot);
            }
            Operand::Fr(register) => state.fr |= 1 << register,
            _ => {}
        }
        Ok(())
    }

    /// Checks that the slot is in the frame and holds no tag.
    fn check_slot(&self, slot: u16, state: &State) -> Result<(), Kind> {
        if slot >= state.slots()? {
            return Err(Kind::NotInFrame(slot));
        }
        if self.handlers.holds_tag(state.handlers, slot) { Err(Kind::Tag(slot)) } else { Ok(()) }
    }

    /// Carries out one instruction on the state.
    fn step(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<Next, Kind> {
        let args = &instr.args[..];
        // What is read, is read before anything else happens.
        for (kind, arg) in instr.op.operands().iter().zip(args) {
            match kind {
                OperandKind::Src
                | OperandKind::Size
                | OperandKind::Reg
                | OperandKind::FpReg
                | OperandKind::FpSrc => self.read(arg, state)?,
                OperandKind::List => {
                    if let Operand::List(list) = arg {
                        self.read_list(instr.op, list, state)?;
                    }
                }
                _ => {}
            }
        }
        match instr.op {
            Genop::FuncInfo => {
                self.need_no_frame(state)?;
                let arity = self.function.map_or(0, |function| function.arity);
                state.need_x(u16::try_from(arity).unwrap_or(MAX_X))?;
                Ok(Next::Stop)
            }
            Genop::IntCodeEnd => Err(Kind::RunsOut),
            Genop::Put => Err(Kind::Layout),

            Genop::Call if !self.layout.may_return(&args[1]) => {
                self.call(count(args, instr.op), state)?;
                Ok(Next::Stop)
            }
            Genop::Call | Genop::CallFun | Genop::CallFun2 | Genop::Apply | Genop::Send => {
                self.call(count(args, instr.op), state)
            }
            Genop::BsInitWritable => self.call(1, state),
            Genop::CallExt => {
                if self.is_last(args) {
                    return self.raise_with(count(args, instr.op), state);
                }
                self.call(count(args, instr.op), state)?;
                if self.makes_fresh_tuple(args) {
                    state.kinds.set(&Operand::X(0), TermKind::FreshTuple);
                }
                Ok(Next::Through)
            }
            Genop::CallOnly => self.tail_call(count(args, instr.op), None, state),
            Genop::CallLast => self.tail_call(count(args, instr.op), Some(number(args, 2)), state),
            Genop::CallExtOnly | Genop::CallExtLast if self.is_last(args) => {
                self.raise_with(count(args, instr.op), state)
            }
            Genop::CallExtOnly => self.tail_call(count(args, instr.op), None, state),
            Genop::CallExtLast => self.tail_call(count(args, instr.op), Some(number(args, 2)), state),
            Genop::ApplyLast => self.tail_call(count(args, instr.op), Some(number(args, 1)), state),
            Genop::Return => {
                self.need_no_frame(state)?;
                state.need_x(1)?;
                Ok(Next::Stop)
            }

            Genop::Allocate | Genop::AllocateHeap | Genop::AllocateZero | Genop::AllocateHeapZero => {
                self.allocate(instr.op, args, state)
            }
            Genop::Deallocate => {
                self.close_frame(number(args, 0), state)?;
                Ok(Next::Through)
            }
            Genop::Trim => self.trim(number(args, 0), number(args, 1), state),
            Genop::InitYregs => {
                if let [Operand::List(list)] = args {
                    for slot in list {
                        self.write(slot, state)?;
                    }
                }
                Ok(Next::Through)
            }

            Genop::Catch | Genop::Try => self.open_handler(instr.op == Genop::Catch, args, state),
            Genop::CatchEnd | Genop::TryEnd | Genop::TryCase => self.close_handler(instr.op, args, state),

            Genop::Badmatch
            | Genop::IfEnd
            | Genop::CaseEnd
            | Genop::TryCaseEnd
            | Genop::Badrecord
            | Genop::Raise => {
                self.raise(state)?;
                Ok(Next::Stop)
            }
            Genop::RawRaise => {
                state.need_x(3)?;
                self.raise(state)?;
                // Goes on, with another X0, when the class is none.
                state.keep_x(3);
                Ok(Next::Through)
            }
            Genop::BuildStacktrace => {
                self.collect(1, state)?;
                Ok(Next::Through)
            }

            Genop::Jump => {
                self.branch(index, &args[0], state)?;
                Ok(Next::Stop)
            }
            Genop::SelectVal | Genop::SelectTupleArity => {
                self.select(index, instr, state)?;
                Ok(Next::Stop)
            }

            Genop::LoopRecEnd | Genop::Wait => {
                state.need_whole_frame()?;
                self.swap_out(state);
                self.branch(index, &args[0], state)?;
                Ok(Next::Stop)
            }
            Genop::WaitTimeout => {
                state.need_whole_frame()?;
                self.raise(state)?;
                self.swap_out(state);
                if !self.waits_at_itself(index, args) {
                    self.branch(index, &args[0], state)?;
                }
                Ok(Next::Through)
            }
            Genop::Timeout => {
                self.swap_out(state);
                Ok(Next::Through)
            }

            Genop::PutList => {
                state.heap.use_up(2, 0, 0)?;
                self.write_kind(&args[2], TermKind::Cons, state)?;
                Ok(Next::Through)
            }
            Genop::PutTuple2 => {
                if let [dst, Operand::List(list)] = args {
                    let words = words(list.len())?;
                    state.heap.use_up(words, 0, 0)?;
                    self.write_kind(dst, TermKind::Tuple(words - 1), state)?;
                }
                Ok(Next::Through)
            }
            Genop::UpdateRecord => {
                let words = usize::try_from(number(args, 1)).map_err(|_| Kind::Heap).and_then(words)?;
                state.heap.use_up(words, 0, 0)?;
                self.raise(state)?;
                self.write_kind(&args[3], TermKind::Tuple(words - 1), state)?;
                Ok(Next::Through)
            }
            Genop::PutTuple => self.put_tuple(index, args, state),
            Genop::MakeFun3 => {
                if let [_, dst, Operand::List(list)] = args {
                    state.heap.use_up(words(list.len())? - 1, 0, 1)?;
                    self.write(dst, state)?;
                }
                Ok(Next::Through)
            }
            Genop::MakeFun2 => {
                let lambda = usize::try_from(number(args, 0)).ok();
                let lambda = lambda.and_then(|lambda| self.module.lambdas.get(lambda));
                let free = lambda.and_then(|lambda| u16::try_from(lambda.num_free).ok());
                self.collect(free.ok_or(Kind::Operand(0))?, state)?;
                state.x.insert(0);
                Ok(Next::Through)
            }
            Genop::Fmove => {
                if let [Operand::Fr(_), dst] = args
                    && !matches!(dst, Operand::Fr(_))
                {
                    state.heap.use_up(0, 1, 0)?;
                }
                if taken_apart(instr).is_some() && !self.is_proved(instr, &state.kinds) {
                    self.raise(state)?;
                }
                self.write_kind(&args[1], TermKind::Float, state)?;
                Ok(Next::Through)
            }
            Genop::Swap => {
                let (one, other) =
                    (state.kinds.of(&args[0], self.module), state.kinds.of(&args[1], self.module));
                self.write_kind(&args[0], other, state)?;
                self.write_kind(&args[1], one, state)?;
                Ok(Next::Through)
            }
            Genop::Move => {
                let kind = state.kinds.of(&args[0], self.module);
                self.write_kind(&args[1], kind, state)?;
                Ok(Next::Through)
            }
            Genop::SetTupleElement if state.kinds.of(&args[1], self.module) != TermKind::FreshTuple => {
                Err(Kind::NotFresh)
            }

            _ => self.ordinary(index, instr, state),
        }
    }

    /// An instruction that reads operands, may collect, may fail to a label or raise, and writes operands; all of
    /// which its operand kinds tell.
    fn ordinary(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<Next, Kind> {
        let operands = || instr.op.operands().iter().zip(&instr.args);
        if let Some((_, Operand::U(live))) = operands().find(|(kind, _)| **kind == OperandKind::Live) {
            let live = u16::try_from(*live).map_err(|_| Kind::OperandCount)?;
            self.collect(live, state)?;
        }
        for (kind, arg) in operands() {
            if matches!(kind, OperandKind::Jump | OperandKind::Fail | OperandKind::Special)
                && *arg != Operand::Label(0)
            {
                self.branch_if_not(index, instr, arg, state)?;
            }
        }
        if may_raise(instr) && !self.is_proved(instr, &state.kinds) {
            self.raise(state)?;
        }
        self.narrow(instr, state);
        for (kind, arg) in operands() {
            match kind {
                OperandKind::Dst | OperandKind::FpDst | OperandKind::FpOrDst | OperandKind::YDst => {
                    self.write_kind(arg, result_kind(instr.op), state)?;
                }
                OperandKind::Need => state.heap = reservation(arg),
                OperandKind::List if instr.op == Genop::GetMapElements => {
                    if let Operand::List(list) = arg {
                        for value in list.iter().skip(1).step_by(2) {
                            self.write(value, state)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Next::Through)
    }

    fn select(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<(), Kind> {
        let [source, fail, Operand::List(list)] = &instr.args[..] else { return Err(Kind::OperandCount) };
        if instr.op == Genop::SelectTupleArity && !self.is_proved(instr, &state.kinds) {
            self.raise(state)?;
            state.kinds.narrow(source, TermKind::Tuple(0), self.module);
        }
        self.branch(index, fail, state)?;
        for pair in list.chunks_exact(2) {
            if instr.op == Genop::SelectTupleArity {
                let mut chosen = state.clone();
                chosen.kinds.narrow(source, tuple_kind(&pair[0]), self.module);
                self.branch(index, &pair[1], &chosen)?;
            } else {
                self.branch(index, &pair[1], state)?;
            }
        }
        Ok(())
    }

    /// A branch that is taken when the instruction's test fails: what that tells of the term tested.
    fn branch_if_not(
        &mut self,
        index: u32,
        instr: &Instr,
        target: &Operand,
        state: &State,
    ) -> Result<(), Kind> {
        if let (Genop::IsNil, Some(source)) = (instr.op, instr.args.get(1))
            && state.kinds.of(source, self.module) == TermKind::List
        {
            let mut failed = state.clone();
            failed.kinds.set(source, TermKind::Cons);
            return self.branch(index, target, &failed);
        }
        self.branch(index, target, state)
    }

    /// What is known of an instruction's sources when it goes on to the next one.
    fn narrow(&self, instr: &Instr, state: &mut State) {
        if let Some((source, kind)) = taken_apart(instr) {
            state.kinds.narrow(source, kind, self.module);
        }
        let args = &instr.args[..];
        let (source, kind) = match (instr.op, args) {
            (Genop::IsNonemptyList, [_, source]) => (source, TermKind::Cons),
            (Genop::IsList, [_, source]) => (source, TermKind::List),
            (Genop::IsTuple, [_, source]) => (source, TermKind::Tuple(0)),
            (Genop::IsMap, [_, source]) => (source, TermKind::Map),
            (Genop::IsFloat, [_, source]) => (source, TermKind::Float),
            (Genop::TestArity, [_, source, size]) | (Genop::IsTaggedTuple, [_, source, size, _]) => {
                (source, tuple_kind(size))
            }
            (Genop::IsEqExact, [_, one, other]) => {
                let kind = state.kinds.of(one, self.module);
                state.kinds.narrow(other, kind, self.module);
                (one, state.kinds.of(other, self.module))
            }
            _ => return,
        };
        state.kinds.narrow(source, kind, self.module);
    }

    /// Whether the term that the instruction takes apart is known to be of the kind that it needs.
    fn is_proved(&self, instr: &Instr, kinds: &Kinds) -> bool {
        taken_apart(instr).is_some_and(|(source, kind)| kinds.of(source, self.module).is(kind))
    }

    /// Whether the function called makes a tuple that nobody else knows.
    fn makes_fresh_tuple(&self, args: &[Operand]) -> bool {
        let import = usize::try_from(number(args, 1)).ok().and_then(|index| self.module.imports.get(index));
        import.is_some_and(|import| {
            import.module.as_str() == "erlang"
                && import.function.as_str() == "setelement"
                && import.arity == 3
        })
    }

    /// Reads what an operand list holds of sources.
    fn read_list(&self, op: Genop, list: &[Operand], state: &State) -> Result<(), Kind> {
        match op {
            Genop::InitYregs | Genop::SelectVal | Genop::SelectTupleArity => Ok(()),
            Genop::GetMapElements => list.iter().step_by(2).try_for_each(|key| self.read(key, state)),
            _ => self.read_all(list, state),
        }
    }

    /// A collection may happen with so many live X registers.
    fn collect(&mut self, live: u16, state: &mut State) -> Result<(), Kind> {
        state.need_x(live)?;
        state.need_whole_frame()?;
        state.keep_x(live);
        state.heap = Reserved::default();
        Ok(())
    }

    /// The process may be suspended, with nothing live but its frame.
    fn swap_out(&mut self, state: &mut State) {
        state.keep_x(0);
        state.heap = Reserved::default();
        state.fr = 0;
    }

    /// Whether a message only wakes the process to carry out the same `wait_timeout` again. The time is running
    /// then, so that its operand is not read again: it need not be there any more.
    fn waits_at_itself(&self, index: u32, args: &[Operand]) -> bool {
        let Some(Operand::Label(label)) = args.first() else { return false };
        let Some(place) = self.layout.position(*label).filter(|&place| place < index) else { return false };
        (place..index)
            .all(|at| self.instr(at).is_some_and(|instr| matches!(instr.op, Genop::Label | Genop::Line)))
    }

    fn call(&mut self, arguments: u16, state: &mut State) -> Result<Next, Kind> {
        state.need_x(arguments)?;
        state.slots()?;
        state.need_whole_frame()?;
        self.raise(state)?;
        self.swap_out(state);
        state.x.insert(0);
        Ok(Next::Through)
    }

    fn tail_call(&mut self, arguments: u16, frame: Option<u64>, state: &mut State) -> Result<Next, Kind> {
        state.need_x(arguments)?;
        match frame {
            Some(slots) => self.close_frame(slots, state)?,
            None => self.need_no_frame(state)?,
        }
        Ok(Next::Stop)
    }

    /// A call that never returns: the frame does not matter.
    fn raise_with(&mut self, arguments: u16, state: &State) -> Result<Next, Kind> {
        state.need_x(arguments)?;
        self.raise(state)?;
        Ok(Next::Stop)
    }

    /// Whether the function called by these operands never returns.
    fn is_last(&self, args: &[Operand]) -> bool {
        let import = usize::try_from(number(args, 1)).ok().and_then(|index| self.module.imports.get(index));
        import.is_some_and(never_returns)
    }

    fn need_no_frame(&self, state: &State) -> Result<(), Kind> {
        match state.frame {
            Frame::None => Ok(()),
            Frame::Mixed => Err(Kind::MixedFrames),
            frame @ Frame::Slots(_) => Err(Kind::Frame(frame)),
        }
    }

    fn allocate(&mut self, op: Genop, args: &[Operand], state: &mut State) -> Result<Next, Kind> {
        self.need_no_frame(state)?;
        let live = u16::try_from(number(args, args.len() - 1)).map_err(|_| Kind::OperandCount)?;
        self.collect(live, state)?;
        let slots = u16::try_from(number(args, 0)).map_err(|_| Kind::OperandCount)?;
        state.frame = Frame::Slots(slots);
        let is_zeroed = matches!(op, Genop::AllocateZero | Genop::AllocateHeapZero);
        state.y = if is_zeroed { Registers::first(slots) } else { Registers::NONE };
        if matches!(op, Genop::AllocateHeap | Genop::AllocateHeapZero) {
            state.heap = reservation(&args[1]);
        }
        Ok(Next::Through)
    }

    fn close_frame(&mut self, slots: u64, state: &mut State) -> Result<(), Kind> {
        if u64::from(state.slots()?) != slots {
            return Err(Kind::Frame(state.frame));
        }
        if state.handlers != Handlers::NONE {
            return Err(Kind::OpenHandler);
        }
        state.frame = Frame::None;
        state.y = Registers::NONE;
        Ok(())
    }

    fn trim(&mut self, dropped: u64, left: u64, state: &mut State) -> Result<Next, Kind> {
        let slots = state.slots()?;
        if dropped + left != u64::from(slots) {
            return Err(Kind::Frame(state.frame));
        }
        let dropped = u16::try_from(dropped).map_err(|_| Kind::OperandCount)?;
        // The frame stays as it is while a handler may come back to it.
        if state.handlers != Handlers::NONE {
            return Err(Kind::OpenHandler);
        }
        state.y = state.y.shift_down(dropped);
        state.kinds.shift_slots_down(dropped);
        state.frame = Frame::Slots(slots - dropped);
        Ok(Next::Through)
    }

    fn open_handler(&mut self, is_catch: bool, args: &[Operand], state: &mut State) -> Result<Next, Kind> {
        let [Operand::Y(slot), Operand::Label(label)] = *args else { return Err(Kind::OperandCount) };
        self.check_slot(slot, state)?;
        state.y.insert(slot);
        state.handlers = self.handlers.push(Handler { slot, label, is_catch }, state.handlers);
        Ok(Next::Through)
    }

    fn close_handler(&mut self, op: Genop, args: &[Operand], state: &mut State) -> Result<Next, Kind> {
        let [Operand::Y(slot)] = *args else { return Err(Kind::OperandCount) };
        state.slots()?;
        let is_catch = op == Genop::CatchEnd;
        match self.handlers.pop(state.handlers) {
            Some((handler, outer)) if handler.slot == slot && handler.is_catch == is_catch => {
                state.handlers = outer;
            }
            _ => return Err(Kind::NotInnermost(slot)),
        }
        match op {
            Genop::CatchEnd => {
                state.need_x(1)?;
                self.swap_out(state);
                state.x.insert(0);
            }
            Genop::TryCase => {
                state.need_x(3)?;
                state.keep_x(3);
                state.heap = Reserved::default();
            }
            _ => {}
        }
        Ok(Next::Through)
    }

    /// `put_tuple` and the `put` instructions after it.
    fn put_tuple(&mut self, index: u32, args: &[Operand], state: &mut State) -> Result<Next, Kind> {
        let size = u32::try_from(number(args, 0)).map_err(|_| Kind::Operand(0))?;
        state.heap.use_up(size.saturating_add(1), 0, 0)?;
        let end = index.saturating_add(1).saturating_add(size);
        for put in index + 1..end {
            let Some(instr) = self.instr(put).filter(|instr| instr.op == Genop::Put) else {
                return Err(Kind::Layout);
            };
            self.read_all(&instr.args, state)?;
            self.facts[put as usize] = self.facts[index as usize];
        }
        self.write_kind(&args[1], TermKind::Tuple(size), state)?;
        Ok(Next::Skip(end))
    }
}

/// A number among operands whose kinds were checked.
fn number(args: &[Operand], position: usize) -> u64 {
    match args.get(position) {
        Some(Operand::U(value)) => *value,
        _ => 0,
    }
}

/// How many X registers a call takes.
fn count(args: &[Operand], op: Genop) -> u16 {
    let (arity, more) = match op {
        Genop::Send => (2, 0),
        Genop::CallFun => (number(args, 0), 1),
        Genop::Apply | Genop::ApplyLast => (number(args, 0), 2),
        Genop::CallFun2 => (number(args, 1), 0),
        _ => (number(args, 0), 0),
    };
    u16::try_from(arity).unwrap_or(MAX_X).saturating_add(more)
}

/// Words of a tuple of this size.
fn words(size: usize) -> Result<u32, Kind> {
    u32::try_from(size).ok().and_then(|size| size.checked_add(1)).ok_or(Kind::Heap)
}

fn reservation(arg: &Operand) -> Reserved {
    match *arg {
        Operand::U(words) => Reserved { words: u32::try_from(words).unwrap_or(0), floats: 0, funs: 0 },
        Operand::Alloc { words, floats, funs } => Reserved { words, floats, funs },
        _ => Reserved::default(),
    }
}

/// The X registers that matter when the instruction is interrupted.
fn live_x(instr: &Instr, state: &State) -> u16 {
    let stated = instr.op.operands().iter().zip(&instr.args).find_map(|(kind, arg)| match (kind, arg) {
        (OperandKind::Live, Operand::U(live)) => u16::try_from(*live).ok(),
        _ => None,
    });
    match instr.op {
        Genop::Call
        | Genop::CallLast
        | Genop::CallOnly
        | Genop::CallExt
        | Genop::CallExtLast
        | Genop::CallExtOnly
        | Genop::CallFun
        | Genop::Apply
        | Genop::ApplyLast
        | Genop::Send => count(&instr.args, instr.op),
        _ => stated.unwrap_or_else(|| state.x.first_missing()),
    }
}

/// What an instruction takes apart, and the kind of term that it needs there.
fn taken_apart(instr: &Instr) -> Option<(&Operand, TermKind)> {
    let (position, kind) = match instr.op {
        Genop::GetList | Genop::GetHd | Genop::GetTl => (0, TermKind::Cons),
        Genop::GetTupleElement => {
            let Some(Operand::U(position)) = instr.args.get(1) else { return None };
            (0, TermKind::Tuple(u32::try_from(*position).ok()?.checked_add(1)?))
        }
        Genop::TestArity => (1, TermKind::Tuple(0)),
        Genop::SelectTupleArity => (0, TermKind::Tuple(0)),
        Genop::GetMapElements | Genop::HasMapFields | Genop::PutMapAssoc => (1, TermKind::Map),
        Genop::Fmove if !matches!(instr.args.first(), Some(Operand::Fr(_))) => (0, TermKind::Float),
        Genop::BsGetInteger2
        | Genop::BsGetFloat2
        | Genop::BsGetBinary2
        | Genop::BsSkipBits2
        | Genop::BsTestTail2
        | Genop::BsTestUnit
        | Genop::BsMatchString
        | Genop::BsGetUtf8
        | Genop::BsSkipUtf8
        | Genop::BsGetUtf16
        | Genop::BsSkipUtf16
        | Genop::BsGetUtf32
        | Genop::BsSkipUtf32 => (1, TermKind::Context),
        Genop::BsGetTail | Genop::BsGetPosition | Genop::BsSetPosition => (0, TermKind::Context),
        _ => return None,
    };
    Some((instr.args.get(position)?, kind))
}

/// The kind of an ordinary instruction's result.
fn result_kind(op: Genop) -> TermKind {
    match op {
        Genop::BsStartMatch2 | Genop::BsStartMatch3 | Genop::BsStartMatch4 => TermKind::Context,
        Genop::PutMapAssoc | Genop::PutMapExact => TermKind::Map,
        _ => TermKind::Any,
    }
}

/// A tuple of the size that an operand tells.
fn tuple_kind(size: &Operand) -> TermKind {
    match size {
        Operand::U(size) => TermKind::Tuple(u32::try_from(*size).unwrap_or(0)),
        _ => TermKind::Tuple(0),
    }
}

/// Whether a tuple that is known to nobody else stays so.
fn keeps_fresh(op: Genop) -> bool {
    matches!(
        op,
        Genop::SetTupleElement
            | Genop::Move
            | Genop::Swap
            | Genop::Line
            | Genop::ExecutableLine
            | Genop::GetTupleElement
    )
}

/// Whether an ordinary instruction may raise. Those that take terms apart do, unless the kind of these is proved:
/// no path of a sound compiler's code leads there, but a damaged file's may.
fn may_raise(instr: &Instr) -> bool {
    !matches!(
        instr.op,
        Genop::Label
            | Genop::Line
            | Genop::ExecutableLine
            | Genop::OnLoad
            | Genop::NifStart
            | Genop::Init
            | Genop::TestHeap
            | Genop::Fclearerror
            | Genop::IsLt
            | Genop::IsGe
            | Genop::IsEq
            | Genop::IsNe
            | Genop::IsEqExact
            | Genop::IsNeExact
            | Genop::IsInteger
            | Genop::IsFloat
            | Genop::IsNumber
            | Genop::IsAtom
            | Genop::IsPid
            | Genop::IsReference
            | Genop::IsPort
            | Genop::IsNil
            | Genop::IsBinary
            | Genop::IsList
            | Genop::IsNonemptyList
            | Genop::IsTuple
            | Genop::IsFunction
            | Genop::IsFunction2
            | Genop::IsBoolean
            | Genop::IsBitstr
            | Genop::IsMap
            | Genop::IsTaggedTuple
            | Genop::Bif0
            | Genop::LoopRec
            | Genop::RemoveMessage
    )
}
