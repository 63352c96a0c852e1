//! Roles: who may do what to which categories for which purpose. Data (`roles.toml`), not code.
//!
//! Clauses: C11.4, L13.

use model::{OperationSet, Principal, RoleId};

use crate::policy::Texts;

macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The stable kebab-case code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

closed_set! {
    /// A part of the console or of the API that shows or changes something other than one person's values.
    Ability {
        /// Enquiries and their states.
        Enquiries = "enquiries",
        /// Finding people and opening a person's page.
        People = "people",
        /// Mails that wait for a server.
        MailOutbox = "mail-outbox",
        /// The evidence matrix.
        Evidence = "evidence",
        /// Entries of the log in clear.
        LogEntries = "log-entries",
        /// Settings of the instance.
        Settings = "settings",
        /// Keys of programs.
        ApiKeys = "api-keys",
        /// Notices and their versions.
        Notices = "notices",
        /// Members of staff.
        Operators = "operators",
        /// Requests about rights.
        Requests = "requests",
    }
}

closed_set! {
    /// The kinds of [`Principal`].
    PrincipalKind {
        /// The person whose data it is.
        DataSubject = "data-subject",
        /// A member of staff.
        Operator = "operator",
        /// A program with a key.
        ApiKey = "api-key",
        /// A visitor who has not shown who he is.
        Visitor = "visitor",
        /// The server itself.
        System = "system",
    }
}

impl PrincipalKind {
    /// The kind of a principal.
    pub const fn of(principal: &Principal) -> Self {
        match principal {
            Principal::DataSubject(_) => Self::DataSubject,
            Principal::Operator(_) => Self::Operator,
            Principal::ApiKey(_) => Self::ApiKey,
            Principal::Visitor => Self::Visitor,
            Principal::System => Self::System,
        }
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name.
    pub title: Texts,
    /// Who may act in it.
    pub principals: Vec<PrincipalKind>,
    /// What of the console it opens.
    pub abilities: Vec<Ability>,
    /// It sees only the data of the person who acts.
    pub own_data_only: bool,
    /// What it may still do, for a duty of the law, while processing is restricted.
    pub while_restricted: OperationSet,
    /// The purposes it works for, ordered as in the file.
    pub purposes: Vec<model::PurposeId>,
    /// The kinds of principals as bits, for the gate.
    pub(crate) principal_bits: u8,
}

impl Role {
    /// Whether it opens this part of the console.
    pub fn can(&self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }
}

impl crate::policy::Policy {
    /// Whether a role may do this at all for a purpose; consent and the rest are asked by [`crate::decide`].
    /// For showing what can be chosen.
    pub fn may(&self, role: RoleId, purpose: model::PurposeId, operation: model::Operation) -> bool {
        let (Some(&role), Some(&purpose)) = (self.role_rows.get(&role), self.purpose_rows.get(&purpose))
        else {
            return false;
        };
        self.cells.get(&(role, purpose)).is_some_and(|cell| cell.operations.contains(operation))
    }
}
