//! What a function of one atom gives where it only chooses among constants, read off its code: so a compiler learns the
//! callbacks of a behaviour from `behaviour_info/1` without running it.

use crate::{Atom, Genop, Literal, Module, Operand};
use std::collections::HashMap;

/// Instructions that are followed before the function is taken for one that does more.
const LONGEST: usize = 500;

impl Module {
    /// The result of `function(argument)`, an exported function; none if it is not there, fails, or computes anything.
    #[must_use]
    pub fn chosen_constant(&self, function: &str, argument: &str) -> Option<Literal> {
        let is_it = |export: &&crate::Export| export.function.as_str() == function && export.arity == 1;
        let mut at = self.position(self.exports.iter().find(is_it)?.label)?;
        let mut registers = HashMap::from([(0, Operand::Atom(Atom::new(argument)))]);
        for _ in 0..LONGEST {
            let instr = self.code.get(at)?;
            let value = |operand: &Operand| match operand.untyped() {
                Operand::X(register) => registers.get(register).cloned(),
                other => Some(other.clone()),
            };
            at += 1;
            match (instr.op, instr.args.as_slice()) {
                (Genop::Label | Genop::Line, _) => {}
                (Genop::Move, [source, Operand::X(register)]) => {
                    let value = value(source)?;
                    registers.insert(*register, value);
                }
                (Genop::Jump, [Operand::Label(label)]) => at = self.position(*label)?,
                (Genop::IsEqExact, [Operand::Label(label), a, b]) => {
                    if value(a)? != value(b)? {
                        at = self.position(*label)?;
                    }
                }
                (Genop::SelectVal, [subject, Operand::Label(otherwise), Operand::List(pairs)]) => {
                    let subject = value(subject)?;
                    let taken = pairs.chunks_exact(2).find(|pair| pair[0] == subject);
                    let label = match taken.map(|pair| &pair[1]) {
                        Some(Operand::Label(label)) => *label,
                        Some(_) => return None,
                        None => *otherwise,
                    };
                    at = self.position(label)?;
                }
                (Genop::Return, _) => return self.constant(registers.get(&0)?),
                _ => return None,
            }
        }
        None
    }

    fn position(&self, label: u32) -> Option<usize> {
        let is_it = |instr: &crate::Instr| {
            instr.op == Genop::Label && instr.args.first() == Some(&Operand::U(label.into()))
        };
        self.code.iter().position(is_it)
    }

    fn constant(&self, operand: &Operand) -> Option<Literal> {
        match operand {
            Operand::Atom(atom) => Some(Literal::Atom(*atom)),
            Operand::Nil => Some(Literal::Nil),
            Operand::Int(value) => Some(Literal::Int(*value)),
            Operand::Literal(index) => self.literals.get(*index as usize).cloned(),
            _ => None,
        }
    }
}
