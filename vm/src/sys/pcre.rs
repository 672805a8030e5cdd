//! PCRE2 behind a safe face: compiled patterns and searches with all options of a call.
//!
//! A [`Code`] is immutable once compiled and shared between threads; a [`Search`] owns what one search writes to.

use pcre2_sys as sys;
use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::sync::OnceLock;

pub(crate) use sys::{
    PCRE2_ANCHORED as ANCHORED, PCRE2_BSR_ANYCRLF as BSR_ANYCRLF, PCRE2_BSR_UNICODE as BSR_UNICODE,
    PCRE2_CASELESS as CASELESS, PCRE2_DOLLAR_ENDONLY as DOLLAR_ENDONLY, PCRE2_DOTALL as DOTALL,
    PCRE2_DUPNAMES as DUPNAMES, PCRE2_EXTENDED as EXTENDED, PCRE2_FIRSTLINE as FIRSTLINE,
    PCRE2_MULTILINE as MULTILINE, PCRE2_NEVER_UTF as NEVER_UTF, PCRE2_NEWLINE_ANY as NEWLINE_ANY,
    PCRE2_NEWLINE_ANYCRLF as NEWLINE_ANYCRLF, PCRE2_NEWLINE_CR as NEWLINE_CR,
    PCRE2_NEWLINE_CRLF as NEWLINE_CRLF, PCRE2_NEWLINE_LF as NEWLINE_LF,
    PCRE2_NO_AUTO_CAPTURE as NO_AUTO_CAPTURE, PCRE2_NO_START_OPTIMIZE as NO_START_OPTIMIZE,
    PCRE2_NOTBOL as NOTBOL, PCRE2_NOTEMPTY as NOTEMPTY, PCRE2_NOTEMPTY_ATSTART as NOTEMPTY_ATSTART,
    PCRE2_NOTEOL as NOTEOL, PCRE2_UCP as UCP, PCRE2_UNGREEDY as UNGREEDY, PCRE2_UTF as UTF,
};

/// How a pattern is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct CompileOptions {
    /// Bits such as [`CASELESS`].
    pub(crate) flags: u32,
    /// One of `NEWLINE_`, or 0 for the default.
    pub(crate) newline: u32,
    /// One of `BSR_`, or 0 for the default.
    pub(crate) line_breaks: u32,
}

/// What is wrong with a pattern: the library's number, and the place in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) number: c_int,
    pub(crate) at: usize,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Code {
    code: *mut sys::pcre2_code_8,
    /// Names of groups with their numbers, by name.
    pub(crate) names: Vec<(Vec<u8>, usize)>,
    /// How many groups there are.
    pub(crate) groups: usize,
    /// Whether a line break may be of two bytes.
    pub(crate) crlf: bool,
}

// SAFETY: compiled code is only read by searches.
unsafe impl Send for Code {}
// SAFETY: as above.
unsafe impl Sync for Code {}

impl Code {
    /// Compiles a pattern: bytes, or valid UTF-8 with [`UTF`].
    pub(crate) fn compile(pattern: &[u8], options: CompileOptions) -> Result<Self, Fault> {
        let (mut number, mut at): (c_int, usize) = (0, 0);
        // SAFETY: the context is made, used and freed here; the pattern outlives the call, and the tables live
        // for ever. The library checks UTF-8 itself.
        let code = unsafe {
            let context = sys::pcre2_compile_context_create_8(std::ptr::null_mut());
            if !context.is_null() {
                sys::pcre2_set_character_tables_8(context, tables().as_ptr());
                // As in OTP's library, what looks behind has a fixed length.
                sys::pcre2_set_max_varlookbehind_8(context, 0);
                if options.newline != 0 {
                    sys::pcre2_set_newline_8(context, options.newline);
                }
                if options.line_breaks != 0 {
                    sys::pcre2_set_bsr_8(context, options.line_breaks);
                }
            }
            let code = sys::pcre2_compile_8(
                pattern.as_ptr(),
                pattern.len(),
                options.flags,
                &raw mut number,
                &raw mut at,
                context,
            );
            sys::pcre2_compile_context_free_8(context);
            code
        };
        if code.is_null() {
            return Err(Fault { number, at });
        }
        let mut code = Self { code, names: Vec::new(), groups: 0, crlf: false };
        code.groups = code.number(sys::PCRE2_INFO_CAPTURECOUNT) as usize;
        code.crlf = matches!(
            code.number(sys::PCRE2_INFO_NEWLINE),
            sys::PCRE2_NEWLINE_CRLF | sys::PCRE2_NEWLINE_ANY | sys::PCRE2_NEWLINE_ANYCRLF
        );
        code.names = code.name_table();
        // The compiler for the machine takes the end of a text of one line to be outside of it, where lines end so.
        let is_misread =
            options.flags & FIRSTLINE != 0 && code.number(sys::PCRE2_INFO_NEWLINE) == NEWLINE_CRLF;
        if !is_misread {
            // SAFETY: the code was just compiled and is not shared yet. Without that compiler, searches are interpreted.
            unsafe { sys::pcre2_jit_compile_8(code.code, sys::PCRE2_JIT_COMPLETE) };
        }
        Ok(code)
    }

    fn number(&self, what: u32) -> u32 {
        let mut value = 0u32;
        // SAFETY: the code is valid, and only facts of this type are asked for.
        unsafe { sys::pcre2_pattern_info_8(self.code, what, (&raw mut value).cast::<c_void>()) };
        value
    }

    fn name_table(&self) -> Vec<(Vec<u8>, usize)> {
        let count = self.number(sys::PCRE2_INFO_NAMECOUNT) as usize;
        let size = self.number(sys::PCRE2_INFO_NAMEENTRYSIZE) as usize;
        let mut table: *const u8 = std::ptr::null();
        // SAFETY: the fact is a pointer to `count` entries of `size` bytes, which live as long as the code.
        let bytes = unsafe {
            sys::pcre2_pattern_info_8(
                self.code,
                sys::PCRE2_INFO_NAMETABLE,
                (&raw mut table).cast::<c_void>(),
            );
            if table.is_null() || count == 0 {
                return Vec::new();
            }
            std::slice::from_raw_parts(table, count * size)
        };
        let entry = |entry: &[u8]| {
            let name = entry[2..].split(|&byte| byte == 0).next().unwrap_or(&[]);
            (name.to_vec(), usize::from(entry[0]) << 8 | usize::from(entry[1]))
        };
        bytes.chunks_exact(size).map(entry).collect()
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        // SAFETY: the code is owned, and no search borrows it any more.
        unsafe { sys::pcre2_code_free_8(self.code) };
    }
}

/// How long a search may go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Most steps.
    pub(crate) steps: Option<u32>,
    /// Deepest nesting of backtracking points.
    pub(crate) depth: Option<u32>,
}

/// Why a search came to no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// Too many steps.
    Steps,
    /// Nested too deep.
    Depth,
    /// Another reason, as the library's number.
    Other(c_int),
}

/// The places that groups matched; those that took no part are none.
pub(crate) type Groups = Vec<Option<Range<usize>>>;

/// Stands for an empty subject, with a byte before it and some behind.
static NOTHING: [u8; 8] = [0; 8];

/// What one search needs besides the pattern.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    code: &'a Code,
    data: *mut sys::pcre2_match_data_8,
    context: *mut sys::pcre2_match_context_8,
    flags: u32,
}

impl<'a> Search<'a> {
    /// Prepares searches for a pattern. Limits that the caller sets are counted exactly, without machine code.
    pub(crate) fn new(code: &'a Code, limits: Limits, exactly: bool) -> Self {
        // SAFETY: both are owned by the new search; null means no memory, which `at` answers with.
        unsafe {
            let data = sys::pcre2_match_data_create_from_pattern_8(code.code, std::ptr::null_mut());
            let context = sys::pcre2_match_context_create_8(std::ptr::null_mut());
            if !context.is_null() {
                if let Some(steps) = limits.steps {
                    sys::pcre2_set_match_limit_8(context, steps);
                }
                if let Some(depth) = limits.depth {
                    sys::pcre2_set_depth_limit_8(context, depth);
                }
            }
            Self { code, data, context, flags: if exactly { sys::PCRE2_NO_JIT } else { 0 } }
        }
    }

    /// Searches from a place on. With [`UTF`] the subject is valid UTF-8, and the place between characters.
    pub(crate) fn at(&mut self, subject: &[u8], from: usize, flags: u32) -> Result<Option<Groups>, Stopped> {
        if from > subject.len() {
            return Err(Stopped::Other(sys::PCRE2_ERROR_BADOFFSET));
        }
        if self.data.is_null() || self.context.is_null() {
            return Err(Stopped::Other(sys::PCRE2_ERROR_NOMEMORY));
        }
        // The library's machine code reads a byte at the end of a subject before it looks where that is; the address of
        // an empty slice need not be one of memory.
        let start = if subject.is_empty() { NOTHING[1..].as_ptr() } else { subject.as_ptr() };
        let run = |flags: u32| {
            // SAFETY: subject, code, data and context outlive the call, and the place is within the subject. The
            // check of UTF-8 is left out only where the subject was checked.
            unsafe {
                sys::pcre2_match_8(
                    self.code.code,
                    start,
                    subject.len(),
                    from,
                    flags | self.flags,
                    self.data,
                    self.context,
                )
            }
        };
        let mut found = run(flags | sys::PCRE2_NO_UTF_CHECK);
        if found == sys::PCRE2_ERROR_JIT_STACKLIMIT {
            found = run(flags | sys::PCRE2_NO_UTF_CHECK | sys::PCRE2_NO_JIT);
        }
        match found {
            sys::PCRE2_ERROR_NOMATCH => Ok(None),
            sys::PCRE2_ERROR_MATCHLIMIT => Err(Stopped::Steps),
            sys::PCRE2_ERROR_DEPTHLIMIT | sys::PCRE2_ERROR_HEAPLIMIT => Err(Stopped::Depth),
            number if number < 0 => Err(Stopped::Other(number)),
            _ => Ok(Some(self.groups())),
        }
    }

    fn groups(&self) -> Groups {
        // SAFETY: after a match, the vector holds a pair of places for each group.
        let places = unsafe {
            let count = sys::pcre2_get_ovector_count_8(self.data) as usize;
            std::slice::from_raw_parts(sys::pcre2_get_ovector_pointer_8(self.data), 2 * count)
        };
        let place = |pair: &[usize]| (pair[0] != sys::PCRE2_UNSET).then(|| pair[0]..pair[1].max(pair[0]));
        places.chunks_exact(2).map(place).collect()
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        // SAFETY: both are owned; freeing null does nothing.
        unsafe {
            sys::pcre2_match_data_free_8(self.data);
            sys::pcre2_match_context_free_8(self.context);
        }
    }
}

/// The library's tables of characters, for Latin-1: lower case, other case, classes, kinds.
fn tables() -> &'static [u8] {
    static TABLES: OnceLock<Vec<u8>> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut tables: Vec<u8> =
            (0..=255).map(|byte| if is_upper(byte) { byte + 32 } else { byte }).collect();
        tables.extend((0..=255).map(other_case));
        let classes: [fn(u8) -> bool; 10] = [
            |byte| matches!(byte, 9..=13 | 32),
            |byte| byte.is_ascii_hexdigit(),
            |byte| byte.is_ascii_digit(),
            is_upper,
            is_lower,
            is_word,
            |byte| matches!(byte, 33..=126 | 160..),
            |byte| matches!(byte, 32..=126 | 160..),
            |byte| matches!(byte, 33..=126 | 160..) && !is_letter(byte) && !byte.is_ascii_digit(),
            |byte| matches!(byte, 0..=31 | 127..=159),
        ];
        for class in classes {
            tables.extend(
                (0..32u8).map(|at| (0..8).fold(0, |bits, bit| bits | u8::from(class(at * 8 + bit)) << bit)),
            );
        }
        tables.extend((0..=255).map(|byte: u8| {
            u8::from(matches!(byte, 9..=13 | 32))
                | u8::from(is_letter(byte)) << 1
                | u8::from(is_lower(byte)) << 2
                | u8::from(byte.is_ascii_digit()) << 3
                | u8::from(is_word(byte)) << 4
        }));
        tables
    })
}

fn is_upper(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | 192..=214 | 216..=222)
}

fn is_lower(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | 170 | 181 | 186 | 223..=246 | 248..)
}

fn is_letter(byte: u8) -> bool {
    is_upper(byte) || is_lower(byte)
}

fn is_word(byte: u8) -> bool {
    is_letter(byte) || byte.is_ascii_digit() || byte == b'_'
}

fn other_case(byte: u8) -> u8 {
    match byte {
        _ if is_upper(byte) => byte + 32,
        b'a'..=b'z' | 224..=246 | 248..=254 => byte - 32,
        _ => byte,
    }
}
