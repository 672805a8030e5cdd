//! The table of macros: definition, overloading by arity, and which macro a use means.

use super::error::FaultKind;
use crate::lex::{Token, TokenKind};
use crate::lint::most_similar;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use swerl_beam::Atom;

/// What a macro stands for.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The parameters; a macro without parentheses has none.
    pub params: Option<Vec<Atom>>,
    /// The tokens, with their places in the definition.
    pub body: Vec<Token>,
}

impl Definition {
    /// The number of parameters; `None` where a use takes no parentheses.
    pub(super) fn arity(&self) -> Option<usize> {
        self.params.as_ref().map(Vec::len)
    }
}

/// A name's entry.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A macro that cannot be defined anew; some have no value everywhere.
    Predefined(Option<Arc<Definition>>),
    /// Definitions with different numbers of parameters.
    User(Vec<Arc<Definition>>),
}

/// A use: name and number of arguments.
type Use = (Atom, Option<usize>);

/// All macros.
#[derive(Clone, Debug, Default)]
pub(super) struct Macros {
    pub(super) table: HashMap<Atom, Entry>,
    /// Uses from which no circle can be reached; holds until the table changes.
    checked: HashSet<Use>,
}

impl Macros {
    /// A macro of the program that may be meant by the name of one that it does not have.
    fn similar(&self, name: Atom) -> Option<Atom> {
        let own = self.table.iter().filter(|(_, entry)| matches!(entry, Entry::User(_)));
        let capitals = Atom::new(&name.as_str().to_uppercase());
        let known: Vec<Atom> = own.map(|(name, _)| *name).collect();
        known
            .iter()
            .copied()
            .find(|known| *known == capitals)
            .or_else(|| most_similar(name, known.into_iter()))
    }

    /// Defines a macro; a second definition must have another number of parameters.
    pub(super) fn define(&mut self, name: Atom, definition: Definition) -> Result<(), FaultKind> {
        match self.table.get_mut(&name) {
            Some(Entry::Predefined(_)) => return Err(FaultKind::RedefinePredefined(name)),
            Some(Entry::User(definitions)) => {
                if definitions.iter().any(|known| known.arity() == definition.arity()) {
                    return Err(FaultKind::Redefine(name));
                }
                definitions.push(definition.into());
            }
            None => {
                self.table.insert(name, Entry::User(vec![definition.into()]));
            }
        }
        self.checked.clear();
        Ok(())
    }

    /// Forgets all definitions of a name, also of a predefined one.
    pub(super) fn undefine(&mut self, name: Atom) {
        self.table.remove(&name);
        self.checked.clear();
    }

    /// What `-ifdef` asks.
    pub(super) fn is_defined(&self, name: Atom) -> bool {
        !matches!(self.table.get(&name), None | Some(Entry::Predefined(None)))
    }

    /// What `defined(Name)` asks in `-if`: predefined names count even where they have no value.
    pub(super) fn is_known(&self, name: Atom) -> bool {
        self.table.contains_key(&name)
    }

    /// The definition that a use with this many arguments means. A macro whose only definition takes no
    /// parentheses leaves them alone.
    pub(super) fn find(&self, name: Atom, arity: Option<usize>) -> Result<Arc<Definition>, FaultKind> {
        match self.table.get(&name) {
            None | Some(Entry::Predefined(None)) => {
                Err(FaultKind::Undefined(name, arity, self.similar(name)))
            }
            Some(Entry::Predefined(Some(definition))) => Ok(definition.clone()),
            Some(Entry::User(definitions)) => match &definitions[..] {
                [only] if only.params.is_none() => Ok(only.clone()),
                _ => {
                    let found = definitions.iter().find(|definition| definition.arity() == arity);
                    found.cloned().ok_or(FaultKind::Mismatch(name))
                }
            },
        }
    }

    /// Checks that the expansion of a use comes to an end.
    pub(super) fn check_circular(&mut self, name: Atom, arity: Option<usize>) -> Result<(), FaultKind> {
        if self.checked.contains(&(name, arity)) {
            return Ok(());
        }
        // Depth first; a step is a use, what of its own uses is still to be looked at, and its path so far.
        let mut path: Vec<(Use, Vec<Use>)> = vec![((name, arity), self.uses((name, arity)))];
        let mut on_path = HashSet::from([(name, arity)]);
        while let Some((current, rest)) = path.last_mut() {
            match rest.pop() {
                None => {
                    on_path.remove(current);
                    self.checked.insert(*current);
                    path.pop();
                }
                Some(next) if on_path.contains(&next) => return Err(FaultKind::Circular(next.0, next.1)),
                Some(next) if self.checked.contains(&next) => {}
                Some(next) => {
                    on_path.insert(next);
                    let uses = self.uses(next);
                    path.push((next, uses));
                }
            }
        }
        Ok(())
    }

    /// The uses in the body of the macro that a use means, last first.
    fn uses(&self, (name, arity): Use) -> Vec<Use> {
        let Some(Entry::User(definitions)) = self.table.get(&name) else { return Vec::new() };
        let exact = definitions.iter().find(|definition| definition.arity() == arity);
        let definition = exact.or_else(|| definitions.iter().find(|definition| definition.params.is_none()));
        let uses = definition.map(|definition| uses_in(&definition.body).unwrap_or_default());
        uses.unwrap_or_default().into_iter().rev().collect()
    }
}

/// The uses of macros in a body.
///
/// # Errors
/// When the arguments of one are badly formed: the index of its name, and the fault.
pub(super) fn uses_in(body: &[Token]) -> Result<BTreeSet<Use>, (usize, FaultKind)> {
    let mut uses = BTreeSet::new();
    let mut at = 0;
    while at < body.len() {
        at += match body[at..].iter().take(2).map(|token| &token.kind).collect::<Vec<_>>()[..] {
            [TokenKind::Question, TokenKind::Question] => 2,
            [TokenKind::Question, TokenKind::Atom(name) | TokenKind::Var(name)] => {
                let arity = count_arguments(body[at + 2..].iter(), *name).map_err(|fault| (at + 1, fault))?;
                uses.insert((*name, arity));
                2
            }
            _ => 1,
        };
    }
    Ok(uses)
}

/// How many arguments stand in parentheses after a macro's name; `None` without parentheses.
pub(super) fn count_arguments<'t>(
    tokens: impl Iterator<Item = &'t Token>,
    name: Atom,
) -> Result<Option<usize>, FaultKind> {
    let mut tokens = tokens.map(|token| &token.kind).peekable();
    if tokens.next_if_eq(&&TokenKind::LParen).is_none() {
        return Ok(None);
    }
    match tokens.peek() {
        Some(TokenKind::RParen) => return Ok(Some(0)),
        Some(TokenKind::Comma) => return Err(FaultKind::BadArgument(name)),
        _ => {}
    }
    let mut count = 1;
    loop {
        argument_length(&mut tokens);
        match (tokens.next(), tokens.peek()) {
            (Some(TokenKind::Comma), Some(TokenKind::RParen)) | (None, _) => {
                return Err(FaultKind::BadArgument(name));
            }
            (Some(TokenKind::Comma), _) => count += 1,
            (Some(_), _) => return Ok(Some(count)),
        }
    }
}

/// Passes over one argument: up to a comma or closing parenthesis outside all brackets and blocks. Tells how
/// many tokens it has. `maybe` is no block here, as in OTP 25: commas in it separate arguments.
pub(super) fn argument_length<'t, I>(tokens: &mut std::iter::Peekable<I>) -> usize
where
    I: Iterator<Item = &'t TokenKind>,
{
    let mut closers: Vec<TokenKind> = Vec::new();
    let mut length = 0;
    while let Some(kind) = tokens.peek().copied() {
        if closers.is_empty() && matches!(kind, TokenKind::Comma | TokenKind::RParen) {
            break;
        }
        tokens.next();
        length += 1;
        match kind {
            TokenKind::LParen => closers.push(TokenKind::RParen),
            TokenKind::LtLt => closers.push(TokenKind::GtGt),
            TokenKind::LBracket => closers.push(TokenKind::RBracket),
            TokenKind::LBrace => closers.push(TokenKind::RBrace),
            TokenKind::Begin
            | TokenKind::If
            | TokenKind::Case
            | TokenKind::Receive
            | TokenKind::Try
            | TokenKind::Cond => closers.push(TokenKind::End),
            TokenKind::Fun => {
                if let Some(TokenKind::Var(_)) = tokens.peek() {
                    tokens.next();
                    length += 1;
                }
                if let Some(TokenKind::LParen) = tokens.peek() {
                    closers.push(TokenKind::End);
                }
            }
            _ if closers.last() == Some(kind) => {
                closers.pop();
            }
            _ => {}
        }
    }
    length
}
