//! The `swerl` binary.
#![forbid(unsafe_code)]

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: swerl_vm::Allocator<mimalloc::MiMalloc> = swerl_vm::Allocator(mimalloc::MiMalloc);

fn main() {
    std::process::exit(swerl::run(std::env::args_os()));
}
