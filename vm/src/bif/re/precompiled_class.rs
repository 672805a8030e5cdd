//! Characters, properties and classes of compiled patterns, as a pattern's source names them.

use std::fmt::Write as _;

/// General categories, by number.
const GROUPS: [&str; 7] = ["C", "L", "M", "N", "P", "S", "Z"];
/// Particular categories, by number.
const CATEGORIES: [&str; 30] = [
    "Cc", "Cf", "Cn", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc",
    "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs",
];
/// Scripts, by number.
const SCRIPTS: &str = "Arabic Armenian Bengali Bopomofo Braille Buginese Buhid Canadian_Aboriginal Cherokee Common Coptic \
    Cypriot Cyrillic Deseret Devanagari Ethiopic Georgian Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hanunoo \
    Hebrew Hiragana Inherited Kannada Katakana Kharoshthi Khmer Lao Latin Limbu Linear_B Malayalam Mongolian Myanmar \
    New_Tai_Lue Ogham Old_Italic Old_Persian Oriya Osmanya Runic Shavian Sinhala Syloti_Nagri Syriac Tagalog Tagbanwa \
    Tai_Le Tamil Telugu Thaana Thai Tibetan Tifinagh Ugaritic Yi Balinese Cuneiform Nko Phags_Pa Phoenician Carian Cham \
    Kayah_Li Lepcha Lycian Lydian Ol_Chiki Rejang Saurashtra Sundanese Vai Avestan Bamum Egyptian_Hieroglyphs \
    Imperial_Aramaic Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Lisu Meetei_Mayek Old_South_Arabian \
    Old_Turkic Samaritan Tai_Tham Tai_Viet Batak Brahmi Mandaic Chakma Meroitic_Cursive Meroitic_Hieroglyphs Miao Sharada \
    Sora_Sompeng Takri Bassa_Vah Caucasian_Albanian Duployan Elbasan Grantha Khojki Khudawadi Linear_A Mahajani Manichaean \
    Mende_Kikakui Modi Mro Nabataean Old_North_Arabian Old_Permic Pahawh_Hmong Palmyrene Psalter_Pahlavi Pau_Cin_Hau \
    Siddham Tirhuta Warang_Citi";
/// Sets of characters that differ in case alone, by number, each by one of its characters.
const CASES: [(u8, u32); 19] = [
    (1, 0x53),
    (5, 0x1c4),
    (9, 0x1c7),
    (13, 0x1ca),
    (17, 0x1f1),
    (21, 0x345),
    (26, 0xb5),
    (30, 0x3a3),
    (34, 0x392),
    (38, 0x398),
    (43, 0x3a6),
    (47, 0x3a0),
    (51, 0x39a),
    (55, 0x3a1),
    (59, 0x395),
    (63, 0x1e60),
    (67, 0x3a9),
    (71, 0x4b),
    (75, 0xc5),
];

/// The character at a place, behind which that is left.
pub(super) fn character(code: &[u8], at: &mut usize, is_unicode: bool) -> Option<u32> {
    let first = *code.get(*at)?;
    let length = match first {
        _ if !is_unicode => 1,
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let bytes = code.get(*at..*at + length)?;
    *at += length;
    if length == 1 {
        return Some(u32::from(first));
    }
    std::str::from_utf8(bytes).ok()?.chars().next().map(u32::from)
}

/// A character by its number, which means the same everywhere in a pattern; letters and digits stand for themselves.
pub(super) fn named(code: u32) -> String {
    match char::from_u32(code).filter(char::is_ascii_alphanumeric) {
        Some(c) => c.to_string(),
        None if code < 0x100 => format!("\\x{code:02x}"),
        None => format!("\\x{{{code:x}}}"),
    }
}

/// A property of characters.
pub(super) fn property(is_negated: bool, kind: u8, value: u8) -> Option<String> {
    let name = match kind {
        0 => "Any",
        1 => "L&",
        2 => GROUPS.get(usize::from(value))?,
        3 => CATEGORIES.get(usize::from(value))?,
        4 => SCRIPTS.split(' ').nth(usize::from(value))?,
        5 => "Xan",
        6 => "Xsp",
        7 => "Xps",
        8 => "Xwd",
        9 => {
            let &(_, character) = CASES.iter().find(|(number, _)| *number == value)?;
            let character = named(character);
            return Some(if is_negated {
                format!("(?i:[^{character}])")
            } else {
                format!("(?i:{character})")
            });
        }
        10 => "Xuc",
        _ => return None,
    };
    Some(format!("\\{}{{{name}}}", if is_negated { 'P' } else { 'p' }))
}

/// Ranges of the characters below 256 whose bits are set.
fn ranges(map: &[u8]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in (0..256u32).filter(|&code| map[code as usize / 8] >> (code % 8) & 1 == 1) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => ranges.push((code, code)),
        }
    }
    ranges
}

fn write_ranges(ranges: &[(u32, u32)], text: &mut String) {
    for &(first, last) in ranges {
        text.push_str(&named(first));
        if last > first {
            let _ = write!(text, "-{}", named(last));
        }
    }
}

/// A class: a map of the characters below 256 (`kind` 0: no other is in it, 1: all others are), or that and more (2).
pub(super) fn text(code: &[u8], at: &mut usize, kind: u8, is_unicode: bool) -> Option<String> {
    if kind == 2 {
        return extended(code, at, is_unicode);
    }
    let map = code.get(*at..*at + 32)?;
    *at += 32;
    let mut text = String::from("[");
    if kind == 1 && is_unicode {
        let others: Vec<u8> = map.iter().map(|byte| !byte).collect();
        let others = ranges(&others);
        if others.is_empty() {
            return Some("(?s:.)".to_owned());
        }
        text.push('^');
        write_ranges(&others, &mut text);
    } else {
        let ranges = ranges(map);
        if ranges.is_empty() {
            return Some("(?!)".to_owned());
        }
        write_ranges(&ranges, &mut text);
    }
    text.push(']');
    Some(text)
}

/// A class with characters beyond 255, or with properties.
fn extended(code: &[u8], at: &mut usize, is_unicode: bool) -> Option<String> {
    const NOT: u8 = 1;
    const MAP: u8 = 2;
    const HAS_PROPERTIES: u8 = 4;
    *at += 2;
    let flags = *code.get(*at)?;
    *at += 1;
    let mut low = Vec::new();
    if flags & MAP != 0 {
        low = ranges(code.get(*at..*at + 32)?);
        *at += 32;
    }
    let mut items = String::new();
    loop {
        let item = *code.get(*at)?;
        *at += 1;
        match item {
            0 => break,
            1 => items.push_str(&named(character(code, at, is_unicode)?)),
            2 => {
                let (first, last) = (character(code, at, is_unicode)?, character(code, at, is_unicode)?);
                write_ranges(&[(first, last)], &mut items);
            }
            3 | 4 => {
                let (kind, value) = (*code.get(*at)?, *code.get(*at + 1)?);
                *at += 2;
                match kind {
                    11..=13 => {
                        let name = ["graph", "print", "punct"][usize::from(kind - 11)];
                        let _ = write!(items, "[:{}{name}:]", if item == 4 { "^" } else { "" });
                    }
                    9 => return None,
                    kind => items.push_str(&property(item == 4, kind, value)?),
                }
            }
            _ => return None,
        }
    }
    let mut text = String::from("[");
    if flags & HAS_PROPERTIES != 0 {
        if flags & NOT != 0 {
            text.push('^');
        }
        write_ranges(&low, &mut text);
        text.push_str(&items);
    } else if flags & NOT == 0 {
        write_ranges(&low, &mut text);
        text.push_str(&items);
    } else {
        // The map says of low characters whether they are in the class; the others are, but for those named.
        let high = format!("[^\\x00-\\xff{items}]");
        if low.is_empty() && flags & MAP != 0 {
            return Some(high);
        }
        if flags & MAP == 0 {
            return Some(format!("[^{items}]"));
        }
        let mut map = String::new();
        write_ranges(&low, &mut map);
        return Some(format!("(?:[{map}]|{high})"));
    }
    text.push(']');
    Some(text)
}
