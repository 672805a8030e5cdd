//! From the core language to Core Erlang: lowering's way back, for those who want to see a program so.
//!
//! The functions are those that lowering gives, before [`lift`](super::lift): a nested function becomes a fun where it is
//! made, or a `letrec` around all that calls it.

mod clause;
mod guard;
mod pattern;
mod uses;

use super::lower::Lowered;
use super::{
    Body, BuildSegment, Callee, ErrorKind, Function, FunctionId, Kind, Layout, Line, Op, Otherwise, Receive,
    SegmentType, Statement, Try, Value, Var,
};
use crate::cerl::{self, Annotated, Definition, Node, Notes, Pair, Segment, Step, Variable};
use clause::Fallback;
use std::collections::{HashMap, HashSet};
use swerl_beam::{Atom, Literal};

/// The module in Core Erlang; `exports` and `attributes` are what the file will have.
#[must_use]
pub fn raise(
    name: Atom,
    exports: Vec<(Atom, u32)>,
    attributes: Vec<(Literal, Literal)>,
    lowered: &Lowered,
) -> cerl::Module {
    let definitions = (0..).map(FunctionId).take(lowered.nests.len()).map(|id| {
        let function = &lowered.functions[id.index()];
        let mut raise = Raise::new(lowered, function);
        let own = raise.own;
        let raised = raise.function(function, own);
        let mut notes = raise.line_notes(function.line);
        notes.push(note("function", [Literal::Atom(own.0), Literal::Int(own.1.into())]));
        Definition { name: Annotated::new(own), function: raised.with_notes(notes) }
    });
    cerl::Module { notes: Notes::new(), name, exports, attributes, definitions: definitions.collect() }
}

/// `{Name, {Parts}}`.
fn note<const N: usize>(name: &str, parts: [Literal; N]) -> Literal {
    Literal::tuple([Literal::atom(name), Literal::tuple(parts)])
}

fn arity(function: &Function) -> u32 {
    u32::try_from(function.params.len()).expect("arities are small")
}

/// A note that keeps tools from remarks about what no programmer wrote.
fn generated() -> Notes {
    vec![Literal::atom("compiler_generated")]
}

/// The state of raising one function of the source.
struct Raise<'a> {
    lowered: &'a Lowered,
    /// The function of the source.
    own: (Atom, u32),
    /// Nested functions that are in scope, and their names.
    known: HashMap<FunctionId, (Atom, u32)>,
    /// Variables that are others under a second name.
    same: HashMap<Var, Var>,
    /// The parameters of the function that is being raised, and whether that is the one of the source.
    params: Vec<Var>,
    is_own: bool,
    /// The variables that the patterns bind that are being raised.
    bound: HashSet<Var>,
    next_var: u32,
    next_label: u32,
}

impl<'a> Raise<'a> {
    fn new(lowered: &'a Lowered, function: &Function) -> Self {
        Self {
            lowered,
            own: (function.name, arity(function)),
            known: HashMap::new(),
            same: HashMap::new(),
            params: Vec::new(),
            is_own: true,
            bound: HashSet::new(),
            next_var: 0,
            next_label: 0,
        }
    }
}

impl Raise<'_> {
    /// A variable that the core language does not have.
    fn fresh(&mut self) -> Variable {
        let name = format!("f{}", self.next_var);
        self.next_var += 1;
        Variable::new(Atom::new(&name))
    }

    /// The name of a function to jump to.
    fn label(&mut self, kind: &str) -> (Atom, u32) {
        let name = format!("{kind}^{}", self.next_label);
        self.next_label += 1;
        (Atom::new(&name), 0)
    }

    fn variable(&self, var: Var) -> Variable {
        let var = self.same.get(&var).copied().unwrap_or(var);
        Variable::new(Atom::new(&var.0.to_string()))
    }

    fn value(&self, value: Value) -> Node {
        match value {
            Value::Var(var) => use_of(&self.variable(var)),
            constant => {
                let literal = self.lowered.constants.literal(constant);
                Node::literal(literal.expect("what is no variable is constant"))
            }
        }
    }

    fn values(&self, values: &[Value]) -> Vec<Node> {
        values.iter().map(|&value| self.value(value)).collect()
    }

    /// Where something stands.
    fn line_notes(&self, line: Line) -> Notes {
        let at = usize::try_from(line).unwrap_or(0).checked_sub(1);
        let Some(&(file, line)) = at.and_then(|at| self.lowered.lines.locations.get(at)) else {
            return Notes::new();
        };
        let file = usize::try_from(file).ok().and_then(|file| self.lowered.lines.files.get(file));
        let file = file.map_or("", String::as_str);
        vec![Literal::Int(line.into()), Literal::tuple([Literal::atom("file"), Literal::string(file)])]
    }

    fn function(&mut self, function: &Function, own: (Atom, u32)) -> Node {
        let is_own = own == self.own;
        let outer_params = std::mem::replace(&mut self.params, function.params.clone());
        let was_own = std::mem::replace(&mut self.is_own, is_own);
        let params = function.params.iter().map(|&param| self.variable(param)).collect();
        let body = self.body(&function.body, 1);
        self.params = outer_params;
        self.is_own = was_own;
        Node::new(cerl::Kind::Fun(Box::new(cerl::Function { params, body })))
    }

    /// A nested function, named as OTP's tools name funs.
    fn nested(&mut self, id: FunctionId) -> Node {
        let lowered = self.lowered;
        let function = &lowered.functions[id.index()];
        let raised = self.function(function, (function.name, arity(function)));
        let mut notes = self.line_notes(function.line);
        notes.push(note("id", [Literal::Int(0), Literal::Int(0), Literal::Atom(function.name)]));
        raised.with_notes(notes)
    }

    /// Brings a nested function into scope.
    fn define(&mut self, id: FunctionId) -> Annotated<Step> {
        let function = &self.lowered.functions[id.index()];
        let arity = arity(function);
        let mut name = (short_name(function.name, self.own, arity), arity);
        if self.known.values().any(|other| *other == name) {
            name.0 = function.name;
        }
        self.known.insert(id, name);
        let function = self.nested(id);
        Annotated::new(Step::Letrec(vec![Definition { name: Annotated::new(name), function }]))
    }

    /// A body of which the context wants the first so many results.
    fn body(&mut self, body: &Body, wanted: usize) -> Node {
        let plan = uses::plan(body, |id| self.is_nested(id) && !self.known.contains_key(&id), self.lowered);
        let known = (!plan.is_empty()).then(|| self.known.clone());
        let mut steps = Vec::with_capacity(body.statements.len());
        let mut last = None;
        for (at, statement) in body.statements.iter().enumerate() {
            for &(_, id) in plan.iter().filter(|(before, _)| *before == at) {
                steps.push(self.define(id));
            }
            let is_last = at + 1 == body.statements.len();
            if is_last && gives_results(statement, &body.results[..wanted]) {
                last = Some(self.statement(statement, wanted));
            } else {
                let value = self.statement(statement, statement.dsts.len());
                let variables = statement.dsts.iter().map(|&dst| self.variable(dst)).collect();
                steps.push(Annotated::new(Step::Let(variables, value)));
            }
        }
        let last = last.unwrap_or_else(|| Node::values(self.values(&body.results[..wanted])));
        if let Some(known) = known {
            self.known = known;
        }
        Node::block(steps, last)
    }

    fn is_nested(&self, id: FunctionId) -> bool {
        id.index() >= self.lowered.nests.len()
    }

    fn statement(&mut self, statement: &Statement, wanted: usize) -> Node {
        match &statement.kind {
            Kind::Simple(op, args) => self.simple(*op, args, statement.line),
            Kind::Case(case) => {
                let fallback = Fallback::Otherwise(&case.otherwise, statement.line);
                self.case(&case.args, &case.clauses, &fallback, wanted)
            }
            Kind::Receive(receive) => self.receive(receive, wanted),
            Kind::Try(parts) => self.try_(parts, wanted),
            Kind::Catch(body) => {
                let body = self.body(body, 1);
                Node::new(cerl::Kind::Catch(Box::new(body)))
            }
        }
    }

    fn try_(&mut self, parts: &Try, wanted: usize) -> Node {
        let body = self.body(&parts.body, 1);
        let of = self.body(&parts.of, wanted);
        let handler = self.body(&parts.handler, wanted);
        let values = vec![self.variable(parts.value)];
        let exception = parts.exception.iter().map(|&var| self.variable(var)).collect();
        Node::new(cerl::Kind::Try(Box::new(cerl::Try { body, values, of, exception, handler })))
    }

    /// A loop over the mailbox, as OTP's compiler writes it.
    fn receive(&mut self, receive: &Receive, wanted: usize) -> Node {
        let name = self.label("recv$");
        let again = apply(name);
        let is_over = self.fresh();
        let (time, after) = match &receive.after {
            Some((time, body)) => (self.value(*time), self.body(body, wanted)),
            None => (Node::atom("infinity"), Node::values(vec![Node::atom("true"); wanted])),
        };
        let waiting = Node::block(
            vec![bind(&is_over, Node::primop("recv_wait_timeout", vec![time]))],
            if_true(use_of(&is_over), after, again.clone()),
        );
        let body = if receive.clauses.is_empty() {
            waiting
        } else {
            let (is_there, message) = (self.fresh(), self.fresh());
            let fallback = Fallback::NextMessage(name);
            let found = self.case_of(vec![use_of(&message)], &receive.clauses, &fallback, wanted);
            let peek =
                Step::Let(vec![is_there.clone(), message], Node::primop("recv_peek_message", Vec::new()));
            Node::block(vec![Annotated::new(peek)], if_true(use_of(&is_there), found, waiting))
        };
        jumps(vec![(name, body)], again)
    }

    fn simple(&mut self, op: Op, args: &[Value], line: Line) -> Node {
        let call = |this: &Self, node: Node| node.with_notes(this.line_notes(line));
        match op {
            Op::Call(callee) => {
                let (args, extra) = args.split_at(args.len() - callee.extra_operands());
                let (args, mut extra) = (self.values(args), self.values(extra));
                let kind = match callee {
                    Callee::Local(id) => cerl::Kind::Apply(Box::new(self.function_value(id)), args),
                    Callee::Remote(module, name) => {
                        let callee = [Literal::Atom(module), Literal::Atom(name)].map(Node::literal);
                        cerl::Kind::Call(Box::new(callee), args)
                    }
                    Callee::Fun => cerl::Kind::Apply(Box::new(extra.remove(0)), args),
                    Callee::Apply => {
                        let name = extra.remove(1);
                        cerl::Kind::Call(Box::new([extra.remove(0), name]), args)
                    }
                };
                call(self, Node::new(kind))
            }
            Op::MakeFun(id) => self.function_value(id),
            Op::BuildStacktrace => Node::primop("build_stacktrace", self.values(args)),
            Op::Bif(name) => call(self, Node::call("erlang", name.as_str(), self.values(args))),
            Op::Send => call(self, Node::call("erlang", "!", self.values(args))),
            Op::Tuple | Op::Cons | Op::PutMap { .. } | Op::BuildBits(_) => {
                let args = self.values(args);
                let built = self.build(op, args);
                call(self, built)
            }
            Op::Head
            | Op::Tail
            | Op::Element(_)
            | Op::RemoveMessage
            | Op::Timeout
            | Op::ReserveMarker
            | Op::BindMarker
            | Op::UseMarker
            | Op::ClearMarker
            | Op::TryEnd
            | Op::GetPosition
            | Op::SetPosition
            | Op::FloatArith(..)
            | Op::SetElement { .. }
            | Op::Overwrite(_)
            | Op::GetTail => unreachable!("made after lowering"),
        }
    }

    /// A term that is built.
    fn build(&mut self, op: Op, mut args: Vec<Node>) -> Node {
        match op {
            Op::Tuple => Node::new(cerl::Kind::Tuple(args)),
            Op::Cons => {
                let tail = args.pop().expect("a cell has two parts");
                Node::new(cerl::Kind::List(args, Box::new(tail)))
            }
            Op::PutMap { exact } => {
                let mut args = args.into_iter();
                let base = args.next().expect("there is a map");
                let mut pairs = Vec::new();
                while let (Some(key), Some(value)) = (args.next(), args.next()) {
                    pairs.push(Annotated::new(Pair { is_exact: exact, key, value }));
                }
                self.map(base, pairs)
            }
            Op::BuildBits(id) => {
                let lowered = self.lowered;
                let mut args = args.into_iter();
                let mut segments = Vec::new();
                for (number, segment) in (1..).zip(lowered.constants.segments(id)) {
                    let notes = vec![Literal::tuple([Literal::atom("segment"), Literal::Int(number)])];
                    match segment {
                        BuildSegment::Text(bytes) => text_segments(bytes, &mut segments),
                        BuildSegment::Value { layout, has_size } => {
                            let value = args.next().expect("each segment has its operand");
                            let size = has_size.then(|| args.next().expect("a size is an operand"));
                            segments.push(value_segment(*layout, value, size).with_notes(notes));
                        }
                    }
                }
                Node::new(cerl::Kind::Bits(segments))
            }
            _ => unreachable!("no other operation builds a term"),
        }
    }

    /// What is no map by its form is given a name, which may stand there.
    fn map(&mut self, base: Node, pairs: Vec<Annotated<Pair>>) -> Node {
        let made = |base| Node::new(cerl::Kind::Map(base, pairs));
        match &base.kind {
            cerl::Kind::Literal(Literal::Map(known)) if known.is_empty() => made(None),
            cerl::Kind::Variable(_) => made(Some(Box::new(base))),
            _ => {
                let name = self.fresh();
                let map = made(Some(Box::new(use_of(&name))));
                Node::block(vec![bind(&name, base)], map)
            }
        }
    }

    /// A function of this module as a value, or to be applied.
    fn function_value(&mut self, id: FunctionId) -> Node {
        if let Some(&(name, arity)) = self.known.get(&id) {
            return Node::new(cerl::Kind::Function(name, arity));
        }
        if self.is_nested(id) {
            return self.nested(id);
        }
        let function = &self.lowered.functions[id.index()];
        Node::new(cerl::Kind::Function(function.name, arity(function)))
    }

    /// What is done where no clause is chosen.
    fn otherwise(&self, otherwise: &Otherwise, line: Line) -> Node {
        let fail = |reason: Node| Node::primop("match_fail", vec![reason]).with_notes(self.line_notes(line));
        let tagged = |tag: &str, value: Node| Node::new(cerl::Kind::Tuple(vec![Node::atom(tag), value]));
        match otherwise {
            Otherwise::Error(kind, value) => {
                let tag = match kind {
                    ErrorKind::FunctionClause => return self.function_clause(line),
                    ErrorKind::IfClause => return fail(Node::atom("if_clause")),
                    ErrorKind::Badmatch => "badmatch",
                    ErrorKind::CaseClause => "case_clause",
                    ErrorKind::TryClause => "try_clause",
                    ErrorKind::Badrecord => "badrecord",
                };
                fail(tagged(
                    tag,
                    value.map_or_else(|| Node::literal(Literal::Nil), |value| self.value(value)),
                ))
            }
            Otherwise::CaseClauseTuple(elements) => {
                fail(tagged("case_clause", Node::new(cerl::Kind::Tuple(self.values(elements)))))
            }
            Otherwise::Raise(trace, reason) => Node::primop("raise", self.values(&[*trace, *reason])),
        }
    }

    fn function_clause(&self, line: Line) -> Node {
        let mut parts = vec![Node::atom("function_clause")];
        parts.extend(self.params.iter().map(|&param| use_of(&self.variable(param))));
        let mut notes = self.line_notes(line);
        if self.is_own {
            notes.push(note("function", [Literal::Atom(self.own.0), Literal::Int(self.own.1.into())]));
        }
        Node::primop("match_fail", vec![Node::new(cerl::Kind::Tuple(parts))]).with_notes(notes)
    }
}

/// Whether a statement gives these results, each with a variable of its own.
fn gives_results(statement: &Statement, results: &[Value]) -> bool {
    let same = results.iter().zip(&statement.dsts).all(|(&result, &dst)| result == Value::Var(dst));
    match &statement.kind {
        Kind::Simple(..) | Kind::Catch(_) => results.len() == 1 && same,
        Kind::Case(_) | Kind::Receive(_) | Kind::Try(_) => results.len() <= statement.dsts.len() && same,
    }
}

/// `lc$^0` of `-f/1-lc$^0/1-0-`.
fn short_name(name: Atom, own: (Atom, u32), arity: u32) -> Atom {
    let prefix = format!("-{}/{}-", own.0, own.1);
    let inner = name.as_str().strip_prefix(&prefix).and_then(|rest| rest.strip_suffix('-'));
    let Some(inner) = inner else { return name };
    match inner.rsplit_once('-').and_then(|(left, _)| left.strip_suffix(&format!("/{arity}"))) {
        Some(short) => Atom::new(short),
        None => Atom::new(inner),
    }
}

/// The expression that a variable is.
fn use_of(variable: &Variable) -> Node {
    Node::new(cerl::Kind::Variable(variable.kind))
}

/// `let <Variable> = Value in`
fn bind(variable: &Variable, value: Node) -> Annotated<Step> {
    Annotated::new(Step::Let(vec![variable.clone()], value))
}

/// `apply Name/0()`
fn apply(name: (Atom, u32)) -> Node {
    Node::new(cerl::Kind::Apply(Box::new(Node::new(cerl::Kind::Function(name.0, name.1))), Vec::new()))
}

/// `case Value of 'true' -> Then; 'false' -> Other end`.
fn if_true(value: Node, then: Node, other: Node) -> Node {
    let clause = |answer: &str, body| {
        Annotated::new(cerl::Clause { patterns: vec![Node::atom(answer)], guard: Node::atom("true"), body })
    };
    Node::new(cerl::Kind::Case(Box::new(value), vec![clause("true", then), clause("false", other)]))
}

/// An expression that may jump to these labels, and each label from the ones before it.
fn jumps(labels: Vec<((Atom, u32), Node)>, from: Node) -> Node {
    let steps = labels.into_iter().map(|(name, body)| {
        let function = cerl::Function { params: Vec::new(), body };
        let function = Node::new(cerl::Kind::Fun(Box::new(function)));
        let step = Step::Letrec(vec![Definition { name: Annotated::new(name), function }]);
        Annotated::new(step).with_notes(vec![Literal::atom("letrec_goto"), Literal::atom("no_inline")])
    });
    Node::block(steps.collect(), from)
}

/// Bytes that are known, a few to a segment.
fn text_segments(bytes: &[u8], segments: &mut Vec<Annotated<Segment>>) {
    for part in bytes.chunks(7) {
        let value = part.iter().fold(0, |value, &byte| (value << 8) | i64::from(byte));
        let bits = i64::try_from(part.len() * 8).expect("a few bits");
        segments.push(Annotated::new(Segment {
            value: Node::int(value),
            size: Node::int(bits),
            unit: Literal::Int(1),
            ty: Atom::new("integer"),
            flags: vec![Atom::new("unsigned"), Atom::new("big")],
        }));
    }
}

/// A segment with a value; without a size it is as large as the value.
fn value_segment(layout: Layout, value: Node, size: Option<Node>) -> Annotated<Segment> {
    let none = if layout.is_utf() { "undefined" } else { "all" };
    let ty = match layout.ty {
        SegmentType::Integer => "integer",
        SegmentType::Float => "float",
        SegmentType::Binary => "binary",
        SegmentType::Utf8 => "utf8",
        SegmentType::Utf16 => "utf16",
        SegmentType::Utf32 => "utf32",
    };
    let order = match (layout.is_native, layout.is_little) {
        (true, _) => "native",
        (false, true) => "little",
        (false, false) => "big",
    };
    Annotated::new(Segment {
        value,
        size: size.unwrap_or_else(|| Node::atom(none)),
        unit: if layout.is_utf() { Literal::atom("undefined") } else { Literal::Int(layout.unit.into()) },
        ty: Atom::new(ty),
        flags: vec![Atom::new(if layout.is_signed { "signed" } else { "unsigned" }), Atom::new(order)],
    })
}
