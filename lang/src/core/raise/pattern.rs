//! Patterns, and what of them must wait until others have matched.

use super::{Raise, text_segments, use_of, value_segment};
use crate::cerl::{self, Annotated, Node, Pair, Segment, Step, Variable};
use crate::core::{GuardExpr, Layout, MatchSegment, MatchSize, PatternId, SegmentType, Shape, Value};
use swerl_beam::Literal;

/// What is matched later, against a value that has a name.
#[derive(Debug)]
pub(super) enum Split {
    /// A whole pattern.
    Pattern(Variable, PatternId),
    /// The segments of a bit string.
    Bits(Variable, Vec<MatchSegment>),
    /// A key of a map that is computed, and its value.
    Key(Variable, GuardExpr, PatternId),
}

/// All that is left of a bit string.
const REST: Layout =
    Layout { ty: SegmentType::Binary, unit: 1, is_signed: false, is_little: false, is_native: false };

impl Raise<'_> {
    pub(super) fn pattern(&mut self, id: PatternId, splits: &mut Vec<Split>, is_never: &mut bool) -> Node {
        let lowered = self.lowered;
        let pattern = lowered.patterns.get(id);
        let mut names = pattern.binds.iter();
        let first = names.next().copied();
        self.bound.extend(&pattern.binds);
        if let Some(first) = first {
            names.for_each(|&other| _ = self.same.insert(other, first));
        }
        let mut name = first.map(|first| self.variable(first));
        let node = match &pattern.shape {
            Shape::Any => return use_of(&name.unwrap_or_else(|| self.fresh())),
            Shape::Never => {
                *is_never = true;
                return use_of(&name.unwrap_or_else(|| self.fresh()));
            }
            Shape::Constant(value) => self.value(*value),
            Shape::Cons(head, tail) => self.list(*head, *tail, splits, is_never),
            Shape::Tuple(elements) => {
                let elements =
                    elements.iter().map(|&element| self.pattern(element, splits, is_never)).collect();
                Node::new(cerl::Kind::Tuple(elements))
            }
            Shape::Both(one, other) => {
                let whole = name.take().unwrap_or_else(|| self.fresh());
                splits.push(Split::Pattern(whole.clone(), *other));
                let one = self.pattern(*one, splits, is_never);
                name = Some(whole);
                one
            }
            Shape::Bits(segments) => self.bits(segments, splits, is_never),
            Shape::Map(pairs) => {
                let mut now = Vec::new();
                let mut later = Vec::new();
                for (key, value) in pairs {
                    match key {
                        GuardExpr::Value(key) if !self.is_bound_here(*key) => {
                            let (key, value) = (self.value(*key), self.pattern(*value, splits, is_never));
                            now.push(Annotated::new(Pair { is_exact: true, key, value }));
                        }
                        computed => later.push((computed.clone(), *value)),
                    }
                }
                if !later.is_empty() {
                    let map = name.take().unwrap_or_else(|| self.fresh());
                    splits.extend(later.into_iter().map(|(key, value)| Split::Key(map.clone(), key, value)));
                    name = Some(map);
                }
                Node::new(cerl::Kind::Map(None, now))
            }
        };
        match name {
            None => node,
            Some(name) => Node::new(cerl::Kind::Alias(name, Box::new(node))),
        }
    }

    fn is_bound_here(&self, value: Value) -> bool {
        value.as_var().is_some_and(|var| self.bound.contains(&var))
    }

    /// Cells, as long as nobody wants to know them.
    fn list(
        &mut self,
        head: PatternId,
        tail: PatternId,
        splits: &mut Vec<Split>,
        is_never: &mut bool,
    ) -> Node {
        let lowered = self.lowered;
        let mut elements = vec![self.pattern(head, splits, is_never)];
        let mut rest = tail;
        while let Shape::Cons(head, tail) = &lowered.patterns.get(rest).shape
            && lowered.patterns.get(rest).binds.is_empty()
        {
            elements.push(self.pattern(*head, splits, is_never));
            rest = *tail;
        }
        let rest = self.pattern(rest, splits, is_never);
        Node::new(cerl::Kind::List(elements, Box::new(rest)))
    }

    /// Segments, up to the first whose size must be known before.
    fn bits(&mut self, segments: &[MatchSegment], splits: &mut Vec<Split>, is_never: &mut bool) -> Node {
        let mut nodes: Vec<Annotated<Segment>> = Vec::new();
        for (at, segment) in segments.iter().enumerate() {
            match segment {
                MatchSegment::Text(value, _) => {
                    if let Some(Literal::Bits(bytes, _)) = self.lowered.constants.literal(*value) {
                        text_segments(&bytes, &mut nodes);
                    }
                }
                MatchSegment::Value { layout, size, pattern } => {
                    let size = match size {
                        MatchSize::All => None,
                        MatchSize::Units(units) if !self.is_bound_here(*units) => Some(self.value(*units)),
                        MatchSize::Units(_) | MatchSize::Computed(_) => {
                            let rest = self.fresh();
                            splits.push(Split::Bits(rest.clone(), segments[at..].to_vec()));
                            nodes.push(value_segment(REST, use_of(&rest), None));
                            break;
                        }
                    };
                    let value = self.pattern(*pattern, splits, is_never);
                    nodes.push(value_segment(*layout, value, size));
                }
            }
        }
        Node::new(cerl::Kind::Bits(nodes))
    }

    /// What a split is matched by: what is done before, the values, and the patterns.
    pub(super) fn later(
        &mut self,
        split: Split,
        splits: &mut Vec<Split>,
        is_never: &mut bool,
    ) -> (Vec<Annotated<Step>>, Vec<Node>, Vec<Node>) {
        match split {
            Split::Pattern(whole, pattern) => {
                let pattern = self.pattern(pattern, splits, is_never);
                (Vec::new(), vec![use_of(&whole)], vec![pattern])
            }
            Split::Key(map, key, value) => {
                let (step, is_known, key) = self.attempt(&key);
                let value = self.pattern(value, splits, is_never);
                let pair = Annotated::new(Pair { is_exact: true, key, value });
                let pattern = Node::new(cerl::Kind::Map(None, vec![pair]));
                (vec![step], vec![is_known, use_of(&map)], vec![Node::atom("true"), pattern])
            }
            Split::Bits(rest, mut segments) => {
                let MatchSegment::Value { size: MatchSize::Computed(expr), layout, pattern } = &segments[0]
                else {
                    let pattern = self.bits(&segments, splits, is_never);
                    return (Vec::new(), vec![use_of(&rest)], vec![pattern]);
                };
                let (step, is_known, size) = self.attempt(expr);
                let (layout, pattern) = (*layout, *pattern);
                let value = self.pattern(pattern, splits, is_never);
                let mut nodes = vec![value_segment(layout, value, Some(size))];
                segments.remove(0);
                match self.bits(&segments, splits, is_never).kind {
                    cerl::Kind::Bits(more) => nodes.extend(more),
                    _ => unreachable!("bits are bits"),
                }
                let pattern = Node::new(cerl::Kind::Bits(nodes));
                (vec![step], vec![is_known, use_of(&rest)], vec![Node::atom("true"), pattern])
            }
        }
    }

    /// `let <IsKnown, Value> = try ...`: an expression of a guard, which may fail.
    fn attempt(&mut self, expr: &GuardExpr) -> (Annotated<Step>, Node, Node) {
        let (is_known, value) = (self.fresh(), self.fresh());
        let (answer, result) = (self.fresh(), self.fresh());
        let computed = self.guard_expr(expr);
        let inner = self.fresh();
        let pair = Node::values(vec![Node::atom("true"), use_of(&inner)]);
        let body = Node::block(vec![super::bind(&inner, computed)], pair);
        let attempt = cerl::Try {
            body,
            of: Node::values(vec![use_of(&answer), use_of(&result)]),
            values: vec![answer, result],
            exception: vec![self.fresh(), self.fresh(), self.fresh()],
            handler: Node::values(vec![Node::atom("false"), Node::atom("false")]),
        };
        let attempt = Node::new(cerl::Kind::Try(Box::new(attempt)));
        let nodes = (use_of(&is_known), use_of(&value));
        (Annotated::new(Step::Let(vec![is_known, value], attempt)), nodes.0, nodes.1)
    }
}
