//! Priorities of processes.

use crate::atom::{self, Atom};

/// As `process_flag(priority, _)` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Priority {
    Low = 0,
    Normal = 1,
    High = 2,
    Max = 3,
}

impl Priority {
    pub(crate) fn from_atom(atom: Atom) -> Option<Self> {
        match atom {
            atom::LOW => Some(Self::Low),
            atom::NORMAL => Some(Self::Normal),
            atom::HIGH => Some(Self::High),
            atom::MAX => Some(Self::Max),
            _ => None,
        }
    }

    pub(crate) fn atom(self) -> Atom {
        match self {
            Self::Low => atom::LOW,
            Self::Normal => atom::NORMAL,
            Self::High => atom::HIGH,
            Self::Max => atom::MAX,
        }
    }

    pub(crate) fn from_u8(value: u8) -> Self {
        match value {
            0 => Self::Low,
            2 => Self::High,
            3 => Self::Max,
            _ => Self::Normal,
        }
    }
}
