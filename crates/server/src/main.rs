//! The binary `senim`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::main()
}
