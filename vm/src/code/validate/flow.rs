//! Follows control through each function, over all paths, and checks at every instruction that what it uses is
//! there: registers, slots of the frame, reserved heap, open handlers.
//!
//! Every label has a state, the join of the states of all paths that reach it. Labels whose state changed are
//! walked from again, in the order of the code, until none is left. Joins only lose knowledge, and heap that is
//! reserved does not survive a jump backwards, so this ends.

use super::error::{Register, ValidateErrorKind as Kind};
use super::kinds::Kind as TermKind;
use super::narrow::keeps_fresh;
use super::state::{Handlers, Registers, Reserved, State};
use super::step::live_x;
use super::tables::Layout;
use super::{Facts, Frame, Function, Handler, ValidateError, Validated};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use swerl_beam::{Genop, Instr, Module, Operand};

/// Checks the flow of the function, which is all the code that the module has now.
pub(super) fn check(
    module: &Module,
    layout: &Layout,
    function: Function,
) -> Result<Validated, ValidateError> {
    let mut flow = Flow {
        module,
        layout,
        function,
        needs_zeroed_frames: false,
        first_label: layout.reach.start,
        states: vec![None; layout.reach.len()],
        is_news: vec![false; layout.reach.len()],
        pending: BinaryHeap::new(),
        facts: vec![None; module.code.len()],
        handlers: Handlers::default(),
    };
    flow.run()?;
    Ok(Validated { needs_zeroed_frames: flow.needs_zeroed_frames, facts: flow.facts })
}

pub(super) struct Flow<'a> {
    pub(super) module: &'a Module,
    pub(super) layout: &'a Layout,
    pub(super) function: Function,
    /// Whether something in it may raise while a slot of the frame is not initialised.
    pub(super) needs_zeroed_frames: bool,
    /// The label that the first of `states` belongs to.
    first_label: u32,
    /// By label.
    states: Vec<Option<Box<State>>>,
    /// By label: whether it knows something that was not walked from yet.
    is_news: Vec<bool>,
    /// Labels with news, by place: `(place, label)`.
    pending: BinaryHeap<Reverse<(u32, u32)>>,
    pub(super) facts: Vec<Option<Facts>>,
    pub(super) handlers: Handlers,
}

/// Where control goes after an instruction, besides its jumps.
pub(super) enum Next {
    /// To the instruction after it.
    Through,
    /// To one further down: those between belong to this one.
    Skip(u32),
    /// Nowhere.
    Stop,
}

impl Flow<'_> {
    fn run(&mut self) -> Result<(), ValidateError> {
        let function = self.function;
        let entry = self.label_at(function.entry).unwrap_or_default();
        self.arrive(function.entry, entry, &State::entry(function.arity), false)
            .map_err(|kind| self.layout.error(self.module, function.entry as usize, kind))?;
        while let Some(Reverse((place, label))) = self.pending.pop() {
            // Another path may have taken the news along already.
            let slot = self.slot(label);
            if !std::mem::take(&mut self.is_news[slot]) {
                continue;
            }
            let Some(state) = self.state(label) else { continue };
            let state = state.clone();
            self.walk(place, state)?;
        }
        Ok(())
    }

    /// The place of a label in `states`; beyond them for one that is not in reach.
    fn slot(&self, label: u32) -> usize {
        label.wrapping_sub(self.first_label) as usize
    }

    fn state(&self, label: u32) -> Option<&State> {
        self.states.get(self.slot(label)).and_then(Option::as_deref)
    }

    pub(super) fn instr(&self, index: u32) -> Option<&Instr> {
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
    fn walk(&mut self, start: u32, mut state: State) -> Result<(), ValidateError> {
        let mut index = start;
        loop {
            let error = |flow: &Self, kind| flow.layout.error(flow.module, index as usize, kind);
            if self.instr(index).is_none() {
                return Err(error(self, Kind::RunsOut));
            }
            if index != start
                && let Some(label) = self.label_at(index)
            {
                // Nothing but an exception leads into the handler of a `try`: the compiler lets what cannot
                // return stand before it, and the loader puts an instruction between that raises.
                if begins_try_handler(&self.module.code, index as usize) {
                    return Ok(());
                }
                let is_first = self.states.get(self.slot(label)).is_some_and(Option::is_none);
                if !self.learn(label, &state).map_err(|kind| error(self, kind))? {
                    return Ok(());
                }
                let slot = self.slot(label);
                self.is_news[slot] = false;
                if !is_first && let Some(joined) = self.state(label) {
                    state = joined.clone();
                }
            }
            let module = self.module;
            let instr = &module.code[index as usize];
            if !keeps_fresh(instr.op) {
                state.kinds.forget_fresh();
            }
            let is_proved = self.is_proved(index, &state.kinds);
            let takes_floats = self.takes_floats(instr, &state.kinds);
            self.facts[index as usize] =
                Some(Facts { frame: state.frame, live_x: live_x(instr, &state), is_proved, takes_floats });
            match self.step(index, instr, &mut state).map_err(|kind| error(self, kind))? {
                Next::Through => index += 1,
                Next::Skip(to) => index = to,
                Next::Stop => return Ok(()),
            }
        }
    }

    /// Joins a state into a label's; tells whether the label is to be walked from.
    fn learn(&mut self, label: u32, state: &State) -> Result<bool, Kind> {
        let slot = self.slot(label);
        let Some(known) = self.states.get_mut(slot) else { return Err(Kind::ForeignLabel(label)) };
        let Some(known) = known else {
            *known = Some(Box::new(state.clone()));
            return Ok(true);
        };
        if known.has_frame_of(state) {
            return Ok(known.join(state, &self.handlers));
        }
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
    fn arrive(&mut self, place: u32, label: u32, state: &State, is_backward: bool) -> Result<(), Kind> {
        let is_news = if is_backward && state.heap != Reserved::default() {
            self.learn(label, &State { heap: Reserved::default(), ..state.clone() })?
        } else {
            self.learn(label, state)?
        };
        if is_news {
            let slot = self.slot(label);
            self.is_news[slot] = true;
            self.pending.push(Reverse((place, label)));
        }
        Ok(())
    }

    /// Control may go from the instruction at `from` to the label.
    pub(super) fn branch(&mut self, from: u32, target: &Operand, state: &State) -> Result<(), Kind> {
        let Operand::Label(label) = *target else { return Ok(()) };
        let place = self.layout.position(label).ok_or(Kind::ForeignLabel(label))?;
        self.arrive(place, label, state, place <= from)
    }

    /// Control may go to the innermost handler, if one is open in this frame.
    pub(super) fn raise(&mut self, state: &State) -> Result<(), Kind> {
        if state.need_whole_frame().is_err() {
            self.needs_zeroed_frames = true;
        }
        let Some((handler, _)) = self.handlers.pop(state.handlers) else { return Ok(()) };
        let place = self.handler_place(handler)?;
        // A handler closes its tag, for which paths must agree on the frame; said here, so that joining ends.
        let known = self.state(handler.label);
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
        self.arrive(place, handler.label, &caught, false)
    }

    /// Where a handler begins, if it begins with the instruction that closes it.
    fn handler_place(&self, handler: Handler) -> Result<u32, Kind> {
        let place = self.layout.position(handler.label).ok_or(Kind::ForeignLabel(handler.label))?;
        let closes = if handler.is_catch { Genop::CatchEnd } else { Genop::TryCase };
        let mut index = place;
        while let Some(instr) = self.instr(index) {
            match instr.op {
                Genop::Label | Genop::Line => index += 1,
                op if op == closes && instr.args == [Operand::Y(handler.slot)] => return Ok(place),
                _ => break,
            }
        }
        Err(Kind::BadHandler(handler.label))
    }

    pub(super) fn read(&self, arg: &Operand, state: &State) -> Result<(), Kind> {
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

    pub(super) fn read_all(&self, args: &[Operand], state: &State) -> Result<(), Kind> {
        args.iter().try_for_each(|arg| self.read(arg, state))
    }

    pub(super) fn write(&self, arg: &Operand, state: &mut State) -> Result<(), Kind> {
        self.write_kind(arg, TermKind::Any, state)
    }

    pub(super) fn write_kind(&self, arg: &Operand, kind: TermKind, state: &mut State) -> Result<(), Kind> {
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
    pub(super) fn check_slot(&self, slot: u16, state: &State) -> Result<(), Kind> {
        if slot >= state.slots()? {
            return Err(Kind::NotInFrame(slot));
        }
        if self.handlers.holds_tag(state.handlers, slot) { Err(Kind::Tag(slot)) } else { Ok(()) }
    }
}

/// Is the label at this instruction the handler of a `try`?
pub(in crate::code) fn begins_try_handler(code: &[Instr], label: usize) -> bool {
    code[label..]
        .iter()
        .find(|instr| !matches!(instr.op, Genop::Label | Genop::Line))
        .is_some_and(|instr| instr.op == Genop::TryCase)
}
