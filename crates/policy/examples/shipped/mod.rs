//! The policy folder of the repository, built in.

use std::collections::BTreeMap;

use policy::PolicyFiles;

macro_rules! files {
    ($($path:literal)*) => {
        [$(($path, include_str!(concat!("../../../../policy/", $path))),)*]
    };
}

/// The shipped tables, without the notice.
pub fn files() -> PolicyFiles {
    let files = files! {
        "controller.toml" "clauses.toml" "purposes.toml" "categories.toml" "roles.toml" "retention.toml"
        "recipients.toml" "calendar.kz.toml" "legal/kz.2026-09.toml" "forms/consultation.toml" "forms/booking.toml"
        "forms/order.toml" "forms/registration.toml"
    };
    PolicyFiles(
        files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect::<BTreeMap<_, _>>(),
    )
}
