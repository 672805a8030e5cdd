//! Signals of the operating system: which of them the machine takes, and what it does with one.

use hashbrown::HashMap;
use parking_lot::Mutex;
use signal_hook::iterator::{Handle, Signals};
use std::io;
use std::sync::OnceLock;

/// Names and numbers of the signals that a program may ask for.
const NAMES: &[(&str, i32)] = &[
    ("sighup", libc::SIGHUP),
    ("sigquit", libc::SIGQUIT),
    ("sigabrt", libc::SIGABRT),
    ("sigalrm", libc::SIGALRM),
    ("sigterm", libc::SIGTERM),
    ("sigusr1", libc::SIGUSR1),
    ("sigusr2", libc::SIGUSR2),
    ("sigchld", libc::SIGCHLD),
    ("sigtstp", libc::SIGTSTP),
    ("sigstop", libc::SIGSTOP),
];

/// What is done with a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// What the system does by itself.
    Default,
    /// Programs hear of it.
    Handle,
    Ignore,
}

/// The signals of a machine.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    actions: Mutex<HashMap<i32, Action>>,
    handle: OnceLock<Handle>,
}

impl Taken {
    /// Starts the thread that takes signals, with those that a program hears of from the start. `tell` gets the names.
    pub(crate) fn start(&'static self, tell: impl Fn(&'static str) + Send + 'static) -> io::Result<()> {
        let first = [libc::SIGTERM, libc::SIGUSR1];
        self.actions.lock().extend(first.map(|signal| (signal, Action::Handle)));
        let mut signals = Signals::new(first)?;
        let _ = self.handle.set(signals.handle());
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            for signal in signals.forever() {
                let action = self.actions.lock().get(&signal).copied();
                match action {
                    Some(Action::Handle) => {
                        if let Some((name, _)) = NAMES.iter().find(|(_, number)| *number == signal) {
                            tell(name);
                        }
                    }
                    Some(Action::Ignore) => {}
                    Some(Action::Default) | None => {
                        let _ = signal_hook::low_level::emulate_default_handler(signal);
                    }
                }
            }
        })?;
        Ok(())
    }

    /// From now on this is done with the signal of this name. `false` for an unknown name.
    pub(crate) fn set(&self, name: &str, action: Action) -> bool {
        let Some(&(_, signal)) = NAMES.iter().find(|(known, _)| *known == name) else { return false };
        if signal == libc::SIGSTOP {
            // Nobody can take it; OTP answers as if one could.
            return true;
        }
        self.actions.lock().insert(signal, action);
        match self.handle.get() {
            Some(handle) => handle.add_signal(signal).is_ok(),
            // A machine inside another program leaves signals to that.
            None => true,
        }
    }
}
