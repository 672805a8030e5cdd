//! `case`.
//!
//! A guard that the core language cannot express is evaluated in the body of its clause; what comes after the clause is then a
//! function, which that body calls where the guard does not hold.

use super::{Read, Reader};
use crate::cerl::{Annotated, Clause as Source, Kind as Tree, Node};
use crate::core::lower::scope::Binding;
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, Guard, Kind, Line, Op, Otherwise, Shape, Try, Value,
};
use swerl_beam::Atom;

impl<'m> Reader<'m> {
    pub(super) fn case(
        &mut self,
        subject: &'m Node,
        clauses: &'m [Annotated<Source>],
        wanted: usize,
        line: Line,
    ) -> Read<Vec<Value>> {
        let count = clauses.first().map_or(0, |clause| clause.kind.patterns.len());
        let args = self.expr(subject, count)?;
        self.choose(&args, clauses, wanted, line)
    }

    fn choose(
        &mut self,
        args: &[Value],
        clauses: &'m [Annotated<Source>],
        wanted: usize,
        line: Line,
    ) -> Read<Vec<Value>> {
        let mut lowered = Vec::with_capacity(clauses.len());
        for (at, clause) in clauses.iter().enumerate() {
            let Source { patterns, guard, body } = &clause.kind;
            let mark = self.lower.scope.mark();
            let heads = self.heads(args, patterns)?;
            if let Some(guard) = self.guard(guard) {
                let body = self.body_of(body, wanted)?;
                self.lower.scope.undo(mark);
                lowered.push(Clause { patterns: heads, guard, body });
                continue;
            }
            self.lower.scope.undo(mark);
            let rest = self.rest(args, &clauses[at + 1..], wanted, line)?;
            let heads = self.heads(args, patterns)?;
            let body = self.guarded(guard, body, rest, wanted, line)?;
            self.lower.scope.undo(mark);
            lowered.push(Clause { patterns: heads, guard: Guard::default(), body });
            let any = args.iter().map(|_| self.lower.patterns.add(Vec::new(), Shape::Any)).collect();
            let body = self.body(|this| Ok(this.go_on(rest, wanted, line)))?;
            lowered.push(Clause { patterns: any, guard: Guard::default(), body });
            break;
        }
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        let case = Case { args: args.to_vec(), clauses: lowered, otherwise };
        Ok(self.statement(Kind::Case(Box::new(case)), wanted, line))
    }

    /// The patterns of a clause; what they bind is bound from here on. A variable alone is another name.
    pub(super) fn heads(
        &mut self,
        args: &[Value],
        patterns: &'m [Node],
    ) -> Read<Vec<crate::core::PatternId>> {
        let mut names = Vec::new();
        let mut same = Vec::new();
        let mut heads = Vec::with_capacity(patterns.len());
        for (at, pattern) in patterns.iter().enumerate() {
            heads.push(match (&pattern.kind, args.get(at)) {
                (Tree::Variable(name), Some(&value)) => {
                    same.push((*name, value));
                    self.lower.patterns.add(Vec::new(), Shape::Any)
                }
                _ => self.pattern(pattern, &mut names)?,
            });
        }
        let names = names.into_iter().map(|(name, var)| (name, Value::Var(var)));
        for (name, value) in names.chain(same) {
            self.lower.scope.bind(name, Binding::Value(value));
        }
        Ok(heads)
    }

    /// The clauses after one, as a function.
    fn rest(
        &mut self,
        args: &[Value],
        clauses: &'m [Annotated<Source>],
        wanted: usize,
        line: Line,
    ) -> Read<Callee> {
        let id = self.lower.reserve_nested();
        let body = self.body(|this| {
            let values = this.choose(args, clauses, wanted, line)?;
            Ok(if wanted == 1 { values } else { vec![this.lower.tuple(values)] })
        });
        let name = self.fun_name(&Vec::new(), "clauses/0");
        self.lower.define_nested(id, name, Vec::new(), body?, line);
        Ok(Callee::Local(id))
    }

    fn go_on(&mut self, rest: Callee, wanted: usize, line: Line) -> Vec<Value> {
        let value = self.lower.simple(Op::Call(rest), Vec::new(), line);
        self.unpack(value, wanted)
    }

    /// A body behind a guard that is evaluated like any expression.
    fn guarded(
        &mut self,
        guard: &'m Node,
        body: &'m Node,
        rest: Callee,
        wanted: usize,
        line: Line,
    ) -> Read<Body> {
        self.body(|this| {
            let test = this.body_of(guard, 1)?;
            let value = this.lower.new_var();
            let exception = [(); 3].map(|()| this.lower.new_var());
            let result = |value| Body { statements: Vec::new(), results: vec![value] };
            let of = result(Value::Var(value));
            let handler = result(Value::Atom(Atom::new("false")));
            let attempt = Kind::Try(Box::new(Try { body: test, value, of, exception, handler }));
            let holds = this.lower.statement(attempt, line);
            let yes = this.lower.patterns.add(Vec::new(), Shape::Constant(Value::atom("true")));
            let any = this.lower.patterns.add(Vec::new(), Shape::Any);
            let body = this.body_of(body, wanted)?;
            let other = this.body(|this| Ok(this.go_on(rest, wanted, line)))?;
            let clauses = vec![
                Clause { patterns: vec![yes], guard: Guard::default(), body },
                Clause { patterns: vec![any], guard: Guard::default(), body: other },
            ];
            let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
            let case = Case { args: vec![holds], clauses, otherwise };
            Ok(this.statement(Kind::Case(Box::new(case)), wanted, line))
        })
    }
}
