//! Parallel moves: several registers given new contents at once, as a sequence of moves and swaps.

use crate::core::Value;
use swerl_beam::Genop;

/// A register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// X register.
    X(u16),
    /// Slot of the frame.
    Y(u16),
}

/// What a register is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The contents of a register.
    Place(Place),
    /// A constant.
    Constant(Value),
}

/// One step of the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Copies.
    Move(Source, Place),
    /// Exchanges.
    Swap(Place, Place),
}

impl Step {
    /// The instruction that does it.
    #[must_use]
    pub(super) fn genop(self) -> Genop {
        match self {
            Self::Move(..) => Genop::Move,
            Self::Swap(..) => Genop::Swap,
        }
    }
}

/// Orders `moves`, whose destinations are distinct, so that none overwrites what another still reads.
#[must_use]
pub(super) fn sequence(mut moves: Vec<(Source, Place)>) -> Vec<Step> {
    let mut steps = Vec::with_capacity(moves.len());
    loop {
        moves.retain(|&(source, to)| source != Source::Place(to));
        if moves.is_empty() {
            return steps;
        }
        let free =
            moves.iter().position(|&(_, to)| moves.iter().all(|&(source, _)| source != Source::Place(to)));
        if let Some(at) = free {
            let (source, to) = moves.remove(at);
            steps.push(Step::Move(source, to));
            continue;
        }
        // All that is left are cycles. One swap puts the first right.
        let (source, to) = moves[0];
        let Source::Place(from) = source else { unreachable!("a constant is never part of a cycle") };
        steps.push(Step::Swap(from, to));
        for (source, _) in &mut moves {
            if *source == Source::Place(from) {
                *source = Source::Place(to);
            } else if *source == Source::Place(to) {
                *source = Source::Place(from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn run(moves: &[(Source, Place)]) -> HashMap<Place, Source> {
        let mut contents: HashMap<Place, Source> = HashMap::new();
        let read =
            |contents: &HashMap<Place, Source>, place| *contents.get(&place).unwrap_or(&Source::Place(place));
        for step in sequence(moves.to_vec()) {
            match step {
                Step::Move(Source::Place(from), to) => {
                    let value = read(&contents, from);
                    contents.insert(to, value);
                }
                Step::Move(constant, to) => {
                    contents.insert(to, constant);
                }
                Step::Swap(a, b) => {
                    let (in_a, in_b) = (read(&contents, a), read(&contents, b));
                    contents.insert(a, in_b);
                    contents.insert(b, in_a);
                }
            }
        }
        contents
    }

    #[test]
    fn chains_cycles_and_constants_arrive() {
        let x = |n| Source::Place(Place::X(n));
        let cases = [
            vec![(x(0), Place::X(1)), (x(1), Place::X(2)), (x(2), Place::X(0))],
            vec![(x(0), Place::X(1)), (x(1), Place::X(0)), (x(0), Place::Y(0)), (x(1), Place::X(3))],
            vec![(Source::Constant(Value::Nil), Place::X(0)), (x(0), Place::X(1)), (x(1), Place::X(2))],
            vec![(x(0), Place::X(0)), (x(3), Place::X(2)), (x(2), Place::X(3)), (x(5), Place::X(4))],
        ];
        for moves in cases {
            let contents = run(&moves);
            for (source, to) in moves {
                assert_eq!(*contents.get(&to).unwrap_or(&Source::Place(to)), source);
            }
        }
    }
}
