//! Patterns that OTP's own library (PCRE 8.44, links of two bytes) has compiled, as object code of other systems holds
//! them: read back as a pattern's source.
//!
//! The form: a header, the table of group names, then the program, one byte for each operation and its operands behind it.
//! What operations there are was seen on what `re:compile/2` of OTP 25 answers.

use super::options::PatternOptions;
use super::precompiled_class as class;
use crate::sys::pcre;
use std::fmt::Write as _;

/// The operations, in the order of their numbers.
mod op {
    pub(super) const NOT_WORD_BOUNDARY: u8 = 4;
    pub(super) const WORD_BOUNDARY: u8 = 5;
    pub(super) const NOTPROP: u8 = 15;
    pub(super) const PROP: u8 = 16;
    pub(super) const CHAR: u8 = 29;
    pub(super) const CHARI: u8 = 30;
    pub(super) const NOT: u8 = 31;
    pub(super) const NOTI: u8 = 32;
    /// Of a character, of one regardless of case, of any but one, of any but one regardless of case, of a type.
    pub(super) const REPEATS: std::ops::Range<u8> = 33..98;
    pub(super) const CLASS: u8 = 110;
    pub(super) const NCLASS: u8 = 111;
    pub(super) const XCLASS: u8 = 112;
    pub(super) const REF: u8 = 113;
    pub(super) const REFI: u8 = 114;
    pub(super) const DNREF: u8 = 115;
    pub(super) const DNREFI: u8 = 116;
    pub(super) const RECURSE: u8 = 117;
    pub(super) const CALLOUT: u8 = 118;
    pub(super) const ALT: u8 = 119;
    pub(super) const KET: u8 = 120;
    pub(super) const KETRMAX: u8 = 121;
    pub(super) const KETRMIN: u8 = 122;
    pub(super) const KETRPOS: u8 = 123;
    pub(super) const REVERSE: u8 = 124;
    pub(super) const ASSERT: u8 = 125;
    pub(super) const ASSERTBACK_NOT: u8 = 128;
    pub(super) const ONCE: u8 = 129;
    pub(super) const ONCE_NC: u8 = 130;
    pub(super) const BRA: u8 = 131;
    pub(super) const BRAPOS: u8 = 132;
    pub(super) const CBRA: u8 = 133;
    pub(super) const CBRAPOS: u8 = 134;
    pub(super) const COND: u8 = 135;
    pub(super) const SBRA: u8 = 136;
    pub(super) const SBRAPOS: u8 = 137;
    pub(super) const SCBRA: u8 = 138;
    pub(super) const SCBRAPOS: u8 = 139;
    pub(super) const SCOND: u8 = 140;
    pub(super) const CREF: u8 = 141;
    pub(super) const DNCREF: u8 = 142;
    pub(super) const RREF: u8 = 143;
    pub(super) const DNRREF: u8 = 144;
    pub(super) const DEF: u8 = 145;
    pub(super) const BRAZERO: u8 = 146;
    pub(super) const BRAMINZERO: u8 = 147;
    pub(super) const BRAPOSZERO: u8 = 148;
    pub(super) const MARK: u8 = 149;
    pub(super) const PRUNE_ARG: u8 = 151;
    pub(super) const SKIP_ARG: u8 = 153;
    pub(super) const THEN_ARG: u8 = 155;
    pub(super) const CLOSE: u8 = 160;
    pub(super) const SKIPZERO: u8 = 161;
}

/// What stands for an operation without operands.
fn plain(operation: u8) -> Option<&'static str> {
    Some(match operation {
        1 => "\\A",
        2 => "\\G",
        3 => "\\K",
        op::NOT_WORD_BOUNDARY => "\\B",
        op::WORD_BOUNDARY => "\\b",
        6 => "\\D",
        7 => "\\d",
        8 => "\\S",
        9 => "\\s",
        10 => "\\W",
        11 => "\\w",
        12 => ".",
        13 => "(?s:.)",
        14 => "\\C",
        17 => "\\R",
        18 => "\\H",
        19 => "\\h",
        20 => "\\V",
        21 => "\\v",
        22 => "\\X",
        23 => "\\Z",
        24 => "\\z",
        25 => "$",
        26 => "(?m:$)",
        27 => "^",
        28 => "(?m:^)",
        150 => "(*PRUNE)",
        152 => "(*SKIP)",
        154 => "(*THEN)",
        156 => "(*COMMIT)",
        157 => "(*FAIL)",
        158 | 159 => "(*ACCEPT)",
        _ => return None,
    })
}

/// How often, and how eagerly.
#[derive(Clone, Debug, PartialEq)]
struct Often {
    least: u32,
    most: Option<u32>,
    /// Nothing, `?` or `+`.
    manner: &'static str,
}

impl Often {
    const ONCE: Self = Self { least: 1, most: Some(1), manner: "" };

    fn text(&self) -> String {
        let count = match (self.least, self.most) {
            (1, Some(1)) => return String::new(),
            (0, Some(1)) => "?".to_owned(),
            (0, None) => "*".to_owned(),
            (1, None) => "+".to_owned(),
            (least, None) => format!("{{{least},}}"),
            (least, Some(most)) if least == most => format!("{{{least}}}"),
            (least, Some(most)) => format!("{{{least},{most}}}"),
        };
        count + self.manner
    }
}

/// A part of the pattern.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// What is text already.
    Text(String),
    Group(Group),
}

/// A group.
#[derive(Clone, Debug, PartialEq)]
struct Group {
    /// What it opens with, a name or number aside.
    opening: String,
    /// Its number, if it captures.
    number: Option<u16>,
    branches: Vec<Vec<Part>>,
    often: Often,
}

/// The source and options of a compiled pattern; `None` if it is none, or has what no source of today says.
pub(super) fn source(bytes: &[u8]) -> Option<(Vec<u8>, PatternOptions)> {
    if !bytes.starts_with(b"ERCP") {
        return None;
    }
    let wide =
        |at: usize| bytes.get(at..at + 4).and_then(|part| part.try_into().ok()).map(u32::from_le_bytes);
    let short =
        |at: usize| bytes.get(at..at + 2).and_then(|part| part.try_into().ok()).map(u16::from_le_bytes);
    let options = options(wide(8)?)?;
    let (names_at, name_size, name_count) = (short(34)?, short(36)?, short(38)?);
    let names_end = usize::from(names_at) + usize::from(name_size) * usize::from(name_count);
    let table = bytes.get(usize::from(names_at)..names_end)?;
    let names = table.chunks_exact(usize::from(name_size).max(1)).map(name).collect::<Option<Vec<_>>>()?;
    let mut reader = Reader {
        code: bytes.get(names_end..)?,
        at: 0,
        is_unicode: options.is_unicode(),
        names,
        depth: 0,
        next: 1,
    };
    let whole = match reader.operation()? {
        op::BRA | op::SBRA => reader.group(op::BRA, Often::ONCE)?,
        _ => return None,
    };
    let text = reader.alternatives(&whole.branches)?;
    Some((text.into_bytes(), options))
}

/// A name and the number of its group.
fn name(entry: &[u8]) -> Option<(u16, String)> {
    let (number, rest) = entry.split_first_chunk::<2>()?;
    let end = rest.iter().position(|&byte| byte == 0)?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    name.chars().all(is_name).then(|| (u16::from_be_bytes(*number), name.to_owned()))
}

/// The options of the header. What the program says itself, such as `caseless`, is left out.
fn options(word: u32) -> Option<PatternOptions> {
    let flags = [
        (0x10, pcre::ANCHORED),
        (0x20, pcre::DOLLAR_ENDONLY),
        (0x800, pcre::UTF),
        (0x4_0000, pcre::FIRSTLINE),
        (0x8_0000, pcre::DUPNAMES),
        (0x400_0000, pcre::NO_START_OPTIMIZE),
        (0x2000_0000, pcre::UCP),
    ];
    let mut options = PatternOptions::default();
    for (bit, flag) in flags {
        if word & bit != 0 {
            options.0.flags |= flag;
        }
    }
    options.0.newline = match word >> 20 & 7 {
        0 => 0,
        1 => pcre::NEWLINE_CR,
        2 => pcre::NEWLINE_LF,
        3 => pcre::NEWLINE_CRLF,
        4 => pcre::NEWLINE_ANY,
        5 => pcre::NEWLINE_ANYCRLF,
        _ => return None,
    };
    options.0.line_breaks = match word >> 23 & 3 {
        0 => 0,
        1 => pcre::BSR_ANYCRLF,
        2 => pcre::BSR_UNICODE,
        _ => return None,
    };
    Some(options)
}

/// Groups within groups that are followed.
const DEEPEST: usize = 250;

struct Reader<'a> {
    code: &'a [u8],
    at: usize,
    is_unicode: bool,
    names: Vec<(u16, String)>,
    depth: usize,
    /// The number of the group that opens next.
    next: u16,
}

impl Reader<'_> {
    fn operation(&mut self) -> Option<u8> {
        let byte = *self.code.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// A number of two bytes.
    fn number(&mut self) -> Option<u16> {
        Some(u16::from(self.operation()?) << 8 | u16::from(self.operation()?))
    }

    /// A character, as a pattern names it anywhere.
    fn character(&mut self) -> Option<String> {
        class::character(self.code, &mut self.at, self.is_unicode).map(class::named)
    }

    /// The branches of a group up to its end, which is the operation answered.
    fn branches(&mut self) -> Option<(Vec<Vec<Part>>, u8)> {
        let (mut branches, mut parts) = (Vec::new(), Vec::new());
        loop {
            let operation = self.operation()?;
            match operation {
                op::ALT => {
                    self.number()?;
                    branches.push(joined(std::mem::take(&mut parts)));
                }
                op::KET..=op::KETRPOS => {
                    self.number()?;
                    branches.push(joined(parts));
                    return Some((branches, operation));
                }
                operation => parts.extend(self.part(operation)?),
            }
        }
    }

    /// What an operation and its operands say.
    fn part(&mut self, operation: u8) -> Option<Option<Part>> {
        if let Some(text) = plain(operation) {
            return Some(Some(Part::Text(text.to_owned())));
        }
        let text = match operation {
            op::CHAR | op::CHARI | op::NOT | op::NOTI => self.one_character(operation)?,
            op::PROP | op::NOTPROP => self.property(operation)?,
            _ if op::REPEATS.contains(&operation) => self.repeated(operation)?,
            op::CLASS | op::NCLASS | op::XCLASS => {
                let class = class::text(self.code, &mut self.at, operation - op::CLASS, self.is_unicode)?;
                class + &self.class_often()?
            }
            op::REF | op::REFI => {
                let text = format!("\\g{{{}}}", self.number()?);
                regardless(operation == op::REFI, text) + &self.class_often()?
            }
            op::DNREF | op::DNREFI => {
                let text = format!("\\k<{}>", self.name_of_entry()?);
                regardless(operation == op::DNREFI, text) + &self.class_often()?
            }
            op::RECURSE => self.recursion()?,
            op::CALLOUT => {
                self.at += 5;
                return Some(None);
            }
            op::REVERSE | op::CLOSE => {
                self.number()?;
                return Some(None);
            }
            op::MARK | op::PRUNE_ARG | op::SKIP_ARG | op::THEN_ARG => self.verb(operation)?,
            op::BRAZERO | op::BRAMINZERO | op::BRAPOSZERO | op::SKIPZERO => {
                let bracket = self.operation()?;
                let most = if operation == op::SKIPZERO { Some(0) } else { Some(1) };
                let manner = if operation == op::BRAMINZERO { "?" } else { "" };
                return Some(Some(Part::Group(self.group(bracket, Often { least: 0, most, manner })?)));
            }
            op::ASSERT..=op::SCOND => return Some(Some(Part::Group(self.group(operation, Often::ONCE)?))),
            _ => return None,
        };
        Some(Some(Part::Text(text)))
    }

    fn one_character(&mut self, kind: u8) -> Option<String> {
        let character = self.character()?;
        let negated = matches!(kind, op::NOT | op::NOTI);
        let text = if negated { format!("[^{character}]") } else { character };
        Some(regardless(matches!(kind, op::CHARI | op::NOTI), text))
    }

    fn property(&mut self, operation: u8) -> Option<String> {
        let (kind, value) = (self.operation()?, self.operation()?);
        class::property(operation == op::NOTPROP, kind, value)
    }

    /// A character or type that is repeated.
    fn repeated(&mut self, operation: u8) -> Option<String> {
        let (family, how) = ((operation - op::REPEATS.start) / 13, (operation - op::REPEATS.start) % 13);
        let (least, most, manner) = match how {
            0 => (0, None, ""),
            1 => (0, None, "?"),
            2 => (1, None, ""),
            3 => (1, None, "?"),
            4 => (0, Some(1), ""),
            5 => (0, Some(1), "?"),
            6 => (0, Some(u32::from(self.number()?)), ""),
            7 => (0, Some(u32::from(self.number()?)), "?"),
            8 => {
                let count = u32::from(self.number()?);
                (count, Some(count), "")
            }
            9 => (0, None, "+"),
            10 => (1, None, "+"),
            11 => (0, Some(1), "+"),
            _ => (0, Some(u32::from(self.number()?)), "+"),
        };
        let text = match family {
            0..=3 => self.one_character(op::CHAR + family)?,
            _ => match self.operation()? {
                kind @ (op::PROP | op::NOTPROP) => self.property(kind)?,
                kind => plain(kind)?.to_owned(),
            },
        };
        Some(text + &Often { least, most, manner }.text())
    }

    /// How often the class or reference before is to come.
    fn class_often(&mut self) -> Option<String> {
        let how = match self.code.get(self.at)? {
            how @ 98..=109 => *how,
            _ => return Some(String::new()),
        };
        self.at += 1;
        let (least, most) = match how {
            98 | 99 | 106 => (0, None),
            100 | 101 | 107 => (1, None),
            102 | 103 | 108 => (0, Some(1)),
            _ => {
                let (least, most) = (self.number()?, self.number()?);
                (u32::from(least), Some(u32::from(most)).filter(|&most| most != 0))
            }
        };
        let manner = match how {
            99 | 101 | 103 | 105 => "?",
            106..=109 => "+",
            _ => "",
        };
        Some(Often { least, most, manner }.text())
    }

    /// The name that an entry of the table has, of how many does not matter.
    fn name_of_entry(&mut self) -> Option<String> {
        let (entry, _count) = (self.number()?, self.number()?);
        self.names.get(usize::from(entry)).map(|(_, name)| name.clone())
    }

    /// A call of a group, which is told by its place.
    fn recursion(&mut self) -> Option<String> {
        let place = usize::from(self.number()?);
        match self.code.get(place..)? {
            [op::BRA | op::SBRA, ..] if place == 0 => Some("(?R)".to_owned()),
            [op::CBRA | op::CBRAPOS | op::SCBRA | op::SCBRAPOS, _, _, high, low, ..] => {
                Some(format!("(?{})", u16::from(*high) << 8 | u16::from(*low)))
            }
            _ => None,
        }
    }

    fn verb(&mut self, operation: u8) -> Option<String> {
        let length = usize::from(self.operation()?);
        let argument = std::str::from_utf8(self.code.get(self.at..self.at + length)?).ok()?;
        self.at += length + 1;
        let verb = match operation {
            op::MARK => "MARK",
            op::PRUNE_ARG => "PRUNE",
            op::SKIP_ARG => "SKIP",
            _ => "THEN",
        };
        (!argument.contains(')')).then(|| format!("(*{verb}:{argument})"))
    }

    /// A group whose first operation was read. `often` is what stood before it: whether it may be left out.
    fn group(&mut self, operation: u8, often: Often) -> Option<Group> {
        self.number()?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let is_capture = matches!(operation, op::CBRA | op::CBRAPOS | op::SCBRA | op::SCBRAPOS);
        let number = if is_capture { Some(self.number()?) } else { None };
        let opening = match operation {
            op::ASSERT..=op::ASSERTBACK_NOT => {
                ["(?=", "(?!", "(?<=", "(?<!"][usize::from(operation - op::ASSERT)].to_owned()
            }
            op::ONCE | op::ONCE_NC => "(?>".to_owned(),
            op::BRA | op::BRAPOS | op::SBRA | op::SBRAPOS => "(?:".to_owned(),
            op::COND | op::SCOND => self.condition()?,
            _ if is_capture => String::new(),
            _ => return None,
        };
        let (branches, end) = self.branches()?;
        self.depth -= 1;
        let often = match end {
            op::KETRMAX => Often { most: None, ..often },
            op::KETRMIN => Often { most: None, manner: "?", ..often },
            op::KETRPOS => Often { most: None, manner: "+", ..often },
            _ => often,
        };
        Some(Group { opening, number, branches, often })
    }

    /// The opening of a conditional group, with its condition if that is no assertion.
    fn condition(&mut self) -> Option<String> {
        let condition = match *self.code.get(self.at)? {
            op::CREF => {
                self.at += 1;
                self.number()?.to_string()
            }
            op::RREF => {
                self.at += 1;
                match self.number()? {
                    u16::MAX => "R".to_owned(),
                    number => format!("R{number}"),
                }
            }
            op::DNCREF => {
                self.at += 1;
                format!("<{}>", self.name_of_entry()?)
            }
            op::DNRREF => {
                self.at += 1;
                format!("R&{}", self.name_of_entry()?)
            }
            op::DEF => {
                self.at += 1;
                "DEFINE".to_owned()
            }
            // The assertion comes as the first part of the first branch.
            _ => return Some("(?".to_owned()),
        };
        Some(format!("(?({condition})"))
    }

    fn alternatives(&mut self, branches: &[Vec<Part>]) -> Option<String> {
        let mut text = String::new();
        let (first, mut most) = (self.next, self.next);
        for (index, parts) in branches.iter().enumerate() {
            if index > 0 {
                text.push('|');
            }
            if resets(branches) {
                most = most.max(self.next);
                self.next = first;
            }
            for part in parts {
                match part {
                    Part::Text(part) => text.push_str(part),
                    Part::Group(group) => self.write_group(group, &mut text)?,
                }
            }
        }
        self.next = self.next.max(most);
        Some(text)
    }

    /// Writes a group. Numbers must come out as they were: those that a pattern gives twice it does not get again.
    fn write_group(&mut self, group: &Group, text: &mut String) -> Option<()> {
        match group.number {
            Some(number) if number != self.next => return None,
            Some(number) => {
                self.next = self.next.checked_add(1)?;
                match self.names.iter().find(|(named, _)| *named == number) {
                    Some((_, name)) => {
                        let _ = write!(text, "(?<{name}>");
                    }
                    None => text.push('('),
                }
            }
            None if resets(&group.branches) => text.push_str("(?|"),
            None => text.push_str(&group.opening),
        }
        let inside = self.alternatives(&group.branches)?;
        let _ = write!(text, "{inside}){}", group.often.text());
        Some(())
    }
}

/// Do the numbers of groups begin anew in each branch?
fn resets(branches: &[Vec<Part>]) -> bool {
    let first = |parts: &Vec<Part>| first_number(parts);
    matches!(branches, [one, other, ..] if first(one).is_some() && first(one) == first(other))
}

fn first_number(parts: &[Part]) -> Option<u16> {
    parts.iter().find_map(|part| match part {
        Part::Group(group) => {
            group.number.or_else(|| group.branches.iter().find_map(|parts| first_number(parts)))
        }
        Part::Text(_) => None,
    })
}

/// In a group of its own, where upper and lower case do not matter.
fn regardless(of_case: bool, text: String) -> String {
    if of_case { format!("(?i:{text})") } else { text }
}

/// The library repeats a group by writing it down again, each within the one before where it may be left out: these
/// become one group again, as what captures must be there once.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut done: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        let part = match part {
            Part::Group(group) => Part::Group(unwrapped(group)),
            text => text,
        };
        match (done.last_mut(), part) {
            (Some(Part::Group(last)), Part::Group(next)) if is_repetition(last, &next) => {
                last.often = Often {
                    least: last.often.least.saturating_add(next.often.least),
                    most: last.often.most.zip(next.often.most).map(|(one, other)| one.saturating_add(other)),
                    manner: if next.often == Often::ONCE { last.often.manner } else { next.often.manner },
                };
            }
            (_, part) => done.push(part),
        }
    }
    done
}

fn is_repetition(last: &Group, next: &Group) -> bool {
    (&last.opening, last.number, &last.branches) == (&next.opening, next.number, &next.branches)
}

/// A plain group that may be left out, with nothing but a repeated group in it, is that group.
fn unwrapped(group: Group) -> Group {
    let optional = group.number.is_none()
        && group.opening == "(?:"
        && group.often.least == 0
        && group.often.most == Some(1);
    match &group.branches[..] {
        [parts] if optional => match &parts[..] {
            [Part::Group(inner)] if inner.often.least == 1 => Group {
                often: Often { least: 0, manner: group.often.manner, ..inner.often.clone() },
                ..inner.clone()
            },
            _ => group,
        },
        _ => group,
    }
}
