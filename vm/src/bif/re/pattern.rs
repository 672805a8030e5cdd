//! Compiled patterns: the options, the three forms in which a pattern is searched for, and a store of them.

use crate::bif::argument::name_of;
use crate::proc::exception::Exception;
use crate::term::Term;
use hashbrown::HashMap;
use parking_lot::Mutex;
use pcre2::bytes::{Regex, RegexBuilder};
use std::sync::Arc;

/// Most patterns that are kept.
const KEPT: usize = 256;

/// What `re:compile/2` may be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Options {
    pub(super) unicode: bool,
    pub(super) anchored: bool,
    /// Letters of the options that a pattern can switch on itself.
    flags: String,
    /// Verbs that stand at the start of a pattern.
    verbs: String,
}

impl Options {
    /// Takes an option; `false` if it is none of compiling.
    pub(super) fn take(&mut self, option: Term) -> Result<bool, Exception> {
        if let Some(&[key, value]) = option.as_tuple() {
            if name_of(key) != "newline" {
                return Ok(false);
            }
            self.verbs.push_str(match name_of(value) {
                "cr" => "(*CR)",
                "lf" => "(*LF)",
                "crlf" => "(*CRLF)",
                "anycrlf" => "(*ANYCRLF)",
                "any" => "(*ANY)",
                "nul" => "(*NUL)",
                _ => return Err(Exception::badarg()),
            });
            return Ok(true);
        }
        let flag = match name_of(option) {
            "unicode" => {
                self.unicode = true;
                return Ok(true);
            }
            "anchored" => {
                self.anchored = true;
                return Ok(true);
            }
            "ucp" => {
                self.verbs.push_str("(*UCP)");
                return Ok(true);
            }
            "bsr_anycrlf" => {
                self.verbs.push_str("(*BSR_ANYCRLF)");
                return Ok(true);
            }
            "bsr_unicode" => {
                self.verbs.push_str("(*BSR_UNICODE)");
                return Ok(true);
            }
            "no_start_optimize" => {
                self.verbs.push_str("(*NO_START_OPT)");
                return Ok(true);
            }
            "never_utf" => return Ok(true),
            "caseless" => 'i',
            "dotall" => 's',
            "extended" => 'x',
            "multiline" => 'm',
            "ungreedy" => 'U',
            "dupnames" => 'J',
            "no_auto_capture" => 'n',
            _ => return Ok(false),
        };
        if !self.flags.contains(flag) {
            self.flags.push(flag);
        }
        Ok(true)
    }

    /// As one number and text, for the compiled pattern that a program holds.
    pub(super) fn encoded(&self) -> String {
        format!("{}{}{}\n{}", u8::from(self.unicode), u8::from(self.anchored), self.flags, self.verbs)
    }

    /// Back from [`Options::encoded`].
    pub(super) fn decoded(text: &str) -> Option<Self> {
        let (first, verbs) = text.split_once('\n')?;
        let mut letters = first.chars();
        let unicode = letters.next()? == '1';
        let anchored = letters.next()? == '1';
        Some(Self { unicode, anchored, flags: letters.collect(), verbs: verbs.to_owned() })
    }
}

/// A pattern, compiled.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Searches from a position on.
    pub(super) anywhere: Regex,
    /// Matches at the position itself.
    pub(super) here: Regex,
    /// Matches at the position itself, and not nothing.
    pub(super) something_here: Regex,
    pub(super) options: Options,
}

/// What is wrong with a pattern, and where.
pub(super) struct Fault {
    pub(super) text: String,
    pub(super) at: usize,
}

/// A pattern's source and how it is compiled.
type Key = (Vec<u8>, Options);

/// A store of compiled patterns.
#[derive(Debug, Default)]
pub(crate) struct Patterns(Mutex<HashMap<Key, Arc<Pattern>>>);

impl Patterns {
    pub(super) fn compile(&self, source: &[u8], options: &Options) -> Result<Arc<Pattern>, Fault> {
        let key = (source.to_vec(), options.clone());
        if let Some(pattern) = self.0.lock().get(&key) {
            return Ok(pattern.clone());
        }
        let pattern = Arc::new(compile(source, options)?);
        let mut kept = self.0.lock();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, pattern.clone());
        Ok(pattern)
    }
}

/// The source as text: bytes beyond ASCII are escaped where they are not UTF-8.
fn text(source: &[u8], options: &Options) -> Option<String> {
    if options.unicode {
        return std::str::from_utf8(source).ok().map(str::to_owned);
    }
    use std::fmt::Write as _;
    let mut text = String::with_capacity(source.len());
    for &byte in source {
        if byte < 128 {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    Some(text)
}

fn compile(source: &[u8], options: &Options) -> Result<Pattern, Fault> {
    let text = text(source, options).ok_or_else(|| Fault { text: "invalid UTF-8 string".into(), at: 0 })?;
    let build =
        |pattern: &str| RegexBuilder::new().utf(options.unicode).jit_if_available(true).build(pattern);
    let flags = if options.flags.is_empty() { String::new() } else { format!("(?{})", options.flags) };
    let prefix = format!("{}{flags}", options.verbs);
    let anywhere = build(&format!("{prefix}{text}")).map_err(|error| Fault {
        text: fault_text(&error),
        at: error.offset().unwrap_or(0).saturating_sub(prefix.len()).min(text.len()),
    })?;
    // A line break before the parenthesis: the pattern may end in a comment.
    let may_have_comments = text.contains('#') && (options.flags.contains('x') || text.contains("(?"));
    let end = if may_have_comments { "\n" } else { "" };
    let inner = format!("(?:{flags}{text}{end})");
    let unexpected = |error: pcre2::Error| Fault { text: fault_text(&error), at: 0 };
    let here = build(&format!("{}\\G{inner}", options.verbs)).map_err(unexpected)?;
    let something_here = build(&format!("{}\\G{inner}(?!\\G)", options.verbs)).map_err(unexpected)?;
    Ok(Pattern { anywhere, here, something_here, options: options.clone() })
}

/// The text of a fault, in the words of the library that OTP uses where they differ.
fn fault_text(error: &pcre2::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(": ").map_or(text.as_str(), |(_, text)| text);
    let text = text.split_once(" (PCRE2_").map_or(text, |(text, _)| text);
    match text {
        "missing closing parenthesis" => "missing )".into(),
        "unmatched closing parenthesis" => "unmatched parentheses".into(),
        "quantifier does not follow a repeatable item" => "nothing to repeat".into(),
        text => text.to_owned(),
    }
}
