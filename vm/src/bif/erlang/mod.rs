//! Module `erlang`, by chapter.

pub(crate) mod arith;
pub(crate) mod bytes;
pub(crate) mod calendar;
pub(crate) mod call;
pub(crate) mod checksum;
pub(crate) mod compare;
pub(crate) mod convert;
mod crash_dump;
pub(crate) mod data;
pub(crate) mod dictionary;
pub(crate) mod external;
pub(crate) mod float_text;
mod heap_limit;
pub(crate) mod identity;
pub(crate) mod limbs;
pub(crate) mod load_report;
pub(crate) mod message;
pub(crate) mod modules;
mod native_modules;
pub(crate) mod nodes;
pub(crate) mod phash;
pub(crate) mod process;
mod process_flag;
pub(crate) mod process_info;
mod register;
pub(crate) mod relation;
pub(crate) mod sequential;
mod spawn;
pub(crate) mod system;
pub(crate) mod system_details;
pub(crate) mod system_monitor;
mod system_profile;
pub(crate) mod time;
mod trace;

use super::Native;

/// The tables of this module.
pub(super) fn tables(tables: &mut Vec<&'static [Native]>) {
    tables.extend([
        arith::NATIVES,
        bytes::NATIVES,
        calendar::NATIVES,
        call::NATIVES,
        checksum::NATIVES,
        compare::NATIVES,
        convert::NATIVES,
        data::NATIVES,
        dictionary::NATIVES,
        external::NATIVES,
        identity::NATIVES,
        message::NATIVES,
        modules::NATIVES,
        native_modules::NATIVES,
        nodes::NATIVES,
        phash::NATIVES,
        process::NATIVES,
        process_flag::NATIVES,
        process_info::NATIVES,
        register::NATIVES,
        relation::NATIVES,
        sequential::NATIVES,
        spawn::NATIVES,
        system::NATIVES,
        system_monitor::NATIVES,
        system_profile::NATIVES,
        time::NATIVES,
        trace::NATIVES,
    ]);
}
