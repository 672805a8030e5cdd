//! Runs `Module:main()` of compiled files on a bare machine: `run_beam MODULE FILE.beam...`.

use swerl_vm::{Config, Vm, atom::Atom};

fn main() {
    let mut args = std::env::args().skip(1);
    let module = args.next().expect("usage: run_beam MODULE FILE.beam...");
    let vm = Vm::start(Config::default(), &[]);
    for file in args {
        let bytes = std::fs::read(&file).expect("the file can be read");
        if let Err(error) = vm.load(&bytes) {
            eprintln!("{file}: {error}");
            std::process::exit(2);
        }
    }
    let atom = |text: &str| Atom::new(text).expect("a short name");
    vm.spawn(atom(&module), atom("main"), &[]).expect("there is room for a process");
    std::process::exit(vm.wait());
}
