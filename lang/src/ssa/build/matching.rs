//! Pattern matching as decision trees.
//!
//! A choice is a table: a column for each value that is looked at, a row for each clause. The first row says
//! which column is looked at next: the leftmost where it is not content with anything. The rows from there on
//! that also ask for a certain term in that column are told apart by one `select_val` or the like; the others
//! come after them, should all of these fail. No row is ever copied, so the tree is no larger than the source.
//!
//! Work is a list of tables, not recursion: patterns may be deep.

mod bits;

use super::Builder;
use crate::codegen::limits::is_small;
use crate::core::{self, GuardExpr, Layout, MatchSegment, MatchSize, Op, PatternId, Shape, Value, Var};
use crate::ssa::{Attempt, BlockId, Term, Test};
use std::collections::{HashMap, VecDeque};
use swerl_beam::{Atom, Genop};

/// For each clause that can be chosen, the block where its body goes.
pub(super) type Branches = Vec<(usize, BlockId)>;

/// What a row asks of the value in one column.
#[derive(Clone, Copy, Debug)]
enum Cell {
    /// It must match a pattern.
    Whole(PatternId),
    /// The column is a match context, which must match the segments of a pattern from that one on.
    Segments(PatternId, usize),
}

/// A clause, as far as it is still to be matched.
#[derive(Clone, Debug)]
pub(super) struct Row {
    clause: usize,
    /// What it asks of each column.
    cells: Vec<Cell>,
    /// What else must match: second patterns for values whose first has been dealt with.
    pending: Vec<(Value, PatternId)>,
    binds: Vec<(Var, Value)>,
}

impl Row {
    /// A clause of which nothing has been matched yet.
    pub(super) fn new(clause: usize, patterns: &[PatternId]) -> Self {
        let cells = patterns.iter().map(|&pattern| Cell::Whole(pattern)).collect();
        Self { clause, cells, pending: Vec::new(), binds: Vec::new() }
    }
}

/// A table that is to be turned into code, starting in a block.
#[derive(Debug)]
struct Table {
    start: BlockId,
    columns: Vec<Value>,
    rows: VecDeque<Row>,
    fail: BlockId,
}

/// What a pattern asks of the outermost form of a term. Terms that satisfy one satisfy none of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Form {
    Atom(Atom),
    Int(i64),
    Nil,
    Cons,
    Tuple(usize),
    /// A constant that is compared; not known to differ from other forms.
    Equal(Value),
    /// The map pattern of a clause; not known to differ from others.
    Map(usize),
    /// A bit string.
    Bits,
    /// A segment comes next in a match context: a number for its layout and size.
    Segment(usize),
    /// Nothing is left in a match context.
    End,
    Never,
}

/// Segments that are fetched in the same way.
#[derive(Clone, Debug, PartialEq)]
struct Fetch {
    layout: Layout,
    size: MatchSize,
}

impl Form {
    /// Whether no term has both this form and another such one.
    fn is_exclusive(self) -> bool {
        match self {
            Self::Atom(_) | Self::Int(_) | Self::Nil | Self::Cons | Self::Tuple(_) => true,
            Self::Equal(_) | Self::Map(_) | Self::Bits | Self::Segment(_) | Self::End | Self::Never => false,
        }
    }
}

pub(super) fn branches(
    builder: &mut Builder<'_>,
    start: BlockId,
    columns: Vec<Value>,
    rows: Vec<Row>,
    clauses: &[core::Clause],
    fail: BlockId,
) -> Branches {
    let mut matcher =
        Matcher { builder, clauses, work: Vec::new(), branches: Vec::new(), fetches: Vec::new() };
    matcher.work.push(Table { start, columns, rows: rows.into(), fail });
    while let Some(table) = matcher.work.pop() {
        matcher.table(table);
    }
    matcher.branches.sort_by_key(|&(clause, _)| clause);
    matcher.branches
}

struct Matcher<'b, 'm, 'c> {
    builder: &'b mut Builder<'m>,
    clauses: &'c [core::Clause],
    work: Vec<Table>,
    branches: Branches,
    /// The ways of fetching a segment, by number; none for those that no other is equal to.
    fetches: Vec<Option<Fetch>>,
}

impl Matcher<'_, '_, '_> {
    fn table(&mut self, mut table: Table) {
        self.builder.current = table.start;
        let Some(first) = table.rows.front_mut() else {
            self.builder.block().term = Term::Jump(table.fail, Vec::new());
            return;
        };
        for column in 0..table.columns.len() {
            self.take_apart(first, &table.columns, column);
        }
        let first = first.clone();
        let column = (0..table.columns.len()).find(|&column| self.form(&first, column).is_some());
        match column {
            Some(column) => self.split(table, column),
            None => self.choose(table),
        }
    }

    /// Of a pattern that is two in one, leaves the first and notes the second.
    fn take_apart(&self, row: &mut Row, columns: &[Value], column: usize) {
        let value = columns[column];
        while let Cell::Whole(pattern) = row.cells[column] {
            let node = self.builder.patterns.get(pattern);
            let Shape::Both(a, b) = node.shape else { return };
            row.binds.extend(node.binds.iter().map(|&var| (var, value)));
            row.pending.push((value, b));
            row.cells[column] = Cell::Whole(a);
        }
    }

    /// What a cell binds to the value of its column.
    fn bound_by(&self, cell: Cell, value: Value) -> impl Iterator<Item = (Var, Value)> {
        let binds: &[Var] = match cell {
            Cell::Whole(pattern) => &self.builder.patterns.get(pattern).binds,
            Cell::Segments(..) => &[],
        };
        binds.iter().map(move |&var| (var, value))
    }

    /// Removes a cell that has been dealt with, but for its parts; notes what it binds.
    fn remove(&self, row: &mut Row, columns: &[Value], column: usize) {
        let cell = row.cells.remove(column);
        row.binds.extend(self.bound_by(cell, columns[column]));
    }

    /// The shape that the pattern in a column asks for.
    fn shape(&self, row: &Row, column: usize) -> &Shape {
        match row.cells[column] {
            Cell::Whole(pattern) | Cell::Segments(pattern, _) => &self.builder.patterns.get(pattern).shape,
        }
    }

    /// What a row asks for in a column; `None` when it is content with anything.
    fn form(&mut self, row: &Row, column: usize) -> Option<Form> {
        if let Cell::Segments(pattern, next) = row.cells[column] {
            return self.segment_form(pattern, next);
        }
        Some(match self.shape(row, column) {
            Shape::Any | Shape::Both(..) => return None,
            Shape::Constant(Value::Atom(atom)) => Form::Atom(*atom),
            Shape::Constant(Value::Int(integer)) if is_small(*integer) => Form::Int(*integer),
            Shape::Constant(Value::Nil) => Form::Nil,
            Shape::Constant(value) => Form::Equal(*value),
            Shape::Cons(..) => Form::Cons,
            Shape::Tuple(elements) => Form::Tuple(elements.len()),
            Shape::Map(_) => Form::Map(row.clause),
            Shape::Bits(_) => Form::Bits,
            Shape::Never => Form::Never,
        })
    }

    fn segments(&self, pattern: PatternId) -> &[MatchSegment] {
        match &self.builder.patterns.get(pattern).shape {
            Shape::Bits(segments) => segments,
            _ => unreachable!("only bit strings have segments"),
        }
    }

    fn segment_form(&mut self, pattern: PatternId, next: usize) -> Option<Form> {
        let segments = self.segments(pattern);
        let fetch = match segments.get(next) {
            Some(MatchSegment::Text(..)) => None,
            Some(MatchSegment::Value { layout, size, .. }) => match size {
                MatchSize::All | MatchSize::Units(_) => Some(Fetch { layout: *layout, size: size.clone() }),
                MatchSize::Computed(_) => None,
            },
            None => {
                let takes_all = |segment: &MatchSegment| matches!(segment, MatchSegment::Value { layout, size: MatchSize::All, .. } if !layout.is_utf());
                return if segments.last().is_some_and(takes_all) { None } else { Some(Form::End) };
            }
        };
        let known = fetch
            .as_ref()
            .and_then(|fetch| self.fetches.iter().position(|other| other.as_ref() == Some(fetch)));
        Some(Form::Segment(known.unwrap_or_else(|| {
            self.fetches.push(fetch);
            self.fetches.len() - 1
        })))
    }

    /// The first row matches, up to what is pending and its guard.
    fn choose(&mut self, mut table: Table) {
        let mut row = table.rows.pop_front().expect("the table has a row");
        for (&value, &cell) in table.columns.iter().zip(&row.cells) {
            row.binds.extend(self.bound_by(cell, value));
        }
        let clause = &self.clauses[row.clause];
        let is_certain = row.pending.is_empty() && clause.guard.is_trivial();
        let otherwise = if is_certain || table.rows.is_empty() {
            table.fail
        } else {
            let next = self.builder.new_block();
            self.work.push(Table { start: next, columns: table.columns, rows: table.rows, fail: table.fail });
            next
        };
        if !row.pending.is_empty() {
            let columns = row.pending.iter().map(|&(value, _)| value).collect();
            row.cells = row.pending.drain(..).map(|(_, pattern)| Cell::Whole(pattern)).collect();
            let rows = VecDeque::from([row]);
            let again = Table { start: self.builder.current, columns, rows, fail: otherwise };
            self.work.push(again);
            return;
        }
        for &(var, value) in &row.binds {
            self.builder.values.insert(var, value);
        }
        if clause.guard.is_trivial() {
            self.branches.push((row.clause, self.builder.current));
            return;
        }
        let body = self.builder.new_block();
        self.builder.guard(&clause.guard, body, otherwise);
        self.branches.push((row.clause, body));
    }

    /// Tells apart the first rows by the form of the value in a column.
    fn split(&mut self, table: Table, column: usize) {
        let Table { start: _, columns, mut rows, fail } = table;
        // The rows up to the first that does not exclude all others before it, by form.
        let mut groups: Vec<(Form, Vec<Row>)> = Vec::new();
        let mut index: HashMap<Form, usize> = HashMap::new();
        while let Some(row) = rows.front_mut() {
            self.take_apart(row, &columns, column);
            let row = row.clone();
            let Some(form) = self.form(&row, column) else { break };
            let fits = match groups.first() {
                None => true,
                Some((first, _)) => *first == form || form.is_exclusive() && first.is_exclusive(),
            };
            if !fits {
                break;
            }
            let row = rows.pop_front().expect("there is one in front");
            let at = *index.entry(form).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((_, group)) => group.push(row),
                None => groups.push((form, vec![row])),
            }
        }
        let fail = if rows.is_empty() {
            fail
        } else {
            let next = self.builder.new_block();
            self.keep_positions(&columns, &rows[0], next);
            self.work.push(Table { start: next, columns: columns.clone(), rows, fail });
            next
        };
        let value = columns[column];
        let mut remaining = groups;
        // Most lists end once and go on many times; nothing but the order of the tests depends on it.
        if let Some(at) = remaining.iter().position(|(form, _)| *form == Form::Cons)
            && remaining[0].0 == Form::Nil
        {
            remaining.swap(0, at);
        }
        while !remaining.is_empty() {
            // One test for all groups of the same family as the first.
            let first = remaining[0].0;
            let family = Family::of(first);
            let is_now =
                |form: Form| form == first || (family != Family::Single && Family::of(form) == family);
            let (now, later): (Vec<_>, Vec<_>) = remaining.into_iter().partition(|(form, _)| is_now(*form));
            remaining = later;
            let next = if remaining.is_empty() { fail } else { self.builder.new_block() };
            self.family(family, value, now, &columns, column, next);
            self.builder.current = next;
        }
    }

    fn family(
        &mut self,
        family: Family,
        value: Value,
        groups: Vec<(Form, Vec<Row>)>,
        columns: &[Value],
        column: usize,
        next: BlockId,
    ) {
        match family {
            Family::Atom | Family::Int => {
                let mut cases = Vec::with_capacity(groups.len());
                for (form, rows) in groups {
                    let constant = match form {
                        Form::Atom(atom) => Value::Atom(atom),
                        Form::Int(integer) => Value::Int(integer),
                        _ => {
                            unreachable!("a family has forms of one kind")
                        }
                    };
                    cases.push((constant, self.without(rows, columns, column, next)));
                }
                self.builder.block().term = Term::Switch { value, cases, default: next };
            }
            Family::Tuple => self.tuples(value, groups, columns, column, next),
            Family::Single => {
                let (form, rows) = groups.into_iter().next().expect("a family has a group");
                match form {
                    Form::Nil => {
                        let block = self.without(rows, columns, column, next);
                        self.builder.branch(Genop::IsNil, vec![value], block, next);
                    }
                    Form::Equal(constant) => {
                        let block = self.without(rows, columns, column, next);
                        self.builder.branch(Genop::IsEqExact, vec![value, constant], block, next);
                    }
                    Form::Cons => self.cons(value, rows, columns, column, next),
                    Form::Map(_) => self.map(value, rows, columns, column, next),
                    Form::Bits => self.start_match(value, rows, columns, column, next),
                    Form::Segment(_) => self.segment(value, rows, columns, column, next),
                    Form::End => {
                        let block = self.without(rows, columns, column, next);
                        self.builder.branch(Genop::BsTestTail2, vec![value, Value::Int(0)], block, next);
                    }
                    Form::Atom(_) | Form::Int(_) | Form::Tuple(_) | Form::Never => {
                        self.builder.block().term = Term::Jump(next, Vec::new());
                    }
                }
            }
        }
    }

    /// A block for rows whose pattern in a column has been dealt with entirely.
    fn without(&mut self, mut rows: Vec<Row>, columns: &[Value], column: usize, fail: BlockId) -> BlockId {
        for row in &mut rows {
            self.remove(row, columns, column);
        }
        let mut columns = columns.to_vec();
        columns.remove(column);
        let start = self.builder.new_block();
        self.work.push(Table { start, columns, rows: rows.into(), fail });
        start
    }

    /// Replaces a column by those of the parts of its value. `parts` gives the patterns of a row's parts, and
    /// `fetch` adds the instruction that fetches one, in the current block. Parts that no row looks at are
    /// left out.
    fn take_parts(
        &mut self,
        mut rows: Vec<Row>,
        columns: &[Value],
        column: usize,
        fail: BlockId,
        parts: impl Fn(&Shape) -> Vec<PatternId>,
        mut fetch: impl FnMut(&mut Self, usize) -> Value,
    ) {
        let start = self.builder.current;
        let lists: Vec<Vec<PatternId>> = rows.iter().map(|row| parts(self.shape(row, column))).collect();
        let count = lists[0].len();
        let is_needed = |at: usize| lists.iter().any(|list| !self.builder.patterns.is_trivial(list[at]));
        let needed: Vec<usize> = (0..count).filter(|&at| is_needed(at)).collect();
        let mut new_columns: Vec<Value> = needed.iter().map(|&at| fetch(self, at)).collect();
        new_columns
            .extend(columns.iter().enumerate().filter(|&(at, _)| at != column).map(|(_, &value)| value));
        for (row, list) in rows.iter_mut().zip(lists) {
            self.remove(row, columns, column);
            row.cells.splice(0..0, needed.iter().map(|&at| Cell::Whole(list[at])));
        }
        self.work.push(Table { start, columns: new_columns, rows: rows.into(), fail });
    }

    fn cons(&mut self, value: Value, rows: Vec<Row>, columns: &[Value], column: usize, next: BlockId) {
        let block = self.builder.new_block();
        self.builder.branch(Genop::IsNonemptyList, vec![value], block, next);
        self.builder.current = block;
        let parts = |shape: &Shape| match shape {
            Shape::Cons(head, tail) => vec![*head, *tail],
            _ => unreachable!("the group has list cells only"),
        };
        self.take_parts(rows, columns, column, next, parts, |this, at| {
            this.builder.inst(if at == 0 { Op::Head } else { Op::Tail }, vec![value], 0)
        });
    }

    fn tuples(
        &mut self,
        value: Value,
        groups: Vec<(Form, Vec<Row>)>,
        columns: &[Value],
        column: usize,
        next: BlockId,
    ) {
        let size = |form: &Form| match form {
            Form::Tuple(size) => u32::try_from(*size).expect("a tuple in a source is smaller than 2^32"),
            _ => unreachable!("the family has tuples only"),
        };
        if let [(form, rows)] = &groups[..]
            && let Some(tag) = self.common_tag(rows, column)
        {
            let block = self.builder.new_block();
            let args = vec![value, Value::Int(size(form).into()), Value::Atom(tag)];
            self.builder.branch(Genop::IsTaggedTuple, args, block, next);
            self.builder.current = block;
            let rows = rows.clone();
            self.elements(value, rows, columns, column, next, 1);
            return;
        }
        let switch = self.builder.new_block();
        self.builder.branch(Genop::IsTuple, vec![value], switch, next);
        let mut cases = Vec::with_capacity(groups.len());
        for (form, rows) in groups {
            let block = self.builder.new_block();
            cases.push((size(&form), block));
            self.builder.current = block;
            self.elements(value, rows, columns, column, next, 0);
        }
        self.builder.function.block_mut(switch).term = Term::SwitchArity { value, cases, default: next };
    }

    /// The atom that all rows want as first element of a tuple in a column.
    fn common_tag(&self, rows: &[Row], column: usize) -> Option<Atom> {
        let tag = |row: &Row| {
            let Shape::Tuple(elements) = self.shape(row, column) else { return None };
            let first = self.builder.patterns.get(*elements.first()?);
            match first.shape {
                Shape::Constant(Value::Atom(tag)) if first.binds.is_empty() => Some(tag),
                _ => None,
            }
        };
        let first = tag(rows.first()?)?;
        rows.iter().all(|row| tag(row) == Some(first)).then_some(first)
    }

    /// The elements of a tuple, but for the first `skipped` of them, as columns.
    fn elements(
        &mut self,
        value: Value,
        rows: Vec<Row>,
        columns: &[Value],
        column: usize,
        next: BlockId,
        skipped: usize,
    ) {
        let parts = |shape: &Shape| match shape {
            Shape::Tuple(elements) => elements[skipped..].to_vec(),
            _ => unreachable!("the group has tuples only"),
        };
        self.take_parts(rows, columns, column, next, parts, |this, at| {
            let index = u32::try_from(at + skipped).expect("a tuple in a source is smaller than 2^32");
            this.builder.inst(Op::Element(index), vec![value], 0)
        });
    }

    fn map(&mut self, value: Value, rows: Vec<Row>, columns: &[Value], column: usize, next: BlockId) {
        let mut row = rows.into_iter().next().expect("a group has a row");
        let Shape::Map(pairs) = self.shape(&row, column).clone() else {
            unreachable!("the group has maps only")
        };
        let block = self.builder.new_block();
        self.builder.branch(Genop::IsMap, vec![value], block, next);
        self.builder.current = block;
        let key_of = |(key, pattern)| match key {
            GuardExpr::Value(key) => (self.builder.value(key), pattern),
            key => (self.builder.guard_value(&key, next), pattern),
        };
        let pairs: Vec<(Value, PatternId)> = pairs.into_iter().map(key_of).collect();
        let is_looked_at = |&(_, pattern): &(Value, PatternId)| !self.builder.patterns.is_trivial(pattern);
        let (fetched, present): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_looked_at);
        let (constant, others) = constant_keys(present);
        for fields in std::iter::once(constant).chain(others).filter(|fields| !fields.is_empty()) {
            let mut args = vec![value];
            args.extend(fields.iter().map(|&(key, _)| key));
            let block = self.builder.new_block();
            let test = Test { op: Genop::HasMapFields, args };
            self.builder.end(Term::Branch { test, yes: block, no: next }, block);
        }
        self.remove(&mut row, columns, column);
        let mut new_columns = columns.to_vec();
        new_columns.remove(column);
        let (constant, others) = constant_keys(fetched);
        for fields in std::iter::once(constant).chain(others).filter(|fields| !fields.is_empty()) {
            let mut args = vec![value];
            args.extend(fields.iter().map(|&(key, _)| key));
            let dsts: Vec<Var> = fields.iter().map(|_| self.builder.function.new_var()).collect();
            new_columns.splice(0..0, dsts.iter().map(|&dst| Value::Var(dst)));
            row.cells.splice(0..0, fields.iter().map(|&(_, pattern)| Cell::Whole(pattern)));
            let ok = self.builder.new_block();
            self.builder.end(Term::Attempt { op: Attempt::GetMapElements, args, dsts, ok, fail: next }, ok);
        }
        self.work.push(Table {
            start: self.builder.current,
            columns: new_columns,
            rows: [row].into(),
            fail: next,
        });
    }
}

/// A field of a map: its key, and the pattern for what belongs to it.
type Field = (Value, PatternId);

/// The fields with constant keys, and the others each by itself: one instruction looks at any number of
/// constant keys, but only at one that is not.
fn constant_keys(fields: Vec<Field>) -> (Vec<Field>, Vec<Vec<Field>>) {
    let (constant, others): (Vec<_>, Vec<_>) = fields.into_iter().partition(|&(key, _)| key.is_constant());
    (constant, others.into_iter().map(|field| vec![field]).collect())
}

/// Forms that one instruction tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Atom,
    Int,
    Tuple,
    /// Only itself.
    Single,
}

impl Family {
    fn of(form: Form) -> Self {
        match form {
            Form::Atom(_) => Self::Atom,
            Form::Int(_) => Self::Int,
            Form::Tuple(_) => Self::Tuple,
            Form::Nil
            | Form::Cons
            | Form::Equal(_)
            | Form::Map(_)
            | Form::Bits
            | Form::Segment(_)
            | Form::End
            | Form::Never => Self::Single,
        }
    }
}
