//! Links, monitors and aliases of one process.

use crate::atom::Atom;
use crate::heap::copy::OwnedTerm;
use crate::term::Pid;
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// A link, from this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Exits travel.
    Active,
    /// Unlinked; exits of the other side are ignored until it has acknowledged this number.
    Unlinking(u64),
}

/// A monitor that this process holds.
#[derive(Debug)]
pub(crate) struct Monitor {
    /// Whom it watches; `None` for a name that nobody had.
    pub(crate) target: Option<Pid>,
    pub(crate) name: Option<Atom>,
    /// The alias ends with the monitor.
    pub(crate) alias: AliasKind,
    pub(crate) kind: MonitorKind,
}

/// What a monitor watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MonitorKind {
    Process,
    /// The difference between system and monotonic time.
    TimeOffset,
}

/// What ends an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AliasKind {
    None,
    ExplicitUnalias,
    Demonitor,
    ReplyDemonitor,
}

/// A monitor by which this process is watched.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) pid: Pid,
    pub(crate) name: Option<Atom>,
    pub(crate) tag: Option<Box<OwnedTerm>>,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    pub(crate) links: BTreeMap<Pid, Link>,
    pub(crate) monitors: BTreeMap<u64, Monitor>,
    pub(crate) watchers: BTreeMap<u64, Watcher>,
    pub(crate) aliases: HashMap<u64, AliasKind>,
}
