//! The forms of a file, as `epp:parse_file` gives them.

use super::BadArgument;
use super::tokens::token_terms;
use crate::ast::Place;
use crate::diag::{Diagnostic, Severity};
use crate::lex;
use crate::pp::{self, Define, Definition, Includes, Item, MacroEntry, macros_after, preprocess};
use crate::source::SourceMap;
use crate::stack::with_room;
use crate::syntax::forms::{LineAlone, LineAndColumn, Locate, write_form};
use crate::syntax::parse_item;
use std::sync::Arc;
use swerl_beam::{Atom, Literal};

/// The forms of a file whose bytes are given: `{ok, Forms}`, with `{error, ErrorInfo}` and `{warning, ErrorInfo}` where
/// something is wrong, or `{error, Reason}`. The options are those of `epp:parse_file/2`: `includes`, `macros`,
/// `location`, `source_name`; and `features`, a list of atoms.
///
/// # Errors
/// When an option is not one of these, or has the wrong form.
pub fn parse_file(
    name: &str,
    bytes: &[u8],
    options: &Literal,
    includes: &dyn Includes,
) -> Result<Literal, BadArgument> {
    let options = Options::read(name, options)?;
    let failed = |reason: Literal| Ok(Literal::tuple([Literal::atom("error"), reason]));
    let mut map = SourceMap::new();
    let Ok(main) = lex::add_source(&mut map, options.name, bytes) else {
        return failed(Literal::atom("system_limit"));
    };
    if let Some(count) = options.macros_after {
        let entries = match macros_after(count, main, &mut map, includes, &options.preprocessor) {
            Ok(entries) => entries,
            Err(message) => return failed(Literal::string(&message)),
        };
        let locate: &dyn Locate = if options.columns { &LineAndColumn(&map) } else { &LineAlone(&map) };
        let outside = |name: Atom| options.preprocessor.defines.iter().any(|define| define.name == name);
        let write = |(name, entry): (Atom, MacroEntry)| {
            let locate = if outside(name) { &Nowhere } else { locate };
            let key = Literal::tuple([Literal::atom("atom"), Literal::Atom(name)]);
            Literal::tuple([key, definitions(&entry, locate)])
        };
        let entries = Literal::list(entries.into_iter().map(write).collect());
        return Ok(Literal::tuple([Literal::atom("ok"), entries]));
    }
    let items = match preprocess(main, &mut map, includes, &options.preprocessor) {
        Ok(items) => items,
        Err(message) => return failed(Literal::string(&message)),
    };
    let forms = with_room(|| {
        let locate: &dyn Locate = if options.columns { &LineAndColumn(&map) } else { &LineAlone(&map) };
        let write = |item| match item {
            Item::Form(tokens) if options.tokens => token_terms(&tokens, locate),
            Item::File { place, name, line, .. } if options.tokens => {
                file_tokens(locate.annotation(Place::new(place)), &name, line)
            }
            item => form(item, locate, &map, options.columns),
        };
        items.into_iter().map(write).collect()
    });
    Ok(Literal::tuple([Literal::atom("ok"), Literal::list(forms)]))
}

fn form(item: Item, locate: &dyn Locate, map: &SourceMap, columns: bool) -> Literal {
    match parse_item(item) {
        Ok(form) => write_form(&form, locate),
        Err(diagnostic) => message(diagnostic, map, columns),
    }
}

/// What macros from outside have for places.
struct Nowhere;

impl Locate for Nowhere {
    fn annotation(&self, _place: Place) -> Literal {
        Literal::Int(0)
    }
}

/// The definitions of a macro, as `epp:macro_defs/1` gives them: the last first, each under its number of parameters.
fn definitions(entry: &MacroEntry, locate: &dyn Locate) -> Literal {
    let none = || Literal::atom("none");
    let one = |definition: &Definition| {
        let atoms =
            |names: &Vec<Atom>| Literal::list(names.iter().map(|name| Literal::Atom(*name)).collect());
        let params = definition.params.as_ref().map_or_else(none, atoms);
        Literal::tuple([params, token_terms(&definition.body, locate)])
    };
    match entry {
        MacroEntry::Predefined(None) => Literal::atom("undefined"),
        MacroEntry::Predefined(Some(definition)) => one(definition),
        MacroEntry::User(all) => {
            let count = |params: &Vec<Atom>| i64::try_from(params.len()).unwrap_or(i64::MAX);
            let keyed = |definition: &Arc<Definition>| {
                let key = definition.params.as_ref().map_or_else(none, |params| Literal::Int(count(params)));
                Literal::tuple([key, one(definition)])
            };
            Literal::list(all.iter().rev().map(keyed).collect())
        }
    }
}

/// The tokens of `-file(Name, Line).`
fn file_tokens(at: Literal, name: &str, line: i64) -> Literal {
    let mark = |text: &str| Literal::tuple([Literal::atom(text), at.clone()]);
    let value = |category: &str, value| Literal::tuple([Literal::atom(category), at.clone(), value]);
    Literal::list(vec![
        mark("-"),
        value("atom", Literal::atom("file")),
        mark("("),
        value("string", Literal::string(name)),
        mark(","),
        value("integer", Literal::Int(line)),
        mark(")"),
        mark("dot"),
    ])
}

/// `{error, {Location, Module, Descriptor}}`, or `warning`.
fn message(diagnostic: Diagnostic, map: &SourceMap, columns: bool) -> Literal {
    let tag = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut info = diagnostic.error_info(map);
    if let Literal::Tuple(parts) = &mut info
        && !columns
        && let Some(Literal::Tuple(location)) = parts.first()
    {
        parts[0] = location[0].clone();
    }
    Literal::tuple([Literal::atom(tag), info])
}

struct Options {
    name: String,
    columns: bool,
    /// Tokens are wanted, not forms.
    tokens: bool,
    /// Macros are wanted, those that are there after so many forms.
    macros_after: Option<usize>,
    preprocessor: pp::Options,
}

impl Options {
    fn read(name: &str, options: &Literal) -> Result<Self, BadArgument> {
        let mut read = Self {
            name: name.to_owned(),
            columns: false,
            tokens: false,
            macros_after: None,
            preprocessor: pp::Options::default(),
        };
        for option in list(options)? {
            let Literal::Tuple(pair) = option else { return Err(BadArgument) };
            let [Literal::Atom(key), value] = pair.as_slice() else { return Err(BadArgument) };
            match key.as_str() {
                "source_name" | "name" => read.name = text(value)?,
                "tokens" => read.tokens = true,
                "macros_after" => match value {
                    Literal::Int(count) => {
                        read.macros_after = Some(usize::try_from(*count).map_err(|_| BadArgument)?);
                    }
                    _ => return Err(BadArgument),
                },
                "location" => read.columns = matches!(value, Literal::Tuple(_)),
                "includes" => {
                    read.preprocessor.include_path =
                        list(value)?.iter().map(text).collect::<Result<_, _>>()?;
                }
                "macros" => {
                    read.preprocessor.defines = list(value)?.iter().map(define).collect::<Result<_, _>>()?;
                }
                "features" => {
                    read.preprocessor.features = list(value)?.iter().map(atom).collect::<Result<_, _>>()?;
                }
                // For who finds the folders of applications.
                "code_path" => {}
                _ => return Err(BadArgument),
            }
        }
        Ok(read)
    }
}

fn list(term: &Literal) -> Result<&[Literal], BadArgument> {
    match term {
        Literal::Nil => Ok(&[]),
        Literal::List(elements, tail) if **tail == Literal::Nil => Ok(elements),
        _ => Err(BadArgument),
    }
}

fn atom(term: &Literal) -> Result<Atom, BadArgument> {
    match term {
        Literal::Atom(atom) => Ok(*atom),
        _ => Err(BadArgument),
    }
}

/// The text of an atom, string or binary.
fn text(term: &Literal) -> Result<String, BadArgument> {
    let char = |code: &Literal| match code {
        Literal::Int(code) => u32::try_from(*code).ok().and_then(char::from_u32).ok_or(BadArgument),
        _ => Err(BadArgument),
    };
    match term {
        Literal::Atom(atom) => Ok(atom.as_str().to_owned()),
        Literal::Str(bytes) => Ok(bytes.iter().map(|&byte| char::from(byte)).collect()),
        Literal::Bits(bytes, 8) => String::from_utf8(bytes.to_vec()).map_err(|_| BadArgument),
        _ => list(term)?.iter().map(char).collect(),
    }
}

/// `Name`, `{Name, Value}` or `{Name, Value, redefine}`.
fn define(term: &Literal) -> Result<Define, BadArgument> {
    match term {
        Literal::Atom(name) => Ok(Define::flag(name.as_str())),
        Literal::Tuple(parts) => match parts.as_slice() {
            [name, value] | [name, value, _] => {
                Define::with_value(&text(name)?, &value.to_string()).ok_or(BadArgument)
            }
            _ => Err(BadArgument),
        },
        _ => Err(BadArgument),
    }
}
