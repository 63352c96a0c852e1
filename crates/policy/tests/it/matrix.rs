//! The snapshot of all permissions.

use policy::{Policy, matrix};

use crate::shipped;

#[test]
fn the_matrix_is_as_committed() {
    let policy = Policy::load(&shipped::files()).unwrap();
    assert!(
        matrix(&policy) == include_str!("../../../../policy/matrix.out"),
        "permissions changed: run `cargo run -q -p policy --example matrix > policy/matrix.out` and read the diff"
    );
}
