//! Between the syntax tree and Erlang's abstract format, in both directions.
//!
//! What `erl_parse` returns, parse transforms rewrite, and `compile:forms` takes. The two say the same, so that
//! a form that goes through both conversions is the same form.

mod places;
mod read_expr;
mod read_form;
mod read_type;
mod write_expr;
mod write_form;
mod write_type;

pub use places::{Annotations, Expanded, LineAlone, LineAndColumn, Locate};
pub use read_form::{BadForm, read_exprs, read_form, read_forms};
pub use write_form::{write_exprs, write_form};
