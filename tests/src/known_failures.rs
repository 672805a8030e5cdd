//! The open list of cases that fail today.
//!
//! A listed case must fail: one that passes makes the test fail, with a word to take it off the list.
//! So the list says what is true, and what works cannot break unseen. `SWERL_TEST_UPDATE=1` takes the
//! passing cases off; `SWERL_TEST_UPDATE=all` writes the list anew from what fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use libtest_mimic::{Failed, Trial};

/// The list, and what the cases turned out to do.
#[derive(Debug, Clone)]
pub struct KnownFailures {
    listed: Arc<BTreeSet<String>>,
    /// Cases that pass or fail from run to run, marked with `~` in the list: what comes of them counts neither way.
    unsteady: Arc<BTreeSet<String>>,
    failed: Arc<Mutex<BTreeSet<String>>>,
    ran: Arc<Mutex<BTreeSet<String>>>,
    cases: Arc<Mutex<BTreeSet<String>>>,
    update: Option<(PathBuf, Update)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    TakeOff,
    Anew,
}

impl KnownFailures {
    /// An empty list: every case must pass.
    #[must_use]
    pub fn none() -> Self {
        Self::of(BTreeSet::new(), None)
    }

    /// Reads a list: one name a line, `#` opens a comment. A file that is not there is an empty list.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| path.display().to_string()),
        };
        let names = || text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        let listed =
            names().filter(|name| !name.is_empty() && !name.starts_with('~')).map(str::to_owned).collect();
        let unsteady = names().filter_map(|name| name.strip_prefix('~')).map(str::to_owned).collect();
        let update = match std::env::var("SWERL_TEST_UPDATE").as_deref() {
            Ok("all") => Some(Update::Anew),
            Ok("" | "0") | Err(_) => None,
            Ok(_) => Some(Update::TakeOff),
        };
        Ok(Self {
            unsteady: Arc::new(unsteady),
            ..Self::of(listed, update.map(|update| (path.to_owned(), update)))
        })
    }

    fn of(listed: BTreeSet<String>, update: Option<(PathBuf, Update)>) -> Self {
        KnownFailures {
            listed: Arc::new(listed),
            unsteady: Arc::default(),
            failed: Arc::default(),
            ran: Arc::default(),
            cases: Arc::default(),
            update,
        }
    }

    /// Whether the case is on the list.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.listed.contains(name)
    }

    /// The test of one case: `check` must pass, or fail if the case is listed.
    pub fn trial(&self, name: String, check: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
        let list = self.clone();
        let listed = self.contains(&name);
        let case = name.clone();
        let trial = Trial::test(name, move || list.judge(&case, check()));
        if listed { trial.with_kind("listed as failing") } else { trial }
    }

    fn judge(&self, name: &str, result: Result<()>) -> Result<(), Failed> {
        self.ran.lock().expect("no test panics while it notes a name").insert(name.to_owned());
        if self.unsteady.contains(name) {
            return Ok(());
        }
        match (result, self.contains(name), &self.update) {
            (Err(error), listed, update) => {
                self.failed.lock().expect("no test panics while it notes a name").insert(name.to_owned());
                let excused = listed || matches!(update, Some((_, Update::Anew)));
                if excused { Ok(()) } else { Err(format!("{error:#}").into()) }
            }
            (Ok(()), true, None) => {
                Err("passes, and is listed as failing: take it off the list (SWERL_TEST_UPDATE=1 does it)"
                    .into())
            }
            (Ok(()), _, _) => Ok(()),
        }
    }

    /// The trials, and one that fails for each listed name that is no case at all.
    #[must_use]
    pub fn with_stale_entries(&self, mut trials: Vec<Trial>) -> Vec<Trial> {
        let names: BTreeSet<String> = trials.iter().map(|trial| trial.name().to_owned()).collect();
        for stale in self.listed.difference(&names) {
            trials.push(Trial::test(stale.clone(), || {
                Err("listed as failing, but there is no such case".into())
            }));
        }
        trials
    }

    /// Writes the list if that was asked for. Cases that did not run keep their place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_update(&self) -> Result<()> {
        let Some((path, update)) = &self.update else { return Ok(()) };
        let ran = self.ran.lock().expect("no test panics while it notes a name");
        let failed = self.failed.lock().expect("no test panics while it notes a name");
        let cases = self.cases.lock().expect("no test panics while it notes a name");
        let did_not_run = |name: &&String| cases.contains(*name) && !ran.contains(*name);
        let mut names: BTreeSet<&String> = self.listed.iter().filter(did_not_run).collect();
        names.extend(failed.iter().filter(|name| *update == Update::Anew || self.listed.contains(*name)));
        let mut text = String::from(
            "# Cases that fail today. A case that passes must leave this list: SWERL_TEST_UPDATE=1 takes it off.\n",
        );
        for name in self.unsteady.iter() {
            text.push('~');
            text.push_str(name);
            text.push('\n');
        }
        for name in names {
            text.push_str(name);
            text.push('\n');
        }
        std::fs::write(path, text).with_context(|| path.display().to_string())
    }
}
