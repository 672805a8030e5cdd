//! Generators: one function that walks a source, or several at the same pace.

use super::{Element, More, Result};
use crate::ast::{ExprKind, Generator, GeneratorKind, Qualifier};
use crate::core::lower::Lower;
use crate::core::lower::clauses::Heads;
use crate::core::{Body, Callee, Clause, Guard, Line, Op, PatternId, Shape, Value, Var};
use swerl_beam::Atom;

/// The patterns of a generator's clauses.
#[derive(Debug)]
struct Patterns {
    /// An element that is wanted, and the rest.
    wanted: PatternId,
    /// Whether there may be elements that are not.
    may_skip: bool,
    /// Such an element, and the rest.
    other: PatternId,
    skipped_element: Var,
    skipped_tail: Var,
    /// The end.
    end: PatternId,
}

impl<'a> Lower<'a> {
    /// `P <- L`, or `P <- L && Q <- M && ...`.
    pub(super) fn generators(
        &mut self,
        generators: &[Generator],
        rest: &[Qualifier],
        more: &More,
        result: Result,
        line: Line,
        element: Element<'_, 'a>,
    ) -> Value {
        let first = &generators[0];
        let own_line = self.line(first.place);
        let comprehension = self.numbers.number(first);
        let id = self.reserve_nested();
        let number = self.next_loop_number();
        let sources: Vec<Var> = generators.iter().map(|_| self.new_var()).collect();
        let mut params = sources.clone();
        let own_result = match result {
            Result::List | Result::Unwanted => result,
            Result::Bits(_) => {
                let param = self.new_var();
                params.push(param);
                Result::Bits(Value::Var(param))
            }
        };
        let body = self.body_of(|this| {
            let clauses =
                this.generator_clauses(generators, rest, more, own_result, line, element, (id, &sources));
            vec![this.case(sources.iter().map(|&source| Value::Var(source)).collect(), clauses, line)]
        });
        let (name, arity) = self.current_name;
        let kind = match result {
            Result::List | Result::Unwanted => "lc",
            Result::Bits(_) => "lbc",
        };
        let own_arity = params.len();
        let name = format!("-{name}/{arity}-{kind}$^{comprehension}/{own_arity}-{number}-");
        self.define_nested(id, name, params, body, own_line);

        let mut args: Vec<Value> =
            generators.iter().map(|generator| self.generator_source(generator)).collect();
        if let Result::Bits(bits) = result {
            args.push(bits);
        }
        self.simple(Op::Call(Callee::Local(id)), args, line)
    }

    fn generator_source(&mut self, generator: &Generator) -> Value {
        let source = self.expr(&generator.source);
        match &generator.kind {
            GeneratorKind::Map(_) => {
                let callee = Callee::Remote(Atom::new("maps"), Atom::new("to_list"));
                let line = self.line(generator.place);
                self.simple(Op::Call(callee), vec![source], line)
            }
            GeneratorKind::List(_) | GeneratorKind::Bits(_) => source,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "they are those of a comprehension's other parts, and one more"
    )]
    fn generator_clauses(
        &mut self,
        generators: &[Generator],
        rest: &[Qualifier],
        more: &More,
        result: Result,
        line: Line,
        element: Element<'_, 'a>,
        (id, sources): (crate::core::FunctionId, &[Var]),
    ) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let mark = self.scope.mark();
        let mut heads = Heads { hides_outer: true, ..Heads::default() };
        let tails: Vec<Var> = generators.iter().map(|_| self.new_var()).collect();
        let rests = tails.iter().map(|&tail| Value::Var(tail)).collect();
        let patterns: Vec<Patterns> = generators
            .iter()
            .zip(&tails)
            .map(|(generator, &tail)| self.generator_patterns(generator, tail, &mut heads))
            .collect();
        self.bind_hiding(&heads);
        let guard = Guard { equalities: heads.equalities, alternatives: Vec::new() };
        let is_partial = patterns.iter().any(|patterns| patterns.may_skip) || !guard.is_trivial();
        let body =
            self.body_of(|this| vec![this.qualifiers(rest, &More::Outer(id, rests), result, line, element)]);
        self.scope.undo(mark);
        let select = |of: fn(&Patterns) -> PatternId| patterns.iter().map(of).collect::<Vec<PatternId>>();
        clauses.push(Clause { patterns: select(|patterns| patterns.wanted), guard, body });
        if is_partial {
            let body = self.body_of(|this| {
                if let ([generator], [patterns]) = (generators, &patterns[..])
                    && generator.strict
                {
                    return vec![this.element_does_not_match(generator, patterns.skipped_element)];
                }
                let parts = generators.iter().zip(patterns.iter().zip(sources));
                let tails = parts.map(|(generator, (patterns, &source))| {
                    if generator.strict {
                        this.check_strict(generator, patterns.skipped_element, source)
                    } else {
                        Value::Var(patterns.skipped_tail)
                    }
                });
                let tails = tails.collect();
                vec![this.more(&More::Outer(id, tails), result, line)]
            });
            clauses.push(Clause {
                patterns: select(|patterns| patterns.other),
                guard: Guard::default(),
                body,
            });
        }
        // A bit string that is not at its end has bits left in the pattern of the end, too.
        if generators.len() > 1 {
            for at in 0..generators.len() {
                if matches!(generators[at].kind, GeneratorKind::Bits(_)) {
                    // Variables are bound in one clause alone.
                    let tail = self.new_var();
                    let mut heads = Heads { hides_outer: true, ..Heads::default() };
                    let left = self.generator_patterns(&generators[at], tail, &mut heads).other;
                    let any = |_| self.patterns.add(Vec::new(), Shape::Any);
                    let mut patterns: Vec<PatternId> = (0..generators.len()).map(any).collect();
                    patterns[at] = left;
                    let body = self.bad_sources(generators, sources);
                    clauses.push(Clause { patterns, guard: Guard::default(), body });
                }
            }
        }
        let body = self.body_of(|this| vec![this.more(more, result, line)]);
        clauses.push(Clause { patterns: select(|patterns| patterns.end), guard: Guard::default(), body });
        let patterns = sources.iter().map(|_| self.patterns.add(Vec::new(), Shape::Any)).collect();
        let body = self.bad_sources(generators, sources);
        clauses.push(Clause { patterns, guard: Guard::default(), body });
        clauses
    }

    fn element_does_not_match(&mut self, generator: &Generator, element: Var) -> Value {
        let line = self.line(generator.place);
        let reason = self.tuple(vec![Value::atom("badmatch"), Value::Var(element)]);
        self.raise(reason, line)
    }

    /// The tail of a strict generator's source; an error if it is its element that does not match.
    fn check_strict(&mut self, generator: &Generator, element: Var, source: Var) -> Value {
        let line = self.line(generator.place);
        let mut heads = Heads { hides_outer: true, ..Heads::default() };
        let tail = self.new_var();
        let wanted = self.generator_patterns(generator, tail, &mut heads).wanted;
        let any = self.patterns.add(Vec::new(), Shape::Any);
        let guard = Guard { equalities: heads.equalities, alternatives: Vec::new() };
        let body = Body { statements: Vec::new(), results: vec![Value::Var(tail)] };
        let failed = self.body_of(|this| vec![this.element_does_not_match(generator, element)]);
        let clauses = vec![
            Clause { patterns: vec![wanted], guard, body },
            Clause { patterns: vec![any], guard: Guard::default(), body: failed },
        ];
        self.case(vec![Value::Var(source)], clauses, line)
    }

    fn generator_patterns(&mut self, generator: &Generator, tail: Var, heads: &mut Heads) -> Patterns {
        let skipped_tail = self.new_var();
        let skipped_element = self.new_var();
        if let GeneratorKind::Bits(pattern) = &generator.kind {
            let elements = match &pattern.kind {
                ExprKind::Bin(elements) => &elements[..],
                _ => &[],
            };
            // The same with variables of its own, which sizes may need.
            let again = self.bits_pattern(elements, &mut Heads { hides_outer: true, ..Heads::default() });
            let segments = self.bits_pattern(elements, heads);
            let wanted = self.with_rest(segments, tail);
            let any = self.any_values(again);
            let mut other = self.with_rest(any, skipped_tail);
            if generator.strict {
                other = self.some_bits(skipped_element);
            }
            let mut end = self.patterns.add(Vec::new(), Shape::Bits(Vec::new()));
            if !generator.strict {
                end = self.with_any_rest(end);
            }
            return Patterns { wanted, may_skip: true, other, skipped_tail, skipped_element, end };
        }
        let head = match &generator.kind {
            GeneratorKind::Map(field) => {
                let pair = vec![self.pattern(&field.key, heads), self.pattern(&field.value, heads)];
                self.patterns.add(Vec::new(), Shape::Tuple(pair))
            }
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => self.pattern(pattern, heads),
        };
        let may_skip = self.patterns.get(head).shape != Shape::Any;
        let wanted = self.cell(head, tail);
        let any = self.patterns.add(vec![skipped_element], Shape::Any);
        let other = self.cell(any, skipped_tail);
        let end = self.patterns.add(Vec::new(), Shape::Constant(Value::Nil));
        Patterns { wanted, may_skip, other, skipped_tail, skipped_element, end }
    }

    fn cell(&mut self, head: PatternId, tail: Var) -> PatternId {
        let tail = self.patterns.add(vec![tail], Shape::Any);
        self.patterns.add(Vec::new(), Shape::Cons(head, tail))
    }

    /// What is raised for sources that are of another kind than their generators, or not of one length.
    fn bad_sources(&mut self, generators: &[Generator], sources: &[Var]) -> Body {
        let line = self.line(generators[0].source.place);
        match sources {
            [source] => self.error_body("bad_generator", Value::Var(*source), line),
            _ => self.body_of(|this| {
                let left = this.tuple(sources.iter().map(|&source| Value::Var(source)).collect());
                let reason = this.tuple(vec![Value::atom("bad_generators"), left]);
                vec![this.raise(reason, line)]
            }),
        }
    }
}
