//! Between two versions of a language: patterns are written for the library that OTP has (PCRE 8.44), and PCRE2
//! reads them. Where it reads something else, the pattern is rewritten; where it tells a fault in other words or
//! at another place, the fault is.

use super::pattern::Fault;
use crate::sys::pcre::Fault as RawFault;

/// Longest name of a group.
const LONGEST_NAME: usize = 32;

/// A pattern as the library is to read it, and for each of its bytes the place in the source.
pub(super) struct Rewritten {
    pub(super) pattern: Vec<u8>,
    places: Vec<usize>,
}

impl Rewritten {
    /// The place in the source of a place in the pattern.
    pub(super) fn source_place(&self, at: usize) -> usize {
        match self.places.get(at) {
            Some(&place) => place,
            None => self.places.last().map_or(at, |&last| last + 1),
        }
    }
}

/// Rewrites a pattern; none if nothing changes.
///
/// In a class, a hyphen behind a class such as `\w` stands for itself, and so do `\B`, `\R` and `\X` without the
/// backslash. `\x` without digits is the character 0. A brace that opens no quantifier as it used to be (`{2}`, `{2,}`,
/// `{2,3}`) stands for itself: `{,3}` and spaces within are none.
pub(super) fn rewritten(source: &[u8]) -> Option<Rewritten> {
    if !source.contains(&b'\\') && !source.contains(&b'{') && !source.windows(2).any(|two| two == b"[:") {
        return None;
    }
    let mut new = Rewritten { pattern: Vec::with_capacity(source.len() + 8), places: Vec::new() };
    let mut changed = false;
    let (mut at, mut in_class) = (0, false);
    while at < source.len() {
        let rest = &source[at..];
        let mut taken = 1;
        let mut is_class = false;
        match rest {
            [b'\\', b'Q', ..] => {
                let end = rest.windows(2).position(|two| two == b"\\E");
                taken = end.map_or(rest.len(), |end| end + 2);
            }
            [b'\\', b'x', next @ ..]
                if next.first().is_none_or(|byte| *byte != b'{' && !byte.is_ascii_hexdigit()) =>
            {
                new.take(b"\\x00", at);
                changed = true;
                at += 2;
                continue;
            }
            [b'\\', letter @ (b'B' | b'R' | b'X'), ..] if in_class => {
                new.take(&[*letter], at + 1);
                changed = true;
                at += 2;
                continue;
            }
            [b'\\', letter, ..] => {
                taken = 2;
                is_class = in_class && b"dDwWsShHvVpP".contains(letter);
                if is_class && matches!(letter, b'p' | b'P') && rest.get(2) == Some(&b'{') {
                    taken = rest.iter().position(|&byte| byte == b'}').map_or(2, |end| end + 1);
                } else if is_class && matches!(letter, b'p' | b'P') {
                    taken = 3.min(rest.len());
                }
            }
            [b'[', b':', ..] if in_class => {
                if let Some(end) = rest.windows(2).position(|two| two == b":]") {
                    taken = end + 2;
                    is_class = true;
                }
            }
            [b'[', ..] if !in_class => {
                in_class = true;
                taken = 1 + usize::from(rest.get(1) == Some(&b'^'));
                taken += usize::from(rest.get(taken) == Some(&b']'));
            }
            [b']', ..] => in_class = false,
            [b'{', ..] if !in_class && !ends_in_escape(&source[..at]) && !is_quantifier(rest) => {
                new.take(b"\\{", at);
                changed = true;
                at += 1;
                continue;
            }
            _ => {}
        }
        for &byte in &rest[..taken] {
            new.take(&[byte], at);
            at += 1;
        }
        if is_class && source.get(at) == Some(&b'-') && source.get(at + 1).is_some_and(|&next| next != b']') {
            new.take(b"\\-", at);
            changed = true;
            at += 1;
        }
    }
    changed.then_some(new)
}

/// Does a text end in an escape that braces belong to, as `\x{41}`?
fn ends_in_escape(before: &[u8]) -> bool {
    matches!(before, [.., b'\\', letter] if b"xopPgkN".contains(letter))
}

/// Is this the beginning of a quantifier, for the library that OTP has?
fn is_quantifier(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let least = digits(&text[1..]);
    let rest = &text[1 + least..];
    least > 0
        && match rest {
            [b'}', ..] => true,
            [b',', most @ ..] => most.get(digits(most)) == Some(&b'}'),
            _ => false,
        }
}

impl Rewritten {
    fn take(&mut self, bytes: &[u8], place: usize) {
        self.pattern.extend_from_slice(bytes);
        self.places.resize(self.pattern.len(), place);
    }
}

/// What is wrong with a pattern that the library accepts: OTP's knows shorter names.
pub(super) fn long_name(source: &[u8], names: &[(Vec<u8>, usize)]) -> Option<Fault> {
    let (name, _) = names.iter().find(|(name, _)| name.len() > LONGEST_NAME)?;
    let start = source.windows(name.len()).position(|window| window == name).unwrap_or(0);
    Some(Fault { text: "subpattern name is too long (maximum 32 characters)", at: start + name.len() })
}

/// What OTP's library finds in its second reading of a pattern that PCRE2 accepts, or refuses for such a thing: in
/// this order a reference to a name that is not there, a group that looks behind and holds a reference, `\R` or `\X`
/// (which have no fixed length for it), and a parenthesis too many; each where it stands. Numbers of groups that are not there come last.
pub(super) fn second_reading(source: &[u8]) -> Option<Fault> {
    let names = group_names(source);
    // Of each open group whether it looks behind, and whether a reference was in it.
    let mut open: Vec<(bool, bool)> = Vec::new();
    let (mut at, mut in_class) = (0, false);
    while at < source.len() {
        let rest = &source[at..];
        let mut taken = 1;
        match rest {
            [b'\\', b'Q', ..] => {
                taken = rest.windows(2).position(|two| two == b"\\E").map_or(rest.len(), |end| end + 2);
            }
            [b'\\', ..] if in_class => taken = 2,
            [b'\\', ..] => {
                let refers = match reference(rest) {
                    Some((name, end)) if !name.first().is_some_and(|byte| is_number_start(*byte)) => {
                        if !names.contains(&name) {
                            return Some(Fault { text: text(115), at: at + end });
                        }
                        taken = end + 1;
                        true
                    }
                    Some((_, end)) => {
                        taken = end + 1;
                        true
                    }
                    None => {
                        taken = 2;
                        rest.get(1).is_some_and(|byte| matches!(byte, b'1'..=b'9' | b'R' | b'X'))
                    }
                };
                if refers && let Some(group) = open.last_mut() {
                    group.1 = true;
                }
            }
            [b'(', b'?', b'P', b'=', name @ ..] => {
                let length = name.iter().take_while(|&&byte| byte != b')').count();
                if !names.contains(&&name[..length]) {
                    return Some(Fault { text: text(115), at: at + 4 + length });
                }
                if let Some(group) = open.last_mut() {
                    group.1 = true;
                }
                taken = 5 + length;
            }
            [b'(', b'?', b'#', ..] => {
                taken = rest.iter().position(|&byte| byte == b')').map_or(rest.len(), |end| end + 1);
            }
            [b'(', ..] if !in_class => {
                let looks_behind = rest.starts_with(b"(?<=") || rest.starts_with(b"(?<!");
                open.push((looks_behind, false));
                taken = if looks_behind { 4 } else { 1 };
            }
            [b')', ..] if !in_class => match open.pop() {
                None => return Some(Fault { text: text(122), at }),
                Some((true, true)) => return Some(Fault { text: text(125), at }),
                Some((_, refers)) => {
                    if let Some(group) = open.last_mut() {
                        group.1 |= refers;
                    }
                }
            },
            [b'[', ..] if !in_class => {
                in_class = true;
                taken += usize::from(rest.get(1) == Some(&b'^'));
                taken += usize::from(rest.get(taken) == Some(&b']'));
            }
            [b'[', b':', ..] => {
                taken = rest.windows(2).position(|two| two == b":]").map_or(1, |end| end + 2);
            }
            [b']', ..] => in_class = false,
            _ => {}
        }
        at += taken;
    }
    None
}

/// Is a fault one of those that OTP's library finds in its second reading?
pub(super) fn is_of_second_reading(fault: RawFault) -> bool {
    matches!(fault.number, 115 | 122 | 125 | 200)
}

fn is_number_start(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'-' | b'+')
}

/// What an escape refers to by name or number between marks, and the place of the mark that closes.
fn reference(escape: &[u8]) -> Option<(&[u8], usize)> {
    let open = match escape {
        [_, b'k', open @ (b'<' | b'{' | b'\''), ..] => *open,
        [_, b'g', b'{', ..] => b'{',
        _ => return None,
    };
    let length = escape[3..].iter().position(|&byte| byte == close_of(open))?;
    Some((&escape[3..3 + length], 3 + length))
}

/// The names that groups of a pattern bear.
fn group_names(source: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    for (at, _) in source.windows(2).enumerate().filter(|(_, two)| *two == b"(?") {
        let (open, rest) = match &source[at + 2..] {
            [b'P', b'<', rest @ ..] => (b'<', rest),
            [open @ (b'<' | b'\''), rest @ ..] => (*open, rest),
            _ => continue,
        };
        if let Some(length) = rest.iter().position(|&byte| byte == close_of(open)) {
            names.push(&rest[..length]);
        }
    }
    names
}

/// A fault as OTP's library tells it.
pub(super) fn told(source: &[u8], fault: RawFault) -> Fault {
    let at = fault.at.min(source.len());
    if fault.number < 0 {
        return Fault { text: "invalid UTF-8 string", at };
    }
    let before = &source[..at];
    let ends = |mark: &[u8]| before.ends_with(mark);
    let at_end = at == source.len();
    let behind = |byte: u8| source[at..].iter().position(|&other| other == byte).map_or(at, |end| at + end);
    let (number, at) = match fault.number {
        // An opening that ends with the pattern is told as what it begins.
        114 if at_end && flags_open(before) => (111, at),
        114 if at_end && ends(b"(?P") => (141, at),
        114 if at_end && ends(b"(?C") => (139, at),
        114 if at_end && ends(b"(?(") => (128, at),
        114 if recursion_open(before) => (158, at),
        182 => (139, at),
        142 | 162 if condition(before).is_some() && at_end => (124, at),
        142 if condition(before).is_some_and(|start| !matches!(source[start + 3], b'<' | b'\'')) => (124, at),
        162 if condition(before).is_some() => (128, at),
        162 if ends(b"(?<") => (124_000, at),
        162 if ends(b"\\g{") => (157, at),
        115 if ends(b"\\g0") || ends(b"\\g{0}") => (126, at - 1),
        115 => (115, reference_end(source, at)),
        125 | 136 | 154 | 200 => (fault.number, closing(source, at)),
        157 if at_end => (126, at.saturating_sub(1)),
        126 if ends(b"(?-0") || ends(b"(?-") || ends(b"(?+0") || ends(b"(?+") => (126, closing(source, at)),
        126 => (126, at.saturating_sub(1)),
        128 | 129 => (fault.number, at + 1),
        130 => (130, before.windows(2).rposition(|two| two == b"[:").map_or(at, |start| start + 2)),
        112 | 113 if source.get(at) == Some(&b'[') => (fault.number, at),
        112 | 113 => (fault.number, before.iter().rposition(|&byte| byte == b'[').unwrap_or(at)),
        137 | 143 | 147 | 150 | 151 | 169 | 171 => (fault.number, at.saturating_sub(1)),
        178 if ends(b"\\o{") => (164, at),
        160 | 195 => (160, at),
        108 => (108, at),
        158 if source.get(at) == Some(&b')') => (158, behind(b')')),
        number => (number, at),
    };
    Fault { text: text(number), at: at.min(source.len()) }
}

/// Does a text end in `(?` or in that and letters of options?
fn flags_open(before: &[u8]) -> bool {
    let letters = before.iter().rev().take_while(|byte| b"imsxJU-".contains(byte)).count();
    before[..before.len() - letters].ends_with(b"(?")
}

/// Does a text end in `(?R` or in `(?` and a number?
fn recursion_open(before: &[u8]) -> bool {
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let front = &before[..before.len() - digits];
    before.ends_with(b"(?R")
        || digits > 0 && (front.ends_with(b"(?") || front.ends_with(b"(?+") || front.ends_with(b"(?-"))
}

/// Where a pattern has something behind `(?` that came into the language later: the letter `a`, `^`, or a class.
pub(super) fn later_flag(source: &[u8]) -> Option<Fault> {
    let (mut at, mut in_class) = (0, false);
    while at < source.len() {
        match &source[at..] {
            [b'\\', b'Q', rest @ ..] => {
                at += rest.windows(2).position(|two| two == b"\\E").map_or(rest.len(), |end| end + 2);
            }
            [b'\\', ..] => at += 1,
            [b'[', b':', rest @ ..] if in_class => {
                at += rest.windows(2).position(|two| two == b":]").map_or(0, |end| end + 2);
            }
            [b'[', rest @ ..] if !in_class => {
                in_class = true;
                let negated = usize::from(rest.first() == Some(&b'^'));
                at += negated + usize::from(rest.get(negated) == Some(&b']'));
            }
            [b']', ..] => in_class = false,
            [b'(', b'?', b'#', rest @ ..] if !in_class => {
                at += rest.iter().position(|&byte| byte == b')').unwrap_or(rest.len());
            }
            [b'(', b'?', rest @ ..] if !in_class => {
                let flags = rest.iter().take_while(|byte| b"imsxJU-".contains(byte)).count();
                if let Some(b'a' | b'^' | b'[') = rest.get(flags) {
                    return Some(Fault { text: text(111), at: at + 2 + flags });
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the condition of a group begins that is open at the end of this text.
fn condition(before: &[u8]) -> Option<usize> {
    let start = before.windows(3).rposition(|three| three == b"(?(")?;
    (!before[start..].contains(&b')')).then_some(start)
}

/// The end of a reference to a group that is not there.
fn reference_end(source: &[u8], at: usize) -> usize {
    let find =
        |from: usize, byte: u8| source[from..].iter().position(|&other| other == byte).map(|end| from + end);
    let opens = source[..at].ends_with(b"(?") && source[at..].starts_with(b"(");
    if opens || condition(&source[..at]).is_some() {
        return find(at, b')').map_or(at, |end| end + 1);
    }
    let start = source[..at].iter().rposition(|&byte| byte == b'\\' || byte == b'(');
    let Some(start) = start else { return at };
    match &source[start..] {
        [b'(', ..] => find(at, b')').unwrap_or(at),
        [b'\\', b'k', open, ..] => find(at, close_of(*open)).unwrap_or(at),
        [b'\\', b'g', b'{', b'-', ..] => find(start, b'}').unwrap_or(at),
        [b'\\', b'g', open @ (b'<' | b'\''), ..] => find(at, close_of(*open)).unwrap_or(at),
        // A number is only looked at when the whole pattern has been read.
        _ => source.len(),
    }
}

fn close_of(open: u8) -> u8 {
    match open {
        b'<' => b'>',
        b'{' => b'}',
        other => other,
    }
}

/// The parenthesis that closes the group which opens at a place or before it.
fn closing(source: &[u8], at: usize) -> usize {
    let start = source[..(at + 1).min(source.len())].iter().rposition(|&byte| byte == b'(').unwrap_or(0);
    let start = if source[..start].ends_with(b"(?") { start - 2 } else { start };
    let (mut depth, mut place) = (0usize, start);
    while place < source.len() {
        match source[place] {
            b'\\' => place += 1,
            b'(' => depth += 1,
            b')' if depth <= 1 => return place,
            b')' => depth -= 1,
            _ => {}
        }
        place += 1;
    }
    at
}

/// The texts of faults, by the library's number; one has none of its own there.
fn text(number: i32) -> &'static str {
    match number {
        101 => "\\ at end of pattern",
        102 => "\\c at end of pattern",
        103 => "unrecognized character follows \\",
        104 => "numbers out of order in {} quantifier",
        105 => "number too big in {} quantifier",
        106 => "missing terminating ] for character class",
        107 => "invalid escape sequence in character class",
        108 => "range out of order in character class",
        109 => "nothing to repeat",
        111 => "unrecognized character after (? or (?-",
        112 => "POSIX named classes are supported only within a class",
        113 => "POSIX collating elements are not supported",
        114 => "missing )",
        115 => "reference to non-existent subpattern",
        118 => "missing ) after comment",
        119 | 133 | 184 => "parentheses are too deeply nested",
        120 | 201 => "regular expression is too large",
        121 => "failed to get memory",
        122 => "unmatched parentheses",
        124 => "malformed number or name after (?(",
        124_000 => "unrecognized character after (?<",
        125 | 187 | 200 => "lookbehind assertion is not fixed length",
        126 => "a numbered reference must not be zero",
        127 => "conditional group contains more than two branches",
        128 => "assertion expected after (?( or (?(?C)",
        129 => "digit expected after (?+",
        130 => "unknown POSIX class name",
        134 | 177 => "character value in \\x{} or \\o{} is too large",
        136 => "\\C not allowed in lookbehind assertion",
        137 => "PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u",
        138 => "number after (?C is > 255",
        139 => "closing ) for (?C expected",
        141 => "unrecognized character after (?P",
        142 => "syntax error in subpattern name (missing terminator)",
        143 => "two named subpatterns have the same name",
        144 => "group name must start with a non-digit",
        146 => "malformed \\P or \\p sequence",
        147 => "unknown property name after \\P or \\p",
        148 => "subpattern name is too long (maximum 32 characters)",
        149 => "too many named subpatterns (maximum 10000)",
        150 => "invalid range in character class",
        151 => "octal value is greater than \\377 in 8-bit non-UTF-8 mode",
        154 => "DEFINE group contains more than one branch",
        155 => "missing opening brace after \\o",
        157 => "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number",
        158 => "(?R or (?[+-]digits must be followed by )",
        159 => "an argument is not allowed for (*ACCEPT), (*FAIL), or (*COMMIT)",
        160 => "(*VERB) not recognized or malformed",
        161 => "number is too big",
        162 => "subpattern name expected",
        164 => "non-octal character in \\o{} (closing brace missing?)",
        165 => "different names for subpatterns of the same number are not allowed",
        166 => "(*MARK) must have an argument",
        167 | 178 => "non-hex character in \\x{} (closing brace missing?)",
        168 => "\\c must be followed by an ASCII character",
        169 => "\\k is not followed by a braced, angle-bracketed, or quoted name",
        171 => "\\N is not supported in a class",
        173 => "disallowed Unicode code point (>= 0xd800 && <= 0xdfff)",
        174 => "setting UTF is disabled by the application",
        176 => "name is too long in (*MARK), (*PRUNE), (*SKIP), or (*THEN)",
        193 => "PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u",
        194 => "unrecognized character after (? or (?-",
        _ => "internal error",
    }
}
