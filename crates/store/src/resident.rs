//! The facts of data subjects in memory, for the gate.
//!
//! Invariant: what is here is what is committed. Only the writer of the embedded database keeps it: it looks past it
//! for a subject that the open transaction changed, and follows a change after the commit and before anybody is
//! answered. A server's database has other writers, so there is none (DESIGN §2a).
//!
//! Thirty bytes a subject: consents were mostly given in one act, so all but their time is the same for very many
//! subjects and is kept once, as a shape.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use model::{Facts, Instant, PurposeId, RestrictionKind, Standing, SubjectFacts, SubjectId, SubjectStatus};

/// Most subjects kept; then all are forgotten and come back as they are asked about.
const SUBJECTS_MAX: usize = 1_800_000;
/// Most shapes kept, likewise.
const SHAPES_MAX: usize = 1 << 16;

/// Everything about a subject but who he is and when his consents were given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Shape {
    status: SubjectStatus,
    restriction: Option<RestrictionKind>,
    is_adult: bool,
    is_proven: bool,
    /// By purpose; `expires_at` counts from the subject's base.
    consents: Box<[(PurposeId, Standing)]>,
}

impl Shape {
    fn of(facts: &SubjectFacts, base: Instant) -> Self {
        let standing = |fact: &model::ConsentFact| Standing {
            expires_at: fact
                .expires_at
                .map(|end| Instant::from_micros(end.micros().wrapping_sub(base.micros()))),
            ..fact.standing()
        };
        Self {
            status: facts.status,
            restriction: facts.restriction,
            is_adult: facts.adult_declared,
            is_proven: facts.contact_proven,
            consents: facts.consents.iter().map(|fact| (fact.purpose, standing(fact))).collect(),
        }
    }
}

/// The instant from which a subject's terms are counted.
fn base_of(facts: &SubjectFacts) -> Instant {
    facts.consents.first().map_or(Instant::from_micros(0), |fact| fact.given_at)
}

/// The facts of one subject, as the index keeps them.
#[derive(Clone, Copy, Debug)]
pub struct ResidentFacts<'a> {
    subject: SubjectId,
    base: Instant,
    shape: &'a Shape,
}

impl Facts for ResidentFacts<'_> {
    fn subject(&self) -> SubjectId {
        self.subject
    }
    fn status(&self) -> SubjectStatus {
        self.shape.status
    }
    fn restriction(&self) -> Option<RestrictionKind> {
        self.shape.restriction
    }
    fn is_adult(&self) -> bool {
        self.shape.is_adult
    }
    fn is_proven(&self) -> bool {
        self.shape.is_proven
    }
    fn standing(&self, purpose: PurposeId) -> Option<Standing> {
        let (_, standing) = self.shape.consents.iter().find(|(held, _)| *held == purpose)?;
        let from_base = |end: Instant| Instant::from_micros(end.micros().wrapping_add(self.base.micros()));
        Some(Standing { expires_at: standing.expires_at.map(from_base), ..*standing })
    }
}

/// When and what: packed, so that a place takes no more than it holds.
#[derive(Clone, Copy, Debug)]
struct Place {
    base: [u8; 8],
    shape: [u8; 4],
}

/// The facts of many subjects.
#[derive(Debug, Default)]
pub struct Resident {
    places: HashMap<[u8; 16], Place, BuildHasherDefault<IdHasher>>,
    shapes: Vec<Shape>,
    numbers: HashMap<Shape, u32>,
}

impl Resident {
    /// The facts of a subject, if they are here.
    pub fn get(&self, subject: SubjectId) -> Option<ResidentFacts<'_>> {
        let place = self.places.get(subject.as_bytes())?;
        let shape = self.shapes.get(u32::from_le_bytes(place.shape) as usize)?;
        Some(ResidentFacts { subject, base: Instant::from_micros(i64::from_le_bytes(place.base)), shape })
    }

    /// Puts in the facts of a subject, in the place of older ones.
    pub fn put(&mut self, facts: &SubjectFacts) {
        let base = base_of(facts);
        let shape = Shape::of(facts, base);
        if self.places.len() >= SUBJECTS_MAX || self.shapes.len() >= SHAPES_MAX {
            *self = Self::default();
        }
        let shapes = &mut self.shapes;
        let number = *self.numbers.entry(shape).or_insert_with_key(|shape| {
            shapes.push(shape.clone());
            u32::try_from(shapes.len() - 1).unwrap_or(u32::MAX)
        });
        let place = Place { base: base.micros().to_le_bytes(), shape: number.to_le_bytes() };
        self.places.insert(*facts.subject.as_bytes(), place);
    }

    /// Forgets a subject.
    pub fn forget(&mut self, subject: SubjectId) {
        self.places.remove(subject.as_bytes());
    }
}

/// The last eight bytes of an id are random already, and no client chooses them.
#[derive(Clone, Copy, Debug, Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(last) = bytes.last_chunk::<8>() {
            self.0 = u64::from_le_bytes(*last).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }
    fn write_usize(&mut self, _length: usize) {
        // Ids have one length: its prefix says nothing.
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use model::{ConsentFact, ConsentId, OperationSet};
    use proptest::prelude::*;

    use super::*;

    fn facts(number: u8, at: i64, terms: &[(u8, Option<i64>)]) -> SubjectFacts {
        let mut facts = SubjectFacts::new(SubjectId::from_bytes([number; 16]), number.is_multiple_of(2));
        facts.contact_proven = number.is_multiple_of(3);
        facts.restriction = number.is_multiple_of(5).then_some(RestrictionKind::Dispute);
        for (purpose, end) in terms {
            facts.set_consent(ConsentFact {
                purpose: PurposeId::new(&format!("p8-{}", purpose % 10)).unwrap(),
                consent: ConsentId::from_bytes([number; 16]),
                given_at: Instant::from_micros(at),
                expires_at: end.map(Instant::from_micros),
                ended: None,
                withdrawn: OperationSet::from_bits(u16::from(*purpose)),
            });
        }
        facts
    }

    proptest! {
        /// The copy answers every question as the original does.
        #[test]
        fn the_copy_says_what_the_facts_say(
            people in proptest::collection::vec(
                (any::<u8>(), any::<i64>(), proptest::collection::vec((any::<u8>(), any::<Option<i64>>()), 0..6)),
                1..40,
            )
        ) {
            let mut resident = Resident::default();
            let mut last = HashMap::new();
            for (number, at, terms) in &people {
                let facts = facts(*number, *at, terms);
                resident.put(&facts);
                last.insert(*number, facts);
            }
            for facts in last.values() {
                let copy = resident.get(facts.subject).unwrap();
                prop_assert_eq!(copy.status(), facts.status);
                prop_assert_eq!(copy.restriction(), facts.restriction);
                prop_assert_eq!((copy.is_adult(), copy.is_proven()), (facts.adult_declared, facts.contact_proven));
                for purpose in 0..10 {
                    let purpose = PurposeId::new(&format!("p8-{purpose}")).unwrap();
                    prop_assert_eq!(copy.standing(purpose), Facts::standing(facts, purpose));
                }
                resident.forget(facts.subject);
                prop_assert!(resident.get(facts.subject).is_none());
            }
        }
    }

    #[test]
    fn people_who_consented_alike_share_a_shape() {
        let mut resident = Resident::default();
        for number in 0..=u8::MAX {
            let at = i64::from(number) * 1_000;
            resident.put(&facts(7, at, &[(1, Some(at + 5)), (2, None)]));
        }
        assert_eq!(resident.shapes.len(), 1);
        assert!(size_of::<([u8; 16], Place)>() <= 28);
    }
}
