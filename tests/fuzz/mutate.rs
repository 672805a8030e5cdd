//! Changes to inputs: pieces removed, doubled, moved, taken from elsewhere, and words that mean something.

use swerl_beam::Module;
use swerl_tests::mutation::{Numbers, damage_bytes, damage_code};

use crate::targets::Target;

/// Makes new inputs of old ones.
#[derive(Debug)]
pub(crate) struct Mutator {
    target: Target,
}

/// Pieces of programs.
const WORDS: &[&str] = &[
    " ",
    "\n",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<<",
    ">>",
    ",",
    ";",
    ".",
    ".\n",
    ":",
    "::",
    "|",
    "||",
    "&&",
    "->",
    "<-",
    "<=",
    "<:-",
    "<:=",
    "=>",
    ":=",
    "?=",
    "=",
    "==",
    "=:=",
    "=/=",
    "/=",
    "=<",
    ">=",
    "<",
    ">",
    "+",
    "-",
    "*",
    "/",
    "++",
    "--",
    "!",
    "?",
    "??",
    "#",
    "#{",
    "..",
    "...",
    "$",
    "\"",
    "'",
    "\"\"\"",
    "~b",
    "~s\"",
    "%",
    "\\",
    "_",
    "X",
    "Y",
    "A1",
    "a",
    "f(",
    "0",
    "1",
    "16#ff",
    "1.5",
    "1.0e308",
    "99999999999999999999999",
    "37#1",
    "$a",
    "$\\x{",
    "\\^",
    "\"\"",
    "after ",
    "and ",
    "andalso ",
    "band ",
    "begin ",
    "bnot ",
    "bor ",
    "bsl ",
    "bsr ",
    "bxor ",
    "case ",
    "catch ",
    "cond ",
    "div ",
    "else ",
    "end",
    "fun ",
    "fun(",
    "if ",
    "let ",
    "maybe ",
    "not ",
    "of ",
    "or ",
    "orelse ",
    "receive ",
    "rem ",
    "try ",
    "when ",
    "xor ",
    "-module(m).\n",
    "-export([f/1]).\n",
    "-record(r, {a = 1, b}).\n",
    "-define(M, ",
    "-define(M(X), ",
    "?M",
    "?M(",
    "-undef(M).\n",
    "-ifdef(M).\n",
    "-ifndef(M).\n",
    "-if(",
    "-elif(",
    "-else.\n",
    "-endif.\n",
    "-include(\"h.hrl\").\n",
    "-file(\"g\", 7).\n",
    "-type t() :: ",
    "-spec f(X) -> ",
    "-opaque ",
    "-callback ",
    "-feature(maybe_expr, enable).\n",
    "-compile(",
    "-on_load(f/0).\n",
    "-import(lists, [map/2]).\n",
    "-dialyzer(",
    "-deprecated(",
    "-error(",
    "-warning(",
    "-doc ",
    "?LINE",
    "?FUNCTION_NAME",
    "?MODULE",
    "?FILE",
    "#r{",
    "X#r.a",
    "/binary",
    "/utf8",
    ":8/",
    "-unit:",
    "integer-signed-little",
    "lists:map(",
    "erlang:",
    "X:Y(",
    "f() -> ok.\n",
    "is_record(",
    "element(",
    "<<X:8, R/binary>>",
    "<< <<",
    ">> || ",
    "#{K => V || K := V <- ",
];

impl Mutator {
    /// Changes for the inputs of a target.
    pub(crate) fn new(target: Target) -> Self {
        Self { target }
    }

    /// A new input.
    pub(crate) fn change(&self, inputs: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
        let mut input = inputs[numbers.below(inputs.len())].clone();
        for _ in 0..=numbers.below(6) {
            match self.target {
                Target::Text | Target::Program | Target::Core => change_text(&mut input, inputs, numbers),
                Target::Beam => change_beam(&mut input, inputs, numbers),
            }
        }
        input
    }
}

fn range(length: usize, numbers: &mut Numbers) -> std::ops::Range<usize> {
    let longest = if numbers.below(8) == 0 { length } else { 24 };
    let start = numbers.below(length + 1);
    let end = (start + 1 + numbers.below(longest.max(1))).min(length);
    start..end.max(start)
}

fn change_text(input: &mut Vec<u8>, inputs: &[Vec<u8>], numbers: &mut Numbers) {
    let place = numbers.below(input.len() + 1);
    match numbers.below(10) {
        0 | 1 => {
            input.drain(range(input.len(), numbers));
        }
        2 => {
            let piece = input[range(input.len(), numbers)].to_vec();
            input.splice(place..place, piece);
        }
        3 => {
            let other = &inputs[numbers.below(inputs.len())];
            let piece = other[range(other.len(), numbers)].to_vec();
            input.splice(place..place, piece);
        }
        4 if !input.is_empty() => damage_bytes(input, numbers),
        5 => {
            // The same many times: deep or long things.
            let word = WORDS[numbers.below(WORDS.len())];
            let times = 1 << numbers.below(9);
            input.splice(place..place, word.repeat(times).into_bytes());
        }
        6 => {
            let taken = range(input.len(), numbers);
            let word = WORDS[numbers.below(WORDS.len())];
            input.splice(taken, word.bytes());
        }
        _ => {
            let word = WORDS[numbers.below(WORDS.len())];
            input.splice(place..place, word.bytes());
        }
    }
}

fn change_beam(input: &mut Vec<u8>, inputs: &[Vec<u8>], numbers: &mut Numbers) {
    match (numbers.below(3), Module::read(input)) {
        (0, Ok(mut module)) if !module.code.is_empty() => {
            damage_code(&mut module, numbers);
            *input = module.write();
        }
        (1, Ok(mut module)) => {
            // Parts of another module.
            let Ok(other) = Module::read(&inputs[numbers.below(inputs.len())]) else { return };
            match numbers.below(6) {
                0 => module.imports = other.imports,
                1 => module.literals = other.literals,
                2 => module.lambdas = other.lambdas,
                3 => module.exports = other.exports,
                4 => module.strings = other.strings,
                _ => {
                    let taken = range(other.code.len(), numbers);
                    let place = numbers.below(module.code.len() + 1);
                    module.code.splice(place..place, other.code[taken].iter().cloned());
                }
            }
            *input = module.write();
        }
        _ if input.is_empty() => {}
        _ if numbers.below(4) == 0 => {
            input.drain(range(input.len(), numbers));
        }
        _ => damage_bytes(input, numbers),
    }
}
