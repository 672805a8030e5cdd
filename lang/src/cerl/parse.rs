//! From tokens to a tree.
//!
//! Constants are put together on the way: a tuple of constants is one. What may be long is read in a loop; only what nests
//! recurses, and is refused beyond [`MAX_DEPTH`].

use super::fold;
use super::scan::{Token, TokenKind};
use super::tree::{
    Annotated, Clause, Definition, Function, Kind, Module, Node, Notes, Pair, Segment, Step, Try, Variable,
};
use crate::syntax::MAX_DEPTH;
use swerl_beam::{Atom, Literal};

/// What is wrong with tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParseError {
    /// The number of the token before which it is; that after the last one if something is missing there.
    pub at: usize,
    /// What it is.
    pub kind: ParseErrorKind,
}

/// The ways in which tokens can be wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParseErrorKind {
    /// The token cannot stand there.
    Unexpected,
    /// A segment without size, unit, type and flags.
    Segment,
    /// An exception without class, reason and stack trace.
    Exception,
    /// A constant was expected.
    Constant,
    /// It is nested too deep.
    Depth,
}

type Parsed<T> = Result<T, ParseError>;

/// The map that is updated, if there is one, and pairs.
type Fields = (Option<Box<Node>>, Vec<Annotated<Pair>>);

/// Reads a module.
///
/// # Errors
/// When the tokens are none.
pub fn parse(tokens: &[Token]) -> Parsed<Module> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let module = parser.module()?;
    match parser.peek() {
        None => Ok(module),
        Some(_) => parser.unexpected(),
    }
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn symbol_at(&self, at: usize) -> &'t str {
        match self.tokens.get(at).map(|token| &token.kind) {
            Some(TokenKind::Symbol(symbol)) => symbol,
            _ => "",
        }
    }

    fn symbol(&self) -> &'t str {
        self.symbol_at(self.at)
    }

    fn error<T>(&self, kind: ParseErrorKind) -> Parsed<T> {
        Err(ParseError { at: self.at, kind })
    }

    fn unexpected<T>(&self) -> Parsed<T> {
        self.error(ParseErrorKind::Unexpected)
    }

    /// Takes a symbol, if it is the next token.
    fn skip(&mut self, symbol: &str) -> bool {
        let is_next = self.symbol() == symbol;
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.skip(symbol) { Ok(()) } else { self.unexpected() }
    }

    fn atom(&mut self) -> Parsed<Atom> {
        let Some(TokenKind::Atom(atom)) = self.peek() else { return self.unexpected() };
        self.at += 1;
        Ok(*atom)
    }

    /// Reads what nests.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_DEPTH {
            return self.error(ParseErrorKind::Depth);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// What stands between commas, up to `end`, which is taken.
    fn list<T>(&mut self, end: &str, mut read: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        if self.skip(end) {
            return Ok(items);
        }
        loop {
            items.push(read(self)?);
            if self.skip(end) {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// `-| [...] )`
    fn notes(&mut self) -> Parsed<Notes> {
        self.expect("-|")?;
        self.expect("[")?;
        let notes = self.list("]", Self::constant)?;
        self.expect(")")?;
        Ok(notes)
    }

    /// Something, perhaps in brackets with notes.
    fn annotated<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<Annotated<T>> {
        if !self.skip("(") {
            return Ok(Annotated::new(read(self)?));
        }
        let kind = read(self)?;
        Ok(Annotated { kind, notes: self.notes()? })
    }

    fn constant(&mut self) -> Parsed<Literal> {
        let start = self.at;
        match self.node()?.kind {
            Kind::Literal(literal) => Ok(literal),
            _ => Err(ParseError { at: start, kind: ParseErrorKind::Constant }),
        }
    }

    fn module(&mut self) -> Parsed<Module> {
        let is_annotated = self.skip("(");
        self.expect("module")?;
        let name = self.atom()?;
        self.expect("[")?;
        let exports = self.list("]", |this| Ok(this.annotated(Self::function_name)?.kind))?;
        self.expect("attributes")?;
        self.expect("[")?;
        let attributes = self.list("]", |this| {
            let name = this.constant()?;
            this.expect("=")?;
            Ok((name, this.constant()?))
        })?;
        let definitions = self.definitions()?;
        self.expect("end")?;
        let notes = if is_annotated { self.notes()? } else { Notes::new() };
        Ok(Module { notes, name, exports, attributes, definitions })
    }

    fn function_name(&mut self) -> Parsed<(Atom, u32)> {
        let name = self.atom()?;
        self.expect("/")?;
        Ok((name, self.arity()?))
    }

    fn arity(&mut self) -> Parsed<u32> {
        let Some(TokenKind::Integer(Literal::Int(arity))) = self.peek() else { return self.unexpected() };
        let Some(arity) = u32::try_from(*arity).ok().filter(|arity| *arity <= 255) else {
            return self.unexpected();
        };
        self.at += 1;
        Ok(arity)
    }

    fn definitions(&mut self) -> Parsed<Vec<Definition>> {
        let mut definitions = Vec::new();
        while self.symbol() == "(" || matches!(self.peek(), Some(TokenKind::Atom(_))) {
            let name = self.annotated(Self::function_name)?;
            self.expect("=")?;
            let start = self.at;
            let function = self.node()?;
            if !matches!(function.kind, Kind::Fun(_)) {
                return Err(ParseError { at: start, kind: ParseErrorKind::Unexpected });
            }
            definitions.push(Definition { name, function });
        }
        Ok(definitions)
    }

    fn variable(&mut self) -> Parsed<Variable> {
        self.annotated(|this| {
            let Some(TokenKind::Variable(name)) = this.peek() else { return this.unexpected() };
            this.at += 1;
            Ok(*name)
        })
    }

    /// One variable, or several between `<` and `>`.
    fn variables(&mut self) -> Parsed<Vec<Variable>> {
        if self.skip("<") { self.list(">", Self::variable) } else { Ok(vec![self.variable()?]) }
    }

    /// An expression: steps, each perhaps in brackets, and what follows them.
    fn node(&mut self) -> Parsed<Node> {
        let mut steps: Vec<Annotated<Step>> = Vec::new();
        let mut brackets = Vec::new();
        loop {
            let is_bracketed = self.symbol() == "(";
            if !matches!(self.symbol_at(self.at + usize::from(is_bracketed)), "let" | "do" | "letrec") {
                break;
            }
            self.at += usize::from(is_bracketed);
            brackets.push(is_bracketed);
            steps.push(Annotated::new(self.deeper(Self::step)?));
        }
        let last = self.deeper(|this| this.annotated(Self::plain))?;
        for (step, is_bracketed) in steps.iter_mut().zip(brackets).rev() {
            if is_bracketed {
                step.notes = self.notes()?;
            }
        }
        Ok(Node::block(steps, last))
    }

    fn nodes(&mut self, end: &str) -> Parsed<Vec<Node>> {
        self.list(end, Self::node)
    }

    fn step(&mut self) -> Parsed<Step> {
        if self.skip("do") {
            return Ok(Step::Do(self.node()?));
        }
        if self.skip("letrec") {
            let definitions = self.definitions()?;
            self.expect("in")?;
            return Ok(Step::Letrec(definitions));
        }
        self.expect("let")?;
        let variables = self.variables()?;
        self.expect("=")?;
        let value = self.node()?;
        self.expect("in")?;
        Ok(Step::Let(variables, value))
    }

    /// A constant that is one token.
    fn token_literal(&mut self) -> Option<Literal> {
        let literal = match self.peek()? {
            TokenKind::Char(code) => Literal::Int(*code),
            TokenKind::Integer(integer) => integer.clone(),
            TokenKind::Float(float) => Literal::Float(*float),
            TokenKind::Atom(atom) => Literal::Atom(*atom),
            TokenKind::String(text) => fold::string(text),
            TokenKind::Variable(_) | TokenKind::Symbol(_) => return None,
        };
        self.at += 1;
        Some(literal)
    }

    /// An expression without steps and notes.
    fn plain(&mut self) -> Parsed<Kind> {
        if let Some(TokenKind::Atom(name)) = self.peek()
            && self.symbol_at(self.at + 1) == "/"
        {
            self.at += 2;
            return Ok(Kind::Function(*name, self.arity()?));
        }
        if let Some(literal) = self.token_literal() {
            return Ok(Kind::Literal(literal));
        }
        if let Some(TokenKind::Variable(name)) = self.peek() {
            self.at += 1;
            return Ok(Kind::Variable(*name));
        }
        let symbol = self.symbol();
        self.at += 1;
        match symbol {
            "[" => self.cells(Self::node),
            "{" => Ok(fold::tuple(self.nodes("}")?)),
            "<" => Ok(Kind::Values(self.nodes(">")?)),
            "#" => Ok(fold::bits(self.segments(Self::node)?)),
            "~" => self.map(),
            "fun" => self.fun(),
            "apply" => {
                let function = self.node()?;
                Ok(Kind::Apply(Box::new(function), self.args()?))
            }
            "call" => {
                let module = self.node()?;
                self.expect(":")?;
                let name = self.node()?;
                Ok(Kind::Call(Box::new([module, name]), self.args()?))
            }
            "primop" => {
                let name = self.annotated(Self::atom)?.kind;
                Ok(Kind::PrimOp(name, self.args()?))
            }
            "case" => {
                let subject = self.node()?;
                self.expect("of")?;
                let mut clauses = vec![self.clause()?];
                while !self.skip("end") {
                    clauses.push(self.clause()?);
                }
                Ok(Kind::Case(Box::new(subject), clauses))
            }
            "receive" => {
                let mut clauses = Vec::new();
                while !self.skip("after") {
                    clauses.push(self.clause()?);
                }
                let time = self.node()?;
                self.expect("->")?;
                Ok(Kind::Receive(clauses, Box::new([time, self.node()?])))
            }
            "try" => self.try_(),
            "catch" => Ok(Kind::Catch(Box::new(self.node()?))),
            _ => {
                self.at -= 1;
                self.unexpected()
            }
        }
    }

    fn args(&mut self) -> Parsed<Vec<Node>> {
        self.expect("(")?;
        self.nodes(")")
    }

    /// List cells, after the first bracket; `[A|[B|[]]]` is as long as `[A,B]`.
    fn cells(&mut self, mut read: impl FnMut(&mut Self) -> Parsed<Node>) -> Parsed<Kind> {
        let mut elements = Vec::new();
        let mut open = 1;
        if self.skip("]") {
            return Ok(Kind::Literal(Literal::Nil));
        }
        let tail = loop {
            elements.push(read(self)?);
            if self.skip(",") {
                continue;
            }
            if !self.skip("|") {
                break Node::literal(Literal::Nil);
            }
            if self.symbol() == "[" && self.symbol_at(self.at + 1) != "]" {
                self.at += 1;
                open += 1;
                continue;
            }
            break read(self)?;
        };
        for _ in 0..open {
            self.expect("]")?;
        }
        Ok(fold::list(elements, tail))
    }

    fn segments(
        &mut self,
        mut value: impl FnMut(&mut Self) -> Parsed<Node>,
    ) -> Parsed<Vec<Annotated<Segment>>> {
        self.expect("{")?;
        let segments = self.list("}", |this| this.annotated(|this| this.segment(&mut value)))?;
        self.expect("#")?;
        Ok(segments)
    }

    fn segment(&mut self, value: &mut impl FnMut(&mut Self) -> Parsed<Node>) -> Parsed<Segment> {
        self.expect("#")?;
        self.expect("<")?;
        let value = value(self)?;
        self.expect(">")?;
        let start = self.at;
        let args = self.args()?;
        let bad = ParseError { at: start, kind: ParseErrorKind::Segment };
        let Ok([size, unit, ty, flags]) = <[Node; 4]>::try_from(args) else { return Err(bad) };
        let (Kind::Literal(unit), Some(ty), Kind::Literal(flags)) = (unit.kind, ty.as_atom(), flags.kind)
        else {
            return Err(bad);
        };
        let Some(flags) = fold::atoms(&flags) else { return Err(bad) };
        Ok(Segment { value, size, unit, ty, flags })
    }

    fn map(&mut self) -> Parsed<Kind> {
        let (base, pairs) = self.fields(Self::node)?;
        Ok(fold::map(base, pairs))
    }

    /// What stands behind the `~` of a map: the map that is updated, if there is one, and the pairs.
    fn fields(&mut self, part: fn(&mut Self) -> Parsed<Node>) -> Parsed<Fields> {
        self.expect("{")?;
        let mut pairs = Vec::new();
        let mut base = None;
        while !self.skip("}") {
            if !pairs.is_empty() && self.skip("|") {
                base = Some(Box::new(self.node()?));
                self.expect("}")?;
                break;
            }
            if !pairs.is_empty() {
                self.expect(",")?;
            }
            pairs.push(self.pair(part)?);
        }
        self.expect("~")?;
        Ok((base, pairs))
    }

    /// A pair, perhaps in brackets; but brackets may belong to its key.
    fn pair(&mut self, mut value: impl FnMut(&mut Self) -> Parsed<Node>) -> Parsed<Annotated<Pair>> {
        let is_bracketed = self.symbol() == "(" && !self.key_is_bracketed();
        self.at += usize::from(is_bracketed);
        let key = self.node()?;
        let is_exact = self.skip(":=");
        if !is_exact {
            self.expect("=>")?;
        }
        let value = value(self)?;
        let notes = if is_bracketed { self.notes()? } else { Notes::new() };
        Ok(Annotated { notes, kind: Pair { is_exact, key, value } })
    }

    /// Whether the bracket that comes next is closed before `=>` or `:=`.
    fn key_is_bracketed(&self) -> bool {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.symbol_at(at) {
                "(" | "{" | "[" => open += 1,
                ")" | "}" | "]" => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return true;
                    }
                }
                "=>" | ":=" if open == 1 => return false,
                _ => {}
            }
        }
        true
    }

    fn fun(&mut self) -> Parsed<Kind> {
        if !self.skip("(") {
            let module = self.atom()?;
            self.expect(":")?;
            let (name, arity) = self.function_name()?;
            let Ok(arity) = u8::try_from(arity) else { return self.unexpected() };
            return Ok(Kind::Literal(Literal::Fun(module, name, arity)));
        }
        let params = self.list(")", Self::variable)?;
        self.expect("->")?;
        let body = self.node()?;
        Ok(Kind::Fun(Box::new(Function { params, body })))
    }

    fn try_(&mut self) -> Parsed<Kind> {
        let body = self.node()?;
        self.expect("of")?;
        let values = self.variables()?;
        self.expect("->")?;
        let of = self.node()?;
        self.expect("catch")?;
        let start = self.at;
        let exception = self.variables()?;
        if !matches!(exception.len(), 2 | 3) {
            return Err(ParseError { at: start, kind: ParseErrorKind::Exception });
        }
        self.expect("->")?;
        let handler = self.node()?;
        Ok(Kind::Try(Box::new(Try { body, values, of, exception, handler })))
    }

    /// A clause, perhaps in brackets; but brackets may belong to its pattern.
    fn clause(&mut self) -> Parsed<Annotated<Clause>> {
        self.deeper(|this| {
            let is_bracketed = this.symbol() == "(" && this.clause_is_bracketed();
            this.at += usize::from(is_bracketed);
            let patterns =
                if this.skip("<") { this.list(">", Self::pattern)? } else { vec![this.pattern()?] };
            this.expect("when")?;
            let guard = this.node()?;
            this.expect("->")?;
            let body = this.node()?;
            let notes = if is_bracketed { this.notes()? } else { Notes::new() };
            Ok(Annotated { notes, kind: Clause { patterns, guard, body } })
        })
    }

    /// Whether `when` comes before the bracket that comes next is closed.
    fn clause_is_bracketed(&self) -> bool {
        let mut open = 0usize;
        for at in self.at..self.tokens.len() {
            match self.symbol_at(at) {
                "(" | "{" | "[" => open += 1,
                ")" | "}" | "]" => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return false;
                    }
                }
                "when" => return true,
                _ => {}
            }
        }
        false
    }

    fn pattern(&mut self) -> Parsed<Node> {
        self.deeper(|this| {
            let node = if this.skip("(") {
                let kind = this.plain_pattern()?;
                Node { kind, notes: this.notes()? }
            } else {
                Node::new(this.plain_pattern()?)
            };
            match node {
                Node { kind: Kind::Variable(name), notes } if this.skip("=") => {
                    let pattern = this.pattern()?;
                    Ok(Node::new(Kind::Alias(Variable { notes, kind: name }, Box::new(pattern))))
                }
                node => Ok(node),
            }
        })
    }

    fn plain_pattern(&mut self) -> Parsed<Kind> {
        if self.symbol() == "(" {
            // `( ( V -| ... ) = P -| ... )`
            return Ok(self.pattern()?.kind);
        }
        if let Some(literal) = self.token_literal() {
            return Ok(Kind::Literal(literal));
        }
        if let Some(TokenKind::Variable(name)) = self.peek() {
            self.at += 1;
            if !self.skip("=") {
                return Ok(Kind::Variable(*name));
            }
            let pattern = self.pattern()?;
            return Ok(Kind::Alias(Variable::new(*name), Box::new(pattern)));
        }
        let symbol = self.symbol();
        self.at += 1;
        match symbol {
            "[" => self.cells(Self::pattern),
            "{" => Ok(fold::tuple(self.list("}", Self::pattern)?)),
            "#" => Ok(Kind::Bits(self.segments(Self::pattern)?)),
            "~" => {
                let (base, pairs) = self.fields(Self::pattern)?;
                Ok(Kind::Map(base, pairs))
            }
            _ => {
                self.at -= 1;
                self.unexpected()
            }
        }
    }
}
