//! From SSA to the code of one function, in a single walk over its blocks.
//!
//! Blocks are emitted in reverse postorder. Whichever way reaches a block first decides where its variables are;
//! the others move theirs there. Before a call, what is needed after it is saved in the frame; before anything
//! that may collect garbage, gaps below the live count are closed. The size of a frame is known only at the
//! end, so instructions that name it are completed then; frames that meet at some block are one [`Region`].

use super::assembler::{Assembler, Label};
use super::frames::{blocks_with_frame, ends_at_once, tag_depths};
use super::limits::NO_REGISTER;
use super::moves::{Place, Source, Step, sequence};
use super::registers::{Region, Registers, Slot, State};
use super::tidy::tidy;
use crate::core::{Value, Var};
use crate::ssa::liveness::{Liveness, VarSet};
use crate::ssa::types::notes::Notes;
use crate::ssa::{BlockId, Entry, Function, FunctionId};
use swerl_beam::{Genop, Operand};

/// A function that needs more registers than the machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("function too large: more than 1023 values are needed at once")]
pub struct TooManyRegisters;

/// Where a block's code begins.
#[derive(Debug)]
pub(super) struct EntryPoint {
    pub(super) state: State,
    pub(super) label: Label,
    pub(super) is_referenced: bool,
}

/// Moves on the way to a block, placed after the rest of the code.
#[derive(Debug)]
pub(super) struct Stub {
    pub(super) label: Label,
    pub(super) steps: Vec<Step>,
    pub(super) target: Label,
}

/// An operand that is the size of a frame.
#[derive(Debug)]
struct FrameUse {
    at: usize,
    operand: usize,
    region: Region,
}

/// An `init_yregs` whose list waits for the size of the frame.
#[derive(Debug)]
struct FrameInit {
    at: usize,
    region: Region,
    /// The slots that are not in the list; sorted.
    kept: Vec<u16>,
}

#[derive(Debug)]
struct RegionSize {
    joined_with: Region,
    slots: u16,
}

/// The walk's working state.
#[derive(Debug)]
pub(super) struct FunctionCode<'a, 'm> {
    pub(super) out: &'a mut Assembler<'m>,
    pub(super) function: &'a Function,
    pub(super) id: FunctionId,
    pub(super) facts: Liveness,
    notes: &'a Notes,
    pub(super) registers: Registers,
    /// The block that is being emitted.
    pub(super) current: BlockId,
    has_frame: Vec<bool>,
    tag_depths: Vec<u16>,
    /// The slots below are for tags.
    tag_slots: u16,
    pub(super) ends_at_once: Vec<bool>,
    /// By block: its entry without, and with a frame. Only blocks that end at once may have both.
    pub(super) entries: Vec<[Option<EntryPoint>; 2]>,
    pub(super) late: Vec<(BlockId, usize)>,
    pub(super) stubs: Vec<Stub>,
    frame_uses: Vec<FrameUse>,
    frame_inits: Vec<FrameInit>,
    regions: Vec<RegionSize>,
    /// The block that will be emitted next.
    next: Option<BlockId>,
}

/// Emits a function.
///
/// # Errors
/// When there are not enough registers.
pub(super) fn emit(
    out: &mut Assembler<'_>,
    id: FunctionId,
    function: &Function,
    notes: &Notes,
) -> Result<(), TooManyRegisters> {
    let facts = Liveness::of(function);
    let has_frame = blocks_with_frame(function, &facts.order);
    let tag_depths = tag_depths(function);
    let tag_slots = tag_depths.iter().copied().max().unwrap_or(0);
    let mut walk = FunctionCode {
        out,
        function,
        id,
        notes,
        registers: Registers::new(function.var_count, tag_slots),
        tag_depths,
        tag_slots,
        current: BlockId(0),
        has_frame,
        ends_at_once: function.blocks.iter().map(ends_at_once).collect(),
        entries: function.blocks.iter().map(|_| [None, None]).collect(),
        late: Vec::new(),
        stubs: Vec::new(),
        frame_uses: Vec::new(),
        frame_inits: Vec::new(),
        regions: Vec::new(),
        next: None,
        facts,
    };
    walk.run();
    if walk.registers.has_overflowed() { Err(TooManyRegisters) } else { Ok(()) }
}

impl FunctionCode<'_, '_> {
    fn run(&mut self) {
        let start = self.out.code.len();
        let function = self.function;
        let entry = self.out.entry(self.id);
        self.out.define(entry - 1);
        // Even where there is no place: without it, OTP's machine may take an error at the end of the function before
        // for one of this function.
        self.out.push(Genop::Line, vec![Operand::U(u64::from(function.line))]);
        let arity = u64::try_from(function.params.len()).expect("arities are small");
        let module = self.out.module;
        self.out.push(
            Genop::FuncInfo,
            vec![Operand::Atom(module), Operand::Atom(function.name), Operand::U(arity)],
        );
        let state = State {
            x: function.params.iter().map(|&param| Slot::Holds(param)).collect(),
            ..State::default()
        };
        self.entries[0][0] = Some(EntryPoint { state, label: entry, is_referenced: true });

        let order: Vec<BlockId> = self
            .facts
            .order
            .iter()
            .copied()
            .filter(|id| !self.ends_at_once[id.index()] || id.0 == 0)
            .collect();
        let mut live = VarSet::new(function.var_count);
        for (position, &block) in order.iter().enumerate() {
            self.next = order.get(position + 1).copied();
            // Short ends are written out where they are reached, so that nothing may lead here any more.
            if self.entries[block.index()][0].is_some() {
                self.block(block, 0, &mut live);
            }
        }
        self.next = None;
        while let Some((block, variant)) = self.late.pop() {
            self.block(block, variant, &mut live);
        }
        for stub in std::mem::take(&mut self.stubs) {
            self.out.define(stub.label);
            stub.steps.into_iter().for_each(|step| self.step(step));
            self.out.push(Genop::Jump, vec![Operand::Label(stub.target)]);
        }
        self.complete_frames(start);
        tidy(&mut self.out.code, start, entry);
    }

    fn block(&mut self, id: BlockId, variant: usize, live: &mut VarSet) {
        let entry = self.entries[id.index()][variant].as_ref().expect("some way leads to an emitted block");
        let (label, is_referenced, state) = (entry.label, entry.is_referenced, entry.state.clone());
        let block = self.function.block(id);
        self.current = id;
        let occupied = (0..).zip(&state.y).filter(|(_, slot)| matches!(slot, Slot::Holds(_) | Slot::Junk));
        let occupied: Vec<u16> = occupied.map(|(register, _)| register).collect();
        occupied.into_iter().for_each(|register| self.handler_finds_junk(register));
        self.registers.load(state);
        if is_referenced || block.entry == Entry::Loop {
            self.out.define(label);
        }
        match block.entry {
            Entry::Try(tag) => self.end_tag(Genop::TryCase, tag),
            Entry::Catch(tag) => self.end_tag(Genop::CatchEnd, tag),
            Entry::Plain | Entry::Loop => {}
        }
        let deaths = self.deaths(id, live);
        self.instructions(block, deaths);
    }

    /// Which variables are used for the last time by which instruction of a block: pairs with the instruction's
    /// position + 1, in descending order; 0 for those that are not used at all.
    fn deaths(&self, id: BlockId, live: &mut VarSet) -> Vec<(usize, Var)> {
        let block = self.function.block(id);
        self.facts.live_out(block, live);
        let mut deaths = Vec::new();
        let mut position = block.insts.len() + 1;
        let mut use_at = |position: usize, value: Value, live: &mut VarSet| {
            if let Value::Var(var) = value
                && live.insert(var)
            {
                deaths.push((position, var));
            }
        };
        block.term.for_each_dst(|dst| {
            live.remove(dst);
        });
        block.term.for_each_value(|value| use_at(position, value, live));
        for inst in block.insts.iter().rev() {
            position -= 1;
            if let Some(dst) = inst.dst {
                // One that is never used dies where it is born.
                use_at(position, Value::Var(dst), live);
                live.remove(dst);
            }
            for &arg in &inst.args {
                use_at(position, arg, live);
            }
        }
        for state in [&self.registers.state().x, &self.registers.state().y] {
            for slot in state {
                if let Slot::Holds(var) = slot {
                    use_at(0, Value::Var(*var), live);
                }
            }
        }
        deaths
    }

    /// Whether the block being emitted runs with a frame.
    pub(super) fn wants_frame(&self) -> bool {
        self.has_frame[self.current.index()]
    }

    /// Whether `target` is emitted right after the current block.
    pub(super) fn is_next(&self, target: BlockId) -> bool {
        self.next == Some(target)
    }

    // Frames.

    /// Opens the region of a new frame, whose size stands in operand 0 of the instruction at `at`.
    pub(super) fn open_frame(&mut self, at: usize) {
        let region = u32::try_from(self.regions.len()).expect("fewer than 2^32 frames");
        self.regions.push(RegionSize { joined_with: region, slots: 0 });
        self.registers.open_frame(region);
        self.frame_size_in(at, 0);
    }

    /// Notes that an operand is to be the size of the open frame.
    pub(super) fn frame_size_in(&mut self, at: usize, operand: usize) {
        let region = self.registers.state().region.expect("a frame is open");
        self.frame_uses.push(FrameUse { at, operand, region });
    }

    /// Sees to it that the whole frame is initialised: garbage may be collected next.
    pub(super) fn initialise_frame(&mut self) {
        if let Some(initialised) = self.registers.initialised_slots() {
            self.clear_slots_but(initialised);
        }
    }

    /// Sees to it that the frame is initialised and keeps nothing alive that nobody needs: a call comes next,
    /// which may take long.
    pub(super) fn tidy_frame(&mut self) {
        if let Some(settled) = self.registers.settled_slots() {
            self.clear_slots_but(settled);
        }
    }

    fn clear_slots_but(&mut self, kept: Vec<u16>) {
        let Some(region) = self.registers.state().region else { return };
        let at = self.out.push(Genop::InitYregs, vec![Operand::List(Vec::new())]);
        self.registers.others_are_cleared(&kept);
        self.frame_inits.push(FrameInit { at, region, kept });
    }

    fn root(&self, mut region: Region) -> Region {
        while self.regions[region as usize].joined_with != region {
            region = self.regions[region as usize].joined_with;
        }
        region
    }

    /// Two frames are one from some block on.
    pub(super) fn join_regions(&mut self, a: Region, b: Region) {
        let (a, b) = (self.root(a), self.root(b));
        let slots = self.regions[a as usize].slots.max(self.regions[b as usize].slots);
        self.regions[a as usize] = RegionSize { joined_with: a.min(b), slots };
        self.regions[b as usize] = RegionSize { joined_with: a.min(b), slots };
    }

    /// Puts a variable into a free slot of the frame.
    pub(super) fn assign_y(&mut self, var: Var) -> u16 {
        let register = self.registers.free_y();
        self.registers.set_y(register, var);
        self.count_slot(register);
        self.handler_finds_junk(register);
        register
    }

    /// An exception in the current block may leave something in a slot that its handler does not need.
    fn handler_finds_junk(&mut self, register: u16) {
        let Some(handler) = self.function.block(self.current).handler else { return };
        let Some(entry) = &mut self.entries[handler.index()][0] else { return };
        let at = usize::from(register);
        if entry.state.y.len() <= at {
            let fill = entry.state.unused_slot();
            entry.state.y.resize(at + 1, fill);
        }
        if entry.state.y[at] == Slot::Cleared {
            entry.state.y[at] = Slot::Junk;
        }
    }

    /// Puts the tag of a `try` in the current block into its slot.
    pub(super) fn assign_tag(&mut self, tag: Var) -> u16 {
        let register = self.tag_slots - 1 - self.tag_depths[self.current.index()];
        self.registers.set_y(register, tag);
        self.count_slot(register);
        register
    }

    fn count_slot(&mut self, register: u16) {
        let region = self.registers.state().region.expect("a frame is open");
        let root = self.root(region) as usize;
        self.regions[root].slots = self.regions[root].slots.max(register + 1);
    }

    fn complete_frames(&mut self, start: usize) {
        for frame_use in std::mem::take(&mut self.frame_uses) {
            let slots = self.regions[self.root(frame_use.region) as usize].slots;
            self.out.code[frame_use.at].args[frame_use.operand] = Operand::U(u64::from(slots));
        }
        let mut is_removed = false;
        for init in std::mem::take(&mut self.frame_inits) {
            let slots = self.regions[self.root(init.region) as usize].slots;
            let missing = (0..slots).filter(|slot| init.kept.binary_search(slot).is_err());
            let list: Vec<Operand> = missing.map(Operand::Y).collect();
            is_removed |= list.is_empty();
            self.out.code[init.at].args[0] = Operand::List(list);
        }
        if is_removed {
            let tail = self.out.code.split_off(start);
            self.out.code.extend(
                tail.into_iter().filter(|instr| {
                    instr.op != Genop::InitYregs || instr.args[0] != Operand::List(Vec::new())
                }),
            );
        }
    }

    /// Closes a `try` or `catch`.
    pub(super) fn end_tag(&mut self, op: Genop, tag: Var) {
        let slot = self.registers.y(tag).expect("a tag is in the frame");
        self.out.push(op, vec![Operand::Y(slot)]);
        self.registers.release(tag);
        self.registers.clear_y(slot);
    }

    // Operands and moves.

    /// Where a value is.
    pub(super) fn source(&self, value: Value) -> Source {
        match value {
            Value::Var(var) => {
                Source::Place(self.registers.place(var).expect("a used variable is somewhere"))
            }
            Value::Atom(_) | Value::Int(_) | Value::Nil | Value::Const(_) => Source::Constant(value),
        }
    }

    /// The operand of a value.
    pub(super) fn operand(&mut self, value: Value) -> Operand {
        match self.source(value) {
            Source::Place(place) => place.into(),
            Source::Constant(constant) => self.out.constant(constant),
        }
    }

    /// An operand of an instruction of the current block, with what is known of it.
    pub(super) fn noted(&mut self, operand: Operand, place: usize, number: usize) -> Operand {
        match (&operand, self.notes.get(&(self.current.0, place, number))) {
            (Operand::X(_) | Operand::Y(_), Some(&note)) => self.out.noted(operand, note),
            _ => operand,
        }
    }

    /// The operand of a value where only a register may stand.
    pub(super) fn register_operand(&mut self, value: Value) -> Operand {
        match self.source(value) {
            Source::Place(place) => place.into(),
            constant @ Source::Constant(_) => {
                let register = self.registers.free_x(NO_REGISTER);
                self.step(Step::Move(constant, Place::X(register)));
                self.registers.set_x_junk(register);
                Operand::X(register)
            }
        }
    }

    /// Emits a move or swap.
    pub(super) fn step(&mut self, step: Step) {
        let args = match step {
            Step::Move(Source::Place(from), to) => vec![from.into(), to.into()],
            Step::Move(Source::Constant(constant), to) => vec![self.out.constant(constant), to.into()],
            Step::Swap(a, b) => vec![a.into(), b.into()],
        };
        self.out.push(step.genop(), args);
    }

    /// Puts operands into X0 and up. What was there is lost; the registers are not updated.
    pub(super) fn place_arguments(&mut self, args: &[Value]) {
        let moves = (0..).zip(args).map(|(register, &arg)| (self.source(arg), Place::X(register))).collect();
        sequence(moves).into_iter().for_each(|step| self.step(step));
    }

    /// Saves in the frame what is still needed and only in an X register.
    pub(super) fn save_in_frame(&mut self, is_needed: impl FnMut(Var) -> bool) {
        for (from, to) in self.saves(is_needed) {
            self.step(Step::Move(from, to));
        }
    }

    /// The moves that save in the frame what is still needed and only in an X register; its slots are noted as if
    /// they were done.
    pub(super) fn saves(&mut self, mut is_needed: impl FnMut(Var) -> bool) -> Vec<(Source, Place)> {
        let unsaved: Vec<(u16, Var)> = self
            .registers
            .in_x()
            .filter(|&(_, var)| self.registers.y(var).is_none() && is_needed(var))
            .collect();
        let save = |(from, var)| (Source::Place(Place::X(from)), Place::Y(self.assign_y(var)));
        unsaved.into_iter().map(save).collect()
    }

    /// Prepares for a collection; tells the live count. X registers above it lose their contents.
    pub(super) fn collection_point(&mut self) -> Operand {
        self.initialise_frame();
        while let Some(gap) = self.registers.gap() {
            let from = self.registers.live() - 1;
            let Slot::Holds(var) = self.registers.state().x[usize::from(from)] else {
                unreachable!("the highest live register holds a variable")
            };
            self.step(Step::Move(Source::Place(Place::X(from)), Place::X(gap)));
            self.registers.release_x(var);
            self.registers.set_x(gap, var);
        }
        let live = self.registers.live();
        self.registers.clear_x(live);
        Operand::U(u64::from(live))
    }

    /// Whether a new variable goes to the frame where it is defined.
    pub(super) fn is_saved_at_once(&self, var: Var) -> bool {
        self.registers.state().region.is_some()
            && self.facts.crosses_call[var.index()]
            && !self.function.block(self.current).is_peeking
    }

    /// Gives a new variable a register.
    pub(super) fn define(&mut self, var: Var) -> Operand {
        if self.is_saved_at_once(var) {
            Operand::Y(self.assign_y(var))
        } else {
            let register = self.registers.free_x(self.facts.wanted_in[var.index()]);
            self.registers.set_x(register, var);
            Operand::X(register)
        }
    }
}
