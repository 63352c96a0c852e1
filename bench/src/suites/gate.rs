//! P5: a decision in process — 1, 100 and 10,000 further rules, one subject and many.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use model::{
    Actor, CategoryCode, ConsentFact, ConsentId, Operation, OperatorId, Part, Principal, PurposeId, RoleId,
    SubjectFacts, SubjectId,
};
use policy::{Decision, Policy, Query, decide};
use store::Resident;

use crate::figures::{Outcome, Reading, Spread, Wanted};
use crate::stand::Dice;
use crate::{Scale, machine};

/// Subjects whose facts are in memory.
const SUBJECTS: u32 = 1_000_000;
/// Decisions between two looks at the clock.
const BLOCK: usize = 1_000;
/// Blocks of a round.
const BLOCKS: usize = 200;
/// Further rules: one is one purpose of one role.
const RULES: [usize; 3] = [1, 100, 10_000];
/// Nanoseconds that are the target.
const WANTED: f64 = 150.0;
/// Purposes that a further role may read for.
const PURPOSES: [&str; 8] = ["p8-1", "p8-2", "p8-3", "p8-4", "p8-5", "p8-6", "p8-8", "p8-10"];

/// The shipped policy with so many rules more.
fn policy(rules: usize) -> anyhow::Result<Policy> {
    let mut files = server::embedded::shipped();
    let roles = files.0.entry("roles.toml".into()).or_default();
    for (role, purposes) in (0..rules).collect::<Vec<_>>().chunks(PURPOSES.len()).enumerate() {
        let named: Vec<String> = PURPOSES[..purposes.len()].iter().map(|id| format!("\"{id}\"")).collect();
        write!(
            roles,
            "\n[[role]]\nid = \"further-{role}\"\ntitle = {{ ru = \"Р\", kk = \"Р\", en = \"R\" }}\n\
             principals = [\"operator\"]\n[[role.may]]\npurposes = [{}]\noperations = [\"retrieval\"]\n",
            named.join(", ")
        )?;
    }
    Policy::load(&files).map_err(|findings| {
        anyhow::anyhow!(findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// An id as random in its last bytes as a real one.
fn subject(number: u32) -> SubjectId {
    let mut id = [0x5e; 16];
    id[8..].copy_from_slice(&u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    SubjectId::from_bytes(id)
}

fn facts(number: u32, purposes: &[PurposeId]) -> SubjectFacts {
    let subject = subject(number);
    let at = model::Instant::from_micros(1_700_000_000_000_000 + i64::from(number));
    let mut facts = SubjectFacts::new(subject, true);
    for &purpose in purposes {
        facts.set_consent(ConsentFact {
            purpose,
            consent: ConsentId::from_bytes(*subject.as_bytes()),
            given_at: at,
            expires_at: Some(at.plus_seconds(1_000_000_000)),
            ended: None,
            withdrawn: Part::Transfer.operations(),
        });
    }
    facts
}

/// Median, smallest and largest of the medians of the rounds, in nanoseconds, over the first so many subjects.
fn measure(
    rounds: usize,
    policy: &Policy,
    resident: &Resident,
    subjects: u32,
    query: &Query,
    permits: bool,
) -> anyhow::Result<Spread> {
    let mut dice = Dice(0x5eed);
    let mut medians = Vec::new();
    for round in 0..=rounds {
        let mut blocks = Vec::with_capacity(BLOCKS);
        for _ in 0..BLOCKS {
            // Others each time, so that they do not lie in the cache.
            let drawn: Vec<SubjectId> =
                (0..BLOCK).map(|_| subject(dice.below(subjects as usize) as u32)).collect();
            let begun = Instant::now();
            let mut right = 0;
            for &subject in &drawn {
                let Some(facts) = resident.get(black_box(subject)) else {
                    anyhow::bail!("a subject is missing")
                };
                right += usize::from(
                    matches!(decide(black_box(policy), &facts, black_box(query)), Decision::Permit(_))
                        == permits,
                );
            }
            blocks.push(begun.elapsed().as_secs_f64() * 1e9 / BLOCK as f64);
            anyhow::ensure!(right == BLOCK, "a wrong decision: the run is void");
        }
        if round > 0 {
            medians.push(Spread::of(blocks).median);
        }
    }
    Ok(Spread::of(medians))
}

pub(crate) fn run(scale: &Scale) -> anyhow::Result<Outcome> {
    let purposes = ["p8-2", "p8-3", "p8-4"].into_iter().map(PurposeId::new).collect::<Result<Vec<_>, _>>()?;
    let before = machine::memory_mib("self", "VmRSS");
    let mut resident = Resident::default();
    (0..SUBJECTS).for_each(|number| resident.put(&facts(number, &purposes)));
    let policies =
        RULES.into_iter().map(|rules| Ok((rules, policy(rules)?))).collect::<anyhow::Result<Vec<_>>>()?;
    let mut readings = Vec::new();
    let taken = machine::memory_mib("self", "VmRSS") - before;
    readings.push(Reading::new(
        format!("memory of the facts of {SUBJECTS} subjects"),
        "MiB",
        Spread::of([taken]),
    ));
    let mut flat = Vec::new();
    for (rules, policy) in &policies {
        let query = |purpose: &str| -> anyhow::Result<Query> {
            let phone = policy.category_set(&[CategoryCode::new("phone")?]);
            Ok(Query {
                actor: Actor {
                    principal: Principal::Operator(OperatorId::from_bytes([7; 16])),
                    role: RoleId::new("service")?,
                },
                purpose: PurposeId::new(purpose)?,
                categories: phone.map_err(|code| anyhow::anyhow!("no category {code}"))?,
                operation: Operation::Retrieval,
                recipient: None,
                at: model::Instant::from_micros(1_700_000_001_000_000),
            })
        };
        for (subjects, permits, purpose) in
            [(1, true, "p8-2"), (SUBJECTS, true, "p8-2"), (SUBJECTS, false, "p8-1")]
        {
            let value = measure(scale.rounds, policy, &resident, subjects, &query(purpose)?, permits)?;
            let what = format!(
                "{} further rules, {subjects} subject{}, {}",
                rules,
                if subjects == 1 { "" } else { "s" },
                if permits { "permit" } else { "refusal with its reason" }
            );
            eprintln!("    {what}: {:.0} ns", value.median);
            if permits && subjects > 1 {
                flat.push(value.median);
            }
            readings.push(Reading::new(what, "ns", value).wanted(Wanted::AtMost(WANTED)));
        }
    }
    let growth = flat.last().zip(flat.first()).map_or(0.0, |(many, one)| many / one);
    readings.push(
        Reading::new("10,000 further rules against 1, many subjects", "×", Spread::of([growth]))
            .wanted(Wanted::AtMost(1.3)),
    );
    Ok(Outcome {
        title: "A decision in process".into(),
        method: "`policy::decide` over the shipped policy with further rules (one rule is one purpose of one role) and \
                 the store's index of facts in memory, three consents each, drawn at random: finding the subject and \
                 deciding; the time of 1,000 divided by 1,000, median of 200 such blocks in each round. Every answer is \
                 checked. Cedar and regorus are not \
                 measured here: their figures stand in the target."
            .into(),
        limits: "Three table look-ups by 24-byte codes, then main memory: with many subjects each decision waits for it \
                 once for the index and once for the place behind it. A refusal also allocates the list of reasons."
            .into(),
        readings,
        ..Outcome::default()
    })
}
