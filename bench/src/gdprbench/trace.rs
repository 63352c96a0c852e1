//! The trace: records with their metadata, and what the four roles of `GDPRbench` do to them (Shastri et al., VLDB 2020).
//!
//! Invariant: everything is a function of numbers: the same scale gives every replayer the same records and operations.

use std::fmt::Write as _;

/// A field of the metadata that many records share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Pur,
    Period,
    Obj,
    Dec,
    Acl,
    Shr,
    Src,
    Cat,
}

impl Field {
    pub const ALL: [Self; 8] =
        [Self::Pur, Self::Period, Self::Obj, Self::Dec, Self::Acl, Self::Shr, Self::Src, Self::Cat];

    /// Its name, as a column or key of the replayers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pur => "pur",
            Self::Period => "period",
            Self::Obj => "obj",
            Self::Dec => "dec",
            Self::Acl => "acl",
            Self::Shr => "shr",
            Self::Src => "src",
            Self::Cat => "cat",
        }
    }

    const fn pool(self) -> u64 {
        match self {
            Self::Pur => 25,
            Self::Obj => 100,
            Self::Dec => 2,
            Self::Period | Self::Acl | Self::Shr | Self::Src | Self::Cat => 10,
        }
    }

    /// The value of record `n`: a code, or seconds for [`Field::Period`].
    pub fn value(self, n: u64) -> String {
        const PERIODS: [u32; 10] =
            [30, 10_000, 12_000, 14_000, 16_000, 18_000, 20_000, 22_000, 24_000, 1_000_000];
        let place = n % self.pool();
        if self == Self::Period {
            PERIODS[place as usize].to_string()
        } else {
            format!("{}{place}", self.name())
        }
    }
}

/// Bytes of a record's data.
pub(crate) const DATA_LEN: usize = 100;

/// The data of record `n` after so many updates.
pub(crate) fn data(n: u64, version: u32) -> String {
    let mut rng = Rng(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(version));
    let mut text = String::with_capacity(DATA_LEN + 16);
    while text.len() < DATA_LEN {
        // Writing to a String cannot fail.
        let _ = write!(text, "{:016x}", rng.next());
    }
    text.truncate(DATA_LEN);
    text
}

/// Which records an operation is about: those that share a value with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Shared(Field, String),
    Of(u64),
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Create(u64),
    Delete(Which),
    Update(Which, Field, String),
    ReadDataOf(u64),
    ReadMeta(u64),
    UpdateData(u64, u32),
    UpdateMeta(u64, Field, String),
    DeleteKey(u64),
    ReadData(u64),
    ReadDataBy(Field, String),
    ReadMetaOf(u64),
    ReadLog,
    VerifyDeletion(u64),
}

/// A role, in the order in which they act: the controller last, for it leaves little.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Processor,
    Regulator,
    DataSubject,
    Controller,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Processor, Self::Regulator, Self::DataSubject, Self::Controller];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::Regulator => "regulator",
            Self::DataSubject => "customer",
            Self::Controller => "controller",
        }
    }
}

/// How much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub records: u64,
    pub persons: u64,
    pub operations: usize,
}

impl Size {
    /// Whose record `n` is.
    pub const fn person(&self, n: u64) -> u64 {
        n % self.persons
    }
}

/// What a role does. New records of the controller have the numbers after those that are loaded.
pub(crate) fn trace(size: &Size, role: Role) -> Vec<Op> {
    let mut rng = Rng(0x5eed ^ (role as u64) << 32);
    let zipf = Zipf::new(size.records);
    let mut next = size.records;
    let mut operations = Vec::with_capacity(size.operations);
    for _ in 0..size.operations {
        let dice = rng.below(100);
        let (popular, any) = (zipf.draw(&mut rng), rng.below(size.records));
        operations.push(match role {
            Role::Controller => match dice {
                0..25 => {
                    next += 1;
                    Op::Create(next - 1)
                }
                25..50 => Op::Delete(match rng.below(3) {
                    0 => Which::Shared(Field::Pur, Field::Pur.value(any)),
                    1 => Which::Shared(Field::Period, Field::Period.value(any)),
                    _ => Which::Of(size.person(any)),
                }),
                _ => {
                    let which = match rng.below(3) {
                        0 => Which::Shared(Field::Pur, Field::Pur.value(any)),
                        1 => Which::Of(size.person(any)),
                        _ => Which::Shared(Field::Shr, Field::Shr.value(any)),
                    };
                    let taken = if let Which::Shared(field, _) = &which { Some(*field) } else { None };
                    let (field, value) = change(&mut rng, size, taken);
                    Op::Update(which, field, value)
                }
            },
            Role::DataSubject => match dice {
                0..20 => Op::ReadDataOf(size.person(popular)),
                20..40 => Op::ReadMeta(popular),
                40..60 => Op::UpdateData(popular, rng.below(1 << 30) as u32 + 1),
                60..80 => {
                    let (field, value) = change(&mut rng, size, None);
                    Op::UpdateMeta(popular, field, value)
                }
                _ => Op::DeleteKey(popular),
            },
            Role::Processor if dice < 80 => Op::ReadData(popular),
            Role::Processor => {
                let field = [Field::Pur, Field::Obj, Field::Dec][rng.below(3) as usize];
                Op::ReadDataBy(field, field.value(any))
            }
            Role::Regulator => match dice {
                0..46 => Op::ReadMetaOf(size.person(popular)),
                46..77 => Op::ReadLog,
                _ => Op::VerifyDeletion(popular),
            },
        });
    }
    operations
}

/// Another field than the one selected by, with the value that some record has.
fn change(rng: &mut Rng, size: &Size, taken: Option<Field>) -> (Field, String) {
    let free: Vec<Field> = Field::ALL.into_iter().filter(|field| Some(*field) != taken).collect();
    let field = free[rng.below(free.len() as u64) as usize];
    // Nothing shall end while it is measured because of a draw.
    let from = rng.below(size.records);
    let from = if field == Field::Period && from.is_multiple_of(10) { from + 1 } else { from };
    (field, field.value(from))
}

/// `SplitMix64`: small, and the same everywhere.
pub(crate) struct Rng(pub u64);

impl Rng {
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// YCSB's scrambled zipfian, theta 0.99: few keys are popular, and they lie anywhere.
struct Zipf {
    sums: Vec<f64>,
}

impl Zipf {
    fn new(count: u64) -> Self {
        let mut sum = 0.0;
        let sums = (1..=count).map(|rank| {
            sum += 1.0 / (rank as f64).powf(0.99);
            sum
        });
        Self { sums: sums.collect() }
    }

    fn draw(&self, rng: &mut Rng) -> u64 {
        let whole = self.sums.last().copied().unwrap_or(1.0);
        let point = (rng.next() >> 11) as f64 / (1u64 << 53) as f64 * whole;
        let rank = self.sums.partition_point(|sum| *sum < point) as u64;
        Rng(rank).next() % self.sums.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixes_are_those_of_the_paper_and_repeat() {
        let size = Size { records: 1_000, persons: 100, operations: 10_000 };
        let share = |role: Role, is: fn(&Op) -> bool| {
            let all = trace(&size, role);
            all.iter().filter(|op| is(op)).count() as f64 / all.len() as f64
        };
        let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 0.02, "{found} for {wanted}");
        near(share(Role::Controller, |op| matches!(op, Op::Create(_))), 0.25);
        near(share(Role::Controller, |op| matches!(op, Op::Update(..))), 0.5);
        near(share(Role::DataSubject, |op| matches!(op, Op::DeleteKey(_))), 0.2);
        near(share(Role::Processor, |op| matches!(op, Op::ReadData(_))), 0.8);
        near(share(Role::Regulator, |op| matches!(op, Op::ReadLog)), 0.31);
        assert_eq!(trace(&size, Role::DataSubject), trace(&size, Role::DataSubject));
        assert_eq!(data(7, 1).len(), DATA_LEN);
        assert_ne!(data(7, 1), data(7, 2));
    }

    #[test]
    fn a_popular_key_is_asked_for_far_more_often_than_another() {
        let zipf = Zipf::new(1_000);
        let mut rng = Rng(1);
        let mut counts = vec![0; 1_000];
        for _ in 0..100_000 {
            counts[zipf.draw(&mut rng) as usize] += 1;
        }
        counts.sort_unstable();
        assert!(counts[999] > 10_000 && counts[500] < 100, "{} {}", counts[999], counts[500]);
    }
}
