//! The faults that the preprocessor finds, in the words of `epp`.

use super::Conditional;
use crate::ast::Place;
use crate::diag::Diagnostic;
use crate::lex::Token;
use crate::source::Span;
use swerl_beam::{Atom, Literal};

/// A fault and where it is.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Fault {
    kind: FaultKind,
    span: Span,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum FaultKind {
    /// A directive is not written as it must be.
    Bad(&'static str),
    DuplicatedArgument(Atom),
    MissingParenthesis,
    MissingComma,
    PrematureEnd,
    /// `?` before something that is no name.
    IllegalCall(String),
    Undefined(Atom, Option<usize>, Option<Atom>),
    Depth(&'static str),
    Mismatch(Atom),
    BadArgument(Atom),
    Redefine(Atom),
    RedefinePredefined(Atom),
    Circular(Atom, Option<usize>),
    /// An expansion that would fill the memory.
    TooLarge(Atom),
    IncludeFile(String),
    IncludeLib(String),
    Unterminated(Conditional),
    Unbalanced(&'static str),
    Repeated(&'static str),
    ElifAfterElse,
    OutsideFunction(Atom),
    BeginsForm(Atom),
    FeatureAfterPrefix,
    UnknownFeatures(Vec<Atom>),
    /// What the parser says about a condition, with its descriptor.
    Syntax(String, Literal),
    /// The text ends early.
    CannotParse,
    InvalidEncoding,
    TooManyFiles,
    /// `-error(Term).`, with the term as written and as value.
    UserError(String, Literal),
    UserWarning(String, Literal),
}

impl FaultKind {
    pub(super) fn at(self, span: Span) -> Fault {
        Fault { kind: self, span }
    }
}

impl Conditional {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ifdef => "ifdef",
            Self::Ifndef => "ifndef",
            Self::If => "if",
            Self::Elif => "elif",
            Self::Else => "else",
        }
    }
}

impl Fault {
    pub(super) fn unterminated(conditional: Conditional, end: Span) -> Self {
        FaultKind::Unterminated(conditional).at(end)
    }

    /// The directive `name` is badly formed: at the first token that does not fit, or where there is none left,
    /// at the last one that did.
    pub(super) fn bad(name: &'static str, rest: &[Token], last: &Token) -> Self {
        FaultKind::Bad(name).at(rest.first().unwrap_or(last).span)
    }

    pub(super) fn into_diagnostic(self) -> Diagnostic {
        let (code, message) = self.kind.text();
        let module = match self.kind {
            FaultKind::Syntax(..) => "erl_parse",
            FaultKind::UnknownFeatures(_) => "erl_features",
            FaultKind::InvalidEncoding => "file_io_server",
            _ => "epp",
        };
        let place = Place::new(self.span);
        let diagnostic = match self.kind {
            FaultKind::UserWarning(..) => Diagnostic::warning(module, code, place, message),
            _ => Diagnostic::error(module, code, place, message),
        };
        match self.kind.help() {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
        .with_descriptor(self.kind.descriptor())
    }
}

impl FaultKind {
    fn text(&self) -> (&'static str, String) {
        let with_arity = |name: &Atom, arity: &Option<usize>| match arity {
            Some(arity) => format!("'{name}/{arity}'"),
            None => format!("'{name}'"),
        };
        match self {
            Self::Bad(name) => ("bad_directive", format!("badly formed '{name}'")),
            Self::DuplicatedArgument(name) => {
                ("duplicated_argument", format!("argument '{name}' already used"))
            }
            Self::MissingParenthesis => {
                ("missing_parenthesis", "badly formed define: missing closing right parenthesis".into())
            }
            Self::MissingComma => ("missing_comma", "badly formed define: missing comma".into()),
            Self::PrematureEnd => ("premature_end", "premature end".into()),
            Self::IllegalCall(what) => ("illegal_macro_call", format!("illegal macro call '{what}'")),
            Self::Undefined(name, arity, _) => {
                ("undefined_macro", format!("undefined macro {}", with_arity(name, arity)))
            }
            Self::Depth(what) => ("include_depth", format!("{what} too deep")),
            Self::Mismatch(name) => ("macro_mismatch", format!("argument mismatch for macro '{name}'")),
            Self::BadArgument(name) => {
                ("macro_argument", format!("badly formed argument for macro '{name}'"))
            }
            Self::Redefine(name) => ("redefine", format!("redefining macro '{name}'")),
            Self::RedefinePredefined(name) => {
                ("redefine_predef", format!("redefining predefined macro '{name}'"))
            }
            Self::Circular(name, arity) => {
                ("circular_macro", format!("circular macro {}", with_arity(name, arity)))
            }
            Self::TooLarge(name) => ("macro_too_large", format!("expansion of macro '{name}' is too large")),
            Self::IncludeFile(name) => ("include_file", format!("can't find include file \"{name}\"")),
            Self::IncludeLib(name) => ("include_lib", format!("can't find include lib \"{name}\"")),
            Self::Unterminated(conditional) => {
                ("unterminated_conditional", format!("unterminated '-{}'", conditional.as_str()))
            }
            Self::Unbalanced(name) => ("unbalanced_conditional", format!("unbalanced '-{name}'")),
            Self::Repeated(name) => ("repeated_conditional", format!("repeated '-{name}'")),
            Self::ElifAfterElse => ("elif_after_else", "'elif' following 'else'".into()),
            Self::OutsideFunction(name) => {
                ("illegal_function", format!("?{name} can only be used within a function"))
            }
            Self::BeginsForm(name) => ("illegal_function_usage", format!("?{name} must not begin a form")),
            Self::FeatureAfterPrefix => (
                "feature_after_prefix",
                "feature directive not allowed after exports or record definitions".into(),
            ),
            Self::UnknownFeatures(names) => ("unknown_feature", unknown_features(names)),
            Self::Syntax(message, _) => ("syntax_error", message.clone()),
            Self::CannotParse => ("cannot_parse", "cannot parse file, giving up".into()),
            Self::InvalidEncoding => ("invalid_unicode", "cannot translate from UTF-8".into()),
            Self::TooManyFiles => {
                ("too_many_files", "too many source files, or one that is too large".into())
            }
            Self::UserError(text, _) => ("user_error", format!("-error({text}).")),
            Self::UserWarning(text, _) => ("user_warning", format!("-warning({text}).")),
        }
    }

    fn descriptor(&self) -> Literal {
        let atom = |text: &str| Literal::atom(text);
        let tagged = |tag: &str, rest: Vec<Literal>| {
            Literal::Tuple(std::iter::once(Literal::atom(tag)).chain(rest).collect())
        };
        let arity = |arity: &Option<usize>| match arity {
            Some(arity) => Literal::Int(i64::try_from(*arity).unwrap_or(i64::MAX)),
            None => Literal::atom("none"),
        };
        match self {
            Self::Bad(name) => tagged("bad", vec![atom(name)]),
            Self::DuplicatedArgument(name) => tagged("duplicated_argument", vec![Literal::Atom(*name)]),
            Self::MissingParenthesis => atom("missing_parenthesis"),
            Self::MissingComma => atom("missing_comma"),
            Self::PrematureEnd => atom("premature_end"),
            Self::IllegalCall(what) => {
                // A question mark, and a text inside the list of its characters.
                let rest = Literal::string(what.strip_prefix('?').unwrap_or(what));
                tagged("call", vec![Literal::list(vec![Literal::Int(i64::from(b'?')), rest])])
            }
            Self::Undefined(name, count, _) => tagged("undefined", vec![Literal::Atom(*name), arity(count)]),
            Self::Depth(what) => tagged("depth", vec![Literal::string(what)]),
            Self::Mismatch(name) => tagged("mismatch", vec![Literal::Atom(*name)]),
            Self::BadArgument(name) => tagged("arg_error", vec![Literal::Atom(*name)]),
            Self::Redefine(name) => tagged("redefine", vec![Literal::Atom(*name)]),
            Self::RedefinePredefined(name) => tagged("redefine_predef", vec![Literal::Atom(*name)]),
            Self::Circular(name, count) => tagged("circular", vec![Literal::Atom(*name), arity(count)]),
            Self::TooLarge(name) => tagged("too_large", vec![Literal::Atom(*name)]),
            Self::IncludeFile(name) => tagged("include", vec![atom("file"), Literal::string(name)]),
            Self::IncludeLib(name) => tagged("include", vec![atom("lib"), Literal::string(name)]),
            Self::Unterminated(conditional) => {
                tagged("illegal", vec![Literal::string("unterminated"), atom(conditional.as_str())])
            }
            Self::Unbalanced(name) => tagged("illegal", vec![Literal::string("unbalanced"), atom(name)]),
            Self::Repeated(name) => tagged("illegal", vec![Literal::string("repeated"), atom(name)]),
            Self::ElifAfterElse => atom("elif_after_else"),
            Self::OutsideFunction(name) => tagged("illegal_function", vec![Literal::Atom(*name)]),
            Self::BeginsForm(name) => tagged("illegal_function_usage", vec![Literal::Atom(*name)]),
            Self::FeatureAfterPrefix => atom("ftr_after_prefix"),
            Self::UnknownFeatures(names) => {
                let names = names.iter().map(|&name| Literal::Atom(name)).collect();
                tagged("invalid_features", vec![Literal::list(names)])
            }
            Self::Syntax(_, descriptor) => descriptor.clone(),
            Self::CannotParse => atom("cannot_parse"),
            Self::InvalidEncoding => atom("invalid_unicode"),
            Self::TooManyFiles => atom("system_limit"),
            Self::UserError(_, term) => tagged("error", vec![term.clone()]),
            Self::UserWarning(_, term) => tagged("warning", vec![term.clone()]),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Undefined(_, _, Some(similar)) => Some(format!("did you mean ?{similar}?")),
            Self::Undefined(name, _, None) => {
                let is_choice = name.as_str().starts_with(|c: char| c.is_ascii_lowercase());
                let or_what = match is_choice {
                    true => {
                        "; what depends on a condition is written `case Condition of true -> ...; false -> ... end`"
                    }
                    false => "",
                };
                Some(format!("define it with -define({name}, ...), or include its header{or_what}"))
            }
            Self::IncludeFile(_) => Some("folders to look in are given with -I".into()),
            Self::InvalidEncoding => {
                Some("save the file as UTF-8, or write `%% coding: latin-1` in its first line".into())
            }
            Self::Bad("define") => {
                Some("a macro is defined by `-define(NAME, Value).`, with a comma in between".into())
            }
            Self::Bad("include" | "include_lib") => {
                Some("the name of a file is a string: `-include(\"name.hrl\").`".into())
            }
            Self::Mismatch(name) => Some(format!(
                "{name} is defined with another number of arguments; a comma inside of one stands in parentheses or brackets"
            )),
            Self::FeatureAfterPrefix => {
                Some("features are chosen before anything else: right behind `-module`".into())
            }
            Self::IllegalCall(_) => Some(
                "`?` begins the name of a macro: other names cannot hold it, and characters are written `$c`"
                    .into(),
            ),
            Self::UnknownFeatures(_) => Some("the only feature there is, is maybe_expr".into()),
            _ => None,
        }
    }
}

fn unknown_features(names: &[Atom]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match &quoted[..] {
        [name] => format!("the feature {name} does not exist."),
        [names @ .., last] => format!("the features {} and {last} do not exist.", names.join(", ")),
        [] => String::new(),
    }
}
