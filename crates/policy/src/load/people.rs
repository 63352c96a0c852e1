//! Recipients and roles: who may be given data, and who may act.

use model::identifier::Bin;
use model::{PurposeId, RecipientId, RoleId};

use super::rules::Known;
use super::{Reader, place, row};
use crate::hash::CodeMap;
use crate::policy::{Cell, Controller};
use crate::purpose::{Basis, Purpose};
use crate::raw;
use crate::recipient::Recipient;
use crate::role::Role;
use crate::set::CategorySet;

pub(super) fn recipients(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    purposes: &mut [Purpose],
    purpose_rows: &CodeMap<PurposeId, u32>,
    controller: &Controller,
    file: raw::RecipientsFile,
) -> (Vec<Recipient>, CodeMap<RecipientId, u32>) {
    const FILE: &str = "recipients.toml";
    let mut rows = CodeMap::default();
    let mut recipients = Vec::with_capacity(file.recipient.len());
    for (number, raw) in file.recipient.into_iter().enumerate() {
        let id = *raw.id.get_ref();
        if rows.insert(id, row(number)).is_some() {
            let message = format!("recipient {id} stands twice: keep one");
            reader.error("recipient-twice", &["C18"], place(FILE, &raw.id), message);
        }
        if let Err(error) = Bin::parse(raw.bin.get_ref()) {
            let message = format!("BIN of recipient {id}: {error}");
            reader.error("recipient-bin", &["C18"], place(FILE, &raw.bin), message);
        }
        if *raw.country.get_ref() != controller.country {
            let message =
                format!("recipient {id} keeps data outside {}: it can receive none", controller.country);
            reader.error("recipient-foreign", &["C11.1"], place(FILE, &raw.country), message);
        }
        if !*raw.published.get_ref() {
            let message = format!("recipient {id} is not published: it receives nothing until it is");
            reader.warn("recipient-unpublished", &["C18"], place(FILE, &raw.published), message);
        }
        if raw.undertaking_until.is_none() || raw.attestation_until.is_none() {
            let message = format!(
                "recipient {id} lacks an undertaking or an attestation: it receives nothing until both are there"
            );
            reader.warn("recipient-undertaking", &["C12.1", "C12.2"], place(FILE, &raw.id), message);
        }
        let categories = known.set(reader, FILE, &raw.categories);
        let mut covered = CategorySet::EMPTY;
        for purpose in &raw.purposes {
            let name = purpose.get_ref();
            match purpose_rows.get(name).and_then(|&row| purposes.get_mut(row as usize)) {
                None => {
                    let message = format!("purpose {name} is not in purposes.toml: correct it or add it");
                    reader.error("purpose-unknown", &["C10.2"], place(FILE, purpose), message);
                }
                Some(known) if !known.recipient_kinds.contains(&raw.kind) => {
                    let message = format!(
                        "purpose {name} knows no recipient of kind {}: it is not for this one",
                        raw.kind.code()
                    );
                    reader.error("recipient-not-for-purpose", &["C11.3"], place(FILE, purpose), message);
                }
                Some(known) => {
                    covered = covered.union(known.categories);
                    known.recipients.push(id);
                }
            }
        }
        let excess = categories.without(covered);
        if !excess.is_empty() {
            let message = format!(
                "recipient {id} would be given {}, which its purposes do not use",
                known.names(excess)
            );
            reader.error("category-not-for-purpose", &["C10.5"], place(FILE, &raw.id), message);
        }
        recipients.push(Recipient {
            id,
            kind: raw.kind,
            name: raw.name,
            bin: raw.bin.into_inner(),
            country: raw.country.into_inner(),
            purposes: raw.purposes.iter().map(|purpose| *purpose.get_ref()).collect(),
            categories,
            published: raw.published.into_inner(),
            undertaking_until: raw.undertaking_until,
            attestation_until: raw.attestation_until,
        });
    }
    (recipients, rows)
}

type Roles = (Vec<Role>, CodeMap<RoleId, u32>, CodeMap<(u32, u32), Cell>);

pub(super) fn roles(
    reader: &mut Reader<'_>,
    known: &Known<'_>,
    purposes: &[Purpose],
    purpose_rows: &CodeMap<PurposeId, u32>,
    file: raw::RolesFile,
) -> Roles {
    const FILE: &str = "roles.toml";
    let (mut rows, mut cells) = (CodeMap::default(), CodeMap::default());
    let mut roles = Vec::with_capacity(file.role.len());
    for (number, raw) in file.role.into_iter().enumerate() {
        let id = *raw.id.get_ref();
        if rows.insert(id, row(number)).is_some() {
            reader.error(
                "role-twice",
                &["C11.4"],
                place(FILE, &raw.id),
                format!("role {id} stands twice: keep one"),
            );
        }
        if raw.principals.is_empty() {
            let message = format!("nobody can act in role {id}: say who in `principals`");
            reader.error("role-without-principal", &["C11.4"], place(FILE, &raw.id), message);
        }
        let mut named = Vec::new();
        for may in &raw.may {
            let listed = may.categories.as_ref().map(|codes| known.set(reader, FILE, codes));
            let mut usable = CategorySet::EMPTY;
            for purpose in &may.purposes {
                let name = *purpose.get_ref();
                let Some((purpose_row, found)) =
                    purpose_rows.get(&name).and_then(|&row| Some((row, purposes.get(row as usize)?)))
                else {
                    let message = format!("purpose {name} is not in purposes.toml: correct it or add it");
                    reader.error("purpose-unknown", &["C10.2"], place(FILE, purpose), message);
                    continue;
                };
                usable = usable.union(found.categories);
                let cell = Cell {
                    categories: listed.unwrap_or(found.categories).intersection(found.categories),
                    operations: may.operations.iter().copied().collect(),
                };
                if cells.insert((row(number), purpose_row), cell).is_some() {
                    // Two rules for one purpose would have to be read together; one line says it plainly.
                    let message = format!("role {id} names purpose {name} twice: join the rules");
                    reader.error("rule-twice", &["C11.4"], place(FILE, purpose), message);
                }
                named.push(name);
            }
            let excess = listed.unwrap_or_default().without(usable);
            if !excess.is_empty() {
                let message = format!(
                    "role {id} lists {}, which none of these purposes uses: drop it",
                    known.names(excess)
                );
                reader.warn("category-not-for-purpose", &["C10.5"], place(FILE, &raw.id), message);
            }
        }
        roles.push(Role {
            id,
            title: raw.title,
            principal_bits: raw.principals.iter().fold(0, |bits, kind| bits | 1 << *kind as u8),
            principals: raw.principals,
            abilities: raw.abilities,
            own_data_only: raw.own_data_only,
            while_restricted: raw.while_restricted.into_iter().collect(),
            purposes: named,
        });
    }
    for (number, purpose) in purposes.iter().enumerate() {
        if purpose.basis == Basis::Consent && !cells.keys().any(|&(_, of)| of == row(number)) {
            let message = format!("no role works for purpose {}: it can never be used", purpose.id);
            let finding =
                crate::finding::Finding::of_file(crate::Severity::Warning, "purpose-idle", FILE, message);
            reader.findings.push(finding.with_clauses([purpose.clause.as_str()]));
        }
    }
    (roles, rows, cells)
}
