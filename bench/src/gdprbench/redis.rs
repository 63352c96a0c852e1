//! Redis: a hash for each key and a set for each value of each field; every write is synced before it is answered. What
//! changes a record and its sets is one transaction of a script.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use redis::{Connection, Script};

use super::oracle::meta_text;
use super::sqlite::now;
use super::trace::{Field, Op, Size, Which, data};
use super::{Answer, Client, PAGE, Replayer};

/// The replayer: a server of its own.
pub(super) struct Redis {
    server: Child,
    address: String,
    folder: std::path::PathBuf,
    size: Size,
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It is gone in either case.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Redis {
    pub fn new(folder: &Path, size: Size) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "yes"])
            .args(["--appendfsync", "always", "--auto-aof-rewrite-percentage", "0", "--dir"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()
            .context("redis-server is missing: install the Debian package redis-server")?;
        let this =
            Self { server, address: format!("redis://127.0.0.1:{port}/"), folder: folder.into(), size };
        let begun = Instant::now();
        let mut session = loop {
            match this.session() {
                Ok(session) => break session,
                Err(fault) if begun.elapsed() > Duration::from_secs(10) => return Err(fault),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        for first in (0..size.records).step_by(1_000) {
            let mut pipe = redis::pipe();
            for n in first..size.records.min(first + 1_000) {
                put(&mut pipe, &size, n, None);
            }
            pipe.exec(&mut session.connection)?;
        }
        Ok(this)
    }

    fn session(&self) -> anyhow::Result<Session> {
        let connection = redis::Client::open(self.address.as_str())?.get_connection()?;
        Ok(Session {
            connection,
            size: self.size,
            read: Script::new(READ),
            delete: Script::new(DELETE),
            update: Script::new(UPDATE),
        })
    }
}

/// Puts a record and its places in the sets into a pipeline.
fn put(pipe: &mut redis::Pipeline, size: &Size, n: u64, period: Option<u32>) {
    let value = |field: Field| match (field, period) {
        (Field::Period, Some(period)) => period.to_string(),
        _ => field.value(n),
    };
    let key = format!("r:{n}");
    let person = size.person(n).to_string();
    let created = now();
    let ends = created + value(Field::Period).parse::<i64>().unwrap_or(0);
    let mut hash: Vec<(&str, String)> = Field::ALL.map(|field| (field.name(), value(field))).into();
    hash.extend([("usr", person.clone()), ("created", created.to_string()), ("data", data(n, 0))]);
    pipe.hset_multiple(&key, &hash).ignore();
    pipe.expire_at(&key, ends).ignore();
    for field in Field::ALL {
        pipe.sadd(format!("s:{}:{}", field.name(), value(field)), &key).ignore();
    }
    pipe.sadd(format!("s:usr:{person}"), &key).ignore();
}

/// ARGV: the field to give (`data`, or `meta` for all), how many at most (0: all). KEYS: the set.
const READ: &str = r"
local out = {}
local limit = tonumber(ARGV[2])
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if ARGV[1] == 'data' then
    local data = redis.call('HGET', key, 'data')
    if data then out[#out + 1] = data end
  else
    local fields = redis.call('HMGET', key, 'pur', 'period', 'obj', 'dec', 'acl', 'shr', 'src', 'cat')
    if fields[1] then out[#out + 1] = table.concat(fields, '\n') end
  end
  if limit > 0 and #out >= limit then break end
end
return out";

/// KEYS: a set, or one key with ARGV `key`.
const DELETE: &str = r"
local keys = ARGV[1] == 'key' and {KEYS[1]} or redis.call('SMEMBERS', KEYS[1])
local done = 0
for _, key in ipairs(keys) do
  local fields = redis.call('HMGET', key, 'pur', 'period', 'obj', 'dec', 'acl', 'shr', 'src', 'cat', 'usr')
  if fields[1] then
    for at, name in ipairs({'pur', 'period', 'obj', 'dec', 'acl', 'shr', 'src', 'cat', 'usr'}) do
      redis.call('SREM', 's:' .. name .. ':' .. fields[at], key)
    end
    done = done + redis.call('DEL', key)
  else
    redis.call('SREM', KEYS[1], key)
  end
end
return done";

/// KEYS: a set, or one key with ARGV[1] `key`; ARGV[2] the field, ARGV[3] its value.
const UPDATE: &str = r"
local keys = ARGV[1] == 'key' and {KEYS[1]} or redis.call('SMEMBERS', KEYS[1])
local done = 0
for _, key in ipairs(keys) do
  local old = redis.call('HGET', key, ARGV[2])
  if old then
    done = done + 1
    redis.call('HSET', key, ARGV[2], ARGV[3])
    if ARGV[2] ~= 'data' then
      redis.call('SREM', 's:' .. ARGV[2] .. ':' .. old, key)
      redis.call('SADD', 's:' .. ARGV[2] .. ':' .. ARGV[3], key)
    end
    if ARGV[2] == 'period' then
      redis.call('EXPIREAT', key, redis.call('HGET', key, 'created') + ARGV[3])
    end
  end
end
return done";

impl Replayer for Redis {
    fn client(&self) -> anyhow::Result<Box<dyn Client + '_>> {
        Ok(Box::new(self.session()?))
    }

    fn settle(&self) -> anyhow::Result<()> {
        Ok(())
    }

    fn bytes(&self) -> anyhow::Result<(u64, u64)> {
        let bytes = crate::machine::bytes_below(&self.folder);
        Ok((bytes, bytes))
    }
}

struct Session {
    connection: Connection,
    size: Size,
    read: Script,
    delete: Script,
    update: Script,
}

fn set(which: &Which) -> String {
    match which {
        Which::Shared(field, value) => format!("s:{}:{value}", field.name()),
        Which::Of(person) => format!("s:usr:{person}"),
    }
}

impl Session {
    fn texts(&mut self, set: String, what: &str, limit: usize) -> anyhow::Result<Answer> {
        let texts: Vec<String> = self.read.key(set).arg(what).arg(limit).invoke(&mut self.connection)?;
        Ok(Answer::texts(texts.into_iter().map(|text| if what == "data" { text } else { named(&text) })))
    }

    fn update(&mut self, place: String, how: &str, field: &str, value: &str) -> anyhow::Result<Answer> {
        let done: usize =
            self.update.key(place).arg(how).arg(field).arg(value).invoke(&mut self.connection)?;
        Ok(if done > 0 || how == "set" { Answer::Done } else { Answer::Missing })
    }

    fn delete(&mut self, place: String, how: &str) -> anyhow::Result<Answer> {
        let done: usize = self.delete.key(place).arg(how).invoke(&mut self.connection)?;
        Ok(if done > 0 || how == "set" { Answer::Done } else { Answer::Missing })
    }

    fn create(&mut self, n: u64, period: Option<u32>) -> anyhow::Result<()> {
        let mut pipe = redis::pipe();
        pipe.atomic();
        put(&mut pipe, &self.size, n, period);
        Ok(pipe.exec(&mut self.connection)?)
    }
}

fn named(lines: &str) -> String {
    let values: Vec<&str> = lines.split('\n').collect();
    meta_text(|field| values.get(field as usize).copied().unwrap_or_default().to_owned())
}

impl Client for Session {
    fn apply(&mut self, op: &Op) -> anyhow::Result<Answer> {
        use redis::Commands as _;
        let key = |n: &u64| format!("r:{n}");
        match op {
            Op::Create(n) => self.create(*n, None).map(|()| Answer::Done),
            Op::Delete(which) => self.delete(set(which), "set"),
            Op::Update(which, field, value) => self.update(set(which), "set", field.name(), value),
            Op::ReadDataOf(person) => self.texts(set(&Which::Of(*person)), "data", 0),
            Op::ReadDataBy(field, value) => {
                self.texts(set(&Which::Shared(*field, value.clone())), "data", PAGE)
            }
            Op::ReadMetaOf(person) => self.texts(set(&Which::Of(*person)), "meta", 0),
            Op::ReadMeta(n) => {
                let names = Field::ALL.map(Field::name);
                let values: Vec<Option<String>> = self.connection.hmget(key(n), &names)?;
                let values: Option<Vec<String>> = values.into_iter().collect();
                Ok(values.map_or(Answer::Missing, |values| Answer::texts([named(&values.join("\n"))])))
            }
            Op::ReadData(n) => {
                let data: Option<String> = self.connection.hget(key(n), "data")?;
                Ok(data.map_or(Answer::Missing, |data| Answer::texts([data])))
            }
            Op::UpdateData(n, version) => self.update(key(n), "key", "data", &data(*n, *version)),
            Op::UpdateMeta(n, field, value) => self.update(key(n), "key", field.name(), value),
            Op::DeleteKey(n) => self.delete(key(n), "key"),
            // It keeps none.
            Op::ReadLog => Ok(Answer::Done),
            Op::VerifyDeletion(n) => {
                let exists: bool = self.connection.exists(key(n))?;
                Ok(Answer::Gone(!exists))
            }
        }
    }

    fn create_for(&mut self, n: u64, seconds: u32) -> anyhow::Result<()> {
        self.create(n, Some(seconds))
    }
}
