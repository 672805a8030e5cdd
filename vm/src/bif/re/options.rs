//! The options of compiling and searching, as terms and taken apart.

use super::Groups;
use crate::bif::argument::{self, name_of};
use crate::proc::exception::Exception;
use crate::sys::pcre::{self, CompileOptions, Limits};
use crate::term::Term;

/// What a compiled pattern is made of besides its source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PatternOptions(pub(super) CompileOptions);

impl PatternOptions {
    pub(super) fn is_unicode(self) -> bool {
        self.0.flags & pcre::UTF != 0
    }

    /// Whether the ends of lines, and what `\R` stands for, can be as they were asked for together.
    pub(super) fn has_clear_newline(self) -> bool {
        self.0.newline <= pcre::NEWLINE_ANYCRLF && self.0.line_breaks <= pcre::BSR_ANYCRLF
    }

    /// Takes an option; `false` if it is none of compiling. Several options `newline` add up as the bits of their
    /// numbers do, and some give another kind: so they do in the library that OTP uses.
    pub(super) fn take(&mut self, option: Term) -> Result<bool, Exception> {
        if let Some(&[key, value]) = option.as_tuple() {
            if name_of(key) != "newline" {
                return Ok(false);
            }
            self.0.newline |= match name_of(value) {
                "cr" => pcre::NEWLINE_CR,
                "lf" => pcre::NEWLINE_LF,
                "crlf" => pcre::NEWLINE_CRLF,
                "anycrlf" => pcre::NEWLINE_ANYCRLF,
                "any" => pcre::NEWLINE_ANY,
                _ => return Err(bad_option()),
            };
            return Ok(true);
        }
        self.0.flags |= match name_of(option) {
            "bsr_anycrlf" => {
                self.0.line_breaks |= pcre::BSR_ANYCRLF;
                0
            }
            "bsr_unicode" => {
                self.0.line_breaks |= pcre::BSR_UNICODE;
                0
            }
            "unicode" => pcre::UTF,
            "anchored" => pcre::ANCHORED,
            "caseless" => pcre::CASELESS,
            "dollar_endonly" => pcre::DOLLAR_ENDONLY,
            "dotall" => pcre::DOTALL,
            "extended" => pcre::EXTENDED,
            "firstline" => pcre::FIRSTLINE,
            "multiline" => pcre::MULTILINE,
            "no_auto_capture" => pcre::NO_AUTO_CAPTURE,
            "dupnames" => pcre::DUPNAMES,
            "ungreedy" => pcre::UNGREEDY,
            "ucp" => pcre::UCP,
            "never_utf" => pcre::NEVER_UTF,
            "no_start_optimize" => pcre::NO_START_OPTIMIZE,
            _ => return Ok(false),
        };
        Ok(true)
    }
}

/// The exception for an option that is none.
pub(super) fn bad_option() -> Exception {
    Exception::badarg_because(argument::named("badopt").as_atom().unwrap_or(crate::atom::UNDEFINED))
}

/// In which form groups are given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Index,
    List,
    Binary,
}

/// What `{return, Form}` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Return {
    Iodata,
    List,
    Binary,
}

/// What a search is told.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// Options of compiling.
    pub(super) pattern: PatternOptions,
    /// Whether one was given that a compiled pattern cannot take.
    pub(super) compiles: bool,
    /// Options for the library: where lines begin and end, what counts as a match.
    pub(super) flags: u32,
    pub(super) limits: Limits,
    pub(super) global: bool,
    pub(super) offset: usize,
    /// The value of `capture`.
    pub(super) wanted: Option<Term>,
    pub(super) form: Form,
    /// The last form that was named, which a `capture` without one does not take back in some searches.
    named_form: Form,
    pub(super) report_errors: bool,
    pub(super) returned: Return,
    /// Most parts of a split.
    pub(super) parts: usize,
    pub(super) group: bool,
    pub(super) trim: bool,
}

/// Which function reads options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Run,
    Replace,
    Split,
}

/// A limit: a number that fits the library's.
fn limit(value: Term) -> Result<Option<u32>, Exception> {
    let number = value.as_usize().ok_or_else(bad_option)?;
    u32::try_from(number).map(Some).map_err(|_| bad_option())
}

impl Run {
    /// Takes the options of a list apart.
    pub(super) fn options(list: Option<&Term>, purpose: Purpose) -> Result<Self, Exception> {
        let mut run = Self {
            pattern: PatternOptions::default(),
            compiles: false,
            flags: 0,
            limits: Limits::default(),
            global: false,
            offset: 0,
            wanted: None,
            form: Form::Index,
            named_form: Form::Index,
            report_errors: false,
            returned: Return::Iodata,
            parts: usize::MAX,
            group: false,
            trim: false,
        };
        let Some(&list) = list else { return Ok(run) };
        let mut wrong = None;
        for option in list.to_vec().ok_or_else(bad_option)? {
            let known = match purpose {
                Purpose::Run => run.run_option(option)?,
                Purpose::Replace => run.edit_option(option, purpose)?,
                Purpose::Split => run.edit_option(option, purpose)? || run.split_option(option)?,
            };
            if known {
                continue;
            }
            match run.search_option(option) {
                Ok(true) => {}
                Ok(false) | Err(_) if purpose == Purpose::Run => return Err(bad_option()),
                Ok(false) | Err(_) => wrong = Some(Exception::badarg()),
            }
        }
        // OTP reads the options of such searches in a way of its own.
        if run.global || run.pattern.is_unicode() {
            run.form = run.named_form;
        }
        // What is wrong for the search that is made inside is not called an option.
        wrong.map_or(Ok(run), Err)
    }

    /// Options of `run` alone.
    fn run_option(&mut self, option: Term) -> Result<bool, Exception> {
        match option.as_tuple() {
            Some(&[key, wanted]) if name_of(key) == "capture" => {
                (self.wanted, self.form) = (Some(wanted), Form::Index);
            }
            Some(&[key, wanted, form]) if name_of(key) == "capture" => {
                self.wanted = Some(wanted);
                self.form = match name_of(form) {
                    "index" => Form::Index,
                    "list" => Form::List,
                    "binary" => Form::Binary,
                    _ => return Err(bad_option()),
                };
                self.named_form = self.form;
            }
            Some(_) => return Ok(false),
            None => match name_of(option) {
                "global" => self.global = true,
                "report_errors" => self.report_errors = true,
                _ => return Ok(false),
            },
        }
        Ok(true)
    }

    /// Options of `replace` and `split`.
    fn edit_option(&mut self, option: Term, purpose: Purpose) -> Result<bool, Exception> {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "return" => {
                self.returned = match name_of(value) {
                    "iodata" => Return::Iodata,
                    "list" => Return::List,
                    "binary" => Return::Binary,
                    _ => return Err(bad_option()),
                };
                Ok(true)
            }
            Some(&[key, ..]) if name_of(key) == "capture" => Err(bad_option()),
            Some(_) => Ok(false),
            None => match name_of(option) {
                "global" if purpose == Purpose::Replace => {
                    self.global = true;
                    Ok(true)
                }
                "global" | "report_errors" => Err(bad_option()),
                _ => Ok(false),
            },
        }
    }

    /// Options of `split` alone.
    fn split_option(&mut self, option: Term) -> Result<bool, Exception> {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "parts" => {
                self.trim = value.as_usize() == Some(0);
                self.parts = match value.as_usize() {
                    Some(0) => usize::MAX,
                    Some(count) => count,
                    None if name_of(value) == "infinity" => usize::MAX,
                    None => return Err(bad_option()),
                };
            }
            Some(_) => return Ok(false),
            None => match name_of(option) {
                "group" => self.group = true,
                "trim" => {
                    self.trim = true;
                    self.parts = usize::MAX;
                }
                _ => return Ok(false),
            },
        }
        Ok(true)
    }

    /// Options that every search takes.
    fn search_option(&mut self, option: Term) -> Result<bool, Exception> {
        if let Some(&[key, value]) = option.as_tuple() {
            match name_of(key) {
                "offset" => {
                    self.offset = value.as_usize().ok_or_else(bad_option)?;
                    return Ok(true);
                }
                "match_limit" => {
                    self.limits.steps = limit(value)?;
                    return Ok(true);
                }
                "match_limit_recursion" => {
                    self.limits.depth = limit(value)?;
                    return Ok(true);
                }
                _ => return self.pattern.take(option),
            }
        }
        self.flags |= match name_of(option) {
            "notbol" => pcre::NOTBOL,
            "noteol" => pcre::NOTEOL,
            "notempty" => pcre::NOTEMPTY,
            "notempty_atstart" => pcre::NOTEMPTY_ATSTART,
            "anchored" => {
                self.pattern.0.flags |= pcre::ANCHORED;
                pcre::ANCHORED
            }
            "bsr_anycrlf" | "bsr_unicode" => return self.pattern.take(option),
            _ => {
                let known = self.pattern.take(option)?;
                self.compiles |= known;
                return Ok(known);
            }
        };
        Ok(true)
    }
}

/// How many groups are shown: those behind the last that took part are not.
pub(super) fn shown(groups: &Groups) -> usize {
    groups.iter().rposition(Option::is_some).map_or(0, |last| last + 1)
}
