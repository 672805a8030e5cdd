//! The ways between blocks: where variables are when a block is reached, and the moves that bring them there.

use super::function::{EntryPoint, FunctionCode, Stub};
use super::moves::{Place, Source, Step, sequence};
use super::registers::{Slot, State};
use crate::core::{Value, Var};
use crate::ssa::{BlockId, Entry, ErrorKind, Term};
use swerl_beam::{Genop, Operand};

impl FunctionCode<'_, '_> {
    /// Prepares a block for being reached from here, and tells which moves the way there takes.
    fn way_to(&mut self, target: BlockId, args: &[Value]) -> (usize, Vec<Step>) {
        let variant =
            usize::from(self.ends_at_once[target.index()] && self.registers.state().region.is_some());
        if self.entries[target.index()][variant].is_none() {
            let state = self.state_for(target, args);
            let label = self.out.new_label();
            self.entries[target.index()][variant] = Some(EntryPoint { state, label, is_referenced: false });
            if self.ends_at_once[target.index()] {
                self.late.push((target, variant));
            }
        } else {
            self.weaken(target, variant);
        }
        let params = &self.function.block(target).params;
        let entry = self.entries[target.index()][variant].as_ref().expect("it was just made");
        let mut moves = Vec::new();
        let mut want = |place: Place, slot: &Slot| {
            let Slot::Holds(var) = slot else { return };
            let source = match params.iter().position(|param| param == var) {
                Some(at) => self.source(args[at]),
                None => match place {
                    Place::X(register) if self.registers.x(*var) == Some(register) => return,
                    Place::Y(register) if self.registers.y(*var) == Some(register) => return,
                    Place::X(_) | Place::Y(_) => self.source(Value::Var(*var)),
                },
            };
            moves.push((source, place));
        };
        (0..).zip(&entry.state.x).for_each(|(register, slot)| want(Place::X(register), slot));
        (0..).zip(&entry.state.y).for_each(|(register, slot)| want(Place::Y(register), slot));
        (variant, sequence(moves))
    }

    /// The registers at the beginning of a block that is reached for the first time.
    fn state_for(&mut self, target: BlockId, args: &[Value]) -> State {
        let block = self.function.block(target);
        let here = self.registers.state().clone();
        let live = &self.facts.live_in[target.index()];
        for slot in here.x.iter().chain(&here.y) {
            if let Slot::Holds(var) = slot
                && live.binary_search(var).is_err()
            {
                self.registers.release(*var);
            }
        }
        if !block.params.is_empty() {
            // Where ways meet, one place is enough.
            for &var in live {
                if self.registers.y(var).is_some() {
                    self.registers.release_x(var);
                }
            }
        }
        for (&param, &arg) in block.params.iter().zip(args) {
            self.place_param(target, param, arg, &here);
        }
        let state = self.registers.state().clone();
        self.registers.load(here);
        state
    }

    fn place_param(&mut self, target: BlockId, param: Var, arg: Value, here: &State) {
        let is_free =
            |slots: &[Slot], register: u16| !matches!(slots.get(usize::from(register)), Some(Slot::Holds(_)));
        let holder = |slots: &[Slot], var: Var| {
            let at = slots.iter().position(|slot| *slot == Slot::Holds(var))?;
            u16::try_from(at).ok()
        };
        let is_saved = self.facts.crosses_call[param.index()]
            && self.registers.state().region.is_some()
            && !self.function.block(target).is_peeking;
        let arg = arg.as_var();
        if is_saved {
            match arg.and_then(|var| holder(&here.y, var)) {
                Some(register) if is_free(&self.registers.state().y, register) => {
                    self.registers.set_y(register, param);
                }
                _ => {
                    self.assign_y(param);
                }
            }
            return;
        }
        match arg.and_then(|var| holder(&here.x, var)) {
            Some(register) if is_free(&self.registers.state().x, register) => {
                self.registers.set_x(register, param);
            }
            _ => {
                let register = self.registers.free_x(self.facts.wanted_in[param.index()]);
                self.registers.set_x(register, param);
            }
        }
    }

    /// A block is reached by one more way: only what holds on all of them is known there.
    fn weaken(&mut self, target: BlockId, variant: usize) {
        let here = self.registers.state();
        let entry = self.entries[target.index()][variant].as_mut().expect("the block was reached before");
        let state = &mut entry.state;
        for (at, slot) in state.x.iter_mut().enumerate() {
            let is_written = here.x.get(at).is_some_and(|slot| *slot != Slot::Uninitialised);
            if !matches!(slot, Slot::Holds(_)) && !is_written {
                *slot = Slot::Uninitialised;
            }
        }
        if state.y.len() < here.y.len() {
            let fill = state.unused_slot();
            state.y.resize(here.y.len(), fill);
        }
        let unused = here.unused_slot();
        for (at, slot) in state.y.iter_mut().enumerate() {
            *slot = match (*slot, *here.y.get(at).unwrap_or(&unused)) {
                (Slot::Holds(var), _) => Slot::Holds(var),
                (Slot::Uninitialised, _) | (_, Slot::Uninitialised) => Slot::Uninitialised,
                (Slot::Cleared, Slot::Cleared) => Slot::Cleared,
                (Slot::Junk | Slot::Cleared, _) => Slot::Junk,
            };
        }
        state.is_frame_initialised &= here.is_frame_initialised;
        if let (Some(a), Some(b)) = (state.region, here.region) {
            self.join_regions(a, b);
        }
    }

    /// The label for a branch to a block without parameters.
    pub(super) fn branch_label(&mut self, target: BlockId) -> Operand {
        if self.is_function_clause(target) {
            return Operand::Label(self.out.entry(self.id) - 1);
        }
        let (variant, steps) = self.way_to(target, &[]);
        let entry = self.entries[target.index()][variant].as_mut().expect("the way was prepared");
        entry.is_referenced = true;
        let target = entry.label;
        if steps.is_empty() {
            return Operand::Label(target);
        }
        let label = self.out.new_label();
        self.stubs.push(Stub { label, steps, target });
        Operand::Label(label)
    }

    /// Whether a block raises `function_clause`, and all arguments are in place for it.
    fn is_function_clause(&self, target: BlockId) -> bool {
        let Term::Error { kind: ErrorKind::FunctionClause, args, .. } = &self.function.block(target).term
        else {
            return false;
        };
        self.ends_at_once[target.index()]
            && self.registers.state().region.is_none()
            && (0..).zip(args).all(|(register, &arg)| self.source(arg) == Source::Place(Place::X(register)))
    }

    /// Goes to a block, as the last thing the current one does.
    pub(super) fn go(&mut self, target: BlockId, args: &[Value]) {
        if let Term::Return(value) = self.function.block(target).term
            && self.is_short_return(target)
        {
            self.leave(value);
            return;
        }
        let (variant, steps) = self.way_to(target, args);
        steps.into_iter().for_each(|step| self.step(step));
        if self.is_next(target) && variant == 0 {
            return;
        }
        let entry = self.entries[target.index()][variant].as_mut().expect("the way was prepared");
        entry.is_referenced = true;
        let label = entry.label;
        self.out.push(Genop::Jump, vec![Operand::Label(label)]);
    }

    /// Whether a block only returns something that is at hand, and was or will be emitted elsewhere: it is no longer
    /// than a jump to it.
    fn is_short_return(&self, target: BlockId) -> bool {
        let block = self.function.block(target);
        !self.is_next(target)
            && block.insts.is_empty()
            && block.params.is_empty()
            && block.entry == Entry::Plain
    }

    /// Says where the handler of a `try` or `catch` finds its parameters.
    pub(super) fn prepare_handler(&mut self, handler: BlockId) -> Operand {
        let here = self.registers.state().clone();
        let block = self.function.block(handler);
        self.registers.clear_x(0);
        for slot in &here.y {
            if let Slot::Holds(var) = slot
                && self.facts.live_in[handler.index()].binary_search(var).is_err()
            {
                self.registers.release(*var);
            }
        }
        for (register, &param) in (0..).zip(&block.params) {
            self.registers.set_x(register, param);
        }
        let state = self.registers.state().clone();
        self.registers.load(here);
        let label = self.out.new_label();
        self.entries[handler.index()][0] = Some(EntryPoint { state, label, is_referenced: true });
        Operand::Label(label)
    }
}
