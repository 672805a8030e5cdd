//! Habits of other languages, and mistakes of the first days: what is meant by a token that the grammar has no place for.

use crate::lex::{Token, TokenKind};

/// The token at `index`, and what stands around it.
struct Spot<'t> {
    tokens: &'t [Token],
    index: usize,
    /// What the innermost bracket or word that is open is.
    open: Option<&'t TokenKind>,
}

impl<'t> Spot<'t> {
    fn kind(&self, offset: isize) -> Option<&'t TokenKind> {
        let at = self.index.checked_add_signed(offset)?;
        self.tokens.get(at).map(|token| &token.kind)
    }

    /// Whether the token at an offset stands right behind the one before it.
    fn is_joined(&self, offset: isize) -> bool {
        let Some(at) = self.index.checked_add_signed(offset) else { return false };
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.zip(self.tokens.get(at)).is_some_and(|(before, token)| before.span.end == token.span.start)
    }

    /// The nearest token before this one that opened what is open.
    fn opener_at(&self) -> Option<usize> {
        let open = self.open?;
        self.tokens[..self.index].iter().rposition(|token| token.kind == *open)
    }
}

/// Functions of one argument that beginners call without parentheses.
const PREFIXED: &[&str] = &[
    "hd",
    "tl",
    "length",
    "is_atom",
    "is_binary",
    "is_boolean",
    "is_float",
    "is_integer",
    "is_list",
    "is_map",
    "is_number",
    "is_pid",
    "is_tuple",
    "abs",
    "size",
    "throw",
    "exit",
    "error",
    "self",
    "spawn",
    "print",
];

const NO_PIPE: &str = "there is no pipe: write `g(f(X))`, or give what comes in between a name";

/// The help for a `|` that begins a pipe.
pub(super) fn pipe(kind: &TokenKind, next: Option<&Token>) -> Option<&'static str> {
    let is_pipe = *kind == TokenKind::Bar && next.is_some_and(|next| next.kind == TokenKind::Gt);
    is_pipe.then_some(NO_PIPE)
}

/// The help for a token that cannot stand where it does.
pub(super) fn help(tokens: &[Token], index: usize, open: Option<&TokenKind>) -> Option<String> {
    let spot = Spot { tokens, index, open };
    operators(&spot).or_else(|| names_and_numbers(&spot)).or_else(|| constructs(&spot)).map(str::to_owned)
}

fn operators(spot: &Spot<'_>) -> Option<&'static str> {
    use TokenKind as T;
    match (spot.kind(-1)?, spot.kind(0)?) {
        (_, T::ColonEq) if spot.is_after_operand() && spot.open != Some(&T::LBrace) => {
            Some("a variable is bound by `=`; `:=` is for the keys of maps")
        }
        (T::Minus, T::Gt) => Some("an arrow is written `->`, without a space in it"),
        (_, T::Minus) if spot.kind(1) == Some(&T::Gt) => {
            Some("an arrow is written `->`, without a space in it")
        }
        (_, T::Bang) if !spot.is_after_operand() => Some("not is written `not`; `!` sends a message"),
        (T::EqLt, T::Lt) if spot.is_joined(0) => {
            Some("`=<<` is read as `=<` and `<`: a space is needed before `<<`")
        }
        (
            _,
            T::Plus | T::Minus | T::Star | T::Div | T::Rem | T::Band | T::Bor | T::Bxor | T::Bsl | T::Bsr,
        ) if matches!(spot.open, Some(T::LtLt)) => {
            Some("a computed value in a binary stands in parentheses: `<<(X + 1)>>`")
        }
        (_, T::LeftArrow) if spot.open.is_none_or(|open| *open != T::LBracket && *open != T::LtLt) => {
            Some(match spot.kind(-1) {
                Some(T::RBrace | T::RBracket) => {
                    "a value is matched by `Pattern = Value`; `<-` is for comprehensions"
                }
                _ => "a message is sent by `Receiver ! Message`; `<-` is for comprehensions",
            })
        }
        (T::Hash, _) if !spot.is_joined(0) => Some(super::beginnings::NO_COMMENT),
        (T::Atom(_), _) if spot.kind(-2) == Some(&T::Hash) && !spot.is_joined(-1) => {
            Some(super::beginnings::NO_COMMENT)
        }
        (_, T::DotDot) => Some(match spot.kind(1).is_some_and(super::hint::begins_operand) {
            true if matches!(spot.open, Some(T::LBracket)) => {
                "the integers from one to another are made by `lists:seq(From, To)`"
            }
            true => return None,
            false => "one full stop ends a function",
        }),
        (T::String(_), T::Period) | (_, T::Period)
            if matches!(spot.kind(-1), Some(T::String(_))) || matches!(spot.kind(1), Some(T::String(_))) =>
        {
            Some("strings and lists are joined by `++`")
        }
        (T::String(_), T::Atom(_) | T::Var(_)) if spot.is_joined(0) => {
            Some("a quote in a string is written `\\\"`")
        }
        (T::Dot, _) => Some("strings and lists are joined by `++`"),
        (T::Lt, T::Gt) => Some("not equal is written `/=`; `++` puts strings together"),
        (T::Bar, T::Gt) => Some(NO_PIPE),
        (_, T::Other('^')) => {
            Some("powers are computed by `math:pow(Base, Exponent)`; exclusive or of bits is `bxor`")
        }
        (_, T::Other('&')) if matches!(spot.kind(1), Some(T::Atom(_))) && !spot.is_after_operand() => {
            Some("a function as a value is written `fun name/Arity`")
        }
        (_, T::Other('~')) => Some("not, of bits, is written `bnot`"),
        (_, T::Other('`')) => Some("atoms are quoted by `'`"),
        (T::Slash, T::Slash) | (_, T::Slash)
            if spot.kind(0) == spot.kind(1) || spot.kind(-1) == spot.kind(0) =>
        {
            Some("a comment begins with `%`; the quotient of integers is computed by `div`")
        }
        (_, T::Slash) if matches!(spot.kind(1), Some(T::Star)) => {
            Some("a comment begins with `%` and ends with its line")
        }
        (_, T::EqLt | T::Lt | T::Gt | T::GtEq | T::EqEq | T::SlashEq | T::EqColonEq | T::EqSlashEq) => {
            spot.compares_twice()
        }
        (_, T::Question) if spot.is_after_operand() => {
            Some("what depends on a condition is written `case Condition of true -> ...; false -> ... end`")
        }
        _ => None,
    }
}

fn names_and_numbers(spot: &Spot<'_>) -> Option<&'static str> {
    use TokenKind as T;
    match (spot.kind(-1)?, spot.kind(0)?) {
        (T::Atom(_), T::Period) if spot.is_joined(0) && matches!(spot.kind(1), Some(T::Atom(_))) => {
            Some("a function of a module is called by `module:function(...)`, with a colon")
        }
        (T::Var(_), T::Period) if spot.is_joined(0) && matches!(spot.kind(1), Some(T::Atom(_))) => {
            Some("a field of a record is `Value#record.field`; the value of a key is `maps:get(key, Map)`")
        }
        (_, T::Period) if matches!(spot.kind(1), Some(T::Integer(_))) => {
            Some("a float has digits on both sides of its point, as in `0.5`")
        }
        (T::Integer(_), T::Atom(name)) if spot.is_joined(0) && name.as_str().starts_with(['x', 'X']) => {
            Some("hexadecimal numbers are written `16#1F`")
        }
        (T::Integer(_), T::Var(name)) if spot.is_joined(0) && name.as_str().starts_with('_') => {
            Some("digits are separated by single underscores")
        }
        (_, T::Atom(name)) if spot.is_after_operand() && matches!(name.as_str(), "mod" | "modulo") => {
            Some("the remainder of integers is computed by `rem`")
        }
        (T::Var(_), T::LBracket) if spot.is_joined(0) => Some(
            "the first element of a list is `lists:nth(1, List)`, the value of a key `maps:get(Key, Map)`",
        ),
        (T::Atom(_), T::ColonColon) => {
            Some("a function of a module is called by `module:function(...)`, with one colon")
        }
        (T::Integer(_), T::Var(name)) if spot.is_joined(0) && name.as_str().starts_with('X') => {
            Some("hexadecimal numbers are written `16#1F`")
        }
        (T::Atom(name), kind)
            if PREFIXED.contains(&name.as_str())
                && super::hint::begins_operand(kind)
                && spot.is_on_one_line() =>
        {
            Some("the arguments of a function stand in parentheses")
        }
        _ => None,
    }
}

fn constructs(spot: &Spot<'_>) -> Option<&'static str> {
    use TokenKind as T;
    let is_list = matches!(spot.open, Some(T::LBracket));
    match (spot.kind(-1)?, spot.kind(0)?) {
        (_, T::Arrow) if is_list && spot.follows_bars() => Some("a generator is written `Pattern <- List`"),
        (_, T::Comma | T::Bar) if is_list && spot.follows_bar() => {
            Some("only the rest of the list follows `|`, and nothing comes behind it")
        }
        (_, T::Arrow) if spot.is_in_map() => {
            Some("a key and its value are joined by `=>`, as in `#{name => Value}`")
        }
        (_, T::FatArrow) if spot.open == Some(&T::LBrace) => Some("a map begins with `#{`"),
        (T::Var(_), T::Arrow) if spot.open == Some(&T::LParen) => {
            Some("a function without a name is written `fun(X) -> ... end`")
        }
        (T::RParen, T::Arrow) if spot.is_after_bare_parentheses() => {
            Some("a function without a name is written `fun(X) -> ... end`")
        }
        (_, T::Arrow) if spot.open == Some(&T::Case) && !spot.has_since_opener(&T::Of) => {
            Some("what is looked at is followed by `of`, and a pattern by `->`")
        }
        (_, T::Semicolon) if spot.open == Some(&T::Receive) && spot.has_since_opener(&T::After) => {
            Some("`after` is the last part of a `receive`: it stands behind the clauses, without a `;`")
        }
        (_, T::Semicolon)
            if spot.open == Some(&T::Try)
                && matches!(spot.kind(1), Some(T::Of | T::Catch | T::After | T::End)) =>
        {
            Some("no `;` stands between what is tried and the word that follows")
        }
        (_, T::Atom(word)) if spot.is_after_operand() && word.as_str() == "where" => {
            Some("the guard of a clause begins with `when`")
        }
        (_, T::Atom(word)) if is_list && spot.is_after_operand() && word.as_str() == "for" => {
            Some("a comprehension is written `[Template || Pattern <- List]`")
        }
        (_, T::If | T::When) if is_list && spot.follows_bars() => {
            Some("a condition follows a comma: `[X || X <- List, X > 1]`")
        }
        (T::Atom(_), _) if matches!(spot.kind(-2), Some(T::Hash)) && spot.is_record_of_operand() => {
            Some("a field of a record is `Value#record.field`, with both names")
        }
        (_, T::Comma) if spot.is_in_bare_parentheses() => Some("a tuple is written with braces: `{A, B}`"),
        (_, T::LeftArrow) if is_list => {
            Some("a comprehension is written `[Template || Pattern <- List]`, with two bars")
        }
        (_, T::Atom(word)) if is_list && word.as_str() == "in" => {
            Some("a generator is written `Pattern <- List`")
        }
        (T::Var(_) | T::RParen, T::LBrace | T::Colon) if matches!(spot.open, Some(T::Case)) => {
            Some("what is looked at is followed by `of`, and a pattern by `->`")
        }
        (T::Atom(_), T::Dot | T::Comma | T::RParen)
            if spot.open != Some(&T::Fun)
                && (matches!(spot.kind(-2), Some(T::Fun))
                    || (matches!(spot.kind(-2), Some(T::Colon))
                        && matches!(spot.kind(-4), Some(T::Fun)))) =>
        {
            Some("a function as a value is written `fun name/Arity`, or `fun module:name/Arity`")
        }
        (T::RParen, T::Arrow) if spot.is_lambda(&["fn", "lambda", "function"]) => {
            Some("a function without a name is written `fun(X) -> ... end`")
        }
        (T::RParen, T::FatArrow) => Some("a function without a name is written `fun(X) -> ... end`"),
        (T::Var(_), T::Arrow) if matches!(spot.kind(-2), Some(T::Fun)) => {
            Some("the parameters of a `fun` stand in parentheses: `fun(X) -> ... end`")
        }
        (T::RParen, T::Arrow) if spot.open.is_none() && spot.has_comma_before_head() => {
            Some("the clauses of a function are separated by `;`, not by `,`")
        }
        (T::Var(_) | T::RParen, T::Arrow) if spot.open.is_none() => Some(
            "only clauses have an arrow: a function's head, or what stands in `case`, `if`, `receive`, `try` or `fun`",
        ),
        (_, T::RBrace | T::Comma) if spot.has_colon_in_map() => {
            Some("a key and its value are joined by `=>`, as in `#{name => Value}`")
        }
        (_, T::Semicolon) if spot.is_lambda(&["for", "while"]) && spot.open == Some(&T::LParen) => {
            Some("there are no loops: a function calls itself, or `[... || X <- List]` goes through a list")
        }
        (_, T::Semicolon | T::Arrow) if spot.has_colon_clause() => {
            Some("a pattern is followed by `->`, not by `:`")
        }
        (_, T::Semicolon | T::End) if spot.has_default_clause() => {
            Some("the clause for everything else begins with `_ ->`")
        }
        (T::Semicolon, kind) if spot.open.is_none() && super::hint::begins_operand(kind) => {
            Some("`;` separates clauses; expressions that follow each other are separated by `,`")
        }
        (_, T::End | T::RParen | T::RBrace | T::RBracket | T::GtGt) if spot.open.is_none() => Some(
            "nothing is open that this would close: there is one too many, or what it closes was closed before",
        ),
        _ => None,
    }
}

impl Spot<'_> {
    fn is_after_operand(&self) -> bool {
        self.kind(-1).is_some_and(super::hint::ends_operand)
    }

    /// Whether this token and the one before it stand close to each other.
    fn is_on_one_line(&self) -> bool {
        let before = self.index.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.zip(self.tokens.get(self.index)).is_some_and(|(a, b)| b.span.start == a.span.end + 1)
    }

    /// The help for the second of two comparisons in one expression.
    fn compares_twice(&self) -> Option<&'static str> {
        let is_comparison = |kind: &TokenKind| {
            use TokenKind as T;
            matches!(
                kind,
                T::EqLt | T::Lt | T::Gt | T::GtEq | T::EqEq | T::SlashEq | T::EqColonEq | T::EqSlashEq
            )
        };
        for token in self.tokens[..self.index].iter().rev() {
            match &token.kind {
                TokenKind::And | TokenKind::Or => {
                    return Some(
                        "`and` and `or` bind more tightly than comparisons: `andalso` and `orelse` do not, or use parentheses",
                    );
                }
                kind if is_comparison(kind) => {
                    return Some("comparisons do not chain: write `A < B andalso B < C`");
                }
                TokenKind::Comma
                | TokenKind::Semicolon
                | TokenKind::Arrow
                | TokenKind::Andalso
                | TokenKind::Orelse
                | TokenKind::When
                | TokenKind::Eq => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether the parentheses before this token follow one of the words.
    fn is_lambda(&self, words: &[&str]) -> bool {
        let open = self.tokens[..self.index].iter().rposition(|token| token.kind == TokenKind::LParen);
        let word = open.and_then(|at| at.checked_sub(1)).and_then(|at| self.tokens.get(at));
        matches!(word.map(|word| &word.kind), Some(TokenKind::Atom(name)) if words.contains(&name.as_str()))
    }

    /// Whether what looks like the head of a clause follows a comma, and has the name of the function.
    fn has_comma_before_head(&self) -> bool {
        let Some(TokenKind::Atom(function)) = self.tokens.first().map(|token| &token.kind) else {
            return false;
        };
        let mut depth = 0_usize;
        for at in (0..self.index).rev() {
            match &self.tokens[at].kind {
                TokenKind::RParen => depth += 1,
                TokenKind::LParen if depth == 1 => {
                    let name = at.checked_sub(1).map(|at| &self.tokens[at].kind);
                    let comma = at.checked_sub(2).map(|at| &self.tokens[at].kind);
                    return matches!(name, Some(TokenKind::Atom(name)) if name == function)
                        && comma == Some(&TokenKind::Comma);
                }
                TokenKind::LParen => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        false
    }

    /// Whether a `|` of the list stands before this token.
    fn follows_bar(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        self.tokens[at..self.index].iter().any(|token| token.kind == TokenKind::Bar)
    }

    /// Whether the `||` of a comprehension stands before this token.
    fn follows_bars(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        self.tokens[at..self.index].iter().any(|token| token.kind == TokenKind::BarBar)
    }

    /// Whether a token stands between what is open and this one.
    fn has_since_opener(&self, kind: &TokenKind) -> bool {
        let Some(at) = self.opener_at() else { return false };
        self.tokens[at..self.index].iter().any(|token| token.kind == *kind)
    }

    /// Whether the parentheses that end before this token stand where an operand begins.
    fn is_after_bare_parentheses(&self) -> bool {
        let mut depth = 0_usize;
        for at in (1..self.index).rev() {
            match &self.tokens[at].kind {
                TokenKind::RParen => depth += 1,
                TokenKind::LParen if depth == 1 => {
                    return matches!(
                        self.tokens[at - 1].kind,
                        TokenKind::LParen | TokenKind::Comma | TokenKind::Eq | TokenKind::LBracket
                    ) && self.tokens[..at].iter().any(|token| token.kind == TokenKind::Arrow);
                }
                TokenKind::LParen => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        false
    }

    /// Whether `Value#name` stands before this token.
    fn is_record_of_operand(&self) -> bool {
        self.is_joined(-1) && self.is_joined(-2) && self.kind(-3).is_some_and(super::hint::ends_operand)
    }

    /// Whether the last clause of a `case` begins with `default:` or `else:`.
    fn has_default_clause(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        self.tokens[at..self.index].windows(3).any(|tokens| {
            matches!(&tokens[1].kind, TokenKind::Atom(word) if matches!(word.as_str(), "default" | "else" | "otherwise"))
                && tokens[2].kind == TokenKind::Colon
                && matches!(tokens[0].kind, TokenKind::Semicolon | TokenKind::Of)
        })
    }

    fn is_in_map(&self) -> bool {
        let hash = self.opener_at().and_then(|at| at.checked_sub(1)).and_then(|at| self.tokens.get(at));
        self.open == Some(&TokenKind::LBrace) && hash.is_some_and(|hash| hash.kind == TokenKind::Hash)
    }

    /// Whether what is open are parentheses that nothing stands before that is called.
    fn is_in_bare_parentheses(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        let before = at.checked_sub(1).and_then(|at| self.tokens.get(at));
        self.open == Some(&TokenKind::LParen)
            && before.is_some_and(|before| {
                matches!(
                    before.kind,
                    TokenKind::LParen
                        | TokenKind::Comma
                        | TokenKind::Eq
                        | TokenKind::LBrace
                        | TokenKind::LBracket
                )
            })
    }

    fn has_colon_in_map(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        let is_map = self.open == Some(&TokenKind::LBrace)
            && at.checked_sub(1).is_some_and(|at| self.tokens[at].kind == TokenKind::Hash);
        let is_colon = |token: &Token| matches!(token.kind, TokenKind::Colon);
        is_map && self.tokens[at..self.index].iter().any(is_colon)
    }

    /// Whether a clause of a `case` began with a literal and a colon.
    fn has_colon_clause(&self) -> bool {
        let Some(at) = self.opener_at() else { return false };
        let is_choice = matches!(self.open, Some(TokenKind::Case | TokenKind::Receive | TokenKind::If));
        let has_arrow = self.tokens[at..self.index].iter().any(|token| token.kind == TokenKind::Arrow);
        is_choice
            && !has_arrow
            && self.tokens[at..self.index].iter().any(|token| token.kind == TokenKind::Colon)
    }
}
