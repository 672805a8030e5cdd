//! What is known at a point of the code: registers, frame, reserved heap, open handlers; and how the knowledge of
//! two paths is joined. Joining only ever loses knowledge, so that going round a loop comes to an end.

use super::error::{Register, ValidateErrorKind};
use super::kinds::{Kind, Kinds};
use super::{Frame, Handler, MAX_X};
use hashbrown::HashMap;
use swerl_beam::Operand;

const SET_WORDS: usize = MAX_X as usize / 64;

/// A set of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Registers([u64; SET_WORDS]);

impl Registers {
    pub(super) const NONE: Self = Self([0; SET_WORDS]);

    /// The first `count` registers.
    pub(super) fn first(count: u16) -> Self {
        let mut set = Self::NONE;
        let mut left = usize::from(count);
        for word in &mut set.0 {
            *word = match left {
                0 => break,
                1..64 => (1 << left) - 1,
                _ => u64::MAX,
            };
            left = left.saturating_sub(64);
        }
        set
    }

    pub(super) fn contains(&self, register: u16) -> bool {
        self.0.get(usize::from(register / 64)).is_some_and(|word| word >> (register % 64) & 1 == 1)
    }

    pub(super) fn insert(&mut self, register: u16) {
        if let Some(word) = self.0.get_mut(usize::from(register / 64)) {
            *word |= 1 << (register % 64);
        }
    }

    pub(super) fn remove(&mut self, register: u16) {
        if let Some(word) = self.0.get_mut(usize::from(register / 64)) {
            *word &= !(1 << (register % 64));
        }
    }

    /// Tells whether any register fell out.
    pub(super) fn intersect(&mut self, other: &Self) -> bool {
        let mut lost = 0;
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            lost |= *word & !other;
            *word &= other;
        }
        lost != 0
    }

    /// The lowest register that is not in the set.
    pub(super) fn first_missing(&self) -> u16 {
        let mut count = 0;
        for word in self.0 {
            let ones = word.trailing_ones();
            count += ones;
            if ones < 64 {
                break;
            }
        }
        u16::try_from(count).expect("at most as many as there are registers")
    }

    /// Each register becomes the one `distance` below; the lowest ones fall out.
    pub(super) fn shift_down(&self, distance: u16) -> Self {
        let (words, bits) = (usize::from(distance / 64), u32::from(distance % 64));
        let word = |index: usize| self.0.get(index).copied().unwrap_or(0);
        let mut shifted = Self::NONE;
        for (index, target) in shifted.0.iter_mut().enumerate() {
            *target = word(index + words) >> bits;
            if bits > 0 {
                *target |= word(index + words + 1) << (64 - bits);
            }
        }
        shifted
    }
}

/// Chains of open handlers, each chain stored once: equal chains have equal numbers. 0 is the empty chain.
#[derive(Clone, Debug, Default)]
pub(super) struct Handlers {
    list: Vec<(Handler, u32)>,
    index: HashMap<(Handler, u32), u32>,
}

impl Handlers {
    pub(super) const NONE: u32 = 0;

    /// The chain with one more handler inside.
    pub(super) fn push(&mut self, handler: Handler, outer: u32) -> u32 {
        *self.index.entry((handler, outer)).or_insert_with(|| {
            self.list.push((handler, outer));
            u32::try_from(self.list.len()).expect("fewer than instructions")
        })
    }

    /// The innermost handler, and the rest of the chain.
    pub(super) fn pop(&self, chain: u32) -> Option<(Handler, u32)> {
        self.list.get((chain as usize).checked_sub(1)?).copied()
    }

    /// The handlers of a chain, innermost first.
    pub(super) fn chain(&self, chain: u32) -> impl Iterator<Item = Handler> + '_ {
        let mut rest = chain;
        std::iter::from_fn(move || {
            let (handler, outer) = self.pop(rest)?;
            rest = outer;
            Some(handler)
        })
    }

    /// Whether the slot holds the tag of one of the chain's handlers.
    pub(super) fn holds_tag(&self, chain: u32, slot: u16) -> bool {
        self.chain(chain).any(|handler| handler.slot == slot)
    }
}

/// What is known at a point of the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) x: Registers,
    pub(super) y: Registers,
    pub(super) kinds: Kinds,
    pub(super) frame: Frame,
    /// Initialised floating-point registers.
    pub(super) fr: u64,
    pub(super) heap: Reserved,
    /// Open handlers of the frame.
    pub(super) handlers: u32,
}

/// Heap that is reserved and not used yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reserved {
    pub(super) words: u32,
    pub(super) floats: u32,
    pub(super) funs: u32,
}

impl Reserved {
    pub(super) fn use_up(&mut self, words: u32, floats: u32, funs: u32) -> Result<(), ValidateErrorKind> {
        let left = |reserved: u32, used: u32| reserved.checked_sub(used).ok_or(ValidateErrorKind::Heap);
        *self = Self {
            words: left(self.words, words)?,
            floats: left(self.floats, floats)?,
            funs: left(self.funs, funs)?,
        };
        Ok(())
    }

    fn join(&mut self, other: Self) -> bool {
        let before = *self;
        self.words = self.words.min(other.words);
        self.floats = self.floats.min(other.floats);
        self.funs = self.funs.min(other.funs);
        *self != before
    }
}

impl State {
    /// At the entry of a function.
    pub(super) fn entry(arity: u32) -> Self {
        let arity = u16::try_from(arity).unwrap_or(MAX_X);
        Self {
            x: Registers::first(arity),
            y: Registers::NONE,
            kinds: Kinds::NONE,
            frame: Frame::None,
            fr: 0,
            heap: Reserved::default(),
            handlers: Handlers::NONE,
        }
    }

    /// Takes in what is known on another path to the same point; tells whether knowledge was lost.
    pub(super) fn join(&mut self, other: &Self, handlers: &Handlers) -> bool {
        let mut is_changed = self.x.intersect(&other.x);
        is_changed |= self.y.intersect(&other.y);
        is_changed |= self.kinds.join(&other.kinds);
        is_changed |= self.fr & !other.fr != 0;
        self.fr &= other.fr;
        is_changed |= self.heap.join(other.heap);
        if self.frame != other.frame || self.handlers != other.handlers {
            let before = (self.y, self.frame, self.handlers);
            // Slots that hold a term on both paths can still be read.
            for handler in handlers.chain(self.handlers).chain(handlers.chain(other.handlers)) {
                self.y.remove(handler.slot);
            }
            self.frame = Frame::Mixed;
            self.handlers = Handlers::NONE;
            is_changed |= before != (self.y, self.frame, self.handlers);
        }
        is_changed
    }

    /// Do the two agree on the frame, so that joining them leaves it known?
    pub(super) fn has_frame_of(&self, other: &Self) -> bool {
        self.frame != Frame::Mixed && self.frame == other.frame && self.handlers == other.handlers
    }

    /// X0 holds some term from here on.
    pub(super) fn define_x0(&mut self) {
        self.x.insert(0);
        self.kinds.set(&Operand::X(0), Kind::Any);
    }

    /// Only the first X registers stay.
    pub(super) fn keep_x(&mut self, live: u16) {
        self.x.intersect(&Registers::first(live));
    }

    /// Checks that X0 up to `count` are initialised.
    pub(super) fn need_x(&self, count: u16) -> Result<(), ValidateErrorKind> {
        let missing = self.x.first_missing();
        if missing < count { Err(ValidateErrorKind::Uninitialised(Register::X(missing))) } else { Ok(()) }
    }

    /// Checks that every slot of the frame is initialised.
    pub(super) fn need_whole_frame(&self) -> Result<(), ValidateErrorKind> {
        match self.frame {
            Frame::None => Ok(()),
            Frame::Slots(slots) => {
                let missing = self.y.first_missing();
                if missing < slots {
                    Err(ValidateErrorKind::Uninitialised(Register::Y(missing)))
                } else {
                    Ok(())
                }
            }
            Frame::Mixed => Err(ValidateErrorKind::MixedFrames),
        }
    }

    /// The slots of the frame.
    pub(super) fn slots(&self) -> Result<u16, ValidateErrorKind> {
        match self.frame {
            Frame::Slots(slots) => Ok(slots),
            Frame::None => Err(ValidateErrorKind::Frame(Frame::None)),
            Frame::Mixed => Err(ValidateErrorKind::MixedFrames),
        }
    }
}
