//! The tree of a module in Core Erlang.
//!
//! What follows another thing without an end in sight is kept flat, so that a long function is not a deep tree: the
//! `let`, `do` and `letrec` before an expression, and the elements of a list.

use swerl_beam::{Atom, Literal};

/// What is noted at a node: constants, of which compilers know some.
pub type Notes = Vec<Literal>;

/// A thing that notes can be made at.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotated<T> {
    /// The notes.
    pub notes: Notes,
    /// The thing.
    pub kind: T,
}

impl<T> Annotated<T> {
    /// The thing without notes.
    pub const fn new(kind: T) -> Self {
        Self { notes: Vec::new(), kind }
    }

    /// The same with these notes, in place of others.
    #[must_use]
    pub fn with_notes(self, notes: Notes) -> Self {
        Self { notes, ..self }
    }
}

impl<T> From<T> for Annotated<T> {
    fn from(kind: T) -> Self {
        Self::new(kind)
    }
}

/// An expression or a pattern.
pub type Node = Annotated<Kind>;

/// A variable. Those that compilers make have numbers for names.
pub type Variable = Annotated<Atom>;

/// The kinds of expressions and patterns.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A variable.
    Variable(Atom),
    /// A function of the module, or of a `letrec`.
    Function(Atom, u32),
    /// A constant.
    Literal(Literal),
    /// List cells: one or more elements, and what comes after them.
    List(Vec<Node>, Box<Node>),
    /// A tuple.
    Tuple(Vec<Node>),
    /// A map: what it is made from, if that is not the empty one, and its pairs.
    Map(Option<Box<Node>>, Vec<Annotated<Pair>>),
    /// A bit string.
    Bits(Vec<Annotated<Segment>>),
    /// `<A, B>`: several values at once.
    Values(Vec<Node>),
    /// A fun.
    Fun(Box<Function>),
    /// `apply`: a function of the module, or a fun, and its arguments.
    Apply(Box<Node>, Vec<Node>),
    /// `call`: module and name, and arguments.
    Call(Box<[Node; 2]>, Vec<Node>),
    /// `primop`.
    PrimOp(Atom, Vec<Node>),
    /// `case`.
    Case(Box<Node>, Vec<Annotated<Clause>>),
    /// `receive`: clauses, time limit, and what is done when it is over.
    Receive(Vec<Annotated<Clause>>, Box<[Node; 2]>),
    /// `try`.
    Try(Box<Try>),
    /// `catch`.
    Catch(Box<Node>),
    /// What is done first, and the expression after it.
    Block(Vec<Annotated<Step>>, Box<Node>),
    /// `Variable = Pattern`.
    Alias(Variable, Box<Node>),
}

/// A fun: its parameters, and what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// The parameters.
    pub params: Vec<Variable>,
    /// What it does.
    pub body: Node,
}

/// `Key => Value` or `Key := Value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Whether the key must be there.
    pub is_exact: bool,
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

/// `#<Value>(Size, Unit, Type, Flags)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The value.
    pub value: Node,
    /// Its size; the atoms `all` and `undefined` stand for none.
    pub size: Node,
    /// The unit of the size; the atom `undefined` where there is none.
    pub unit: Literal,
    /// The type.
    pub ty: Atom,
    /// Sign and byte order.
    pub flags: Vec<Atom>,
}

/// A clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Its patterns.
    pub patterns: Vec<Node>,
    /// Its guard.
    pub guard: Node,
    /// Its body.
    pub body: Node,
}

/// `try Body of <Values> -> Of catch <Exception> -> Handler`.
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What is protected.
    pub body: Node,
    /// The variables that receive its values.
    pub values: Vec<Variable>,
    /// What is done then, no longer protected.
    pub of: Node,
    /// Class, reason and raw stack trace of an exception.
    pub exception: Vec<Variable>,
    /// What is done with one.
    pub handler: Node,
}

/// What is done before the expression of a block, which knows what it defines. Notes at a step are notes at all that
/// begins with it.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `let <Variables> = Value in`
    Let(Vec<Variable>, Node),
    /// `do Value`
    Do(Node),
    /// `letrec Functions in`
    Letrec(Vec<Definition>),
}

/// `Name/Arity = fun (...) -> ...`.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The name, with notes of its own, and the arity.
    pub name: Annotated<(Atom, u32)>,
    /// The fun.
    pub function: Node,
}

/// A module.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Notes at the whole.
    pub notes: Notes,
    /// Its name.
    pub name: Atom,
    /// The functions that others may call.
    pub exports: Vec<(Atom, u32)>,
    /// Its attributes.
    pub attributes: Vec<(Literal, Literal)>,
    /// Its functions.
    pub definitions: Vec<Definition>,
}

impl Node {
    /// A constant.
    #[must_use]
    pub const fn literal(literal: Literal) -> Self {
        Self::new(Kind::Literal(literal))
    }

    /// An atom.
    #[must_use]
    pub fn atom(text: &str) -> Self {
        Self::literal(Literal::atom(text))
    }

    /// An integer.
    #[must_use]
    pub const fn int(integer: i64) -> Self {
        Self::literal(Literal::Int(integer))
    }

    /// `call Module:Name(Arguments)`.
    #[must_use]
    pub fn call(module: &str, name: &str, args: Vec<Self>) -> Self {
        Self::new(Kind::Call(Box::new([Self::atom(module), Self::atom(name)]), args))
    }

    /// `primop Name(Arguments)`.
    #[must_use]
    pub fn primop(name: &str, args: Vec<Self>) -> Self {
        Self::new(Kind::PrimOp(Atom::new(name), args))
    }

    /// These values; one of them is itself.
    #[must_use]
    pub fn values(mut values: Vec<Self>) -> Self {
        match values.len() {
            1 => values.remove(0),
            _ => Self::new(Kind::Values(values)),
        }
    }

    /// `Steps Last`; the steps of `last` go with the others.
    #[must_use]
    pub fn block(mut steps: Vec<Annotated<Step>>, last: Self) -> Self {
        if steps.is_empty() {
            return last;
        }
        match last {
            Self { notes, kind: Kind::Block(more, last) } if notes.is_empty() => {
                steps.extend(more);
                Self::new(Kind::Block(steps, last))
            }
            last => Self::new(Kind::Block(steps, Box::new(last))),
        }
    }

    /// The atom, if it is one.
    #[must_use]
    pub fn as_atom(&self) -> Option<Atom> {
        match self.kind {
            Kind::Literal(Literal::Atom(atom)) => Some(atom),
            _ => None,
        }
    }

    /// Whether it is the atom of this text.
    #[must_use]
    pub fn is_atom(&self, text: &str) -> bool {
        self.as_atom().is_some_and(|atom| atom.as_str() == text)
    }
}
