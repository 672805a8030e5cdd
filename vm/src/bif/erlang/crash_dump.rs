//! What a system leaves behind that ends with a slogan: a file that says why, and what its processes were doing.
//!
//! Reference: "How to Interpret the Erlang Crash Dumps", ERTS User's Guide. Its parts are those that tools look for;
//! terms, stacks and allocators are not shown.

use super::system::{memory_items, system_version};
use super::system_details::module_lines;
use crate::atom;
use crate::bif::NativeContext;
use crate::proc::Process;
use crate::proc::visit::{Visitor, visit_all};
use crate::term::{Pid, Term, display};
use crate::vm::Vm;
use parking_lot::Mutex;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Looks at the processes between their turns.
#[derive(Debug, Default)]
struct Onlooker(Mutex<String>);

impl Visitor for Onlooker {
    fn visit(&self, process: &mut Process) -> ControlFlow<()> {
        describe(
            &mut self.0.lock(),
            process,
            if process.mailbox.len() == 0 { "Waiting" } else { "Scheduled" },
        );
        ControlFlow::Continue(())
    }

    fn asks(&self) {}

    fn answered(self: Arc<Self>, _vm: &Arc<Vm>) {}
}

/// The lines of a process.
fn describe(text: &mut String, process: &Process, state: &str) {
    // A text in memory takes everything.
    let _ = writeln!(text, "=proc:{}", display(Term::pid(process.pid)));
    let _ = writeln!(text, "State: {state}");
    if let Some(name) = process.registered {
        let _ = writeln!(text, "Name: {}", display(Term::atom(name)));
    }
    let (module, function, arity) = process.initial_call;
    let initial = [module, function].map(|name| display(Term::atom(name)));
    let _ = writeln!(text, "Spawned as: {}:{}/{arity}", initial[0], initial[1]);
    let parent =
        if process.parent == process.pid { "[]".to_owned() } else { display(Term::pid(process.parent)) };
    let _ = writeln!(text, "Spawned by: {parent}");
    let _ = writeln!(text, "Message queue length: {}", process.mailbox.len());
    if let Some(relations) = &process.relations {
        let links: Vec<String> = relations.links.keys().map(|pid: &Pid| display(pid.term())).collect();
        if !links.is_empty() {
            let _ = writeln!(text, "Link list: [{}]", links.join(", "));
        }
    }
    let _ = writeln!(text, "Reductions: {}", process.reductions);
    let _ = writeln!(text, "Stack+heap: {}", process.heap.total_words());
    let _ = writeln!(text, "Memory: {}", process.heap.total_words() * 8);
}

fn dump(ctx: &mut NativeContext<'_>, slogan: &str) -> String {
    let onlooker = Arc::new(Onlooker::default());
    describe(&mut onlooker.0.lock(), ctx.process, "Running");
    visit_all(ctx.vm, &onlooker, Some(ctx.process.pid));
    let mut memory = String::new();
    for (item, bytes) in memory_items(ctx) {
        let _ = writeln!(memory, "{item}: {bytes}");
    }
    let now = jiff::Zoned::now().strftime("%a %b %e %H:%M:%S %Y").to_string();
    let lines = [
        format!("=erl_crash_dump:0.5\n{now}\nSlogan: {slogan}\nSystem version: {}", system_version(ctx.vm)),
        format!("Taints: \nAtoms: {}\n=memory\n{memory}", atom::count()),
        std::mem::take(&mut *onlooker.0.lock()),
        format!("=loaded_modules\n{}=end\n", module_lines(ctx)),
    ];
    lines.concat()
}

/// Says the slogan on standard error, and writes the file where none is unwanted: `ERL_CRASH_DUMP` names it, and
/// `ERL_CRASH_DUMP_SECONDS=0` says that there is to be none.
pub(super) fn write(ctx: &mut NativeContext<'_>, slogan: &str) {
    // Nobody could be told if standard error is gone.
    let say = |text: &str| drop(io::stderr().write_all(text.as_bytes()));
    say(&format!("{slogan}\r\n"));
    // As programs see and set them.
    let variable = |name: &str| ctx.vm.natives.environment.lock().get(OsStr::new(name)).cloned();
    if variable("ERL_CRASH_DUMP_SECONDS").is_some_and(|seconds| seconds == "0") {
        return;
    }
    let name = variable("ERL_CRASH_DUMP").unwrap_or_else(|| "erl_crash.dump".into());
    let Ok(mut file) = std::fs::File::create(&name) else { return };
    say(&format!("\r\nCrash dump is being written to: {}...", name.to_string_lossy()));
    let text = dump(ctx, slogan);
    let written = file.write_all(text.as_bytes());
    say(if written.is_ok() { "done\r\n" } else { "failed\r\n" });
}
