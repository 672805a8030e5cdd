//! Tests of the scanner: by hand, and against `erl_scan` where Erlang/OTP is installed.

use super::*;
use crate::source::SourceMap;

fn scan_with(text: &str, options: ScanOptions) -> Vec<String> {
    let mut map = SourceMap::new();
    let file = map.add("f.erl", text).unwrap();
    let text = map.file(file).text().clone();
    Scanner::new(&text, file, options)
        .map(|token| match token {
            Ok(token) => format!("{} {:?}", map.column(token.span), token.kind),
            Err(error) => format!("{} error {} resume {}", map.column(error.span), error.kind, error.resume),
        })
        .collect()
}

fn kinds(text: &str) -> Vec<TokenKind> {
    Scanner::new(text, FileId::default(), ScanOptions::default()).map(|token| token.unwrap().kind).collect()
}

fn error(text: &str) -> String {
    let error = Scanner::new(text, FileId::default(), ScanOptions::default()).find_map(Result::err).unwrap();
    format!("{}: {}, {}", error.span.start, error.kind, error.resume)
}

fn string(text: &str) -> String {
    match &kinds(text)[..] {
        [TokenKind::String(value)] => value.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn marks_are_as_long_as_they_can_be() {
    let marks = [
        "=:=", "=", "=/=", "=<", "=>", "==", "...", "..", "<<", "<-", "<=", "<", "<:-", "<:=", "&&", "||",
        "|", "::", ":=", ":", "->", "--", "-", "++", "+", "/=", "/", ">=", ">>", ">", "?=", "?", "!", "#",
        ";", "*",
    ];
    for mark in marks {
        assert_eq!(kinds(mark), [TokenKind::punctuation(mark).unwrap()], "{mark}");
    }
    assert_eq!(kinds("=:a"), [TokenKind::Eq, TokenKind::Colon, TokenKind::Atom("a".into())]);
    assert_eq!(kinds("<:a")[..2], [TokenKind::Lt, TokenKind::Colon]);
    assert_eq!(kinds("=/a")[..2], [TokenKind::Eq, TokenKind::Slash]);
    assert_eq!(kinds("&")[..], [TokenKind::Other('&')]);
}

#[test]
fn a_dot_before_white_space_is_a_full_stop() {
    assert_eq!(
        scan_with("a.b. c.%x\nd.", ScanOptions::default()),
        ["1 Atom('a')", "2 Period", "3 Atom('b')", "4 Dot", "6 Atom('c')", "7 Dot", "1 Atom('d')", "2 Dot"]
    );
}

#[test]
fn numbers() {
    let int = |value| TokenKind::Integer(Integer::Small(value));
    use super::super::Integer;
    assert_eq!(kinds("1_000 16#Ff 36#z 2#1_0"), [int(1000), int(255), int(35), int(2)]);
    assert_eq!(kinds("1__0"), [int(1), TokenKind::Var("__0".into())]);
    assert_eq!(kinds("9223372036854775807"), [int(i64::MAX)]);
    assert_eq!(format!("{:?}", kinds("16#8000_0000_0000_0000")), "[Integer(Big(9223372036854775808))]");
    assert_eq!(kinds("1.5 1_0.0_1e1_0 2.5e-3"), [1.5, 1.001e11, 0.0025].map(TokenKind::Float));
    assert_eq!(kinds("1.e5"), [int(1), TokenKind::Period, TokenKind::Atom("e5".into())]);
    assert_eq!(error("99#1"), "0: illegal base '99', 2");
    assert_eq!(error("16#."), "0: illegal integer, 3");
    assert_eq!(error("1.0e999."), "0: illegal float, 7");
    assert_eq!(error("1.0e+"), "0: illegal float, 5");
}

#[test]
fn strings_and_characters() {
    assert_eq!(string(r#""a\n\x41\x{2200}\101\^a\s\"\\\q""#), "a\nA∀A\u{1} \"\\q");
    assert_eq!(
        kinds(r"$a $\n $\\ $\x{41} $\^a $\s"),
        ['a', '\n', '\\', 'A', '\u{1}', ' '].map(TokenKind::Char)
    );
    assert_eq!(kinds("$  $\n$."), [' ', '\n', '.'].map(TokenKind::Char));
    assert_eq!(
        kinds(r"'a b' 'don\'t' 'end' ''"),
        ["a b", "don't", "end", ""].map(|a| TokenKind::Atom(a.into()))
    );
    assert_eq!(
        error("  \"abc\\n0123456789abcdef"),
        r#"2: unterminated string starting with "abc\n0123456789ab", 24"#
    );
    assert_eq!(error("'abc"), "0: unterminated atom starting with 'abc', 4");
    assert_eq!(error("$"), "0: unterminated character, 1");
    assert_eq!(error(r#""a\x{110000}b""#), "2: illegal character, 12");
    assert_eq!(error(r#""\xg""#), "1: illegal character, 3");
    assert_eq!(error(r"$\x{D800}"), "0: illegal character, 9");
    assert_eq!(error("a ∀"), "2: illegal character, 5");
    assert_eq!(error(&"a".repeat(256)), "0: illegal atom, 256");
}

#[test]
fn names() {
    assert_eq!(
        kinds("é_1@ École _ µ"),
        [
            TokenKind::Atom("é_1@".into()),
            TokenKind::Var("École".into()),
            TokenKind::Var("_".into()),
            TokenKind::Other('µ'),
        ]
    );
    let maybe = ScanOptions { maybe_enabled: true, ..ScanOptions::default() };
    assert_eq!(scan_with("maybe 'maybe' else", maybe), ["1 Maybe", "7 Atom('maybe')", "15 Else"]);
    assert_eq!(kinds("maybe else"), ["maybe", "else"].map(|a| TokenKind::Atom(a.into())));
}

#[test]
fn triple_quoted_strings() {
    assert_eq!(string("\"\"\"\n  a\n   \\n \"\"\n\n  c\n  \"\"\""), "a\n \\n \"\"\n\nc");
    assert_eq!(string("\"\"\"\"\n\"\"\"\n\"\"\"\""), "\"\"\"");
    assert_eq!(string("\"\"\"\n\"\"\""), "");
    assert_eq!(error("\"\"\"\n a\n  \"\"\""), "4: illegal indentation in triple-quoted string, 6");
    assert_eq!(kinds("\"\"\"a\"").len(), 2);
}

#[test]
fn sigils() {
    let sigil = |text: &str| match &kinds(text)[..] {
        [TokenKind::SigilPrefix(prefix), TokenKind::String(value), TokenKind::SigilSuffix(suffix)] => {
            format!("{prefix}|{value}|{suffix}")
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(sigil(r#"~"a\n""#), "|a\n|");
    assert_eq!(sigil(r"~S(a\n)x"), r"S|a\n|x");
    assert_eq!(sigil("~b[a\\]b]"), "b|a]b|");
    assert_eq!(sigil("~\"\"\"\n a\\n\n \"\"\""), r"|a\n|");
    assert_eq!(sigil("~s\"\"\"\n a\\n\n \"\"\""), "s|a\n|");
    assert_eq!(kinds("~ a"), [TokenKind::Other('~'), TokenKind::Atom("a".into())]);
}

#[test]
fn white_space_and_comments_on_request() {
    let all = ScanOptions { white_space: true, comments: true, ..ScanOptions::default() };
    assert_eq!(
        scan_with("a  % b\n\n c", all),
        [
            "1 Atom('a')",
            "2 WhiteSpace(\"  \")",
            "4 Comment(\"% b\")",
            "7 WhiteSpace(\"\\n\")",
            "1 WhiteSpace(\"\\n \")",
            "2 Atom('c')"
        ]
    );
    assert_eq!(kinds("a % b\u{0a}%c"), [TokenKind::Atom("a".into())]);
}
