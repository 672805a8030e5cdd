//! Bit strings in decision trees: a match context takes the column of the value, and moves from segment to
//! segment. Rows that come after it has moved find it set back.

use super::{Cell, Matcher, Row, Table};
use crate::core::{MatchSegment, MatchSize, Op, SegmentType, Value};
use crate::ssa::{Attempt, BlockId, Inst, Term, Test};
use swerl_beam::Genop;

impl Matcher<'_, '_, '_> {
    /// Notes where the match contexts among the columns stand now, and sets them back in a block.
    pub(super) fn keep_positions(&mut self, columns: &[Value], row: &Row, block: BlockId) {
        for (&context, cell) in columns.iter().zip(&row.cells) {
            if let Cell::Segments(..) = cell {
                let position = self.builder.inst(Op::GetPosition, vec![context], 0);
                let args = vec![context, position];
                let inst = Inst { dst: None, op: Op::SetPosition, args, line: 0 };
                self.builder.function.block_mut(block).insts.push(inst);
            }
        }
    }

    /// Makes a match context of the value in a column.
    pub(super) fn start_match(
        &mut self,
        value: Value,
        mut rows: Vec<Row>,
        columns: &[Value],
        column: usize,
        next: BlockId,
    ) {
        // One that is known is compared.
        if let [row] = &rows[..]
            && let Cell::Whole(pattern) = row.cells[column]
            && let &[MatchSegment::Text(bytes, _)] = self.segments(pattern)
        {
            let block = self.without(rows, columns, column, next);
            self.builder.branch(Genop::IsEqExact, vec![value, bytes], block, next);
            return;
        }
        let context = self.builder.attempt_op(Attempt::StartMatch, vec![value], next);
        for row in &mut rows {
            let cell = row.cells[column];
            row.binds.extend(self.bound_by(cell, value));
            if let Cell::Whole(pattern) = cell {
                row.cells[column] = Cell::Segments(pattern, 0);
            }
        }
        let mut columns = columns.to_vec();
        columns[column] = context;
        self.work.push(Table { start: self.builder.current, columns, rows: rows.into(), fail: next });
    }

    /// Matches the next segment of a context, which is the same for all rows but for the value's pattern.
    pub(super) fn segment(
        &mut self,
        context: Value,
        mut rows: Vec<Row>,
        columns: &[Value],
        column: usize,
        next: BlockId,
    ) {
        let mut patterns = Vec::with_capacity(rows.len());
        let mut first = None;
        for row in &mut rows {
            let Cell::Segments(pattern, at) = row.cells[column] else {
                unreachable!("the group has segments only")
            };
            row.cells[column] = Cell::Segments(pattern, at + 1);
            let segment = &self.segments(pattern)[at];
            if let MatchSegment::Value { pattern, .. } = segment {
                patterns.push(*pattern);
            }
            first.get_or_insert_with(|| segment.clone());
        }
        let mut columns = columns.to_vec();
        match first.expect("a group has a row") {
            MatchSegment::Text(_, 0) => {}
            MatchSegment::Text(bytes, length) => {
                let bits = Value::Int(i64::from(length) * 8);
                self.pass(Genop::BsMatchString, vec![context, bits, bytes], next);
            }
            MatchSegment::Value { layout, size, .. } => {
                let size = match size {
                    MatchSize::All => None,
                    MatchSize::Units(units) => Some(self.builder.value(units)),
                    MatchSize::Computed(expr) => {
                        // Variables of the segments before are known by now, if only to their columns.
                        let cells = columns.iter().zip(&rows[0].cells);
                        let bound = cells.flat_map(|(&value, &cell)| self.bound_by(cell, value));
                        let bound: Vec<_> = bound.chain(rows[0].binds.iter().copied()).collect();
                        self.builder.values.extend(bound);
                        Some(self.builder.guard_value(&expr, next))
                    }
                };
                let is_skipped = patterns.iter().all(|&pattern| self.builder.patterns.is_trivial(pattern));
                match (size, is_skipped && !layout.is_utf()) {
                    (Some(size), true) => {
                        let unit = Value::Int(layout.unit.into());
                        self.pass(Genop::BsSkipBits2, vec![context, size, unit, Value::Int(0)], next);
                    }
                    (None, true) if layout.ty == SegmentType::Binary => {
                        if layout.unit != 1 {
                            let unit = Value::Int(layout.unit.into());
                            self.pass(Genop::BsTestUnit, vec![context, unit], next);
                        }
                    }
                    (size, _) => {
                        let mut args = vec![context];
                        args.extend(size);
                        let value = self.builder.attempt_op(Attempt::GetSegment(layout), args, next);
                        columns.insert(column, value);
                        for (row, pattern) in rows.iter_mut().zip(patterns) {
                            row.cells.insert(column, Cell::Whole(pattern));
                        }
                    }
                }
            }
        }
        self.work.push(Table { start: self.builder.current, columns, rows: rows.into(), fail: next });
    }

    /// Goes on in a new block when a test holds.
    fn pass(&mut self, op: Genop, args: Vec<Value>, fail: BlockId) {
        let block = self.builder.new_block();
        self.builder.end(Term::Branch { test: Test { op, args }, yes: block, no: fail }, block);
    }
}
