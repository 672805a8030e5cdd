//! Maps: keys that are written twice, wherever that is, in code that is never reached too.

use super::{Env, Foresight, Kind, Wanted};
use crate::ast::{Expr, ExprKind, MapField, MapFieldKind};
use crate::diag::write_term;
use swerl_beam::Literal;

impl Foresight<'_> {
    pub(super) fn repeated_keys(&mut self, expr: &Expr) {
        match &expr.kind {
            // Where nothing but `:=` stands, and nothing is updated, it is a pattern.
            ExprKind::Map { base, fields }
                if base.is_some() || fields.iter().all(|field| field.kind == MapFieldKind::Assoc) =>
            {
                self.repeated_keys_of(fields);
            }
            _ => {}
        }
        expr.each_child(&mut |child| self.repeated_keys(child));
    }

    fn repeated_keys_of(&mut self, fields: &[MapField]) {
        let mut keys: Vec<(Literal, &MapField)> = Vec::new();
        for field in fields {
            if !self.is_written_out(&field.key) {
                continue;
            }
            let value = self.quietly(|foresight| foresight.expr(&field.key, &mut Env::new(), Wanted::Value));
            let Some(key) = value.literal().cloned() else { continue };
            // `0.0` and `-0.0` are told apart here.
            let is_same = |known: &Literal| *known == key && known.to_etf() == key.to_etf();
            if let Some((_, earlier)) = keys.iter().rev().find(|(known, _)| is_same(known)) {
                let text = match &key {
                    Literal::Atom(name) => format!("'{name}'"),
                    key => write_term(key),
                };
                let message = format!("key {text} will be overridden in expression");
                let descriptor = Literal::tuple([Literal::atom("map_key_repeated"), key.clone()]);
                self.tell(Kind::Other, "v3_core", earlier.key.place, descriptor, message);
            }
            keys.push((key, field));
        }
    }
}
