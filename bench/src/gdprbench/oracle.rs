//! What is right: every record in memory, every operation carried out the simplest way.

use std::collections::BTreeMap;

use super::trace::{Field, Op, Size, Which, data};
use super::{Answer, PAGE};

#[derive(Clone)]
struct Record {
    version: u32,
    fields: BTreeMap<Field, String>,
}

/// The records that stand.
pub(super) struct Oracle {
    size: Size,
    records: BTreeMap<u64, Record>,
}

/// Metadata as one text: fields in their order.
pub(super) fn meta_text(of: impl Fn(Field) -> String) -> String {
    Field::ALL.map(|field| format!("{}={}", field.name(), of(field))).join(",")
}

impl Oracle {
    pub fn new(size: Size) -> Self {
        let mut oracle = Self { size, records: BTreeMap::new() };
        (0..size.records).for_each(|n| oracle.create(n));
        oracle
    }

    fn create(&mut self, n: u64) {
        let fields = Field::ALL.into_iter().map(|field| (field, field.value(n))).collect();
        self.records.insert(n, Record { version: 0, fields });
    }

    fn is(&self, which: &Which, n: u64, record: &Record) -> bool {
        match which {
            Which::Shared(field, value) => record.fields[field] == *value,
            Which::Of(person) => self.size.person(n) == *person,
        }
    }

    fn found(&self, which: &Which) -> impl Iterator<Item = (u64, &Record)> {
        let all = self.records.iter().map(|(n, record)| (*n, record));
        all.filter(move |(n, record)| self.is(which, *n, record))
    }

    /// The right answer, all of it however long.
    pub fn apply(&mut self, op: &Op) -> Answer {
        let data_of = |(n, record): (u64, &Record)| data(n, record.version);
        let meta_of = |record: &Record| meta_text(|field| record.fields[&field].clone());
        match op {
            Op::Create(n) => {
                self.create(*n);
                Answer::Done
            }
            Op::Delete(which) => {
                let gone: Vec<u64> = self.found(which).map(|(n, _)| n).collect();
                self.records.retain(|n, _| !gone.contains(n));
                Answer::Done
            }
            Op::Update(which, field, value) => {
                let found: Vec<u64> = self.found(which).map(|(n, _)| n).collect();
                for n in found {
                    if let Some(record) = self.records.get_mut(&n) {
                        record.fields.insert(*field, value.clone());
                    }
                }
                Answer::Done
            }
            Op::ReadDataOf(person) => Answer::texts(self.found(&Which::Of(*person)).map(data_of)),
            Op::ReadDataBy(field, value) => {
                Answer::texts(self.found(&Which::Shared(*field, value.clone())).map(data_of))
            }
            Op::ReadMetaOf(person) => {
                Answer::texts(self.found(&Which::Of(*person)).map(|(_, record)| meta_of(record)))
            }
            Op::ReadMeta(n) => {
                self.records.get(n).map_or(Answer::Missing, |record| Answer::texts([meta_of(record)]))
            }
            Op::ReadData(n) => self
                .records
                .get(n)
                .map_or(Answer::Missing, |record| Answer::texts([data(*n, record.version)])),
            Op::UpdateData(n, version) => match self.records.get_mut(n) {
                Some(record) => {
                    record.version = *version;
                    Answer::Done
                }
                None => Answer::Missing,
            },
            Op::UpdateMeta(n, field, value) => match self.records.get_mut(n) {
                Some(record) => {
                    record.fields.insert(*field, value.clone());
                    Answer::Done
                }
                None => Answer::Missing,
            },
            Op::DeleteKey(n) => self.records.remove(n).map_or(Answer::Missing, |_| Answer::Done),
            Op::ReadLog => Answer::Done,
            Op::VerifyDeletion(n) => Answer::Gone(!self.records.contains_key(n)),
        }
    }

    /// Whether an answer is right; of a long one the first page.
    pub fn agrees(right: &Answer, given: &Answer, op: &Op) -> bool {
        match (right, given) {
            (Answer::Texts(right), Answer::Texts(given))
                if matches!(op, Op::ReadDataBy(..)) && right.len() > PAGE =>
            {
                given.len() == PAGE && given.iter().all(|text| right.binary_search(text).is_ok())
            }
            _ => right == given,
        }
    }
}
