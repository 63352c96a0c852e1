//! The product over HTTP: the real web crate's server, a kept-alive connection for each client.

use std::net::SocketAddr;
use std::sync::Arc;

use model::RoleId;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::embedded::Embedded;
use super::people::{Known, PURPOSE, Slot, code_text, meta_of, term, terms};
use super::trace::{Op, Size, Which, data};
use super::{Answer, Client, PAGE, Replayer};
use crate::client::Connection;
use crate::stand::Stand;
use crate::suites::decisions::{runtime, serve};

/// The replayer.
pub(super) struct Http {
    inner: Embedded,
    runtime: Option<Runtime>,
    address: SocketAddr,
    keys: Keys,
}

#[derive(Clone)]
struct Keys {
    service: String,
    dpo: String,
    auditor: String,
}

impl Http {
    pub fn new(stand: &Stand, name: &str, size: Size) -> anyhow::Result<Self> {
        let inner = Embedded::new(stand, name, size)?;
        let key = |role: &str| -> anyhow::Result<String> {
            let app = inner.app();
            let made = app::api_key::add(app, &app.system(), role, RoleId::new(role)?, Vec::new())?;
            Ok(made.key.expose().clone())
        };
        let keys = Keys { service: key("service")?, dpo: key("dpo")?, auditor: key("auditor")? };
        let runtime = runtime()?;
        let address = serve(&runtime, inner.app())?;
        Ok(Self { inner, runtime: Some(runtime), address, keys })
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Replayer for Http {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>> {
        let connection = Connection::open(self.address)?;
        let (keys, known) = (self.keys.clone(), Arc::clone(self.inner.known()));
        Ok(Box::new(Session { connection, keys, known, logs: 0 }))
    }

    fn settle(&self) -> anyhow::Result<()> {
        self.inner.settle()
    }

    fn bytes(&self) -> anyhow::Result<(u64, u64)> {
        self.inner.bytes()
    }
}

struct Session {
    connection: Connection,
    keys: Keys,
    known: Arc<Known>,
    logs: u64,
}

/// Which key.
#[derive(Clone, Copy)]
enum As {
    Service,
    Dpo,
    Auditor,
}

impl Session {
    /// The answer, if what was asked about is there; begun again while the server says so.
    fn send(
        &mut self,
        who: As,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Option<Value>> {
        let key = match who {
            As::Service => &self.keys.service,
            As::Dpo => &self.keys.dpo,
            As::Auditor => &self.keys.auditor,
        };
        let body = body.map(Value::to_string).unwrap_or_default();
        loop {
            let (status, text) = self.connection.send(method, &format!("/api/v1{path}"), key, &body)?;
            match status {
                200 | 201 => return Ok(Some(serde_json::from_str(&text)?)),
                404 => return Ok(None),
                503 => {
                    self.known.again.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
                _ => anyhow::bail!("{path}: {status} {text}"),
            }
        }
    }

    fn rule(&mut self, which: &Which, effect: Value) -> anyhow::Result<Answer> {
        let Which::Shared(field, value) = which else { return Ok(Answer::Missing) };
        let mut body = effect;
        body["pattern"] = json!({ term(*field).code(): code_text(*field, value) });
        body["ground"] = "bench".into();
        self.send(As::Dpo, "POST", "/rules", Some(&body))?;
        Ok(Answer::Done)
    }

    fn write(&mut self, n: u64, period: Option<u32>) -> anyhow::Result<()> {
        let body = json!({
            "purpose": PURPOSE,
            "values": { "message": data(n, 0) },
            "terms": serde_json::to_value(terms(n, period)?)?,
        });
        let path = format!("/subjects/{}/records", self.known.whose(n));
        let written = self.send(As::Service, "POST", &path, Some(&body))?.unwrap_or_default();
        let values: Vec<model::RecordId> = serde_json::from_value(written["value_ids"].clone())?;
        self.known.put(n, Slot::of(serde_json::from_value(written["record_id"].clone())?, &values));
        Ok(())
    }

    /// The benchmark's records of a person, without values.
    fn listed(&mut self, person: u64) -> anyhow::Result<Vec<Value>> {
        let path = format!("/subjects/{}/records", self.known.subjects[person as usize]);
        let listed = self.send(As::Dpo, "GET", &path, None)?.unwrap_or_default();
        let items = listed["items"].as_array().cloned().unwrap_or_default();
        Ok(items.into_iter().filter(|item| item["categories"] == json!(["message"])).collect())
    }

    fn select(&mut self, which: &Which) -> anyhow::Result<Answer> {
        let Which::Shared(field, value) = which else { return Ok(Answer::Missing) };
        let pattern = format!("{}%3D{}", term(*field).code(), code_text(*field, value));
        let (mut texts, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/records?purpose={PURPOSE}&terms={pattern}&limit={PAGE}{cursor}");
            let page = self.send(As::Service, "GET", &path, None)?.unwrap_or_default();
            texts.extend(page["items"].as_array().into_iter().flatten().flat_map(messages));
            match page["next_cursor"].as_str() {
                Some(next) if texts.len() < PAGE => cursor = format!("&cursor={next}"),
                _ => break,
            }
        }
        texts.truncate(PAGE);
        Ok(Answer::texts(texts))
    }
}

/// The messages among the values of an answer.
fn messages(item: &Value) -> Vec<String> {
    let values = item["values"].as_array().into_iter().flatten();
    let messages = values.filter(|value| value["category"] == "message");
    messages.filter_map(|value| value["value"].as_str().map(str::to_owned)).collect()
}

fn meta(item: &Value) -> String {
    meta_of(|name| item["terms"][name].as_str().unwrap_or_default().to_owned())
}

fn done(found: Option<Value>) -> Answer {
    found.map_or(Answer::Missing, |_| Answer::Done)
}

impl Client for Session {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        let known = Arc::clone(&self.known);
        let subject = |person: &u64| known.subjects[*person as usize];
        Ok(match op {
            Op::Create(n) => {
                self.write(*n, None)?;
                Answer::Done
            }
            Op::Delete(Which::Of(person)) => {
                self.send(
                    As::Dpo,
                    "POST",
                    &format!("/subjects/{}/records/all/delete", subject(person)),
                    None,
                )?;
                Answer::Done
            }
            Op::Delete(which) => self.rule(which, json!({ "destroy": true }))?,
            Op::Update(Which::Of(person), field, value) => {
                let body = json!({ "terms": { term(*field).code(): code_text(*field, value) } });
                let path = format!("/subjects/{}/records/all/terms", subject(person));
                self.send(As::Dpo, "POST", &path, Some(&body))?;
                Answer::Done
            }
            Op::Update(which, field, value) => {
                self.rule(which, json!({ "set": { term(*field).code(): code_text(*field, value) } }))?
            }
            Op::ReadDataOf(person) => {
                let path = format!("/subjects/{}/data?purpose={PURPOSE}&categories=message", subject(person));
                let view = self.send(As::Service, "GET", &path, None)?.unwrap_or_default();
                Answer::texts(messages(&view))
            }
            Op::ReadDataBy(field, value) => self.select(&Which::Shared(*field, value.clone()))?,
            Op::ReadMetaOf(person) => Answer::texts(self.listed(*person)?.iter().map(meta)),
            Op::ReadMeta(n) => {
                let slot = known.slot(*n).map(|slot| slot.record.to_string());
                let listed = self.listed(known.size.person(*n))?;
                let one = listed.iter().find(|item| item["record_id"].as_str() == slot.as_deref());
                one.map_or(Answer::Missing, |one| Answer::texts([meta(one)]))
            }
            Op::ReadData(n) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let path =
                    format!("/subjects/{}/records/{}/data?purpose={PURPOSE}", known.whose(*n), slot.record);
                let view = self.send(As::Service, "GET", &path, None)?;
                view.map_or(Answer::Missing, |view| Answer::texts(messages(&view)))
            }
            Op::UpdateData(n, version) => loop {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let path = format!("/subjects/{}/values/{}/rectify", known.whose(*n), slot.value);
                let body = json!({ "value": data(*n, *version) });
                if let Some(changed) = self.send(As::Dpo, "POST", &path, Some(&body))? {
                    let value = serde_json::from_value(changed["value_id"].clone())?;
                    known.put(*n, Some(Slot { value, ..slot }));
                    break Answer::Done;
                }
                // Somebody else changed it at this moment, or it is gone.
                if known.slot(*n).is_none_or(|now| now.value == slot.value) {
                    break Answer::Missing;
                }
            },
            Op::UpdateMeta(n, field, value) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let body = json!({ "terms": { term(*field).code(): code_text(*field, value) } });
                let path = format!("/subjects/{}/records/{}/terms", known.whose(*n), slot.record);
                done(self.send(As::Dpo, "POST", &path, Some(&body))?)
            }
            Op::DeleteKey(n) => {
                let Some(slot) = known.slot(*n) else { return Ok(Answer::Missing) };
                let path = format!("/subjects/{}/records/{}/delete", known.whose(*n), slot.record);
                done(self.send(As::Dpo, "POST", &path, None)?)
            }
            Op::ReadLog => {
                self.logs += 1;
                let from = self.logs * 97 % known.size.records;
                self.send(As::Auditor, "GET", &format!("/log/entries?cursor={from}&limit=100"), None)?;
                Answer::Done
            }
            Op::VerifyDeletion(n) => {
                let slot = known.slot(*n).map(|slot| slot.record.to_string());
                let listed = self.listed(known.size.person(*n))?;
                Answer::Gone(listed.iter().all(|item| item["record_id"].as_str() != slot.as_deref()))
            }
        })
    }

    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()> {
        self.write(n, Some(seconds))
    }
}
