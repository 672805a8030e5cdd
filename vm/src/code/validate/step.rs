//! What each instruction needs to find, and what it leaves: the effect of one instruction on the state.
//!
//! Most instructions are ordinary: their operand kinds tell it all. The others are listed one by one.

use super::bits::puts_segment;
use super::error::ValidateErrorKind as Kind;
use super::flow::begins_try_handler;
use super::flow::{Flow, Next};
use super::kinds::Kind as TermKind;
use super::state::{Handlers, Registers, Reserved, State};
use super::{Frame, Handler, MAX_X, never_returns};
use swerl_beam::{Genop, Instr, Operand, OperandKind};

impl Flow<'_> {
    /// Carries out one instruction on the state.
    pub(super) fn step(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<Next, Kind> {
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
                let arity = self.function.arity;
                state.need_x(u16::try_from(arity).unwrap_or(MAX_X))?;
                Ok(Next::Stop)
            }
            Genop::IntCodeEnd => Err(Kind::RunsOut),
            op if puts_segment(op) => Err(Kind::Layout),
            Genop::BsInit2 | Genop::BsInitBits | Genop::BsAppend | Genop::BsPrivateAppend => {
                self.begin_bits(index, instr, state)
            }
            Genop::BsMatch => self.match_bits(index, args, state),

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
                    state.kinds.set(&Operand::X(0), TermKind::FreshTuple(self.first_argument(index)));
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
                state.define_x0();
                Ok(Next::Through)
            }
            Genop::BuildStacktrace => {
                self.collect(1, state)?;
                state.define_x0();
                Ok(Next::Through)
            }

            Genop::Jump => {
                // As what stands before a handler: behind what cannot return, which the compiler knows.
                if !self.leads_to_try_handler(&args[0]) {
                    self.branch(index, &args[0], state)?;
                }
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
                    self.write_kind(dst, TermKind::tuple(u64::from(words - 1)), state)?;
                }
                Ok(Next::Through)
            }
            Genop::UpdateRecord => {
                let words = usize::try_from(number(args, 1)).map_err(|_| Kind::Heap).and_then(words)?;
                state.heap.use_up(words, 0, 0)?;
                self.raise(state)?;
                self.write_kind(&args[3], TermKind::tuple(u64::from(words - 1)), state)?;
                Ok(Next::Through)
            }
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
                state.define_x0();
                Ok(Next::Through)
            }
            Genop::Fmove => {
                if let [Operand::Fr(_), dst] = args
                    && !matches!(dst, Operand::Fr(_))
                {
                    state.heap.use_up(0, 1, 0)?;
                }
                if !matches!(args[0], Operand::Fr(_)) && !self.is_proved(index, &state.kinds) {
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
            Genop::SetTupleElement if !state.kinds.of(&args[1], self.module).is_fresh() => {
                Err(Kind::NotFresh)
            }

            _ => self.ordinary(index, instr, state),
        }
    }

    /// An instruction that reads operands, may collect, may fail to a label or raise, and writes operands; all of
    /// which its operand kinds tell.
    pub(super) fn ordinary(&mut self, index: u32, instr: &Instr, state: &mut State) -> Result<Next, Kind> {
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
        if may_raise(instr) && !self.is_proved(index, &state.kinds) {
            self.raise(state)?;
        }
        let result = self.result_kind(instr, self.takes_floats(instr, &state.kinds));
        self.narrow(index, instr, state);
        for (kind, arg) in operands() {
            match kind {
                OperandKind::Dst | OperandKind::FpDst | OperandKind::FpOrDst | OperandKind::YDst => {
                    self.write_kind(arg, result, state)?;
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

    /// Reads what an operand list holds of sources.
    fn read_list(&self, op: Genop, list: &[Operand], state: &State) -> Result<(), Kind> {
        match op {
            Genop::InitYregs | Genop::SelectVal | Genop::SelectTupleArity | Genop::BsMatch => Ok(()),
            Genop::GetMapElements => list.iter().step_by(2).try_for_each(|key| self.read(key, state)),
            _ => self.read_all(list, state),
        }
    }

    /// A collection may happen with so many live X registers.
    pub(super) fn collect(&mut self, live: u16, state: &mut State) -> Result<(), Kind> {
        state.need_x(live)?;
        match state.need_whole_frame() {
            // Which frame is open is not known; that all slots of any hold a term is enough.
            Err(Kind::MixedFrames) => self.needs_zeroed_frames = true,
            whole => whole?,
        }
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
        state.define_x0();
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

    /// Whether the label is where the handler of a `try` begins.
    fn leads_to_try_handler(&self, label: &Operand) -> bool {
        let Operand::Label(label) = label else { return false };
        let place = self.layout.position(*label);
        place.is_some_and(|place| begins_try_handler(&self.module.code, place as usize))
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
        state.kinds.forget_y();
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
        self.write(&args[0], state)?;
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
                state.define_x0();
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
}

/// A number among operands whose kinds were checked.
pub(super) fn number(args: &[Operand], position: usize) -> u64 {
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
pub(super) fn live_x(instr: &Instr, state: &State) -> u16 {
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
