//! Compiled patterns: a store of them, and their form as terms.

use super::dialect;
use super::options::PatternOptions;
use crate::sys::pcre::{Code, CompileOptions, Fault as RawFault, NEVER_UTF, NO_START_OPTIMIZE, UCP, UTF};
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::sync::Arc;

/// Most patterns that are kept.
const KEPT: usize = 512;

/// What stands at the front of the binary of a compiled pattern.
const MARK: &[u8] = b"swRE";

/// A pattern, compiled.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) code: Code,
    pub(super) options: PatternOptions,
}

impl Pattern {
    /// Does it work on characters rather than bytes?
    pub(super) fn is_unicode(&self) -> bool {
        self.options.is_unicode()
    }
}

/// What is wrong with a pattern, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) text: &'static str,
    pub(super) at: usize,
}

/// Source and options as the bytes that a program holds as a compiled pattern.
pub(super) fn encoded(source: &[u8], options: PatternOptions) -> Vec<u8> {
    let CompileOptions { flags, newline, line_breaks } = options.0;
    let mut bytes = MARK.to_vec();
    bytes.extend(flags.to_le_bytes());
    bytes.extend([newline as u8, line_breaks as u8]);
    bytes.extend_from_slice(source);
    bytes
}

/// Back from [`encoded`].
pub(super) fn decoded(bytes: &[u8]) -> Option<(&[u8], PatternOptions)> {
    let rest = bytes.strip_prefix(MARK)?;
    let (head, source) = rest.split_at_checked(6)?;
    let flags = u32::from_le_bytes(head[..4].try_into().ok()?);
    let options = CompileOptions { flags, newline: head[4].into(), line_breaks: head[5].into() };
    Some((source, PatternOptions(options)))
}

/// A pattern's source and how it is compiled.
type Key = (Vec<u8>, PatternOptions);

/// A store of compiled patterns.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Mutex<HashMap<Key, Arc<Pattern>>>);

/// A key that is only looked up.
#[derive(Hash)]
struct Sought<'a>(&'a [u8], PatternOptions);

impl hashbrown::Equivalent<Key> for Sought<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.0 == key.0 && self.1 == key.1
    }
}

impl Patterns {
    pub(super) fn compile(&self, source: &[u8], options: PatternOptions) -> Result<Arc<Pattern>, Fault> {
        if let Some(pattern) = self.0.lock().get(&Sought(source, options)) {
            return Ok(pattern.clone());
        }
        let code = compile(source, options)?;
        let pattern = Arc::new(Pattern { code, options });
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert((source.to_vec(), options), pattern.clone());
        Ok(pattern)
    }
}

/// Compiles a pattern in the words of OTP's library.
fn compile(source: &[u8], options: PatternOptions) -> Result<Code, Fault> {
    if options.0.flags & (UTF | NEVER_UTF) == (UTF | NEVER_UTF) {
        return Err(Fault { text: "setting UTF is disabled by the application", at: 0 });
    }
    if !options.has_clear_newline() {
        return Err(Fault { text: "inconsistent NEWLINE options", at: 0 });
    }
    let mut raw = options.0;
    let bytes_of_word = raw.flags & (UTF | UCP) == UTF && source.windows(2).any(|two| two == b"\\w");
    if bytes_of_word {
        // The library would not begin a word with a letter of Latin-1.
        raw.flags |= NO_START_OPTIMIZE;
    }
    let code = match dialect::rewritten(source) {
        None => Code::compile(source, raw),
        Some(new) => Code::compile(&new.pattern, raw)
            .map_err(|fault| RawFault { at: new.source_place(fault.at), ..fault }),
    };
    if let Some(flag) = dialect::later_flag(source) {
        return Err(match code {
            Err(fault) if fault.at < flag.at => dialect::told(source, fault),
            _ => flag,
        });
    }
    let code = match code {
        Err(fault) if !dialect::is_of_second_reading(fault) => return Err(dialect::told(source, fault)),
        code => {
            let told = code.map_err(|fault| dialect::told(source, fault));
            match (dialect::second_reading(source), told) {
                // What comes first in the pattern; what is wrong with it as a whole is told at its end.
                (Some(seen), Err(fault)) if fault.at < seen.at => return Err(fault),
                (Some(seen), _) => return Err(seen),
                (None, told) => told?,
            }
        }
    };
    match dialect::long_name(source, &code.names) {
        Some(fault) => Err(fault),
        None => Ok(code),
    }
}
