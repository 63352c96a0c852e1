//! The product in process: its use cases, as its own doors call them.

use std::sync::Arc;

use app::record::{self, Mark};
use app::rule::{self, NewRule};
use app::{App, Failure};
use model::{Effect, Private, ProcessingContext, PurposeId, RoleId, TermCode, Terms};
use server::wiring::Instance;

use super::people::{Known, PURPOSE, Slot, again, code, meta_of, new_record, term};
use super::trace::{Op, Size, Which, data};
use super::{Answer, Client, PAGE, Replayer};
use crate::stand::{Stand, compact, own, staff};

/// The replayer.
pub(super) struct Embedded {
    instance: Instance,
    known: Arc<Known>,
    folder: std::path::PathBuf,
}

impl Embedded {
    pub fn new(stand: &Stand, name: &str, size: Size) -> anyhow::Result<Self> {
        let instance = stand.instance(name)?;
        let known = Arc::new(Known::load(&instance.app, size)?);
        Ok(Self { instance, known, folder: stand.path(name) })
    }

    pub fn app(&self) -> &App {
        &self.instance.app
    }

    pub fn known(&self) -> &Arc<Known> {
        &self.known
    }
}

impl Replayer for Embedded {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>> {
        Ok(Box::new(Session { app: &self.instance.app, known: &self.known, logs: 0 }))
    }

    fn settle(&self) -> anyhow::Result<()> {
        record::sweep(&self.instance.app)?;
        Ok(())
    }

    fn bytes(&self) -> anyhow::Result<(u64, u64)> {
        compact(&self.folder.join("senim.db"))
    }
}

struct Session<'a> {
    app: &'a App,
    known: &'a Known,
    logs: u64,
}

/// Staff in a role.
fn role(app: &App, code: &str) -> anyhow::Result<ProcessingContext> {
    let mut ctx = staff(app)?;
    ctx.actor.role = RoleId::new(code)?;
    Ok(ctx)
}

/// What an answer of the product is: an act on what is not there is none.
fn found<R>(done: Result<R, Failure>) -> anyhow::Result<Option<R>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(Failure::NotFound) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn done<R>(found: Option<R>) -> Answer {
    found.map_or(Answer::Missing, |_| Answer::Done)
}

impl Session<'_> {
    fn rule(&self, which: &Which, effect: Effect) -> anyhow::Result<Answer> {
        let Which::Shared(field, value) = which else { return Ok(Answer::Missing) };
        let pattern = Terms::default().with(term(*field), Some(code(*field, value)?))?;
        let new = NewRule { pattern, effect, is_standing: false, ground: TermCode::new("bench")? };
        rule::make(self.app, &role(self.app, "dpo")?, &new)?;
        Ok(Answer::Done)
    }

    /// The terms of the records of the benchmark that a person has.
    fn listed(&self, person: u64, ctx: &ProcessingContext) -> anyhow::Result<Vec<record::TermsView>> {
        let (mut listed, _) = record::list(self.app, ctx, self.known.subjects[person as usize])?;
        listed.retain(|one| one.categories == [app::code::MESSAGE]);
        Ok(listed)
    }

    fn select(&self, pattern: &Terms) -> anyhow::Result<Answer> {
        let (ctx, purpose) = (staff(self.app)?, PurposeId::new(PURPOSE)?);
        let (mut texts, mut after): (Vec<String>, Option<Mark>) = (Vec::new(), None);
        loop {
            let page = record::select(self.app, &ctx, purpose, pattern, after, PAGE as u32)?;
            let values = page.records.into_iter().flat_map(|one| one.values);
            texts.extend(
                values
                    .filter(|value| value.category == app::code::MESSAGE)
                    .map(|value| value.value.expose().clone()),
            );
            match page.next {
                Some(next) if texts.len() < PAGE => after = Some(next),
                _ => break,
            }
        }
        texts.truncate(PAGE);
        Ok(Answer::texts(texts))
    }

    fn try_apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        let (app, known) = (self.app, self.known);
        let subject = |person: &u64| known.subjects[*person as usize];
        Ok(match op {
            Op::Create(n) => {
                let written = record::write(app, &staff(app)?, known.whose(*n), &new_record(*n, None)?)?;
                known.put(*n, Slot::of(written.record_id, &written.value_ids));
                Answer::Done
            }
            Op::Delete(Which::Of(person)) => {
                found(record::delete(app, &role(app, "dpo")?, subject(person), None))?;
                Answer::Done
            }
            Op::Delete(which) => self.rule(which, Effect::Destroy)?,
            Op::Update(Which::Of(person), field, value) => {
                let change = [(term(*field), Some(code(*field, value)?))];
                found(record::change_terms(app, &role(app, "dpo")?, subject(person), None, &change))?;
                Answer::Done
            }
            Op::Update(which, field, value) => {
                self.rule(which, Effect::of(term(*field), Some(code(*field, value)?))?)?
            }
            Op::ReadDataOf(person) => {
                let (subject, rights) = (subject(person), app::code::RIGHTS);
                let view =
                    app::access::data(app, &own(app, subject), subject, rights, &[app::code::MESSAGE])?;
                Answer::texts(view.values.into_iter().map(|value| value.value.expose().clone()))
            }
            Op::ReadDataBy(field, value) => {
                self.select(&Terms::default().with(term(*field), Some(code(*field, value)?))?)?
            }
            Op::ReadMetaOf(person) => {
                let listed = self.listed(*person, &role(app, "dpo")?)?;
                Answer::texts(listed.iter().map(|one| text(&one.terms)))
            }
            Op::ReadMeta(n) => {
                let listed = self.listed(known.size.person(*n), &own(app, known.whose(*n)))?;
                let slot = known.slot(*n).map(|slot| slot.record);
                let one = listed.iter().find(|one| Some(one.record_id) == slot);
                one.map_or(Answer::Missing, |one| Answer::texts([text(&one.terms)]))
            }
            Op::ReadData(n) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let (subject, purpose) = (known.whose(*n), PurposeId::new(PURPOSE)?);
                let view = found(record::read(app, &staff(app)?, subject, slot.record, purpose))?;
                view.map_or(Answer::Missing, |(view, _)| {
                    Answer::texts(view.values.into_iter().map(|value| value.value.expose().clone()))
                })
            }
            Op::UpdateData(n, version) => {
                let new = Private::new(data(*n, *version));
                loop {
                    let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                    let (subject, value) = (known.whose(*n), slot.value);
                    let changed = found(app::value::edit(app, &own(app, subject), subject, value, &new))?;
                    if let Some(changed) = changed {
                        known.put(*n, changed.record.map(|value| Slot { value, ..slot }));
                        return Ok(Answer::Done);
                    }
                    // Somebody else changed it at this moment, or it is gone.
                    if known.slot(*n).is_none_or(|now| now.value == value) {
                        return Ok(Answer::Missing);
                    }
                }
            }
            Op::UpdateMeta(n, field, value) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let (subject, change) = (known.whose(*n), [(term(*field), Some(code(*field, value)?))]);
                done(found(record::change_terms(
                    app,
                    &own(app, subject),
                    subject,
                    Some(slot.record),
                    &change,
                ))?)
            }
            Op::DeleteKey(n) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let subject = known.whose(*n);
                done(found(record::delete(app, &own(app, subject), subject, Some(slot.record)))?)
            }
            Op::ReadLog => {
                self.logs += 1;
                let from = self.logs * 97 % known.size.records;
                app::log::entries(app, &role(app, "auditor")?, from, 100)?;
                Answer::Done
            }
            Op::VerifyDeletion(n) => {
                let listed = self.listed(known.size.person(*n), &role(app, "dpo")?)?;
                let slot = known.slot(*n).map(|slot| slot.record);
                Answer::Gone(listed.iter().all(|one| Some(one.record_id) != slot))
            }
        })
    }
}

fn text(terms: &Terms) -> String {
    meta_of(|name| {
        let code = terms.codes().find(|(field, _)| field.code() == name).map(|(_, code)| code);
        code.map(|code| code.to_string()).unwrap_or_default()
    })
}

impl Client for Session<'_> {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        let known = self.known;
        again(known, || self.try_apply(op))
    }

    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()> {
        let new = new_record(n, Some(seconds))?;
        let written = record::write(self.app, &staff(self.app)?, self.known.whose(n), &new)?;
        self.known.put(n, Slot::of(written.record_id, &written.value_ids));
        Ok(())
    }
}
