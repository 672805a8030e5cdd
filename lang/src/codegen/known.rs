//! Constants that a register holds already are not moved there: the test before said so.

use swerl_beam::{Genop, Instr, Operand};

/// Leaves out moves of what is there, on straight ways.
pub(super) fn remove_known_moves(body: &mut Vec<Instr>) {
    // Registers and what they hold.
    let mut known: Vec<(Operand, Operand)> = Vec::new();
    body.retain(|instr| {
        match (instr.op, &instr.args[..]) {
            (Genop::Line | Genop::Deallocate, _) => {
                known.retain(|(register, _)| matches!(register, Operand::X(_)));
            }
            (Genop::IsNil, [_, register]) => note(&mut known, register, &Operand::Nil),
            (Genop::IsEqExact, [_, register, constant]) => note(&mut known, register, constant),
            (Genop::Move, [constant, register]) => {
                if known.iter().any(|(place, value)| place == register && value == constant) {
                    return false;
                }
                known.retain(|(place, _)| place != register);
                note(&mut known, register, constant);
            }
            (Genop::Swap, [a, b]) => known.retain(|(place, _)| place != a && place != b),
            _ => known.clear(),
        }
        true
    });
}

fn note(known: &mut Vec<(Operand, Operand)>, register: &Operand, constant: &Operand) {
    let register = register.untyped();
    let is_register = matches!(register, Operand::X(_) | Operand::Y(_));
    // Floats that are equal need not be the same.
    if is_register && matches!(constant, Operand::Nil | Operand::Atom(_) | Operand::Int(_)) {
        known.push((register.clone(), constant.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(code: &[(Genop, Vec<Operand>)]) -> Vec<Genop> {
        let mut body = code.iter().map(|(op, args)| Instr { op: *op, args: args.clone() }).collect();
        remove_known_moves(&mut body);
        body.iter().map(|instr| instr.op).collect()
    }

    #[test]
    fn what_a_test_tells_is_not_moved() {
        use Genop::{Call, IsNil, Label, Move, Return};
        let nil = |register| vec![Operand::Nil, Operand::X(register)];
        let test = vec![Operand::Label(1), Operand::X(0)];
        assert_eq!(left(&[(IsNil, test.clone()), (Move, nil(0)), (Return, vec![])]), [IsNil, Return]);
        assert_eq!(left(&[(IsNil, test.clone()), (Move, nil(1)), (Return, vec![])]), [IsNil, Move, Return]);
        for between in [Label, Call] {
            let code = [(IsNil, test.clone()), (between, vec![]), (Move, nil(0)), (Return, vec![])];
            assert_eq!(left(&code), [IsNil, between, Move, Return]);
        }
        let other = vec![Operand::X(1), Operand::X(0)];
        assert_eq!(left(&[(IsNil, test), (Move, other), (Move, nil(0))]), [IsNil, Move, Move]);
    }
}
