//! Patterns.

use super::term::{has_size, layout};
use super::{Read, Reader};
use crate::cerl::{Annotated, Kind as Tree, Node, Pair, Segment};
use crate::core::{GuardExpr, MatchSegment, MatchSize, PatternId, Shape, Value, Var};
use swerl_beam::{Atom, Literal};

/// Constants longer than this are compared whole.
const MAX_UNFOLDED: usize = 64;

impl<'m> Reader<'m> {
    /// Lowers a pattern. Its variables go to `names`: they are bound after all patterns, since sizes and keys know what is
    /// outside.
    pub(super) fn pattern(&mut self, node: &'m Node, names: &mut Vec<(Atom, Var)>) -> Read<PatternId> {
        let shape = match &node.kind {
            Tree::Variable(name) => {
                let var = self.lower.new_var();
                names.push((*name, var));
                return Ok(self.lower.patterns.add(vec![var], Shape::Any));
            }
            Tree::Alias(name, pattern) => {
                let id = self.pattern(pattern, names)?;
                let var = self.lower.new_var();
                names.push((name.kind, var));
                self.lower.patterns.get_mut(id).binds.push(var);
                return Ok(id);
            }
            Tree::Literal(literal) => return Ok(self.constant_pattern(literal)),
            Tree::Tuple(elements) => {
                let elements = elements.iter().map(|element| self.pattern(element, names));
                Shape::Tuple(elements.collect::<Read<_>>()?)
            }
            Tree::List(elements, tail) => {
                let elements = elements.iter().map(|element| self.pattern(element, names));
                let elements = elements.collect::<Read<_>>()?;
                let tail = self.pattern(tail, names)?;
                return Ok(self.lower.list_pattern(elements, tail));
            }
            Tree::Map(_, pairs) => {
                let mut fields = Vec::with_capacity(pairs.len());
                for Annotated { kind: Pair { key, value, .. }, .. } in pairs {
                    let key = self.guard_value(key).ok_or("a key of a pattern")?;
                    fields.push((key, self.pattern(value, names)?));
                }
                Shape::Map(fields)
            }
            Tree::Bits(segments) => {
                let segments = segments.iter().map(|segment| self.segment(&segment.kind, names));
                Shape::Bits(segments.collect::<Read<_>>()?)
            }
            _ => return Err("an expression as a pattern".to_owned()),
        };
        Ok(self.lower.patterns.add(Vec::new(), shape))
    }

    fn segment(&mut self, segment: &'m Segment, names: &mut Vec<(Atom, Var)>) -> Read<MatchSegment> {
        let layout = layout(segment)?;
        let size = match &segment.size.kind {
            _ if !has_size(segment, layout)? => MatchSize::All,
            Tree::Variable(name) if self.lower.scope.get(*name).is_none() => {
                // Front ends of old leave it to the back end to take such patterns apart.
                let known = names.iter().find(|(known, _)| known == name);
                MatchSize::Units(Value::Var(known.ok_or("an unknown size")?.1))
            }
            _ => match self.guard_value(&segment.size).ok_or("a size in a pattern")? {
                GuardExpr::Value(value) => MatchSize::Units(value),
                computed => MatchSize::Computed(computed),
            },
        };
        let pattern = self.pattern(&segment.value, names)?;
        Ok(MatchSegment::Value { layout, size, pattern })
    }

    /// A constant: what it is made of, so that clauses can be told apart.
    fn constant_pattern(&mut self, literal: &Literal) -> PatternId {
        let shape = match literal {
            Literal::Tuple(elements) => {
                Shape::Tuple(elements.iter().map(|element| self.constant_pattern(element)).collect())
            }
            Literal::List(elements, tail) if elements.len() <= MAX_UNFOLDED => {
                let elements = elements.iter().map(|element| self.constant_pattern(element)).collect();
                let tail = self.constant_pattern(tail);
                return self.lower.list_pattern(elements, tail);
            }
            Literal::Str(bytes) if bytes.len() <= MAX_UNFOLDED => {
                let elements =
                    bytes.iter().map(|&byte| self.constant_pattern(&Literal::Int(byte.into()))).collect();
                let tail = self.constant_pattern(&Literal::Nil);
                return self.lower.list_pattern(elements, tail);
            }
            Literal::Map(pairs) => Shape::Map(
                pairs
                    .iter()
                    .map(|(key, value)| {
                        let key = self.lower.constants.value(key.clone());
                        (GuardExpr::Value(key), self.constant_pattern(value))
                    })
                    .collect(),
            ),
            Literal::Bits(_, 8) => return self.lower.bytes_pattern(literal.clone()),
            _ => Shape::Constant(self.lower.constants.value(literal.clone())),
        };
        self.lower.patterns.add(Vec::new(), shape)
    }
}
