//! The `gateway` binary: see `gateway --help`.

use clap::Parser;
use gateway::cli::Cli;

// A response is many small allocations: this allocator took a quarter off the CPU time per request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    Cli::parse().run()
}
