//! A tree as text.

use super::tree::{
    Annotated, Clause, Definition, Function, Kind, Module, Node, Pair, Segment, Step, Try, Variable,
};
use std::fmt::Write as _;
use swerl_beam::{Atom, Literal};

/// The text of a module.
#[must_use]
pub fn print(module: &Module) -> String {
    let mut printer = Printer { text: String::new(), indent: 0 };
    let print = |this: &mut Printer| this.module(module);
    printer.annotated(&module.notes, print);
    printer.text.push('\n');
    printer.text
}

/// The text of an expression or a pattern.
#[must_use]
pub fn print_node(node: &Node) -> String {
    let mut printer = Printer { text: String::new(), indent: 0 };
    printer.node(node);
    printer.text
}

/// The text of a clause.
#[must_use]
pub fn print_clause(clause: &Annotated<Clause>) -> String {
    let mut printer = Printer { text: String::new(), indent: 0 };
    printer.clause(clause);
    printer.text
}

struct Printer {
    text: String,
    indent: usize,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn new_line(&mut self) {
        self.text.push('\n');
        for _ in 0..self.indent {
            self.text.push_str("  ");
        }
    }

    /// Prints further in, from a line of its own.
    fn further_in(&mut self, print: impl FnOnce(&mut Self)) {
        self.indent += 1;
        self.new_line();
        print(self);
        self.indent -= 1;
    }

    fn separated<T>(&mut self, items: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            print(self, item);
        }
    }

    /// Prints something, in brackets with its notes where there are any.
    fn annotated(&mut self, notes: &[Literal], print: impl FnOnce(&mut Self)) {
        if !notes.is_empty() {
            self.push("( ");
        }
        print(self);
        self.end_notes(notes);
    }

    fn end_notes(&mut self, notes: &[Literal]) {
        if !notes.is_empty() {
            self.push(" -| [");
            self.separated(notes, Self::constant);
            self.push("] )");
        }
    }

    fn module(&mut self, module: &Module) {
        self.push("module ");
        self.atom(module.name);
        self.push(" [");
        self.separated(&module.exports, |this, &(name, arity)| this.function_name(name, arity));
        self.push("]");
        self.indent += 1;
        self.new_line();
        self.push("attributes [");
        self.indent += 1;
        for (at, (name, value)) in module.attributes.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            self.new_line();
            self.constant(name);
            self.push(" = ");
            self.constant(value);
        }
        self.push("]");
        self.indent -= 2;
        self.definitions(&module.definitions);
        self.new_line();
        self.push("end");
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        for Definition { name, function } in definitions {
            self.new_line();
            self.annotated(&name.notes, |this| this.function_name(name.kind.0, name.kind.1));
            self.push(" =");
            self.further_in(|this| this.node(function));
        }
    }

    fn function_name(&mut self, name: Atom, arity: u32) {
        self.atom(name);
        let _ = write!(self.text, "/{arity}");
    }

    fn node(&mut self, node: &Node) {
        self.annotated(&node.notes, |this| this.kind(&node.kind));
    }

    fn nodes(&mut self, nodes: &[Node]) {
        self.separated(nodes, Self::node);
    }

    fn kind(&mut self, kind: &Kind) {
        match kind {
            Kind::Variable(name) => self.variable_name(*name),
            Kind::Function(name, arity) => self.function_name(*name, *arity),
            Kind::Literal(literal) => self.literal(literal),
            Kind::List(elements, tail) => {
                self.push("[");
                self.nodes(elements);
                if tail.kind != Kind::Literal(Literal::Nil) || !tail.notes.is_empty() {
                    self.push("|");
                    self.node(tail);
                }
                self.push("]");
            }
            Kind::Tuple(elements) => {
                self.push("{");
                self.nodes(elements);
                self.push("}");
            }
            Kind::Map(base, pairs) => {
                self.push("~{");
                self.separated(pairs, Self::pair);
                if let Some(base) = base {
                    self.push("|");
                    self.node(base);
                }
                self.push("}~");
            }
            Kind::Bits(segments) => {
                self.push("#{");
                self.separated(segments, Self::segment);
                self.push("}#");
            }
            Kind::Values(values) => {
                self.push("<");
                self.nodes(values);
                self.push(">");
            }
            Kind::Fun(function) => self.function(function),
            Kind::Apply(function, args) => {
                self.push("apply ");
                self.node(function);
                self.args(args);
            }
            Kind::Call(callee, args) => {
                self.push("call ");
                self.node(&callee[0]);
                self.push(":");
                self.node(&callee[1]);
                self.args(args);
            }
            Kind::PrimOp(name, args) => {
                self.push("primop ");
                self.atom(*name);
                self.args(args);
            }
            Kind::Case(subject, clauses) => {
                self.push("case ");
                self.node(subject);
                self.push(" of");
                self.clauses(clauses);
                self.new_line();
                self.push("end");
            }
            Kind::Receive(clauses, after) => {
                self.push("receive");
                self.clauses(clauses);
                self.new_line();
                self.push("after ");
                self.node(&after[0]);
                self.push(" ->");
                self.further_in(|this| this.node(&after[1]));
            }
            Kind::Try(parts) => self.try_(parts),
            Kind::Catch(body) => {
                self.push("catch");
                self.further_in(|this| this.node(body));
            }
            Kind::Block(steps, last) => self.block(steps, last),
            Kind::Alias(variable, pattern) => {
                self.variable(variable);
                self.push(" = ");
                self.node(pattern);
            }
        }
    }

    fn args(&mut self, args: &[Node]) {
        self.push("(");
        self.nodes(args);
        self.push(")");
    }

    fn function(&mut self, function: &Function) {
        self.push("fun (");
        self.separated(&function.params, Self::variable);
        self.push(") ->");
        self.further_in(|this| this.node(&function.body));
    }

    fn clauses(&mut self, clauses: &[Annotated<Clause>]) {
        self.indent += 1;
        for clause in clauses {
            self.new_line();
            self.clause(clause);
        }
        self.indent -= 1;
    }

    fn clause(&mut self, clause: &Annotated<Clause>) {
        self.annotated(&clause.notes, |this| {
            let Clause { patterns, guard, body } = &clause.kind;
            this.push("<");
            this.nodes(patterns);
            this.push("> when ");
            this.node(guard);
            this.push(" ->");
            this.further_in(|this| this.node(body));
        });
    }

    fn try_(&mut self, parts: &Try) {
        self.push("try");
        self.further_in(|this| this.node(&parts.body));
        self.new_line();
        self.push("of <");
        self.separated(&parts.values, Self::variable);
        self.push("> ->");
        self.further_in(|this| this.node(&parts.of));
        self.new_line();
        self.push("catch <");
        self.separated(&parts.exception, Self::variable);
        self.push("> ->");
        self.further_in(|this| this.node(&parts.handler));
    }

    fn block(&mut self, steps: &[Annotated<Step>], last: &Node) {
        for Annotated { notes, kind } in steps {
            if !notes.is_empty() {
                self.push("( ");
            }
            match kind {
                Step::Let(variables, value) => {
                    self.push("let <");
                    self.separated(variables, Self::variable);
                    self.push("> =");
                    self.further_in(|this| this.node(value));
                    self.new_line();
                    self.push("in ");
                }
                Step::Do(value) => {
                    self.push("do");
                    self.further_in(|this| this.node(value));
                    self.new_line();
                }
                Step::Letrec(definitions) => {
                    self.push("letrec");
                    self.indent += 1;
                    self.definitions(definitions);
                    self.indent -= 1;
                    self.new_line();
                    self.push("in ");
                }
            }
        }
        self.node(last);
        steps.iter().rev().for_each(|step| self.end_notes(&step.notes));
    }

    fn pair(&mut self, pair: &Annotated<Pair>) {
        self.annotated(&pair.notes, |this| {
            this.node(&pair.kind.key);
            this.push(if pair.kind.is_exact { ":=" } else { "=>" });
            this.node(&pair.kind.value);
        });
    }

    fn segment(&mut self, segment: &Annotated<Segment>) {
        self.annotated(&segment.notes, |this| {
            let Segment { value, size, unit, ty, flags } = &segment.kind;
            this.push("#<");
            this.node(value);
            this.push(">(");
            this.node(size);
            this.push(",");
            this.constant(unit);
            this.push(",");
            this.atom(*ty);
            this.push(",[");
            this.separated(flags, |this, &flag| this.atom(flag));
            this.push("])");
        });
    }

    fn variable(&mut self, variable: &Variable) {
        self.annotated(&variable.notes, |this| this.variable_name(variable.kind));
    }

    /// Names that begin like no variable are set off by a `_`.
    fn variable_name(&mut self, name: Atom) {
        let name = name.as_str();
        if !name.starts_with(|first: char| first.is_uppercase() || first == '_') {
            self.push("_");
        }
        self.push(name);
    }

    fn atom(&mut self, atom: Atom) {
        self.quoted(atom.as_str(), '\'');
    }

    fn quoted(&mut self, text: &str, quote: char) {
        self.text.push(quote);
        for c in text.chars() {
            match c {
                '\n' => self.push("\\n"),
                '\t' => self.push("\\t"),
                '\r' => self.push("\\r"),
                '\\' => self.push("\\\\"),
                _ if c == quote => {
                    self.text.push('\\');
                    self.text.push(c);
                }
                _ if c.is_ascii_control() => {
                    let _ = write!(self.text, "\\{:03o}", u32::from(c));
                }
                _ => self.text.push(c),
            }
        }
        self.text.push(quote);
    }

    fn constant(&mut self, literal: &Literal) {
        self.literal(literal);
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Int(_) | Literal::Big(_) | Literal::Float(_) => {
                let _ = write!(self.text, "{literal}");
            }
            Literal::Atom(atom) => self.atom(*atom),
            Literal::Nil => self.push("[]"),
            Literal::Str(bytes) if bytes.iter().all(|&byte| is_plain(byte.into())) => {
                let text: String = bytes.iter().map(|&byte| char::from(byte)).collect();
                self.quoted(&text, '"');
            }
            Literal::Str(bytes) => {
                self.push("[");
                self.separated(bytes, |this, byte| _ = write!(this.text, "{byte}"));
                self.push("]");
            }
            Literal::List(elements, tail) => match plain_text(elements, tail) {
                Some(text) => self.quoted(&text, '"'),
                None => {
                    self.push("[");
                    self.separated(elements, Self::literal);
                    if **tail != Literal::Nil {
                        self.push("|");
                        self.literal(tail);
                    }
                    self.push("]");
                }
            },
            Literal::Tuple(elements) => {
                self.push("{");
                self.separated(elements, Self::literal);
                self.push("}");
            }
            Literal::Map(pairs) => {
                self.push("~{");
                self.separated(pairs, |this, (key, value)| {
                    this.literal(key);
                    this.push("=>");
                    this.literal(value);
                });
                self.push("}~");
            }
            Literal::Bits(bytes, used) => self.bits(bytes, *used),
            Literal::Fun(module, name, arity) => {
                self.push("fun ");
                self.atom(*module);
                self.push(":");
                self.function_name(*name, (*arity).into());
            }
        }
    }

    /// Bytes as segments, the last of which may have fewer bits.
    fn bits(&mut self, bytes: &[u8], used: u8) {
        self.push("#{");
        for (at, byte) in bytes.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            let bits = if at + 1 == bytes.len() { used } else { 8 };
            let value = byte >> (8 - bits);
            let _ = write!(self.text, "#<{value}>({bits},1,'integer',['unsigned','big'])");
        }
        self.push("}#");
    }
}

/// Whether a character may stand in a text without doubt.
fn is_plain(code: u32) -> bool {
    matches!(code, 0x20..=0x7E | 0x09 | 0x0A | 0x0D)
}

/// The text that a list is, if it is one.
fn plain_text(elements: &[Literal], tail: &Literal) -> Option<String> {
    if *tail != Literal::Nil {
        return None;
    }
    let character = |element: &Literal| match element {
        Literal::Int(code) => {
            u32::try_from(*code).ok().filter(|&code| is_plain(code)).and_then(char::from_u32)
        }
        _ => None,
    };
    elements.iter().map(character).collect()
}
