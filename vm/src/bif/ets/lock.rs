//! The lock of a table: one that its readers share, or, for `read_concurrency` and `write_concurrency`, one of which
//! each reader takes a piece of its own.

use super::Table;
use crossbeam_utils::sync::{ShardedLock, ShardedLockReadGuard, ShardedLockWriteGuard};
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::ops::{Deref, DerefMut};
use std::sync::PoisonError;

/// A table behind its lock.
#[derive(Debug)]
pub(super) struct TableLock {
    /// Whether objects can be changed while only the right to read is held.
    pub(super) is_parted: bool,
    lock: Lock,
}

#[derive(Debug)]
enum Lock {
    Plain(RwLock<Table>),
    Spread(ShardedLock<Table>),
}

/// The right to read.
pub(super) enum Reading<'a> {
    Plain(RwLockReadGuard<'a, Table>),
    Spread(ShardedLockReadGuard<'a, Table>),
}

/// The right to change.
pub(super) enum Writing<'a> {
    Plain(RwLockWriteGuard<'a, Table>),
    Spread(ShardedLockWriteGuard<'a, Table>),
}

impl TableLock {
    pub(super) fn new(table: Table) -> Self {
        let is_parted = table.contents.parts().is_some();
        let lock = if is_parted || table.read_concurrency {
            Lock::Spread(ShardedLock::new(table))
        } else {
            Lock::Plain(RwLock::new(table))
        };
        Self { is_parted, lock }
    }

    #[inline]
    pub(super) fn read(&self) -> Reading<'_> {
        match &self.lock {
            Lock::Plain(lock) => Reading::Plain(lock.read()),
            Lock::Spread(lock) => Reading::Spread(lock.read().unwrap_or_else(PoisonError::into_inner)),
        }
    }

    #[inline]
    pub(super) fn write(&self) -> Writing<'_> {
        match &self.lock {
            Lock::Plain(lock) => Writing::Plain(lock.write()),
            Lock::Spread(lock) => Writing::Spread(lock.write().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

impl Deref for Reading<'_> {
    type Target = Table;

    #[inline]
    fn deref(&self) -> &Table {
        match self {
            Self::Plain(guard) => guard,
            Self::Spread(guard) => guard,
        }
    }
}

impl Deref for Writing<'_> {
    type Target = Table;

    #[inline]
    fn deref(&self) -> &Table {
        match self {
            Self::Plain(guard) => guard,
            Self::Spread(guard) => guard,
        }
    }
}

impl DerefMut for Writing<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Table {
        match self {
            Self::Plain(guard) => guard,
            Self::Spread(guard) => guard,
        }
    }
}
