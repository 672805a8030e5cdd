//! Terms that are built, and primitive operations.

use super::{Read, Reader};
use crate::ast::MapFieldKind;
use crate::cerl::{Annotated, Kind as Tree, Node, Notes, Pair, Segment};
use crate::core::lower::bits::{Builder, SegmentSize};
use crate::core::{
    Body, Callee, Case, ErrorKind, FunctionId, Kind, Layout, Line, Op, Otherwise, SegmentType, Statement,
    Value,
};
use swerl_beam::{Atom, Literal};

impl<'m> Reader<'m> {
    pub(super) fn map(
        &mut self,
        base: Option<&'m Node>,
        pairs: &'m [Annotated<Pair>],
        line: Line,
    ) -> Read<Value> {
        let base = match base {
            None => self.lower.constants.value(Literal::Map(Vec::new())),
            Some(base) => self.value(base)?,
        };
        let mut fields = Vec::with_capacity(pairs.len());
        for Annotated { kind: Pair { is_exact, key, value }, .. } in pairs {
            let kind = if *is_exact { MapFieldKind::Exact } else { MapFieldKind::Assoc };
            fields.push((kind, self.value(key)?, self.value(value)?));
        }
        Ok(self.lower.put_fields(base, fields, line))
    }

    pub(super) fn bits(&mut self, segments: &'m [Annotated<Segment>], line: Line) -> Read<Value> {
        let mut builder = Builder::default();
        for Annotated { kind: segment, .. } in segments {
            let layout = layout(segment)?;
            let value = self.value(&segment.value)?;
            let size = if has_size(segment, layout)? { Some(self.value(&segment.size)?) } else { None };
            let known_size = match size {
                None => SegmentSize::All,
                Some(Value::Int(units)) => SegmentSize::Units(units),
                // Never constant.
                Some(_) => SegmentSize::Units(-1),
            };
            builder.add(&self.lower.constants, layout, value, size, known_size);
        }
        Ok(self.lower.built_bits(builder, line))
    }

    pub(super) fn primop(
        &mut self,
        name: Atom,
        args: &'m [Node],
        notes: &Notes,
        wanted: usize,
        line: Line,
    ) -> Read<Vec<Value>> {
        match (name.as_str(), args) {
            ("match_fail", [reason]) => return self.match_fail(reason, notes, wanted, line),
            ("raise", [trace, reason]) => {
                let otherwise = Otherwise::Raise(self.value(trace)?, self.value(reason)?);
                return Ok(self.fail(otherwise, wanted, line));
            }
            _ => {}
        }
        let values = self.values(args)?;
        let call = |this: &mut Self, function: &str, args: Vec<Value>| {
            this.lower.simple(Op::Call(Callee::Remote(Atom::new("erlang"), Atom::new(function))), args, line)
        };
        Ok(vec![match (name.as_str(), &values[..]) {
            ("build_stacktrace", [_]) => self.lower.simple(Op::BuildStacktrace, values, line),
            ("raw_raise", &[class, reason, trace]) => {
                let trace = self.lower.simple(Op::BuildStacktrace, vec![trace], line);
                call(self, "raise", vec![class, reason, trace])
            }
            ("dsetelement", [_, _, _]) => call(self, "setelement", values),
            // Room for a bit string that grows: that is found where it grows.
            ("bs_init_writable", [_]) => self.lower.constants.value(Literal::Bits([].into(), 8)),
            ("nif_start", []) => Value::atom("ok"),
            _ => return Err(format!("primop {}/{}", Literal::Atom(name), args.len())),
        }])
    }

    /// What never returns.
    fn fail(&mut self, otherwise: Otherwise, wanted: usize, line: Line) -> Vec<Value> {
        let case = Case { args: Vec::new(), clauses: Vec::new(), otherwise };
        self.statement(Kind::Case(Box::new(case)), wanted, line)
    }

    fn match_fail(&mut self, reason: &'m Node, notes: &Notes, wanted: usize, line: Line) -> Read<Vec<Value>> {
        let parts = match &reason.kind {
            Tree::Literal(Literal::Atom(name)) if name.as_str() == "if_clause" => {
                return Ok(self.fail(Otherwise::Error(ErrorKind::IfClause, None), wanted, line));
            }
            Tree::Tuple(parts) => self.values(parts)?,
            Tree::Literal(Literal::Tuple(parts)) => {
                parts.iter().map(|part| self.lower.constants.value(part.clone())).collect()
            }
            _ => {
                let reason = self.value(reason)?;
                self.lower.raise(reason, line);
                return Ok(Vec::new());
            }
        };
        let tag = match parts.first() {
            Some(Value::Atom(tag)) => tag.as_str(),
            _ => "",
        };
        let kind = match (tag, parts.len()) {
            ("badmatch", 2) => ErrorKind::Badmatch,
            ("case_clause", 2) => ErrorKind::CaseClause,
            ("try_clause", 2) => ErrorKind::TryClause,
            ("badrecord", 2) => ErrorKind::Badrecord,
            ("function_clause", _) => {
                let stub = self.failing(parts.len() - 1, notes, line);
                self.lower.simple(Op::Call(Callee::Local(stub)), parts[1..].to_vec(), line);
                return Ok(Vec::new());
            }
            _ => {
                let reason = self.lower.tuple(parts);
                self.lower.raise(reason, line);
                return Ok(Vec::new());
            }
        };
        Ok(self.fail(Otherwise::Error(kind, Some(parts[1])), wanted, line))
    }

    /// A function that has no clause for its arguments. The error may stand anywhere, in a `try` too, and with any
    /// arguments, while the machine raises it at the head of a function only.
    fn failing(&mut self, arity: usize, notes: &Notes, line: Line) -> FunctionId {
        let name = match of_function(notes) {
            Some((name, arity)) => format!("-inlined-{name}/{arity}-"),
            None => self.next_name("inlined"),
        };
        if let Some(&known) = self.failing.get(&(name.clone(), arity)) {
            return known;
        }
        let id = self.lower.reserve_nested();
        let params = (0..arity).map(|_| self.lower.new_var()).collect();
        let otherwise = Otherwise::Error(ErrorKind::FunctionClause, None);
        let kind = Kind::Case(Box::new(Case { args: Vec::new(), clauses: Vec::new(), otherwise }));
        let result = self.lower.new_var();
        let statements = vec![Statement { dsts: vec![result], kind, line }];
        let body = Body { statements, results: vec![Value::Var(result)] };
        self.lower.define_nested(id, name.clone(), params, body, line);
        self.failing.insert((name, arity), id);
        id
    }
}

/// The function that an expression was part of, as notes tell it.
fn of_function(notes: &Notes) -> Option<(Atom, u32)> {
    notes.iter().find_map(|note| match note {
        Literal::Tuple(parts) => match &parts[..] {
            [Literal::Atom(tag), Literal::Tuple(function)] if tag.as_str() == "function" => {
                match &function[..] {
                    [Literal::Atom(name), Literal::Int(arity)] => Some((*name, u32::try_from(*arity).ok()?)),
                    _ => None,
                }
            }
            _ => None,
        },
        _ => None,
    })
}

/// Whether a segment has a size; characters have none, numbers need one.
pub(super) fn has_size(segment: &Segment, layout: Layout) -> Read<bool> {
    let is_given = !matches!(segment.size.kind, Tree::Literal(Literal::Atom(_)));
    match layout.ty {
        SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32 => Ok(false),
        SegmentType::Binary => Ok(is_given),
        SegmentType::Integer | SegmentType::Float if is_given => Ok(true),
        SegmentType::Integer | SegmentType::Float => {
            Err("a number without a size in a bit string".to_owned())
        }
    }
}

/// How a segment is laid out.
pub(super) fn layout(segment: &Segment) -> Read<Layout> {
    let ty = match segment.ty.as_str() {
        "integer" => SegmentType::Integer,
        "float" => SegmentType::Float,
        "binary" | "bitstring" => SegmentType::Binary,
        "utf8" => SegmentType::Utf8,
        "utf16" => SegmentType::Utf16,
        "utf32" => SegmentType::Utf32,
        other => return Err(format!("the segment type {other}")),
    };
    let unit = match segment.unit {
        Literal::Int(unit) => u32::try_from(unit).ok().filter(|unit| (1..=256).contains(unit)),
        Literal::Atom(_) => Some(1),
        _ => None,
    };
    let unit = unit.ok_or("the unit of a segment")?;
    let has = |flag: &str| segment.flags.iter().any(|known| known.as_str() == flag);
    Ok(Layout { ty, unit, is_signed: has("signed"), is_little: has("little"), is_native: has("native") })
}
