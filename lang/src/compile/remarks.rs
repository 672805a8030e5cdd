//! What the optimiser tells of its work becomes warnings, as `bin_opt_info` and `recv_opt_info` ask for it.

use super::information::{Information, is_set};
use crate::ast::Place;
use crate::diag::Diagnostic;
use crate::source::{Location, SourceMap, Span};
use crate::ssa::contexts::pass_contexts;
use crate::ssa::remarks::{Remark, bits, receives};
use crate::ssa::{Function, Line};
use std::collections::HashMap;
use swerl_beam::LineTable;

/// The remarks of a compilation.
pub(super) struct Remarks {
    of_bits: bool,
    of_receives: bool,
    /// What the module's own file is called.
    file: String,
    found: Vec<(Remark, String, u32)>,
}

impl Remarks {
    /// For what the options ask.
    pub(super) fn wanted(information: &Information<'_>, sources: &SourceMap) -> Self {
        let file = sources.files().next().map(|(_, file)| file.name().to_string()).unwrap_or_default();
        Self {
            of_bits: is_set(information.all, "bin_opt_info"),
            of_receives: is_set(information.all, "recv_opt_info"),
            file,
            found: Vec::new(),
        }
    }

    /// Where a line of the table is. A function that nobody wrote is nowhere.
    fn located(lines: &LineTable, own: &str, line: Line) -> (String, u32) {
        let at = (line as usize).checked_sub(1).and_then(|at| lines.locations.get(at));
        at.map_or((own.to_owned(), 0), |&(file, line)| match file {
            0 => (own.to_owned(), line),
            file => (lines.files[file as usize].clone(), line),
        })
    }

    /// Passes match contexts on, and keeps what there is to tell of it.
    pub(super) fn pass_contexts(&mut self, functions: &mut [Function], lines: &LineTable) {
        if !self.of_bits {
            return pass_contexts(functions);
        }
        let own = self.file.clone();
        let located = |line| Self::located(lines, &own, line);
        let remarks = bits::pass_contexts(functions, &located);
        self.keep(remarks, lines);
    }

    /// Keeps what there is to tell of receives.
    pub(super) fn look_at_receives(&mut self, functions: &[Function], lines: &LineTable) {
        if self.of_receives {
            let located = |line| Self::located(lines, &self.file, line);
            let remarks = receives::remarks(functions, &located);
            self.keep(remarks, lines);
        }
    }

    fn keep(&mut self, remarks: Vec<Remark>, lines: &LineTable) {
        let own = &self.file;
        self.found.extend(remarks.into_iter().map(|remark| {
            let (file, line) = Self::located(lines, own, remark.line);
            (remark, file, line)
        }));
    }

    /// All as warnings, by line alone.
    pub(super) fn warnings(self, sources: &mut SourceMap) -> Vec<Diagnostic> {
        let mut files = HashMap::new();
        let mut place = |file: String, line: u32| {
            let id = match files.get(&file) {
                Some(&id) => id,
                None => {
                    let id = sources.add_locations(file.as_str()).ok()?;
                    files.insert(file.clone(), id);
                    id
                }
            };
            let at = sources.add_location(id, Location { file: file.into(), line, column: 0 });
            Some(Place::new(Span::new(id, at, at)))
        };
        let warning = |(remark, file, line): (Remark, String, u32)| {
            let code = "optimisation";
            let warning = Diagnostic::warning(remark.module, code, place(file, line)?, remark.text());
            Some(warning.with_descriptor(remark.what))
        };
        self.found.into_iter().filter_map(warning).collect()
    }
}
