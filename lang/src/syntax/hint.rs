//! What may be meant where the grammar has no place for a token: guesses, for people.

use super::beginnings::{self, Hint};
use super::habits;
use crate::ast::FunctionName;
use crate::diag::Diagnostic;
use crate::lex::{Token, TokenKind};
use crate::lint::is_auto_imported;

/// Adds a guess, if there is one, to the message about the token at `index`; behind the last one, tokens ran out.
pub(super) fn hint(diagnostic: Diagnostic, tokens: &[Token], index: usize) -> Diagnostic {
    let Some(token) = tokens.get(index) else {
        return match tokens.last() {
            Some(last) if matches!(last.kind, TokenKind::Semicolon | TokenKind::Comma) => {
                diagnostic.with_label(last.span, "the last clause ends with a full stop")
            }
            _ => diagnostic.with_help(
                "the last form of the file lacks its full stop; what follows a `%` in a line is a comment",
            ),
        };
    };
    let Some(before) = index.checked_sub(1).and_then(|at| tokens.get(at)) else {
        return match beginnings::first(tokens) {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        };
    };
    let open_at = innermost_open_at(&tokens[..index]);
    match beginnings::explain(tokens, index, open_at) {
        Some(Hint::Help(help)) => return diagnostic.with_help(help),
        Some(Hint::Label(span, text)) => return diagnostic.with_label(span, text),
        None => {}
    }
    let open = open_at.map(|(at, closer)| (&tokens[at], closer));
    if let Some(help) = habits::pipe(&token.kind, tokens.get(index + 1)) {
        return diagnostic.with_help(help);
    }
    if let Some(help) = of_other_languages(before, token, open.map(|(opener, _)| &opener.kind)) {
        return diagnostic.with_help(help);
    }
    if let Some(help) = of_collections(&tokens[..=index], open.map(|(opener, _)| opener)) {
        return diagnostic.with_help(help);
    }
    if let Some(help) = habits::help(tokens, index, open.map(|(opener, _)| &opener.kind)) {
        return diagnostic.with_help(help);
    }
    if matches!(token.kind, TokenKind::Arrow)
        && let Some(comma) = comma_before_clause(&tokens[..index])
    {
        return diagnostic.with_label(comma.span, "clauses are separated by `;`, not by `,`");
    }
    let is_separator = matches!(before.kind, TokenKind::Comma | TokenKind::Semicolon);
    if is_separator && closes(&token.kind) {
        let mark = before.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_label(before.span, format!("no `{mark}` belongs here"));
    }
    if closes(&token.kind)
        && let Some((opener, expected)) = open
        && token.kind.fixed_text() != Some(expected)
    {
        let word = opener.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_label(opener.span, format!("this `{word}` is waiting for its `{expected}`"));
    }
    if let TokenKind::Atom(atom) = &before.kind
        && atom.as_str() == "maybe"
    {
        return diagnostic.with_help("`maybe` needs `-feature(maybe_expr, enable).` at the top of the file");
    }
    if ends_operand(&before.kind) && begins_operand(&token.kind) {
        let is_among_clauses = open.is_some_and(|(_, closer)| closer == "end");
        if is_among_clauses
            && is_new_function(&tokens[index..], open.map(|(opener, _)| opener))
            && let Some((unclosed, _)) = open
        {
            let word = unclosed.kind.fixed_text().unwrap_or_default();
            return diagnostic
                .with_label(unclosed.span, format!("this `{word}` has no `end`"))
                .with_label(before.span, "it is missing after this, and a full stop");
        }
        let missing = if is_head(&tokens[index..]) && !is_among_clauses {
            "a full stop or `;`"
        } else if is_among_clauses && is_clause(&tokens[index..]) {
            "a `;`"
        } else if is_among_clauses
            && let Some((unclosed, "end")) = innermost_open(&tokens[..tokens.len() - 1])
        {
            let word = unclosed.kind.fixed_text().unwrap_or_default();
            return diagnostic
                .with_label(unclosed.span, format!("this `{word}` has no `end`"))
                .with_label(before.span, "is it missing after this, or a `,`?");
        } else {
            "a `,`"
        };
        return diagnostic.with_label(before.span, format!("{missing} may be missing after this"));
    }
    let is_alone = |kind: &TokenKind| {
        matches!(
            kind,
            TokenKind::Comma | TokenKind::Eq | TokenKind::RBrace | TokenKind::RBracket | TokenKind::RParen
        )
    };
    if before.kind.is_reserved_word()
        && is_alone(&token.kind)
        && !matches!(before.kind, TokenKind::End | TokenKind::Fun)
    {
        let word = before.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_help(format!("`{word}` is a reserved word; the atom is written `'{word}'`"));
    }
    if token.kind.is_reserved_word()
        && (!closes(&token.kind) || tokens.get(index + 1).is_some_and(|next| next.kind == TokenKind::Eq))
        && (ends_operand(&before.kind) || tokens.get(index + 1).is_some_and(|next| is_alone(&next.kind)))
    {
        let word = token.kind.fixed_text().unwrap_or_default();
        return diagnostic.with_help(format!("`{word}` is a reserved word; the atom is written `'{word}'`"));
    }
    diagnostic
}

/// What is written otherwise in Erlang than in other languages.
fn of_other_languages(before: &Token, token: &Token, open: Option<&TokenKind>) -> Option<&'static str> {
    let is_word = |token: &Token, word: &str| match &token.kind {
        TokenKind::Atom(name) => name.as_str() == word,
        kind => kind.fixed_text() == Some(word),
    };
    let in_collection = matches!(open, Some(TokenKind::LBracket | TokenKind::LBrace | TokenKind::LtLt));
    match (&before.kind, &token.kind) {
        (TokenKind::Bang, TokenKind::Eq | TokenKind::EqEq) => Some("not equal is written `/=`"),
        (TokenKind::EqEq, TokenKind::Eq) => {
            Some("equal is written `==`, and of the same type besides, `=:=`")
        }
        (_, TokenKind::DoubleLeftArrow) if !in_collection => Some("less or equal is written `=<`"),
        (_, TokenKind::FatArrow) if !in_collection => {
            Some("greater or equal is written `>=`, and what a clause does follows `->`")
        }
        (TokenKind::Star, TokenKind::Star) => Some("powers are computed by `math:pow(Base, Exponent)`"),
        (_, TokenKind::Other('&')) => Some("and is written `andalso`, and of bits, `band`"),
        (_, TokenKind::Bar) if !matches!(open, Some(TokenKind::LBracket)) => {
            Some("`|` is for the tail of a list alone: or is written `orelse`, and of bits, `bor`")
        }
        (_, TokenKind::Let) if !ends_operand(&before.kind) => {
            Some("there is no `let`: write `Name = Value`, and after a comma what uses it")
        }
        (_, TokenKind::AmpAmp) => Some("and is written `andalso`"),
        (_, TokenKind::BarBar) if !in_collection => Some("or is written `orelse`"),
        (TokenKind::Plus | TokenKind::Minus | TokenKind::Star | TokenKind::Slash, TokenKind::Eq) => {
            Some("a variable keeps its value: bind another one to the new value, as in `New = Old + 1`")
        }
        (TokenKind::PlusPlus | TokenKind::MinusMinus, kind)
            if closes(kind) || matches!(kind, TokenKind::Comma | TokenKind::Semicolon) =>
        {
            Some("a variable keeps its value: bind another one to the new value, as in `New = Old + 1`")
        }
        _ if matches!(open, Some(TokenKind::If))
            && ["else", "elseif", "elif", "elsif"].iter().any(|word| is_word(before, word)) =>
        {
            Some(
                "`if` has no `else` and no `elif`: its clauses are `Condition -> ...` with `;` between them, `true -> ...` the last",
            )
        }
        _ if matches!(open, Some(TokenKind::If))
            && (is_word(token, "else") || is_word(token, "elseif") || is_word(token, "elif")) =>
        {
            Some("`if` has no `else`: a `;`, then `true -> ...` is its last clause")
        }
        _ if is_word(token, "then") => Some("there is no `then`: what follows a condition begins with `->`"),
        _ if is_word(token, "else") && matches!(before.kind, TokenKind::End) => {
            Some("`if` has no `else`: a `;`, then `true -> ...` is its last clause, before the `end`")
        }
        (_, TokenKind::Atom(_)) if is_word(before, "def") || is_word(before, "function") => {
            Some("a function begins with its name, without a word before it")
        }
        (_, kind)
            if ["while", "for", "foreach", "until"].iter().any(|word| is_word(before, word))
                && begins_operand(kind) =>
        {
            Some("there are no loops: a function calls itself, or `[... || X <- List]` goes through a list")
        }
        (_, kind) if (is_word(before, "switch") || is_word(before, "match")) && begins_operand(kind) => {
            Some("what depends on a value is written `case Value of Pattern -> ...; ... end`")
        }
        (_, TokenKind::Var(_)) if ["var", "val", "const"].iter().any(|word| is_word(before, word)) => {
            Some("a variable is bound by `Name = Value`, without a word before it")
        }
        (_, kind) if is_word(before, "return") && begins_operand(kind) => {
            Some("there is no `return`: the value of a function is that of its last expression")
        }
        _ => None,
    }
}

/// What is written otherwise in maps and records.
fn of_collections(tokens: &[Token], opener: Option<&Token>) -> Option<&'static str> {
    let [before @ .., token] = tokens else { return None };
    let at = before.iter().position(|token| Some(token.span) == opener.map(|opener| opener.span))?;
    let is_map = matches!(before[at].kind, TokenKind::LBrace)
        && matches!(at.checked_sub(1).map(|at| &before[at].kind), Some(TokenKind::Hash));
    let has_equals = before[at + 1..].iter().any(|token| matches!(token.kind, TokenKind::Eq));
    let ends = matches!(token.kind, TokenKind::RBrace | TokenKind::Comma);
    (is_map && has_equals && ends)
        .then_some("a map's values follow `=>`, or `:=` for keys that it has; `=` is for fields of records")
}

/// The comma that stands where a `;` has to, before a pattern that ends the tokens: a single one, in a clause.
fn comma_before_clause(tokens: &[Token]) -> Option<&Token> {
    let (_, "end") = innermost_open(tokens)? else { return None };
    let mut depth = 0_usize;
    for token in tokens.iter().rev() {
        match token.kind {
            TokenKind::RParen | TokenKind::RBrace | TokenKind::RBracket | TokenKind::GtGt => depth += 1,
            TokenKind::LParen | TokenKind::LBrace | TokenKind::LBracket | TokenKind::LtLt => {
                depth = depth.checked_sub(1)?;
            }
            TokenKind::Comma if depth == 0 => return Some(token),
            TokenKind::Semicolon | TokenKind::Arrow | TokenKind::Of if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether a clause of a `case` or the like begins here: its arrow comes before anything ends.
fn is_clause(tokens: &[Token]) -> bool {
    let mut depth = 0_usize;
    for token in tokens {
        match token.kind {
            TokenKind::LParen | TokenKind::LBrace | TokenKind::LBracket | TokenKind::LtLt => depth += 1,
            TokenKind::RParen | TokenKind::RBrace | TokenKind::RBracket | TokenKind::GtGt => {
                let Some(outer) = depth.checked_sub(1) else { return false };
                depth = outer;
            }
            TokenKind::Arrow | TokenKind::When if depth == 0 => return true,
            TokenKind::Comma | TokenKind::Semicolon | TokenKind::Dot | TokenKind::End if depth == 0 => {
                return false;
            }
            _ => {}
        }
    }
    false
}

/// Whether the head of a function's clause begins here.
fn is_head(tokens: &[Token]) -> bool {
    let [Token { kind: TokenKind::Atom(_), .. }, Token { kind: TokenKind::LParen, .. }, ..] = tokens else {
        return false;
    };
    let mut depth = 0_usize;
    let close = tokens.iter().position(|token| {
        match token.kind {
            TokenKind::LParen => depth += 1,
            TokenKind::RParen => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    });
    let next = close.and_then(|close| tokens.get(close + 1));
    next.is_some_and(|next| matches!(next.kind, TokenKind::Arrow | TokenKind::When))
}

/// Whether a function begins here, though what opened before it is not closed: no clause begins with a call, but for
/// those of `if`, which may call what guards may.
fn is_new_function(tokens: &[Token], opener: Option<&Token>) -> bool {
    let Some(TokenKind::Atom(name)) = tokens.first().map(|token| &token.kind) else { return false };
    let is_test = || (0..4).any(|arity| is_auto_imported(FunctionName { name: *name, arity }));
    is_head(tokens) && !opener.is_some_and(|opener| opener.kind == TokenKind::If && is_test())
}

/// Whether a token ends what another one began, or the form.
fn closes(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::RParen
            | TokenKind::RBrace
            | TokenKind::RBracket
            | TokenKind::GtGt
            | TokenKind::End
            | TokenKind::Dot
            | TokenKind::Of
            | TokenKind::Catch
            | TokenKind::After
    )
}

pub(super) fn ends_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Atom(_)
            | TokenKind::Var(_)
            | TokenKind::Integer(_)
            | TokenKind::Float(_)
            | TokenKind::Char(_)
            | TokenKind::String(_)
            | TokenKind::RParen
            | TokenKind::RBrace
            | TokenKind::RBracket
            | TokenKind::GtGt
            | TokenKind::End
    )
}

pub(super) fn begins_operand(kind: &TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Atom(_)
            | TokenKind::Var(_)
            | TokenKind::Integer(_)
            | TokenKind::Float(_)
            | TokenKind::Char(_)
            | TokenKind::String(_)
            | TokenKind::LBrace
            | TokenKind::LBracket
            | TokenKind::LtLt
            | TokenKind::Begin
            | TokenKind::Case
            | TokenKind::If
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Fun
            | TokenKind::Maybe
    )
}

/// The innermost bracket or word that is not closed at the end of the tokens, with what would close it.
fn innermost_open(tokens: &[Token]) -> Option<(&Token, &'static str)> {
    innermost_open_at(tokens).map(|(at, closer)| (&tokens[at], closer))
}

fn innermost_open_at(tokens: &[Token]) -> Option<(usize, &'static str)> {
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let closer = match &token.kind {
            TokenKind::LParen => Some(")"),
            TokenKind::LBrace => Some("}"),
            TokenKind::LBracket => Some("]"),
            TokenKind::LtLt => Some(">>"),
            TokenKind::Begin
            | TokenKind::Case
            | TokenKind::If
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Maybe => Some("end"),
            TokenKind::Fun => match tokens.get(index + 1).map(|next| &next.kind) {
                Some(TokenKind::LParen | TokenKind::Var(_)) => Some("end"),
                _ => None,
            },
            _ => None,
        };
        if let Some(closer) = closer {
            open.push((index, closer));
        } else if open.last().is_some_and(|(_, closer)| token.kind.fixed_text() == Some(closer)) {
            open.pop();
        }
    }
    open.pop()
}

#[cfg(test)]
mod tests {
    use crate::lex::{ScanOptions, Scanner};
    use crate::pp::Item;
    use crate::source::SourceMap;
    use crate::syntax::parse_items;

    /// The labels with the text they are on, and the help.
    fn hints(text: &str) -> Vec<String> {
        let mut map = SourceMap::new();
        let id = map.add("f.erl", text).unwrap();
        let tokens = Scanner::new(text, id, ScanOptions::default()).collect::<Result<_, _>>().unwrap();
        let (_, diagnostics) = parse_items(vec![Item::Form(tokens)]);
        let [diagnostic] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
        let labels = diagnostic.labels.iter();
        labels
            .map(|label| format!("{}: {}", map.text(label.span), label.message))
            .chain(diagnostic.help.clone())
            .collect()
    }

    #[test]
    fn guesses() {
        for (text, guess) in [
            ("f() -> case X of 1 -> 2; end.", ";: no `;` belongs here"),
            ("f() -> [1, 2, ].", ",: no `,` belongs here"),
            ("f() -> g(1, [2).", "[: this `[` is waiting for its `]`"),
            ("f() -> case X of 1 -> 2.", "case: this `case` is waiting for its `end`"),
            ("f() ->\n  a()\n  b().", "): a `,` may be missing after this"),
            ("f() -> a\ng() -> b.", "a: a full stop or `;` may be missing after this"),
            (
                "f() -> maybe ok ?= g() end.",
                "`maybe` needs `-feature(maybe_expr, enable).` at the top of the file",
            ),
            ("f(X) -> case X of 1 -> a 2 -> b end.", "a: a `;` may be missing after this"),
            (
                "f(X) -> if X -> a else -> b end.",
                "`if` has no `else`: a `;`, then `true -> ...` is its last clause",
            ),
            ("f(X, Y) -> X != Y.", "not equal is written `/=`"),
            ("f(X, Y) -> X <= Y.", "less or equal is written `=<`"),
            ("f(X, Y) -> X && Y.", "and is written `andalso`"),
            ("f(X) -> X & 1.", "and is written `andalso`, and of bits, `band`"),
            (
                "f(X) -> X | 1.",
                "`|` is for the tail of a list alone: or is written `orelse`, and of bits, `bor`",
            ),
            ("f(X) -> X ** 2.", "powers are computed by `math:pow(Base, Exponent)`"),
            (
                "f(X) -> let Y = X in Y.",
                "there is no `let`: write `Name = Value`, and after a comma what uses it",
            ),
            (
                "f(X) -> while X > 0 do X end.",
                "there are no loops: a function calls itself, or `[... || X <- List]` goes through a list",
            ),
            (
                "f(X) -> switch X of 1 -> 2 end.",
                "what depends on a value is written `case Value of Pattern -> ...; ... end`",
            ),
            ("f() -> var X = 1, X.", "a variable is bound by `Name = Value`, without a word before it"),
            (
                "f(X) -> case X of 1 => 2 end.",
                "greater or equal is written `>=`, and what a clause does follows `->`",
            ),
            ("F(X) -> X.", "the name of a function begins with a small letter; `F` is a variable"),
            (
                "f(X) -> return X.",
                "there is no `return`: the value of a function is that of its last expression",
            ),
            (
                "f(X) -> if X then a; true -> b end.",
                "there is no `then`: what follows a condition begins with `->`",
            ),
            ("def f(X) -> X.", "a function begins with its name, without a word before it"),
            (
                "f(M) -> M#{a = 1}.",
                "a map's values follow `=>`, or `:=` for keys that it has; `=` is for fields of records",
            ),
            ("f(X) -> case X of 1 -> a, 2 -> b end.", ",: clauses are separated by `;`, not by `,`"),
            ("f() -> a case X of b -> c end.", "a: a `,` may be missing after this"),
            ("f() -> a let.", "`let` is a reserved word; the atom is written `'let'`"),
            (
                "f(X) -> lists.map(X).",
                "a function of a module is called by `module:function(...)`, with a colon",
            ),
            ("f(X) -> X |> g().", "there is no pipe: write `g(f(X))`, or give what comes in between a name"),
            ("f(X) -> X <> 1.", "not equal is written `/=`; `++` puts strings together"),
            ("f(X) -> 0x1F.", "hexadecimal numbers are written `16#1F`"),
            ("f(X) -> #{a: X}.", "a key and its value are joined by `=>`, as in `#{name => Value}`"),
            (
                "f(X) -> [Y | Y <- X].",
                "a comprehension is written `[Template || Pattern <- List]`, with two bars",
            ),
            (
                "f(X) -> X = 5; X.",
                "`;` separates clauses; expressions that follow each other are separated by `,`",
            ),
            ("f() -> receive X -> X after 100 ok end.", "100: a `->` is missing after this"),
            ("f() -> receive X -> X after 100, ok end.", "100: a `->` is missing after this"),
            ("f(X) -> case X of 1 ok; 2 -> b end.", "1: a `->` is missing after this"),
            ("f(X) -> case X 1 -> ok end.", "X: an `of` is missing after this"),
            ("f(X) -> receive of X -> ok end.", "`receive` has no `of`: its clauses follow at once"),
            ("f(X) -> try g(X) except _ -> a end.", "errors are caught by `catch Class:Reason -> ...`"),
            ("f(X) X + 1.", "): a `->` is missing after this"),
            ("f(X): X + 1.", "the head of a function is followed by `->`"),
            ("f(X) = X + 1.", "the head of a function is followed by `->`"),
            ("f(X) do X end.", "the head of a function is followed by `->`"),
            (
                "f(X) { X + 1 }.",
                "the body of a function follows `->`, without braces, and ends with a full stop",
            ),
            ("f(X) if X > 1 -> X.", "the guard of a clause begins with `when`"),
            ("f X -> X.", "the parameters of a function stand in parentheses: `f(...) -> ...`"),
            ("f -> 1.", "also a function without parameters has parentheses: `f() -> ...`"),
            ("f(X) -> X, g(Y) -> Y.", ",: is this `,` meant to be the full stop of the function before?"),
            ("export([f/1]).", "a declaration begins with a dash: `-export(...).`"),
            ("import lists.", "a declaration begins with a dash: `-import(...).`"),
            (
                "class foo.",
                "outside of functions, `name(...) -> ...`, there are only declarations, such as `-export([f/1]).`",
            ),
            (
                "Max = 10.",
                "there are no variables outside of functions: a constant is `-define(NAME, Value).`, and used as `?NAME`",
            ),
            ("# hello", "a comment begins with `%` and ends with its line"),
            ("my-name(X) -> X.", "names are made of letters, digits, `_` and `@`: `my_name`, not `my-name`"),
            ("-spec f(integer()) integer().", "): a `->` is missing after this"),
            ("f(1) -> a; f(2) -> b;", ";: the last clause ends with a full stop"),
            (
                "f(X) -> if X > 1 -> a; else if X > 0 -> b end.",
                "`if` has no `else` and no `elif`: its clauses are `Condition -> ...` with `;` between them, `true -> ...` the last",
            ),
            ("f(X) -> {begin, X}.", "`begin` is a reserved word; the atom is written `'begin'`"),
            ("f(X) -> after = X.", "`after` is a reserved word; the atom is written `'after'`"),
            ("f(X) -> X := 1.", "a variable is bound by `=`; `:=` is for the keys of maps"),
            ("f(X) -> if !X -> a end.", "not is written `not`; `!` sends a message"),
            ("f(X) -> X =<<1>>.", "`=<<` is read as `=<` and `<`: a space is needed before `<<`"),
            ("f(X) -> <<X + 1>>.", "a computed value in a binary stands in parentheses: `<<(X + 1)>>`"),
            (
                "f() -> lists::map().",
                "a function of a module is called by `module:function(...)`, with one colon",
            ),
            (
                "f(X) -> lists:map(fun lists:reverse, X).",
                "a function as a value is written `fun name/Arity`, or `fun module:name/Arity`",
            ),
            ("f(X) -> lists:map(Y -> Y, X).", "a function without a name is written `fun(X) -> ... end`"),
            ("f(L) -> [X || X -> L].", "a generator is written `Pattern <- List`"),
            ("f(A) -> [A | B, C].", "only the rest of the list follows `|`, and nothing comes behind it"),
            ("f(A) -> [A | B | C].", "only the rest of the list follows `|`, and nothing comes behind it"),
            (
                "f(X) -> X[0].",
                "the first element of a list is `lists:nth(1, List)`, the value of a key `maps:get(Key, Map)`",
            ),
            ("f(X) -> #{a -> X}.", "a key and its value are joined by `=>`, as in `#{name => Value}`"),
            ("f(X) -> {a => X}.", "a map begins with `#{`"),
            ("f(X) -> X mod 2.", "the remainder of integers is computed by `rem`"),
            ("f(X) -> 1__0.", "digits are separated by single underscores"),
            ("f(X) -> X <- hello.", "a message is sent by `Receiver ! Message`; `<-` is for comprehensions"),
            ("f(X) -> \"a\" . X.", "strings and lists are joined by `++`"),
            ("f((A, B)) -> A.", "a tuple is written with braces: `{A, B}`"),
            ("f() -> g(\"a \"b\" c\").", "a quote in a string is written `\\\"`"),
            (
                "f(X) -> Y = case X of 1 -> a io:nl(), Y.",
                "case: this `case` has no `end`|a: is it missing after this, or a `,`?",
            ),
            (
                "f() -> a",
                "the last form of the file lacks its full stop; what follows a `%` in a line is a comment",
            ),
            (
                "f() -> 1; g() -> 2.",
                "all clauses of a function have its name and as many arguments; a `.` ends a function",
            ),
        ] {
            assert_eq!(hints(text).join("|"), guess, "{text}");
        }
        assert_eq!(hints("f() -> a ++ ++ b."), [""; 0]);
    }
}
