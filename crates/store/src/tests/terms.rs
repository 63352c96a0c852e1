//! Groups of records and rules about them, against an oracle that goes through every record for every rule.

use model::{Effect, Instant, RecordId, RuleId, SubjectId, TermField, Terms};
use proptest::prelude::*;

use super::*;
use crate::tables::rules::{self, Met, Rule};
use crate::tables::terms::{self, Membership};
use crate::tables::value_sets::{self, ValueSet};

/// What may happen to a few records under few terms.
#[derive(Debug, Clone)]
enum Act {
    Write(Terms),
    Change(prop::sample::Index, TermField, Option<u8>),
    Rule(Terms, Effect, bool),
    End(prop::sample::Index),
}

const FIELDS: [TermField; 3] = [TermField::Purpose, TermField::Recipient, TermField::Source];

fn code(number: u8) -> model::TermCode {
    model::TermCode::new(["a", "b"][usize::from(number)]).unwrap()
}

fn some_terms() -> impl Strategy<Value = Terms> {
    prop::array::uniform3(prop::option::of(0..2u8)).prop_map(|codes| {
        FIELDS
            .iter()
            .zip(codes)
            .fold(Terms::default(), |terms, (field, number)| terms.with(*field, number.map(code)).unwrap())
    })
}

fn an_act() -> impl Strategy<Value = Act> {
    let field = prop::sample::select(FIELDS.to_vec());
    let set = (field.clone(), prop::option::of(0..2u8))
        .prop_map(|(field, number)| Effect::of(field, number.map(code)).unwrap());
    prop_oneof![
        4 => some_terms().prop_map(Act::Write),
        2 => (any::<prop::sample::Index>(), field, prop::option::of(0..2u8))
            .prop_map(|(which, field, number)| Act::Change(which, field, number)),
        3 => (some_terms(), set, any::<bool>()).prop_map(|(pattern, effect, stands)| Act::Rule(pattern, effect, stands)),
        1 => some_terms().prop_map(|pattern| Act::Rule(pattern, Effect::Destroy, false)),
        2 => any::<prop::sample::Index>().prop_map(Act::End),
    ]
}

/// The naive way: every record has terms of its own, and every rule goes through all of them.
#[derive(Default)]
struct Oracle {
    records: Vec<(Option<Terms>, Vec<u32>)>,
    rules: Vec<(Terms, Effect, bool)>,
}

impl Oracle {
    fn settle(&self, terms: Terms) -> Terms {
        let standing = self.rules.iter().filter(|(.., stands)| *stands);
        standing.fold(
            terms,
            |terms, (pattern, effect, _)| {
                if terms.fit(pattern) { effect.on(&terms).unwrap() } else { terms }
            },
        )
    }

    fn rule(&mut self, pattern: Terms, effect: Effect, stands: bool) {
        self.rules.push((pattern, effect, stands));
        let number = u32::try_from(self.rules.len()).unwrap();
        for (terms, met) in &mut self.records {
            if let Some(old) = terms.filter(|terms| terms.fit(&pattern)) {
                let new = effect.on(&old);
                if new != *terms {
                    *terms = new;
                    met.push(number);
                }
            }
        }
    }
}

fn id(number: usize) -> RecordId {
    RecordId::from_bytes((number as u128 + 1).to_be_bytes())
}

fn whose(record: usize) -> SubjectId {
    SubjectId::from_bytes((record as u128 % 3 + 1).to_be_bytes())
}

fn rule_id(number: usize) -> RuleId {
    RuleId::from_bytes((number as u128 + 1).to_be_bytes())
}

fn make(
    tx: &mut Tx<'_>,
    number: usize,
    pattern: Terms,
    effect: Effect,
    is_standing: bool,
) -> Result<usize, Fault> {
    let (entry, ground) = (format!("{{\"rule\":{number}}}"), "a test".to_owned());
    let made_at = Instant::from_micros(i64::try_from(number).unwrap());
    let rule = rule_id(number);
    rules::make(
        tx,
        &Rule {
            number: 0,
            rule,
            pattern,
            effect,
            is_standing,
            ground,
            made_at,
            ended_at: None,
            entry,
            salt: [0; 32],
        },
    )
}

fn write(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId, terms: &Terms) -> Result<(), Fault> {
    let place = Some(terms::join(tx, terms)?);
    value_sets::insert(tx, &ValueSet { subject, set, values: Vec::new(), place })
}

fn place_of(tx: &mut Tx<'_>, subject: SubjectId, set: RecordId) -> Membership {
    value_sets::list(tx, subject).unwrap().into_iter().find(|row| row.set == set).unwrap().place.unwrap()
}

/// Every pattern of up to three fields that there is.
fn patterns() -> Vec<Terms> {
    let mut all = vec![Terms::default()];
    for field in FIELDS {
        let with =
            |terms: &Terms| (0..2).map(|number| terms.with(field, Some(code(number))).unwrap()).collect();
        let more: Vec<Terms> = all.iter().flat_map(|terms| -> Vec<Terms> { with(terms) }).collect();
        all.extend(more);
    }
    all
}

fn agree(acts: &[Act]) {
    let folder = Folder::new();
    let store = open(folder.path()).unwrap();
    let mut oracle = Oracle::default();
    for act in acts.iter().cloned() {
        let (records, made) = (oracle.records.len(), oracle.rules.len());
        match act {
            Act::Write(terms) => {
                store.write(move |tx| write(tx, whose(records), id(records), &terms)).unwrap();
                oracle.records.push((Some(oracle.settle(terms)), Vec::new()));
            }
            Act::Change(which, field, number) if records > 0 => {
                let at = which.index(records);
                let Some(old) = oracle.records[at].0 else { continue };
                let new = old.with(field, number.map(code)).unwrap();
                store
                    .write(move |tx| {
                        let place = terms::join(tx, &new)?;
                        value_sets::set_place(tx, whose(at), id(at), &place)
                    })
                    .unwrap();
                // What it met before is in the person's own history from now on.
                oracle.records[at] = (Some(oracle.settle(new)), Vec::new());
            }
            Act::Rule(pattern, effect, stands) => {
                store.write(move |tx| make(tx, made, pattern, effect, stands)).unwrap();
                oracle.rule(pattern, effect, stands);
            }
            Act::End(which) if made > 0 => {
                let at = which.index(made);
                store.write(move |tx| rules::end(tx, rule_id(at), Instant::from_micros(0))).unwrap();
                oracle.rules[at].2 = false;
            }
            Act::Change(..) | Act::End(_) => {}
        }
    }
    store
        .read(|tx| {
            for (at, (terms, met)) in oracle.records.iter().enumerate() {
                let place = place_of(tx, whose(at), id(at));
                assert_eq!(
                    (!place.group.is_ended).then_some(place.group.terms),
                    *terms,
                    "terms of record {at}"
                );
                let rules = Met::of(&place).map_or(Ok(Vec::new()), |met| rules::list_met(tx, met))?;
                let numbers: Vec<u32> = rules.iter().map(|rule| rule.number).collect();
                assert_eq!(numbers, *met, "rules that record {at} met");
            }
            for pattern in patterns() {
                let mut found = Vec::new();
                for group in terms::list(tx, &pattern, 0)? {
                    let last = RecordId::from_bytes([0xff; 16]);
                    found.extend(
                        terms::members(tx, group.group, None, last, 1_000)?.iter().map(|one| one.set),
                    );
                }
                found.sort_unstable();
                let naive: Vec<RecordId> = (0..oracle.records.len())
                    .filter(|at| oracle.records[*at].0.is_some_and(|terms| terms.fit(&pattern)))
                    .map(id)
                    .collect();
                assert_eq!(found, naive, "records that {pattern} finds");
            }
            Ok(())
        })
        .unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn rules_hold_as_if_every_record_were_rewritten(acts in prop::collection::vec(an_act(), 1..40)) {
        agree(&acts);
    }
}

#[test]
fn clause_19_a_rule_costs_the_same_however_many_records_it_finds() {
    let rows_changed = |records: usize| {
        let folder = Folder::new();
        let store = open_embedded(folder.path()).unwrap();
        let terms: Terms = "purpose=a,recipient=b".parse().unwrap();
        store.write(move |tx| (0..records).try_for_each(|at| write(tx, whose(at), id(at), &terms))).unwrap();
        let effect: Effect = "recipient=".parse().unwrap();
        store
            .write(move |tx| {
                let before = tx.query_one("SELECT total_changes()", &[])?.int::<i64>(0)?;
                make(tx, 0, terms, effect, true)?;
                Ok(tx.query_one("SELECT total_changes()", &[])?.int::<i64>(0)? - before)
            })
            .unwrap()
    };
    assert_eq!(rows_changed(1), rows_changed(1_000));
}
