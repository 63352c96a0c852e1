//! Keys on a PKCS#11 token (SoftHSM 2), seen through the real program: what was destroyed opens nowhere, no epoch key
//! leaves the token, and a node without its token says why it does not start.

use std::path::{Path, PathBuf};

use ::hsm::{Token, TokenKeystore};
use cryptoki::context::Pkcs11;
use cryptoki::object::{Attribute, AttributeInfo, AttributeType, ObjectClass};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use testkit::site::{Site, senim, text};
use testkit::softhsm::{self, PIN, Tokens};
use vault::{Keystore as _, KeystoreFault};
use zeroize::Zeroizing;

const LABEL: &str = "senim";

/// A folder and the server on it, with its keys on the token of this process.
struct Scene {
    folder: tempfile::TempDir,
    site: Site,
}

fn variables(address: &str) -> Vec<(String, String)> {
    vec![("SENIM_KEYSTORE".to_owned(), address.to_owned())]
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Site::under(&folder.path().join("data"), &[], &variables(&softhsm::address()));
        Self { folder, site }
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// What a server says that does not start.
fn refused(data: &Path, keystore: Option<&str>, more: &[&str]) -> String {
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
    arguments.extend(keystore.iter().flat_map(|address| ["--keystore", address]));
    arguments.extend(more);
    let (code, said) = senim(&arguments, "");
    assert_eq!(code, 1, "{said}");
    said
}

fn token() -> Token {
    Token::open(&softhsm::address().parse().unwrap(), &Zeroizing::new(PIN.to_owned())).unwrap()
}

/// The keys of the instance as this process sees them beside the server.
fn keystore(data: &Path) -> TokenKeystore {
    let about = std::fs::read_to_string(data.join("about.toml")).unwrap();
    let id = about.lines().find_map(|line| line.strip_prefix("id = ")).unwrap();
    token().of_instance(id.trim_matches('"'))
}

/// A session of somebody who knows the PIN and asks the token past every rule of ours.
fn session() -> Session {
    token(); // loads and initialises the module
    let module = Pkcs11::new(softhsm::module()).unwrap();
    let slot = module.get_slots_with_initialized_token().unwrap()[0];
    let session = module.open_rw_session(slot).unwrap();
    let _ = session.login(UserType::User, Some(&AuthPin::from(PIN)));
    session
}

fn epoch_keys(session: &Session) -> Vec<cryptoki::object::ObjectHandle> {
    session.find_objects(&[Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Token(true)]).unwrap()
}

/// Wrapped bucket keys of a key backup: epoch, place, wrapped.
fn wrapped(keys: &Path) -> Vec<(u32, Vec<u8>, Vec<u8>)> {
    let database = rusqlite::Connection::open(keys.join("keys.db")).unwrap();
    let mut rows = database.prepare("SELECT bucket_id, epoch, wrapped FROM key_buckets").unwrap();
    let rows = rows.query_map([], |row| {
        let (bucket, epoch): (Vec<u8>, u32) = (row.get(0)?, row.get(1)?);
        let place = [b"senim/v1/bucket\0", &epoch.to_be_bytes()[..], &bucket].concat();
        Ok((epoch, place, row.get(2)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn clause_17_4_with_a_token_what_was_saved_of_the_erased_opens_nowhere_after_the_epoch() {
    if !softhsm::alone(
        "hsm::clause_17_4_with_a_token_what_was_saved_of_the_erased_opens_nowhere_after_the_epoch",
        LABEL,
    ) {
        return;
    }
    let scene = Scene::new();
    let site = &scene.site;
    let aigul = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let nurlan = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    assert_eq!(site.read(&text(&aigul, "subject_id"), "p8-2").0, 200);
    let saved = scene.beside("saved");
    let (code, said) = site.senim(&["backup", "--to", saved.to_str().unwrap()]);
    assert!(code == 0 && said.contains("no backup holds them"), "{said}");
    assert!(!saved.join("keys/keystore").exists(), "a copy of what cannot be copied");
    let copies = wrapped(&saved.join("keys"));
    let keys = keystore(&site.data);
    assert!(!copies.is_empty());
    for (epoch, place, copy) in &copies {
        assert!(keys.unwrap(*epoch, place, copy).is_ok(), "the control: it opens while its epoch lasts");
    }

    site.erase(&text(&aigul, "subject_id"));
    let (code, said) = site.senim(&["key", "rotate", "--json"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(keys.epochs().unwrap(), [2], "the old epoch's key is on the token");
    assert_eq!(epoch_keys(&session()).len(), 1);
    for (epoch, place, copy) in &copies {
        assert!(matches!(keys.unwrap(*epoch, place, copy), Err(KeystoreFault::Missing(1))));
        assert!(matches!(keys.unwrap(2, place, copy), Err(KeystoreFault::Unopened(_))));
    }
    assert_eq!(site.read(&text(&aigul, "subject_id"), "p8-2").0, 410);
    assert_eq!(site.read(&text(&nurlan, "subject_id"), "p8-2").0, 200);
    assert_eq!(site.senim(&["erasure", "scan"]).0, 0);

    // The saved pair brings nobody back, on any machine.
    let restored = scene.beside("restored");
    let (code, said) = senim(
        &[
            "restore",
            "--take-over",
            "--data",
            restored.to_str().unwrap(),
            "--from",
            saved.to_str().unwrap(),
            "--keystore",
            &softhsm::address(),
        ],
        "",
    );
    assert!(code == 1 && said.contains("dead"), "{said}");
    assert!(!restored.join("about.toml").exists());
}

#[test]
fn clause_10_7_no_epoch_key_leaves_the_token() {
    if !softhsm::alone("hsm::clause_10_7_no_epoch_key_leaves_the_token", LABEL) {
        return;
    }
    let scene = Scene::new();
    scene.site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let session = session();
    let keys = epoch_keys(&session);
    assert_eq!(keys.len(), 1);
    for key in keys {
        let what = session.get_attribute_info(key, &[AttributeType::Value]).unwrap();
        assert!(matches!(what.as_slice(), [AttributeInfo::Sensitive]), "{what:?}");
        let kinds = [
            AttributeType::Label,
            AttributeType::Sensitive,
            AttributeType::AlwaysSensitive,
            AttributeType::NeverExtractable,
            AttributeType::Private,
        ];
        let found = session.get_attributes(key, &kinds).unwrap();
        let label = found.iter().find_map(|one| match one {
            Attribute::Label(label) => Some(String::from_utf8_lossy(label).into_owned()),
            _ => None,
        });
        assert!(label.is_some_and(|label| label.starts_with("senim ") && label.ends_with(" epoch 1")));
        for is in [
            Attribute::Sensitive(true),
            Attribute::AlwaysSensitive(true),
            Attribute::NeverExtractable(true),
            Attribute::Private(true),
        ] {
            assert!(found.contains(&is), "{is:?}");
        }
        // Nor by a change, a copy, or a wrapping of somebody who knows the PIN.
        assert!(session.update_attributes(key, &[Attribute::Extractable(true)]).is_err());
        assert!(session.copy_object(key, &[Attribute::Extractable(true)]).is_err());
        let template = [
            Attribute::Wrap(true),
            Attribute::Token(false),
            Attribute::ValueLen(32.into()),
            Attribute::Encrypt(true),
        ];
        let other = session.generate_key(&cryptoki::mechanism::Mechanism::AesKeyGen, &template).unwrap();
        assert!(session.wrap_key(&cryptoki::mechanism::Mechanism::AesKeyWrapPad, other, key).is_err());
    }
    // Nothing of the keystore lies in the data folder.
    assert!(!scene.site.data.join("keystore").exists());
}

#[test]
fn clause_17_a_restart_finds_its_keys_on_the_token_again() {
    if !softhsm::alone("hsm::clause_17_a_restart_finds_its_keys_on_the_token_again", LABEL) {
        return;
    }
    let Scene { folder, site } = Scene::new();
    let before = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let data = site.data.clone();
    site.server.kill();
    // Also by an argument, and from a configuration file.
    let (code, said) =
        senim(&["key", "rotate", "--data", data.to_str().unwrap(), "--keystore", &softhsm::address()], "");
    assert_eq!(code, 0, "{said}");
    let file = folder.path().join("senim.toml");
    std::fs::write(&file, format!("keystore = {:?}\n", softhsm::address())).unwrap();
    let site = Site::under(&data, &["--config", file.to_str().unwrap()], &[]);
    let after = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    for person in [before, after] {
        assert_eq!(site.read(&text(&person, "subject_id"), "p8-2").0, 200);
    }
    let (code, said) = site.senim(&["doctor", "--config", file.to_str().unwrap(), "--json"]);
    assert!(said.contains("keystore-token") && said.contains("cannot be copied"), "{code} {said}");
}

#[test]
fn reliability_a_node_without_its_token_is_refused_with_advice() {
    if !softhsm::alone("hsm::reliability_a_node_without_its_token_is_refused_with_advice", LABEL) {
        return;
    }
    let scene = Scene::new();
    scene.site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let address = softhsm::address();
    let (head, pin) = address.rsplit_once("&pin-source=file:").unwrap();
    let Scene { site, folder } = scene;
    let data = site.data.clone();
    site.server.kill();
    let refused = |address: &str| refused(&data, Some(address), &[]);

    let said = refused(&address.replace("/libsofthsm2.so", "/none.so"));
    assert!(said.contains("none.so") && said.contains("module-path"), "{said}");
    let said = refused(&address.replace("token=senim", "token=other"));
    assert!(said.contains("\"other\"") && said.contains("there are: \"senim\""), "{said}");
    let said = refused(head);
    assert!(said.contains("SENIM_KEYSTORE_PIN"), "{said}");
    let wrong = folder.path().join("wrong");
    std::fs::write(&wrong, "1111-wrong-pin\n").unwrap();
    let said = refused(&format!("{head}&pin-source=file:{}", wrong.display()));
    assert!(said.contains("refuses the PIN") && !said.contains("1111-wrong-pin"), "{said}");
    let said = refused(&format!("{head}&pin-value={PIN}"));
    assert!(said.contains("pin-source") && !said.contains(PIN), "{said}");
    // Its keys are looked for in files, where they are not.
    let said = self::refused(&data, None, &[]);
    assert!(said.contains("--keystore"), "{said}");
    assert!(!site.data.join("keystore").exists(), "new keys were made beside the token's");

    // The PIN by a variable instead of a file.
    let variables = [("SENIM_KEYSTORE_PIN".to_owned(), PIN.to_owned())];
    let (code, said) = testkit::site::senim_with(
        &variables,
        &["key", "status", "--data", data.to_str().unwrap(), "--keystore", head],
        "",
    );
    assert_eq!((code, pin.is_empty()), (0, false), "{said}");

    // The key of the epoch is deleted behind the server's back.
    keystore(&data).destroy_epoch(1).unwrap();
    let said = refused(&address);
    assert!(said.contains("lacks the key of epoch 1") && said.contains("maker's means"), "{said}");
}

#[test]
fn reliability_a_token_of_another_instance_is_refused() {
    if !softhsm::alone("hsm::reliability_a_token_of_another_instance_is_refused", LABEL) {
        return;
    }
    let scene = Scene::new();
    scene.site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    // A second instance does not start on the token of the first, as long as it does not share its database.
    let said = refused(&scene.beside("second"), Some(&softhsm::address()), &["--database", "sqlite"]);
    assert!(said.contains("restore"), "{said}");
    assert!(!scene.beside("second/about.toml").exists());
    // An instance whose keys are in files, started with somebody's token.
    let files = Site::open(&scene.beside("files"));
    let data = files.data.clone();
    files.server.kill();
    let said = refused(&data, Some(&softhsm::address()), &[]);
    assert!(said.contains("serves the instance"), "{said}");
    // And with an empty one.
    let tokens = Tokens::with("empty");
    let variables: Vec<_> =
        tokens.variables().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let arguments =
        ["key", "status", "--data", data.to_str().unwrap(), "--keystore", &tokens.address("empty")];
    let (code, said) = testkit::site::senim_with(&variables, &arguments, "");
    assert!(code == 1 && said.contains("senim key import"), "{said}");
}

#[test]
fn clause_17_2_a_restore_with_a_token_brings_back_the_living_and_takes_the_token_over() {
    if !softhsm::alone(
        "hsm::clause_17_2_a_restore_with_a_token_brings_back_the_living_and_takes_the_token_over",
        LABEL,
    ) {
        return;
    }
    let Scene { folder, site } = Scene::new();
    let aigul = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let nurlan = site.submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (old, new) = (path("old"), path("new"));
    assert_eq!(site.senim(&["backup", "--to", &old]).0, 0);
    site.erase(&text(&aigul, "subject_id"));
    assert_eq!(site.senim(&["key", "rotate"]).0, 0);
    assert_eq!(site.senim(&["backup", "--to", &new]).0, 0);
    assert_eq!(site.senim(&["backup"]).0, 0);
    let (code, said) = site.senim(&["doctor"]);
    assert!(said.contains("restored on trial") && said.contains("keystore-token"), "{code} {said}");
    site.server.kill();

    let (keys, address, data) = (format!("{new}/keys"), softhsm::address(), path("restored"));
    let restore = |more: &[&str]| {
        let mut arguments = vec!["restore", "--data", &data, "--from", &old, "--keys", &keys];
        arguments.extend(more);
        senim(&arguments, "")
    };
    let (code, said) = restore(&[]);
    assert!(code == 1 && said.contains("are in the token \"senim\""), "{said}");
    let (code, said) = restore(&["--keystore", &address]);
    assert!(code == 1 && said.contains("--take-over"), "{said}");
    let (code, said) = restore(&["--keystore", &address, "--take-over"]);
    assert_eq!(code, 0, "{said}");
    let site = Site::under(Path::new(&data), &[], &variables(&address));
    assert_eq!(site.read(&text(&nurlan, "subject_id"), "p8-2").0, 200);
    assert_eq!(site.read(&text(&aigul, "subject_id"), "p8-2").0, 410);
    assert_eq!(site.senim(&["key", "rotate"]).0, 0);
    assert_eq!(site.senim(&["erasure", "scan"]).0, 0);
}

#[test]
fn clause_17_4_keys_move_from_files_to_a_token_and_the_files_open_nothing_more() {
    if !softhsm::alone(
        "hsm::clause_17_4_keys_move_from_files_to_a_token_and_the_files_open_nothing_more",
        LABEL,
    ) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    let person = site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let log_key = site.page("/.well-known/senim-log-key").body;
    assert_eq!(site.senim(&["backup"]).0, 0);
    let address = softhsm::address();
    let import = ["key", "import", "--keystore", &address];
    let (code, said) = site.senim(&import);
    assert!(code == 1 && said.contains("stop"), "beside a running server: {said}");
    let data = site.data.clone();
    site.server.kill();
    // What was under the files' keys, saved by somebody.
    let saved = folder.path().join("saved");
    std::fs::create_dir(&saved).unwrap();
    std::fs::copy(data.join("backups/keys/keys.db"), saved.join("keys.db")).unwrap();

    let all = [&import[..], &["--data", data.to_str().unwrap()]].concat();
    let (code, said) = senim(&all, "");
    assert_eq!(code, 0, "{said}");
    assert!(!data.join("keystore").exists() && !data.join("backups/keys/keystore").exists());
    let keys = keystore(&data);
    assert_eq!(keys.epochs().unwrap(), [2]);
    let session = session();
    let held = epoch_keys(&session);
    let origin = session.get_attributes(held[0], &[AttributeType::NeverExtractable]).unwrap();
    assert_eq!((held.len(), origin), (1, vec![Attribute::NeverExtractable(true)]), "made outside the token");
    for (_, place, copy) in wrapped(&saved) {
        assert!(keys.unwrap(1, &place, &copy).is_err() && keys.unwrap(2, &place, &copy).is_err());
    }
    let (code, said) = senim(&all, "");
    assert!(code == 1 && said.contains("holds no keys"), "a second time: {said}");

    // The same people, the same log, the same indexes.
    let site = Site::under(&data, &[], &variables(&address));
    assert_eq!(site.read(&text(&person, "subject_id"), "p8-2").0, 200);
    assert_eq!(site.page("/.well-known/senim-log-key").body, log_key);
    let asked = serde_json::json!({ "email": "aigul@example.kz" });
    let (_, found) = site.call(&site.service, "POST", "/api/v1/subjects/lookup", &asked);
    assert_eq!(found["items"][0]["subject_id"], person["subject_id"]);
    let (code, said) = site.senim(&["doctor"]);
    assert!(said.contains("restored on trial"), "{code} {said}");
}

/// Another node's variables: its own folder, the database of the first.
fn joined(first: &Path, address: &str) -> Vec<(String, String)> {
    let database =
        testkit::family::variables(first).into_iter().map(|(name, value)| (name.to_owned(), value));
    variables(address).into_iter().chain(database).collect()
}

/// How often keys are rotated while forms come in.
const ROTATIONS: usize = 6;

#[test]
fn clause_17_4_two_nodes_share_a_token_and_one_rotates_while_forms_come_in_on_both() {
    if !testkit::family::is_server()
        || !softhsm::alone(
            "hsm::clause_17_4_two_nodes_share_a_token_and_one_rotates_while_forms_come_in_on_both",
            LABEL,
        )
    {
        return;
    }
    let Scene { folder, site: first } = Scene::new();
    // A node needs its configuration and the token, and nothing of the first one's folder.
    let second = Site::under(&folder.path().join("second"), &[], &joined(&first.data, &softhsm::address()));
    let erased = first.submit("Айгүл", "+7 701 000 00 00", "erased@example.kz");
    let read = |site: &Site, person: &serde_json::Value| site.read(&text(person, "subject_id"), "p8-2").0;
    assert_eq!(read(&second, &erased), 200);
    second.erase(&text(&erased, "subject_id"));

    let done = std::sync::atomic::AtomicBool::new(false);
    let taken: Vec<_> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (site, done) = ([&first, &second][writer % 2], &done);
                scope.spawn(move || {
                    let mut taken = Vec::new();
                    while !done.load(std::sync::atomic::Ordering::Relaxed) || taken.len() < 5 {
                        let email = format!("w{writer}-{}@example.kz", taken.len());
                        // One person keeps asking: the limit on forms is not what is looked at here.
                        let (status, answer) = site.try_submit("Айгүл", "+7 701 123 45 67", &email);
                        match status {
                            201 => taken.push(answer),
                            429 => std::thread::sleep(std::time::Duration::from_millis(20)),
                            _ => panic!("a form was refused: {status} {answer}"),
                        }
                    }
                    taken
                })
            })
            .collect();
        // Each node in turn, and both at once.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for rotation in 0..ROTATIONS {
                let (code, said) = [&first, &second][rotation % 2].senim(&["key", "rotate"]);
                assert_eq!(code, 0, "{said}");
            }
            std::thread::scope(|scope| {
                let both = [&first, &second].map(|site| scope.spawn(|| site.senim(&["key", "rotate"])));
                for one in both {
                    let (code, said) = one.join().unwrap();
                    assert_eq!(code, 0, "{said}");
                }
            });
        }));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        let taken = writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect();
        outcome.unwrap();
        taken
    });
    let keys = keystore(&first.data);
    assert_eq!(keys.epochs().unwrap(), [u32::try_from(ROTATIONS).unwrap() + 3]);
    assert_eq!(epoch_keys(&session()).len(), 1, "two keys of one epoch");
    for person in &taken {
        assert_eq!((read(&first, person), read(&second, person)), (200, 200));
    }
    assert_eq!((read(&first, &erased), read(&second, &erased)), (410, 410));
    assert_eq!(first.senim(&["erasure", "scan"]).0, 0);
}

#[test]
fn reliability_a_node_with_other_keys_than_the_others_is_refused() {
    if !testkit::family::is_server()
        || !softhsm::alone("hsm::reliability_a_node_with_other_keys_than_the_others_is_refused", LABEL)
    {
        return;
    }
    let Scene { folder, site: first } = Scene::new();
    first.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    let start = |name: &str, variables: &[(String, String)]| {
        let data = folder.path().join(name);
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        testkit::site::senim_with(variables, &arguments, "")
    };
    // A token of its own.
    let tokens = Tokens::with("other");
    let mut variables = joined(&first.data, &tokens.address("other"));
    variables.extend(tokens.variables().map(|(name, value)| (name.to_owned(), value)));
    let (code, said) = start("with-other-token", &variables);
    assert!(code == 1 && said.contains("other keys"), "{code} {said}");
    assert!(!folder.path().join("with-other-token/about.toml").exists());
    // The same folder with the right token is a node.
    let joined_now = joined(&first.data, &softhsm::address());
    drop(Site::under(&folder.path().join("with-other-token"), &[], &joined_now));
    // Keys of its own in files.
    let (code, said) = start("with-files", &joined(&first.data, "")[1..]);
    assert!(code == 1 && said.contains("other keys"), "{code} {said}");
    // Files of its own under the name of the first, as when its folder was copied without the keys.
    let copied = folder.path().join("copied");
    std::fs::create_dir_all(copied.join("keystore")).unwrap();
    let files = Site::with(&folder.path().join("donor"), &["--database", "sqlite"]);
    for key in std::fs::read_dir(files.data.join("keystore")).unwrap() {
        let key = key.unwrap();
        std::fs::copy(key.path(), copied.join("keystore").join(key.file_name())).unwrap();
    }
    std::fs::copy(first.data.join("about.toml"), copied.join("about.toml")).unwrap();
    let (code, said) = start("copied", &joined(&first.data, "")[1..]);
    assert!(code == 1 && said.contains("other keys"), "{code} {said}");
    // The first goes on.
    assert_eq!(first.try_submit("Нұрлан", "+7 701 765 43 21", "nurlan@example.kz").0, 201);
}

#[test]
fn reliability_the_rotation_of_a_node_that_died_is_taken_over_after_its_lease() {
    if !testkit::family::is_server() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let site = Site::open(&folder.path().join("data"));
    site.submit("Айгүл", "+7 701 123 45 67", "aigul@example.kz");
    // What a node leaves that was killed while it rotated.
    let url = testkit::family::url(&site.data).unwrap();
    let psql = Path::new(&std::env::var("SENIM_TEST_POSTGRES_BIN").unwrap()).join("psql");
    let statement = "INSERT INTO meta (key, value) VALUES ('key-rotation', decode(repeat('07', 24), 'hex'))";
    let done = std::process::Command::new(psql).args([&url, "-qc", statement]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let began = std::time::Instant::now();
    let (code, said) = site.senim(&["key", "rotate"]);
    assert_eq!(code, 0, "{said}");
    assert!(began.elapsed() >= app::keys::LEASE, "it did not wait for who might be alive");
    // It is given back: the next one does not wait.
    let began = std::time::Instant::now();
    assert_eq!(site.senim(&["key", "rotate"]).0, 0);
    assert!(began.elapsed() < app::keys::LEASE / 2);
}
