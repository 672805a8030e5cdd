//! Writing internal instructions: words, labels to be filled in, call-site records, places.

use super::instance::Place;
use crate::interp::Handler;
use crate::interp::operand::Packed;
use crate::term::Term;
use swerl_beam::Genop;

/// Kind of an operand: decides which instance of a handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    X,
    Y,
    K,
    /// An X register whose value is in the accumulator.
    A,
}

/// An operand, resolved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    /// Register or slot.
    pub(crate) index: u16,
    /// The constant.
    pub(crate) term: Term,
}

impl Value {
    /// X0.
    pub(crate) const FIRST: Self = Self { kind: Kind::X, index: 0, term: Term::NIL };

    /// A constant.
    pub(crate) fn constant(term: Term) -> Self {
        Self { kind: Kind::K, index: 0, term }
    }

    /// Are both the same register or slot?
    pub(crate) fn is_same_register(self, other: Self) -> bool {
        self.kind != Kind::K && (self.kind, self.index) == (other.kind, other.index)
    }

    /// The operand in one word of its own.
    pub(crate) fn packed(self) -> u64 {
        match self.kind {
            Kind::X | Kind::A => Packed::x(self.index as usize).0,
            Kind::Y => Packed::y(self.index as usize).0,
            Kind::K => self.term.word(),
        }
    }
}

/// The code of one function being written.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    /// The number of the first word written here.
    base: u32,
    words: Vec<u64>,
    /// Word of each label; `u32::MAX` until it is defined.
    labels: Vec<u32>,
    /// Words that hold the address of a label, counted from the first written here.
    fixups: Vec<(u32, u32)>,
    pub(crate) places: Vec<Place>,
    /// What the instructions to come say of the frame that is open: one more than its slots, 0 where that is unknown.
    frame: u8,
    /// The X register whose value the instruction before leaves in the accumulator.
    accumulator: Option<u16>,
}

/// Where the frame stands in an instruction's second word.
const FRAME_SHIFT: u32 = 8;

/// The slots of the frame that is open at an instruction, if its second word tells.
pub(crate) fn open_frame(word: u64) -> Option<usize> {
    (((word >> FRAME_SHIFT) & 0xff) as usize).checked_sub(1)
}

impl Emitter {
    /// For code that goes on behind `base` words, where these labels are defined.
    pub(crate) fn behind(base: u32, labels: Vec<u32>) -> Self {
        Self { base, labels, ..Self::default() }
    }

    /// The word that comes next.
    pub(crate) fn here(&self) -> u32 {
        self.base + self.words.len() as u32
    }

    /// Defines a label here.
    pub(crate) fn define(&mut self, label: u32) {
        let here = self.here();
        if let Some(slot) = self.labels.get_mut(label as usize) {
            *slot = here;
        }
        self.accumulator = None;
    }

    /// The instruction just written leaves the value of this register in the accumulator.
    pub(crate) fn holds(&mut self, value: Value) {
        self.accumulator = matches!(value.kind, Kind::X | Kind::A).then_some(value.index);
    }

    /// As [`Self::holds`] of `value`, if it was not overwritten by `other`, the target written after it.
    pub(crate) fn holds_unless(&mut self, value: Value, other: Value) {
        if !value.is_same_register(other) {
            self.holds(value);
        }
    }

    /// A source for the instruction to be written next, which can read the accumulator.
    pub(crate) fn held(&self, value: Value) -> Value {
        match value.kind {
            Kind::X if self.accumulator == Some(value.index) => Value { kind: Kind::A, ..value },
            _ => value,
        }
    }

    /// Where a label is.
    pub(crate) fn label(&self, label: u32) -> Option<u32> {
        self.labels.get(label as usize).copied().filter(|&word| word != u32::MAX)
    }

    /// From here on so many slots are open; `None` where that is unknown.
    pub(crate) fn frame(&mut self, slots: Option<u16>) {
        self.frame = slots.and_then(|slots| u8::try_from(slots + 1).ok()).unwrap_or(0);
    }

    /// An instruction's second word, without fields.
    pub(crate) fn plain(&self, op: Genop) -> u64 {
        u64::from(op as u8) | (u64::from(self.frame) << FRAME_SHIFT)
    }

    /// Begins an instruction.
    pub(crate) fn op(&mut self, op: Genop, handler: Handler, fields: [u16; 3]) {
        self.accumulator = None;
        self.words.push(handler as usize as u64);
        let word = self.plain(op)
            | (u64::from(fields[0]) << 16)
            | (u64::from(fields[1]) << 32)
            | (u64::from(fields[2]) << 48);
        self.words.push(word);
    }

    /// A further word.
    pub(crate) fn word(&mut self, word: u64) {
        self.words.push(word);
    }

    /// The constant of an operand, if it is one.
    pub(crate) fn constant(&mut self, value: Value) {
        if value.kind == Kind::K {
            self.words.push(value.term.word());
        }
    }

    /// The operand in a word of its own.
    pub(crate) fn packed(&mut self, value: Value) {
        self.words.push(value.packed());
    }

    /// The address of a label, filled in at the end; null for label 0.
    pub(crate) fn target(&mut self, label: u32) {
        if label != 0 {
            self.fixups.push((self.words.len() as u32, label));
        }
        self.words.push(0);
    }

    /// The call-site record: what a walk over the stack needs. Behind it the called function returns, with its value
    /// in X0 and in the accumulator.
    pub(crate) fn record(&mut self, frame: u16) {
        self.words.push(u64::from(frame));
        self.accumulator = Some(0);
    }

    /// Are all labels defined that were named?
    pub(crate) fn is_complete(&self) -> bool {
        self.fixups.iter().all(|&(_, label)| self.label(label).is_some())
    }

    /// The words, the places, where the words lack the addresses of which labels, and where labels are.
    #[allow(clippy::type_complexity, reason = "taken apart at once")]
    pub(crate) fn into_parts(self) -> (Vec<u64>, Vec<Place>, Vec<(u32, u32)>, Vec<u32>) {
        (self.words, self.places, self.fixups, self.labels)
    }
}

/// Frame size in a call-site record.
#[inline]
pub(crate) fn frame_of(record: u64) -> usize {
    (record & 0xffff) as usize
}

/// Picks the instance of a generic handler by the kinds of its operands:
/// `pick!(name: src a, dst b, ty T)`.
macro_rules! pick {
    ($m:ident :: $f:ident : $($rest:tt)*) => { $crate::code::emit::pick!(@ $m $f [] $($rest)*) };
    (@ $m:ident $f:ident [$($t:ty),*]) => { $m::$f::<$($t),*> as $crate::interp::Handler };
    (@ $m:ident $f:ident [$($t:ty),*] frame $e:expr $(, $($rest:tt)*)?) => {
        match $e {
            0 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F0] $($($rest)*)?),
            1 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F1] $($($rest)*)?),
            2 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F2] $($($rest)*)?),
            3 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F3] $($($rest)*)?),
            4 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F4] $($($rest)*)?),
            5 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F5] $($($rest)*)?),
            6 => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::F6] $($($rest)*)?),
            _ => $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::FAny] $($($rest)*)?),
        }
    };
    (@ $m:ident $f:ident [$($t:ty),*] ty $ty:ty $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@ $m $f [$($t,)* $ty] $($($rest)*)?)
    };
    // A register or a constant.
    (@ $m:ident $f:ident $types:tt src $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [Y K], ($($($rest)*)?))
    };
    // A register.
    (@ $m:ident $f:ident $types:tt reg $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [Y], ($($($rest)*)?))
    };
    // An X register or a constant.
    (@ $m:ident $f:ident $types:tt konst $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [K], ($($($rest)*)?))
    };
    // The same, where the X register may be the accumulator's.
    (@ $m:ident $f:ident $types:tt acc $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [A Y K], ($($($rest)*)?))
    };
    (@ $m:ident $f:ident $types:tt accreg $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [A Y], ($($($rest)*)?))
    };
    (@ $m:ident $f:ident $types:tt acckonst $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [A K], ($($($rest)*)?))
    };
    (@ $m:ident $f:ident $types:tt accx $e:expr $(, $($rest:tt)*)?) => {
        $crate::code::emit::pick!(@kind $m $f $types $e, [A], ($($($rest)*)?))
    };
    // By the operand's kind: one of these, else an X register.
    (@kind $m:ident $f:ident $types:tt $e:expr, [$($kind:ident)*], $rest:tt) => {
        match $e.kind {
            $($crate::code::emit::Kind::$kind => $crate::code::emit::pick!(@with $m $f $types $kind $rest),)*
            _ => $crate::code::emit::pick!(@with $m $f $types X $rest),
        }
    };
    (@with $m:ident $f:ident [$($t:ty),*] $kind:ident ($($rest:tt)*)) => {
        $crate::code::emit::pick!(@ $m $f [$($t,)* $crate::interp::operand::$kind] $($rest)*)
    };
}
pub(crate) use pick;
