//! What the commands do, in one place: the same code runs on an open folder and, through the control socket,
//! inside the running server.
//!
//! Every command takes and gives JSON; paths in it are absolute.

use std::path::{Path, PathBuf};

use app::operator::Standing;
use app::{App, Failure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Actor, Locale, Principal, ProcessingContext, PurposeId, RoleId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use web::control::ControlError;

use crate::wiring::Instance;
use crate::{backups, files};

/// Where an operator uses a set-up link, below the base address.
const SETUP_PATH: &str = "/console/set-up/";
/// How long a rotation waits for another node: as long as a node that is gone holds the lease, and then some.
const ELSEWHERE_AT_MOST: std::time::Duration = app::keys::LEASE.saturating_mul(4);
/// How often it looks meanwhile.
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(200);
/// Log entries read at once for an export.
const ENTRIES_PER_UNIT: u32 = 1_000;

/// Carries a command out.
///
/// # Errors
/// An unknown command, a body that cannot be read, what the use case says.
pub fn run(instance: &Instance, command: &str, body: Value) -> Result<Value, ControlError> {
    let app = &instance.app;
    match command {
        "ping" => Ok(json!({ "version": env!("CARGO_PKG_VERSION"), "instance": instance.about.id })),
        "notice-publish" => notice_publish(app, &read(body)?),
        "notice-list" => notice_list(app),
        "notice-text" => notice_text(app, &read(body)?),
        "operator-add" => operator_add(app, read::<OperatorAdd>(body)?.roles),
        "operator-list" => Ok(json!({ "items": app::operator::list(app, &app.system()).map_err(refused)? })),
        "operator-standing" => operator_standing(app, &read(body)?),
        "api-key-list" => Ok(json!({ "items": app::api_key::list(app, &app.system()).map_err(refused)? })),
        "api-key-revoke" => api_key_revoke(app, &read(body)?),
        "api-key-add" => api_key_add(app, &read(body)?),
        "rule-make" => rule_make(app, &read(body)?),
        "rule-list" => rule_list(app),
        "rule-end" => rule_end(app, &read(body)?),
        "key-rotate" => key_rotate(instance),
        "key-status" => Ok(json!(app::keys::status(app).map_err(refused)?)),
        "backup" => backup(instance, read(body)?),
        "mail-outbox" => mail_outbox(app),
        "evidence" => {
            Ok(json!(app::evidence::compute(app, read::<Language>(body)?.language).map_err(refused)?))
        }
        "scan-structure" => {
            app::erasure::sweep(app).map_err(refused)?;
            Ok(json!({ "findings": app::backup::scan_structure(app).map_err(refused)? }))
        }
        "fsck" => Ok(json!({ "problems": app::log::fsck(app).map_err(refused)? })),
        "export" => export(app, &read::<Folder>(body)?.dir),
        "state" => state(instance),
        _ => Err(ControlError::new(
            404,
            "command-unknown",
            "the running server does not know this command: is it older?",
        )),
    }
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, ControlError> {
    serde_json::from_value(body)
        .map_err(|_| ControlError::new(400, "malformed", "the body of the command cannot be read"))
}

/// A failure as the person at the terminal reads it.
fn refused(failure: Failure) -> ControlError {
    match failure {
        Failure::Refused(violations) => {
            let code = violations.first().map_or("refused", |violation| violation.code);
            let all: Vec<String> = violations
                .iter()
                .map(|violation| format!("{} ({})", violation.code, violation.clause))
                .collect();
            ControlError::new(422, code, format!("refused: {}", all.join(", ")))
        }
        Failure::NotFound => ControlError::new(404, "not-found", "not found"),
        Failure::Conflict(code) => {
            ControlError::new(409, code, format!("not possible in this state: {code}"))
        }
        Failure::Store(fault) => ControlError::new(503, "store", fault.to_string()),
        Failure::EpochEnded(fault) => ControlError::new(503, "keys", format!("keys cannot be used: {fault}")),
        Failure::Keys(text) => ControlError::new(503, "keys", format!("keys cannot be used: {text}")),
        other => ControlError::new(409, "refused", other.to_string()),
    }
}

fn broken(fault: &anyhow::Error) -> ControlError {
    ControlError::new(500, "failed", format!("{fault:#}"))
}

fn role_of(text: &str) -> Result<RoleId, ControlError> {
    RoleId::new(text).map_err(|_| ControlError::new(422, "role-unknown", format!("no such role: {text}")))
}

#[derive(Deserialize)]
struct Language {
    language: Locale,
}

#[derive(Deserialize)]
struct Folder {
    dir: PathBuf,
}

#[derive(Deserialize)]
struct NoticePublish {
    language: Locale,
    effective_on: jiff::civil::Date,
    version: Option<String>,
    body_base64: String,
}

fn notice_publish(app: &App, asked: &NoticePublish) -> Result<Value, ControlError> {
    let body = STANDARD
        .decode(&asked.body_base64)
        .map_err(|_| ControlError::new(400, "malformed", "the notice is not in base64"))?;
    let publication = app::notice::Publication {
        language: asked.language,
        effective_on: asked.effective_on,
        version: asked.version.clone(),
        body,
        source: "published",
    };
    let (notice, findings) = app::notice::publish(app, &app.system(), publication).map_err(refused)?;
    let mut view = notice_view(&notice);
    view["findings"] = json!(findings);
    Ok(view)
}

fn notice_view(notice: &app::notice::Notice) -> Value {
    json!({
        "notice_id": notice.id,
        "version": notice.version,
        "language": notice.language,
        "sha256": notice.sha256_hex(),
        "effective_on": notice.effective_on.to_string(),
        "published_at": notice.published_at,
        "source": notice.source,
    })
}

fn notice_list(app: &App) -> Result<Value, ControlError> {
    let items: Vec<Value> = app::notice::list(app).map_err(refused)?.iter().map(notice_view).collect();
    Ok(json!({ "items": items }))
}

#[derive(Deserialize)]
struct NoticeText {
    version: String,
    language: Locale,
}

fn notice_text(app: &App, asked: &NoticeText) -> Result<Value, ControlError> {
    let notice = app::notice::fetch(app, &asked.version, asked.language).map_err(refused)?;
    let mut view = notice_view(&notice);
    view["body_base64"] = json!(STANDARD.encode(&notice.body));
    Ok(view)
}

#[derive(Deserialize)]
struct OperatorAdd {
    #[serde(default)]
    roles: Vec<String>,
}

fn operator_add(app: &App, roles: Vec<String>) -> Result<Value, ControlError> {
    let roles = if roles.is_empty() {
        first_roles(app)
    } else {
        let mut known = Vec::new();
        for text in roles {
            let role = role_of(&text)?;
            let allowed = app
                .policy()
                .role(role)
                .is_some_and(|role| role.principals.contains(&policy::PrincipalKind::Operator));
            if !allowed {
                return Err(ControlError::new(422, "role-unknown", format!("no role for operators: {text}")));
            }
            known.push(role);
        }
        known
    };
    let link = setup_link(app, roles.clone()).map_err(refused)?;
    Ok(json!({ "setup_link": link, "roles": roles }))
}

/// The roles of the first operator: every role that an operator may have, since nobody else is there yet.
pub fn first_roles(app: &App) -> Vec<RoleId> {
    app.policy()
        .roles()
        .iter()
        .filter(|role| role.principals.contains(&policy::PrincipalKind::Operator))
        .map(|role| role.id)
        .collect()
}

/// A one-time link for setting up an operator.
///
/// # Errors
/// Faults of the store.
pub fn setup_link(app: &App, roles: Vec<RoleId>) -> Result<String, Failure> {
    let token = app::operator::setup_link(app, &app.system(), roles)?;
    Ok(format!("{}{SETUP_PATH}{token}", app.settings().base_url))
}

#[derive(Deserialize)]
struct OperatorStanding {
    /// Login or id.
    operator: String,
    standing: String,
}

fn operator_standing(app: &App, asked: &OperatorStanding) -> Result<Value, ControlError> {
    let standing = Standing::from_code(&asked.standing)
        .ok_or_else(|| ControlError::new(422, "standing-unknown", "active, suspended or revoked"))?;
    let wanted = asked.operator.trim().to_lowercase();
    let found = app::operator::list(app, &app.system())
        .map_err(refused)?
        .into_iter()
        .find(|one| one.login == wanted || one.operator_id.to_string() == wanted)
        .ok_or_else(|| ControlError::new(404, "not-found", "no operator has this login or id"))?;
    let changed =
        app::operator::set_standing(app, &app.system(), found.operator_id, standing).map_err(refused)?;
    Ok(json!(changed))
}

#[derive(Deserialize)]
struct ApiKeyRevoke {
    /// Id, or a name that one key has.
    key: String,
}

fn api_key_revoke(app: &App, asked: &ApiKeyRevoke) -> Result<Value, ControlError> {
    let keys = app::api_key::list(app, &app.system()).map_err(refused)?;
    let wanted = asked.key.trim();
    let live = |key: &app::api_key::KeyView| key.status == "active" && key.name == wanted;
    let named: Vec<_> = keys.iter().filter(|key| key.id.to_string() == wanted || live(key)).collect();
    let [key] = named.as_slice() else {
        let message = if named.is_empty() {
            "no key has this id or name"
        } else {
            "several keys have this name: give the id"
        };
        return Err(ControlError::new(404, "not-found", message));
    };
    app::api_key::revoke(app, &app.system(), key.id).map_err(refused)?;
    Ok(json!({ "id": key.id, "name": key.name, "status": "revoked" }))
}

#[derive(Deserialize)]
struct ApiKeyAdd {
    name: String,
    role: String,
    #[serde(default)]
    purposes: Vec<String>,
}

fn api_key_add(app: &App, asked: &ApiKeyAdd) -> Result<Value, ControlError> {
    let role = role_of(&asked.role)?;
    let mut purposes = Vec::new();
    for text in &asked.purposes {
        let purpose = PurposeId::new(text)
            .map_err(|_| ControlError::new(422, "purpose-unknown", format!("no such purpose: {text}")))?;
        purposes.push(purpose);
    }
    let key = app::api_key::add(app, &app.system(), &asked.name, role, purposes).map_err(refused)?;
    Ok(json!({ "id": key.id, "name": key.name, "key": key.key.expose() }))
}

#[derive(Deserialize)]
struct RuleMake {
    pattern: String,
    effect: String,
    standing: bool,
    ground: String,
}

/// Rules that a list shows.
const RULES_LISTED: u32 = 200;

fn rule_make(app: &App, asked: &RuleMake) -> Result<Value, ControlError> {
    let no = |what: &str| {
        ControlError::new(422, "malformed", format!("{what} cannot be read; see senim rule make --help"))
    };
    let new = app::rule::NewRule {
        pattern: asked.pattern.parse().map_err(|_| no("the pattern"))?,
        effect: asked.effect.parse().map_err(|_| no("the effect"))?,
        is_standing: asked.standing,
        ground: asked.ground.parse().map_err(|_| no("the ground"))?,
    };
    Ok(json!(app::rule::make(app, &app.system(), &new).map_err(refused)?))
}

fn rule_list(app: &App) -> Result<Value, ControlError> {
    let (rules, _) = app::rule::page(app, &app.system(), None, RULES_LISTED).map_err(refused)?;
    let items: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let mut item = json!(rule);
            item["pattern_text"] = rule.pattern.to_string().into();
            item
        })
        .collect();
    Ok(json!({ "items": items }))
}

#[derive(Deserialize)]
struct RuleEnd {
    rule: String,
}

fn rule_end(app: &App, asked: &RuleEnd) -> Result<Value, ControlError> {
    let id = asked
        .rule
        .trim()
        .parse()
        .map_err(|_| ControlError::new(404, "not-found", "no rule has this id; see senim rule list"))?;
    Ok(json!(app::rule::end(app, &app.system(), id).map_err(refused)?))
}

fn key_rotate(instance: &Instance) -> Result<Value, ControlError> {
    Ok(json!(rotate(instance).map_err(|fault| broken(&fault))?))
}

/// Rotates, after whichever node is at it now: that one may have passed by what was erased since it began.
///
/// # Errors
/// Of the use case or of the key backup; then rotate again.
pub fn rotate(instance: &Instance) -> anyhow::Result<app::keys::Rotation> {
    let began = std::time::Instant::now();
    loop {
        match moving(instance, app::keys::rotate)? {
            Err(Failure::Conflict(app::keys::ELSEWHERE)) if began.elapsed() < ELSEWHERE_AT_MOST => {
                std::thread::sleep(LOOK_AGAIN);
            }
            done => {
                let done = done?;
                renew_key_backup(instance)?;
                return Ok(done);
            }
        }
    }
}

/// Rotates if the epoch is over, unless another node does.
///
/// # Errors
/// Of the use case or of the key backup; it is tried again at the next look.
pub fn rotate_if_due(instance: &Instance) -> anyhow::Result<Option<app::keys::Rotation>> {
    let done = moving(instance, app::keys::rotate_if_due)??;
    if done.is_some() {
        renew_key_backup(instance)?;
    }
    Ok(done)
}

/// Does something during which no key backup is made.
fn moving<R>(instance: &Instance, f: impl FnOnce(&App) -> R) -> anyhow::Result<R> {
    let _held = instance.keys_at_rest.lock().map_err(|_| anyhow::anyhow!("a rotation failed; restart"))?;
    Ok(f(&instance.app))
}

/// Replaces the key backup at once, so that no copy of an ended epoch's keys is left with us.
fn renew_key_backup(instance: &Instance) -> anyhow::Result<()> {
    let folder = instance.config.backup_keys_dir();
    if backups::keys_note(&folder)?.is_some() {
        backups::keys(instance, &folder)?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct BackupAsked {
    dir: Option<PathBuf>,
}

fn backup(instance: &Instance, asked: BackupAsked) -> Result<Value, ControlError> {
    let (data_dir, keys_dir) = match asked.dir {
        Some(dir) => (dir.clone(), dir.join("keys")),
        None => (instance.config.backup_dir(), instance.config.backup_keys_dir()),
    };
    let data = backups::data(instance, &data_dir).map_err(|fault| broken(&fault))?;
    let keys = backups::keys(instance, &keys_dir).map_err(|fault| broken(&fault))?;
    Ok(json!({ "data": data, "keys": { "folder": keys_dir, "note": keys } }))
}

fn mail_outbox(app: &App) -> Result<Value, ControlError> {
    let waiting = app::outbox::list(app, &app.system()).map_err(refused)?;
    let items: Vec<Value> = waiting
        .iter()
        .map(|mail| {
            let letter = mail.letter.as_ref();
            json!({
                "job_id": mail.job,
                "due_at": mail.due_at,
                "attempts": mail.attempts,
                "to": letter.map(|letter| letter.to.expose()),
                "from": letter.map(|letter| &letter.from),
                "subject": letter.map(|letter| &letter.letter.subject),
                "body": letter.map(|letter| &letter.letter.body),
                "message_id": letter.map(|letter| &letter.message_id),
                "language": letter.map(|letter| letter.locale),
            })
        })
        .collect();
    Ok(json!({ "items": items }))
}

/// What `doctor` asks a running server about.
fn state(instance: &Instance) -> Result<Value, ControlError> {
    let app = &instance.app;
    Ok(json!({
        "locations": app.settings().locations,
        "keystore": {
            "place": instance.keystore.place(),
            "token": instance.keystore.token().map_err(|fault| broken(&fault))?,
        },
        "country": app.policy().controller().country,
        "smtp": app.settings().smtp,
        "waiting_mails": app::outbox::count(app).map_err(refused)?,
        "log_problems": app::log::fsck(app).map_err(refused)?,
        "structure": app::backup::scan_structure(app).map_err(refused)?,
        "keys": app::keys::status(app).map_err(refused)?,
        "no_operator": app::operator::none_yet(app).map_err(refused)?,
        "rehearsal": app.settings().rehearsal,
        "now": app.now(),
    }))
}

/// Writes what an auditor may have, without values: checkpoint, tiles, entries, key, notices.
fn export(app: &App, folder: &Path) -> Result<Value, ControlError> {
    write_export(app, folder).map_err(|fault| broken(&fault))
}

fn write_export(app: &App, folder: &Path) -> anyhow::Result<Value> {
    anyhow::ensure!(files::names(folder)?.is_empty(), "{}: is not empty", folder.display());
    files::create_folder(folder)?;
    let put = |name: &str, bytes: &[u8]| -> anyhow::Result<()> {
        let path = folder.join(name);
        if let Some(parent) = path.parent().filter(|parent| !parent.exists()) {
            files::create_folder(parent)?;
        }
        Ok(files::replace(&path, bytes)?)
    };
    let ctx = ProcessingContext {
        actor: Actor { principal: Principal::System, role: RoleId::new("auditor")? },
        ..app.system()
    };
    let checkpoint = app::log::checkpoint(app)?;
    let key = tlog::VerifierKey::parse(&app::log::vkey(app))?;
    let size = tlog::Checkpoint::open(&checkpoint, &key)?.size;
    put("log/checkpoint", checkpoint.as_bytes())?;
    put("log/vkey", app::log::vkey(app).as_bytes())?;
    let mut tiles = 0;
    for hashes in tlog::tile::completed(0, size).into_iter().chain(tlog::tile::partial(size)) {
        // Beside each lowest tile stands the bundle of the entries under it.
        let bundle = (hashes.kind == tlog::tile::Kind::Hashes(0))
            .then(|| tlog::tile::Tile::entries(hashes.index, hashes.width));
        for tile in std::iter::once(hashes).chain(bundle) {
            let path = tile.path();
            let below = path.strip_prefix("tile/").unwrap_or(&path);
            put(&format!("log/{path}"), &app::log::tile(app, below)?)?;
            tiles += 1;
        }
    }
    let mut lines = Vec::new();
    let mut from = 0;
    while from < size {
        let entries = app::log::entries(app, &ctx, from, ENTRIES_PER_UNIT)?;
        let Some(last) = entries.last() else { break };
        from = last.index + 1;
        for entry in entries.iter().filter(|entry| entry.index < size) {
            serde_json::to_writer(&mut lines, entry)?;
            lines.push(b'\n');
        }
    }
    put("log/entries.jsonl", &lines)?;
    let notices = app::notice::list(app)?;
    for notice in &notices {
        // A version is a name that somebody chose: it must not lead out of the folder.
        let version: String = notice
            .version
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
            .collect();
        put(&format!("notices/{version}/notice.{}.md", notice.language), &notice.body)?;
    }
    Ok(json!({ "dir": folder, "log_size": size, "tiles": tiles, "notices": notices.len() }))
}
