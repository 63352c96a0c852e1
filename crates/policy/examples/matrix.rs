//! Prints the matrix of the shipped policy: `cargo run -q -p policy --example matrix > policy/matrix.out`.

mod shipped;

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    match policy::Policy::load(&shipped::files()) {
        Ok(policy) => std::io::stdout().lock().write_all(policy::matrix(&policy).as_bytes()),
        Err(findings) => {
            let mut errors = std::io::stderr().lock();
            for finding in findings {
                writeln!(errors, "{finding}")?;
            }
            Err(std::io::Error::other("the policy does not load: mend what is listed above"))
        }
    }
}
