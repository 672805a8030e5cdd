//! Behaviours: a module that declares one must export its callbacks.

use super::Linter;
use crate::ast::{FunctionName, Place};
use crate::lex::write_atom;
use std::collections::BTreeMap;
use swerl_beam::{Atom, Literal};

/// Names and arities of functions.
type Functions = &'static [(&'static str, u32)];

/// What a behaviour asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callbacks {
    /// All callbacks.
    pub required: Vec<FunctionName>,
    /// Those that may be missing.
    pub optional: Vec<FunctionName>,
}

/// Behaviours in compiled modules, which the compiler itself does not look for.
pub trait Behaviours: std::fmt::Debug + Send + Sync {
    /// What a behaviour asks for; none if there is no such module, or it is no behaviour.
    fn callbacks(&self, behaviour: Atom) -> Option<Callbacks>;
}

/// None but those of OTP.
#[derive(Clone, Copy, Debug)]
pub struct NoBehaviours;

impl Behaviours for NoBehaviours {
    fn callbacks(&self, _behaviour: Atom) -> Option<Callbacks> {
        None
    }
}

impl Linter<'_> {
    pub(super) fn check_behaviours(&mut self) {
        let behaviours = std::mem::take(&mut self.behaviours);
        // Who asks for each callback, in the order of the attributes.
        let mut askers: BTreeMap<(Atom, u32), Vec<(Place, Atom)>> = BTreeMap::new();
        for (place, behaviour) in behaviours {
            let Some(callbacks) = self.callbacks_of(behaviour) else {
                let message = format!("behaviour {} undefined", write_atom(behaviour.as_str()));
                self.warning(place, "undefined_behaviour", &[Literal::Atom(behaviour)], message);
                continue;
            };
            for function in callbacks.required {
                let is_exported = self.is_exported(function);
                let is_optional = callbacks.optional.contains(&function);
                if is_exported || !is_optional {
                    askers.entry((function.name, function.arity)).or_default().push((place, behaviour));
                }
                if is_exported || is_optional {
                    continue;
                }
                let (text, name) = (Self::function_text(function), write_atom(behaviour.as_str()));
                let message = format!("undefined callback function {text} (behaviour '{name}')");
                let args = [Self::function_term(function), Literal::Atom(behaviour)];
                self.warning(place, "undefined_behaviour_func", &args, message);
            }
        }
        for ((name, arity), askers) in askers {
            let [(first_place, first), others @ ..] = &askers[..] else { continue };
            let (line, at) = self.elsewhere(*first_place);
            for (place, behaviour) in others {
                let text = Self::function_text(FunctionName { name, arity });
                let message = format!(
                    "conflicting behaviours - callback {text} required by both '{}' and '{}' ({line})",
                    write_atom(behaviour.as_str()),
                    write_atom(first.as_str()),
                );
                let term = Self::function_term(FunctionName { name, arity });
                let args = [term, Literal::Atom(*behaviour), at.clone(), Literal::Atom(*first)];
                self.warning(*place, "conflicting_behaviours", &args, message);
            }
        }
    }

    fn callbacks_of(&self, behaviour: Atom) -> Option<Callbacks> {
        let Some((_, required, optional)) = TABLE.iter().find(|row| row.0 == behaviour.as_str()) else {
            return self.other_behaviours.callbacks(behaviour);
        };
        let functions = |functions: Functions| {
            functions
                .iter()
                .map(|(name, arity)| FunctionName { name: Atom::new(name), arity: *arity })
                .collect()
        };
        Some(Callbacks { required: functions(required), optional: functions(optional) })
    }
}

/// The behaviours of OTP 25: name, callbacks, and which of them are optional.
#[rustfmt::skip]
const TABLE: &[(&str, Functions, Functions)] = &[
    ("application", &[("start", 2), ("stop", 1)], &[]),
    ("mnesia_backend_type", &[("add_aliases", 1), ("check_definition", 4), ("close_table", 2), ("create_table", 3), ("delete", 3), ("delete_table", 2), ("first", 2), ("fixtable", 3), ("index_is_consistent", 3), ("info", 3), ("init_backend", 0), ("insert", 3), ("is_index_consistent", 2), ("last", 2), ("load_table", 4), ("lookup", 3), ("match_delete", 3), ("next", 3), ("prev", 3), ("real_suffixes", 0), ("receive_data", 5), ("receive_done", 4), ("receiver_first_message", 4), ("remove_aliases", 1), ("repair_continuation", 2), ("select", 1), ("select", 3), ("select", 4), ("semantics", 2), ("sender_init", 4), ("slot", 3), ("sync_close_table", 2), ("tmp_suffixes", 0), ("update_counter", 4), ("validate_key", 6), ("validate_record", 6)], &[]),
    ("gen_event", &[("code_change", 3), ("format_status", 1), ("format_status", 2), ("handle_call", 2), ("handle_event", 2), ("handle_info", 2), ("init", 1), ("terminate", 2)], &[("code_change", 3), ("format_status", 1), ("format_status", 2), ("handle_info", 2), ("terminate", 2)]),
    ("gen_fsm", &[("code_change", 4), ("format_status", 2), ("handle_event", 3), ("handle_info", 3), ("handle_sync_event", 4), ("init", 1), ("terminate", 3)], &[("code_change", 4), ("format_status", 2), ("handle_info", 3), ("terminate", 3)]),
    ("gen_server", &[("code_change", 3), ("format_status", 1), ("format_status", 2), ("handle_call", 3), ("handle_cast", 2), ("handle_continue", 2), ("handle_info", 2), ("init", 1), ("terminate", 2)], &[("code_change", 3), ("format_status", 1), ("format_status", 2), ("handle_continue", 2), ("handle_info", 2), ("terminate", 2)]),
    ("gen_statem", &[("callback_mode", 0), ("code_change", 4), ("format_status", 1), ("format_status", 2), ("handle_event", 4), ("init", 1), ("state_name", 3), ("terminate", 3)], &[("code_change", 4), ("format_status", 1), ("format_status", 2), ("handle_event", 4), ("state_name", 3), ("terminate", 3)]),
    ("supervisor", &[("init", 1)], &[]),
    ("supervisor_bridge", &[("init", 1), ("terminate", 2)], &[]),
];
