//! Documentation of the library's modules, from the comments of their sources.
//!
//! A module is described by the `%%%` lines at its top, an exported function by the comment above it. They become
//! the chunk `Docs` of the module, in the format of EEP 48, from which the shell answers `h(Module, Function)`.

use swerl_beam::{Literal, Module};

/// The chunk of a module with this source.
pub(crate) fn chunk(source: &str, module: &Module) -> Vec<u8> {
    let lines: Vec<_> = source.lines().collect();
    let about: Vec<_> = lines.iter().map_while(|line| line.strip_prefix("%%%")).map(str::trim).collect();
    let mut functions: Vec<_> = (0..lines.len()).filter_map(|at| function(&lines, at)).collect();
    functions.retain(|one| {
        module.exports.iter().any(|export| export.function.as_str() == one.name && export.arity == one.arity)
    });
    functions.sort_by(|a, b| (&a.name, a.arity).cmp(&(&b.name, b.arity)));
    functions.dedup_by(|a, b| a.name == b.name && a.arity == b.arity);
    Literal::tuple([
        Literal::atom("docs_v1"),
        Literal::Int(0),
        Literal::atom("erlang"),
        binary("text/markdown"),
        text(&about.join("\n")),
        Literal::Map(Vec::new()),
        Literal::list(functions.iter().map(Function::entry).collect()),
    ])
    .to_etf()
}

/// A documented function.
struct Function {
    name: String,
    arity: u32,
    line: usize,
    /// Its specification, or its head.
    signature: String,
    about: String,
}

impl Function {
    fn entry(&self) -> Literal {
        Literal::tuple([
            Literal::tuple([
                Literal::atom("function"),
                Literal::atom(&self.name),
                Literal::Int(i64::from(self.arity)),
            ]),
            Literal::Int(i64::try_from(self.line).unwrap_or_default()),
            Literal::list(vec![binary(&self.signature)]),
            text(&self.about),
            Literal::Map(Vec::new()),
        ])
    }
}

/// The function whose comment begins on a line.
fn function(lines: &[&str], at: usize) -> Option<Function> {
    let is_comment = |line: &str| line.starts_with("%% ") && !line.starts_with("%%%");
    if !is_comment(lines[at]) || at > 0 && is_comment(lines[at - 1]) {
        return None;
    }
    let count = lines[at..].iter().take_while(|line| is_comment(line)).count();
    let about: Vec<_> = lines[at..at + count]
        .iter()
        .map(|line| line.trim_start_matches("%% ").trim_start_matches("@doc "))
        .collect();
    let mut next = at + count;
    let mut specification = None;
    if lines.get(next)?.starts_with("-spec ") {
        let length = lines[next..].iter().position(|line| line.trim_end().ends_with('.'))? + 1;
        let parts: Vec<_> = lines[next..next + length].iter().map(|line| line.trim()).collect();
        specification = Some(parts.join(" "));
        next += length;
    }
    let head = lines[next..].iter().take(6).copied().collect::<Vec<_>>().join("\n");
    let name: String = head.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '@').collect();
    if !name.starts_with(|c: char| c.is_lowercase()) || !head[name.len()..].starts_with('(') {
        return None;
    }
    let (arity, length) = arguments(&head[name.len()..])?;
    let written = head[..name.len() + length].split_whitespace().collect::<Vec<_>>().join(" ");
    Some(Function {
        name,
        arity,
        line: next + 1,
        signature: specification.unwrap_or_else(|| for_readers(&written)),
        about: about.join("\n"),
    })
}

/// A head as readers want it: that the code has no use for an argument (`_Key`) is nothing to them.
fn for_readers(head: &str) -> String {
    let mut before = ' ';
    let mut chars = head.chars().peekable();
    let mut text = String::with_capacity(head.len());
    while let Some(c) = chars.next() {
        let begins_unused = c == '_' && !before.is_alphanumeric() && before != '_';
        if !(begins_unused && chars.peek().is_some_and(|next| next.is_uppercase())) {
            text.push(c);
        }
        before = c;
    }
    text
}

/// How many arguments stand between the parentheses at the beginning of a text, and how long that is.
fn arguments(text: &str) -> Option<(u32, usize)> {
    let (mut depth, mut commas, mut is_empty) = (0_u32, 0, true);
    let mut quote = None;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if let Some(end) = quote {
            if c == '\\' {
                chars.next();
            } else if c == end {
                quote = None;
            }
            continue;
        }
        match c {
            '$' => {
                chars.next();
            }
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((if is_empty { 0 } else { commas + 1 }, at + 1));
                }
            }
            ',' if depth == 1 => commas += 1,
            _ => {}
        }
        if depth >= 1 && at > 0 && !c.is_whitespace() {
            is_empty = false;
        }
    }
    None
}

/// What is said in English, or that nothing is.
fn text(about: &str) -> Literal {
    if about.is_empty() { Literal::atom("none") } else { Literal::Map(vec![(binary("en"), binary(about))]) }
}

fn binary(text: &str) -> Literal {
    Literal::Bits(text.as_bytes().into(), 8)
}
