//! The flags of `erlang:trace/3`.

/// A set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Flags(u32);

macro_rules! flags {
    ($($constant:ident = $text:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "positions of the constants below")]
        enum Position { $($constant),* }

        impl Flags {
            $(
                #[doc = concat!("`", $text, "`")]
                pub(crate) const $constant: Self = Self(1 << Position::$constant as u32);
            )*
        }

        /// Names in the order in which `trace_info/2` shows them.
        const NAMES: &[(&str, Flags)] = &[$(($text, Flags::$constant)),*];
    };
}

flags! {
    RUNNING_PROCS = "running_procs";
    RUNNING_PORTS = "running_ports";
    PORTS = "ports";
    SCHEDULER_ID = "scheduler_id";
    SILENT = "silent";
    RETURN_TO = "return_to";
    ARITY = "arity";
    GARBAGE_COLLECTION = "garbage_collection";
    EXITING = "exiting";
    RUNNING = "running";
    SET_ON_FIRST_LINK = "set_on_first_link";
    SET_ON_LINK = "set_on_link";
    SET_ON_FIRST_SPAWN = "set_on_first_spawn";
    PROCS = "procs";
    CALL = "call";
    SET_ON_SPAWN = "set_on_spawn";
    RECEIVE = "receive";
    SEND = "send";
    MONOTONIC = "monotonic_timestamp";
    STRICT_MONOTONIC = "strict_monotonic_timestamp";
    TIMESTAMP = "timestamp";
}

impl Flags {
    pub(crate) const NONE: Self = Self(0);
    /// Those that put a time behind each message.
    pub(crate) const TIMESTAMPS: Self =
        Self(Self::MONOTONIC.0 | Self::STRICT_MONOTONIC.0 | Self::TIMESTAMP.0);
    /// Those that a port can have.
    pub(crate) const OF_PORTS: Self = Self(
        Self::RUNNING_PORTS.0
            | Self::PORTS.0
            | Self::SCHEDULER_ID.0
            | Self::SILENT.0
            | Self::RECEIVE.0
            | Self::SEND.0
            | Self::TIMESTAMPS.0,
    );
    /// Those that nothing else can have.
    pub(crate) const OF_PORTS_ALONE: Self = Self(Self::RUNNING_PORTS.0 | Self::PORTS.0);
    /// Those by which a process is told when it is scheduled.
    pub(crate) const SCHEDULING: Self = Self(Self::RUNNING.0 | Self::RUNNING_PROCS.0);

    /// The flag of this name; `all` stands for every one.
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text {
            "all" => Some(Self(NAMES.iter().fold(0, |bits, (_, flag)| bits | flag.0))),
            _ => NAMES.iter().find(|(name, _)| *name == text).map(|(_, flag)| *flag),
        }
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.iter().filter(move |(_, flag)| self.has(*flag)).map(|(name, _)| *name)
    }

    /// Those that are in both sets.
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn bits(self) -> u32 {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
