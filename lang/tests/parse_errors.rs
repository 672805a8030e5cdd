//! Forms of OTP's own sources with a token left out, doubled, moved or replaced: the result, mostly a fault, is that of
//! OTP's `erl_parse`. The tokens themselves are compared with those of `erl_scan`. Passes without looking where no
//! `erl` is installed.
//!
//! `SWERL_MUTANTS=N` tries about as many mutants.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use std::path::{Path, PathBuf};
use std::process::Command;
use swerl_beam::Literal;
use swerl_lang::host::{FormScan, parse_exprs, parse_form, scan_form};

/// For each of the terms in the file `in`: what `erl_parse` says to it, or `erl_scan`.
const ORACLE: &str = r#"
    {ok, In} = file:read_file("in"),
    Out = lists:map(
        fun({form, Tokens}) -> catch erl_parse:parse_form(Tokens);
           ({exprs, Tokens}) -> catch erl_parse:parse_exprs(Tokens);
           ({text, Text}) -> erl_scan:string(unicode:characters_to_list(Text), {1, 1})
        end, binary_to_term(In)),
    ok = file:write_file("out", term_to_binary(Out)).
"#;

fn erl(code: &str) -> Option<Command> {
    let mut command = Command::new("erl");
    command.args(["-noshell", "-eval", code, "-s", "init", "stop"]);
    Command::new("erl").args(["-noshell", "-s", "init", "stop"]).output().ok().map(|_| command)
}

fn sources() -> Option<Vec<PathBuf>> {
    let output = erl("io:format(\"~s\", [filename:join(code:lib_dir(stdlib), src)])")?.output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?);
    let mut files: Vec<_> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "erl"));
    files.sort();
    Some(files)
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// The tokens of each form.
fn forms(path: &Path) -> Vec<Vec<Literal>> {
    let bytes = std::fs::read(path).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (mut rest, mut start, mut forms) = (text.as_str(), at(1, 1), Vec::new());
    while let FormScan::Done { result: Literal::Tuple(parts), rest: offset } =
        scan_form(rest, &start, &Literal::Nil, false).unwrap()
    {
        if let Literal::List(tokens, _) = &parts[1] {
            forms.push(tokens.clone());
        }
        start = parts.last().unwrap().clone();
        rest = &rest[offset..];
    }
    forms
}

fn at(line: i64, column: i64) -> Literal {
    Literal::tuple([Literal::Int(line), Literal::Int(column)])
}

fn mutate(tokens: &mut Vec<Literal>, numbers: &mut Numbers) {
    let at = numbers.below(tokens.len());
    match numbers.below(5) {
        0 if tokens.len() > 1 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[at].clone()),
        2 => {
            let other = numbers.below(tokens.len());
            tokens.swap(at, other);
        }
        3 => tokens[at] = tokens[numbers.below(tokens.len())].clone(),
        _ => {
            let other = tokens[numbers.below(tokens.len())].clone();
            tokens.insert(at, other);
        }
    }
}

/// The same term with strings as lists.
fn plain(term: &Literal) -> Literal {
    match term {
        Literal::Str(bytes) => {
            Literal::list(bytes.iter().map(|&byte| Literal::Int(i64::from(byte))).collect())
        }
        Literal::List(elements, tail) => {
            Literal::List(elements.iter().map(plain).collect(), Box::new(plain(tail)))
        }
        Literal::Tuple(elements) => Literal::Tuple(elements.iter().map(plain).collect()),
        other => other.clone(),
    }
}

/// The first place where two terms differ.
fn difference(ours: &Literal, theirs: &Literal) -> Option<(Literal, Literal)> {
    match (ours, theirs) {
        (Literal::Tuple(a), Literal::Tuple(b)) | (Literal::List(a, _), Literal::List(b, _))
            if a.len() == b.len() =>
        {
            let inner = a.iter().zip(b).find_map(|(a, b)| difference(a, b));
            inner.or_else(|| (ours != theirs).then(|| (ours.clone(), theirs.clone())))
        }
        _ => (ours != theirs).then(|| (ours.clone(), theirs.clone())),
    }
}

/// Tokens, to be read by people.
fn text(term: &Literal) -> String {
    let Literal::Tuple(parts) = term else { return String::new() };
    match &parts[1] {
        Literal::List(tokens, _) => tokens.iter().map(text).collect::<Vec<_>>().join(" "),
        place => match (&parts[0], parts.get(2)) {
            (Literal::Atom(name), None) => format!("{name}"),
            (_, Some(Literal::Atom(name))) => format!("{name}"),
            (_, Some(value)) => format!("{value:?}"),
            (_, None) => format!("{place:?}"),
        },
    }
}

#[test]
fn results_are_those_of_otp() {
    let Some(files) = sources() else { return };
    let wanted: usize = std::env::var("SWERL_MUTANTS").map_or(3000, |count| count.parse().unwrap());
    let mut numbers = Numbers(25);
    let (mut questions, mut ours) = (Vec::new(), Vec::new());
    while questions.len() < wanted {
        let file = &files[numbers.below(files.len())];
        for tokens in forms(file).into_iter().filter(|tokens| tokens.len() < 400).take(100) {
            let mut tokens = tokens;
            (0..=numbers.below(2)).for_each(|_| mutate(&mut tokens, &mut numbers));
            for (column, token) in (1..).zip(&mut tokens) {
                if let Literal::Tuple(parts) = token {
                    parts[1] = at(1, column);
                }
            }
            let is_form = numbers.below(4) > 0;
            let tokens = Literal::list(tokens);
            ours.push(if is_form { parse_form(&tokens) } else { parse_exprs(&tokens) }.unwrap());
            questions.push(Literal::tuple([Literal::atom(if is_form { "form" } else { "exprs" }), tokens]));
        }
    }
    let scratch = std::env::temp_dir().join(format!("swerl_parse_errors_{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    std::fs::write(scratch.join("in"), Literal::list(questions.clone()).to_etf()).unwrap();
    assert!(erl(ORACLE).unwrap().current_dir(&scratch).status().unwrap().success());
    let theirs = Literal::from_etf(&std::fs::read(scratch.join("out")).unwrap()).unwrap();
    std::fs::remove_dir_all(&scratch).unwrap();
    let Literal::List(theirs, _) = theirs else { panic!("no answers") };
    let mut failures = Vec::new();
    for ((question, ours), theirs) in questions.iter().zip(&ours).zip(&theirs) {
        // Where OTP's parser itself crashes, there is nothing to compare.
        let is_crash = matches!(theirs, Literal::Tuple(parts) if parts[0] == Literal::atom("EXIT"));
        if !is_crash && let Some((ours, theirs)) = difference(&plain(ours), &plain(theirs)) {
            failures.push(format!("{}\n ours   {ours:?}\n theirs {theirs:?}", text(question)));
        }
    }
    println!("{} of {} mutants differ", failures.len(), questions.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
