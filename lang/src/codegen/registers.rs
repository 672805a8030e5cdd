//! What every register holds at one point of a function, and where the next value goes.
//!
//! Code is emitted in one walk; this is the walk's knowledge. It is exact: a register below a live count is
//! known to be initialised, a slot of the frame is known to be initialised or not.

use super::limits::{NO_REGISTER, X_REGISTERS, Y_REGISTERS};
use super::moves::Place;
use crate::core::Var;

/// What is known of one register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Never written on some way here.
    Uninitialised,
    /// A term that nobody needs.
    Junk,
    /// A constant of the machine: unlike [`Slot::Junk`], it keeps nothing alive.
    Cleared,
    /// A variable.
    Holds(Var),
}

/// Number of a piece of code with one frame; see [`super::function`].
pub(super) type Region = u32;

/// What is known of all registers.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// X registers; those above are uninitialised.
    pub(super) x: Vec<Slot>,
    /// Slots of the frame; those above are cleared if `is_frame_initialised`, else uninitialised.
    pub(super) y: Vec<Slot>,
    /// Whether every slot of the frame is initialised.
    pub(super) is_frame_initialised: bool,
    /// The frame that is open.
    pub(super) region: Option<Region>,
}

impl State {
    /// What is known of the slots above those listed.
    #[must_use]
    pub(super) fn unused_slot(&self) -> Slot {
        if self.is_frame_initialised { Slot::Cleared } else { Slot::Uninitialised }
    }
}

/// The current [`State`], with the way back from variables to registers.
#[derive(Debug)]
pub(super) struct Registers {
    state: State,
    x_of: Vec<u16>,
    y_of: Vec<u16>,
    /// The slots below are for the tags of `try` and `catch` alone.
    first_slot: u16,
    has_overflowed: bool,
}

impl Registers {
    /// For a function with so many variables, and `try` nested so deep; all uninitialised.
    #[must_use]
    pub(super) fn new(var_count: u32, tag_slots: u16) -> Self {
        let none = vec![NO_REGISTER; var_count as usize];
        Self {
            state: State::default(),
            x_of: none.clone(),
            y_of: none,
            first_slot: tag_slots,
            has_overflowed: false,
        }
    }

    /// Whether there ever were more values than registers.
    #[must_use]
    pub(super) fn has_overflowed(&self) -> bool {
        self.has_overflowed
    }

    /// What is known now.
    #[must_use]
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Forgets what was known, for another point.
    pub(super) fn load(&mut self, state: State) {
        for slot in &self.state.x {
            if let Slot::Holds(var) = slot {
                self.x_of[var.index()] = NO_REGISTER;
            }
        }
        for slot in &self.state.y {
            if let Slot::Holds(var) = slot {
                self.y_of[var.index()] = NO_REGISTER;
            }
        }
        for (register, slot) in (0..).zip(&state.x) {
            if let Slot::Holds(var) = slot {
                self.x_of[var.index()] = register;
            }
        }
        for (register, slot) in (0..).zip(&state.y) {
            if let Slot::Holds(var) = slot {
                self.y_of[var.index()] = register;
            }
        }
        self.state = state;
    }

    /// Where a variable is; an X register rather than the frame.
    #[must_use]
    pub(super) fn place(&self, var: Var) -> Option<Place> {
        self.x(var).map(Place::X).or_else(|| self.y(var).map(Place::Y))
    }

    /// The X register of a variable.
    #[must_use]
    pub(super) fn x(&self, var: Var) -> Option<u16> {
        Some(self.x_of[var.index()]).filter(|&register| register != NO_REGISTER)
    }

    /// The slot of a variable.
    #[must_use]
    pub(super) fn y(&self, var: Var) -> Option<u16> {
        Some(self.y_of[var.index()]).filter(|&register| register != NO_REGISTER)
    }

    /// Puts a variable into an X register that holds none.
    pub(super) fn set_x(&mut self, register: u16, var: Var) {
        let at = usize::from(register);
        if self.state.x.len() <= at {
            self.state.x.resize(at + 1, Slot::Uninitialised);
        }
        debug_assert!(!matches!(self.state.x[at], Slot::Holds(_)), "the register is taken");
        self.state.x[at] = Slot::Holds(var);
        self.x_of[var.index()] = register;
    }

    /// Puts a variable into a slot that holds none.
    pub(super) fn set_y(&mut self, register: u16, var: Var) {
        let at = usize::from(register);
        if self.state.y.len() <= at {
            let fill = self.state.unused_slot();
            self.state.y.resize(at + 1, fill);
        }
        debug_assert!(!matches!(self.state.y[at], Slot::Holds(_)), "the slot is taken");
        self.state.y[at] = Slot::Holds(var);
        self.y_of[var.index()] = register;
    }

    /// Marks an X register that holds no variable as written.
    pub(super) fn set_x_junk(&mut self, register: u16) {
        let at = usize::from(register);
        if self.state.x.len() <= at {
            self.state.x.resize(at + 1, Slot::Uninitialised);
        }
        self.state.x[at] = Slot::Junk;
    }

    /// A variable is no longer needed.
    pub(super) fn release(&mut self, var: Var) {
        self.release_x(var);
        if let Some(register) = self.y(var) {
            self.state.y[usize::from(register)] = Slot::Junk;
            self.y_of[var.index()] = NO_REGISTER;
        }
    }

    /// A slot has been given a constant of the machine.
    pub(super) fn clear_y(&mut self, register: u16) {
        self.state.y[usize::from(register)] = Slot::Cleared;
    }

    /// A variable is no longer needed in an X register.
    pub(super) fn release_x(&mut self, var: Var) {
        if let Some(register) = self.x(var) {
            self.state.x[usize::from(register)] = Slot::Junk;
            self.x_of[var.index()] = NO_REGISTER;
        }
    }

    /// The X registers lose their contents, from `from` on.
    pub(super) fn clear_x(&mut self, from: u16) {
        while self.state.x.len() > usize::from(from) {
            if let Some(Slot::Holds(var)) = self.state.x.pop() {
                self.x_of[var.index()] = NO_REGISTER;
            }
        }
    }

    /// The X register for a new value: `wanted` if that leaves no gap, else the lowest free one.
    pub(super) fn free_x(&mut self, wanted: u16) -> u16 {
        let is_free = |slot: &Slot| !matches!(slot, Slot::Holds(_));
        if wanted != NO_REGISTER {
            let at = usize::from(wanted);
            let below = &self.state.x[..at.min(self.state.x.len())];
            if below.len() == at
                && self.state.x.get(at).is_none_or(is_free)
                && !below.contains(&Slot::Uninitialised)
            {
                return wanted;
            }
        }
        let at = self.state.x.iter().position(is_free).unwrap_or(self.state.x.len());
        self.checked(at, X_REGISTERS)
    }

    /// The slot for a new value.
    pub(super) fn free_y(&mut self) -> u16 {
        let first = usize::from(self.first_slot);
        let slots = || self.state.y.iter().enumerate().skip(first);
        // What is overwritten need not be cleared.
        let free = slots()
            .find(|(_, slot)| **slot == Slot::Junk)
            .or_else(|| slots().find(|(_, slot)| !matches!(slot, Slot::Holds(_))));
        self.checked(free.map_or(self.state.y.len().max(first), |(at, _)| at), Y_REGISTERS)
    }

    fn checked(&mut self, at: usize, limit: u16) -> u16 {
        match u16::try_from(at) {
            Ok(register) if register < limit => register,
            _ => {
                self.has_overflowed = true;
                // The function is given up in the end; any register that exists in the tables will do.
                u16::try_from(at).unwrap_or(NO_REGISTER - 1)
            }
        }
    }

    /// How many X registers must be preserved: up to the highest that holds a variable.
    #[must_use]
    pub(super) fn live(&self) -> u16 {
        let highest = self.state.x.iter().rposition(|slot| matches!(slot, Slot::Holds(_)));
        highest.map_or(0, |at| u16::try_from(at + 1).expect("register numbers are below 2^16"))
    }

    /// The lowest uninitialised X register below the live count.
    #[must_use]
    pub(super) fn gap(&self) -> Option<u16> {
        let below = &self.state.x[..usize::from(self.live())];
        let at = below.iter().position(|slot| *slot == Slot::Uninitialised)?;
        Some(u16::try_from(at).expect("register numbers are below 2^16"))
    }

    /// The variables in X registers, with these.
    pub(super) fn in_x(&self) -> impl Iterator<Item = (u16, Var)> {
        (0..).zip(&self.state.x).filter_map(|(register, slot)| match slot {
            Slot::Holds(var) => Some((register, *var)),
            Slot::Uninitialised | Slot::Junk | Slot::Cleared => None,
        })
    }

    /// The slots that hold something needed, or nothing: all others are to be cleared before garbage is collected
    /// in a call. None if there is nothing to clear.
    #[must_use]
    pub(super) fn settled_slots(&self) -> Option<Vec<u16>> {
        let is_settled = |slot: &Slot| matches!(slot, Slot::Holds(_) | Slot::Cleared);
        if self.state.is_frame_initialised && self.state.y.iter().all(is_settled) {
            return None;
        }
        let slots = (0..).zip(&self.state.y);
        Some(slots.filter(|(_, slot)| is_settled(slot)).map(|(register, _)| register).collect())
    }

    /// The slots that may be read, in order; none if all may be.
    #[must_use]
    pub(super) fn initialised_slots(&self) -> Option<Vec<u16>> {
        if self.state.is_frame_initialised {
            return None;
        }
        let slots = (0..).zip(&self.state.y);
        Some(slots.filter(|(_, slot)| **slot != Slot::Uninitialised).map(|(register, _)| register).collect())
    }

    /// A frame was opened.
    pub(super) fn open_frame(&mut self, region: Region) {
        self.state.region = Some(region);
        self.state.is_frame_initialised = false;
        self.state.y.clear();
    }

    /// All slots but these were cleared.
    pub(super) fn others_are_cleared(&mut self, kept: &[u16]) {
        self.state.is_frame_initialised = true;
        for (register, slot) in (0..).zip(&mut self.state.y) {
            if kept.binary_search(&register).is_err() {
                *slot = Slot::Cleared;
            }
        }
    }
}
