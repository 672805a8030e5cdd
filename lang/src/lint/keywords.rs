//! Atoms that a feature would make keywords: told of where `warn_keywords` asks for it.

use super::Linter;
use crate::ast::{Expr, ExprKind, FormKind, Place};
use swerl_beam::{Atom, Literal};

/// The words that `maybe_expr` reserves.
const KEYWORDS: [&str; 2] = ["maybe", "else"];

impl Linter<'_> {
    pub(super) fn check_keywords(&mut self) {
        if !self.options.keywords {
            return;
        }
        let mut found = Vec::new();
        for form in self.forms {
            if let FormKind::Function(function) = &form.kind {
                found.push((form.place, function.name));
                for clause in &function.clauses {
                    clause.each_child(&mut |expr| atoms(expr, &mut found));
                }
            }
        }
        for (place, name) in found {
            let is_quoted = self
                .map
                .text_of(place.file())
                .get(place.at as usize..)
                .is_some_and(|text| text.starts_with('\''));
            if KEYWORDS.contains(&name.as_str()) && !is_quoted {
                let message = format!("atom '{name}' is reserved in the experimental feature 'maybe_expr'");
                let args = [Literal::atom("maybe_expr"), Literal::Atom(name)];
                self.warning(place, "future_feature", &args, message);
            }
        }
    }
}

fn atoms(expr: &Expr, found: &mut Vec<(Place, Atom)>) {
    if let ExprKind::Atom(name) = expr.kind {
        found.push((expr.place, name));
    }
    expr.each_child(&mut |child| atoms(child, found));
}
