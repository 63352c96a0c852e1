//! What the store does when its ground shakes: locked, foreign, full, failing, damaged.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::PermissionsExt as _;

use model::Witness as _;

use super::{Folder, fsck, line, log_size, open_embedded, open_epoch, signer, submit};
use crate::tables::meta;
use crate::{Fault, Options, Store};

#[test]
fn one_process_holds_a_folder() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    assert_eq!(open_embedded(folder.path()).err(), Some(Fault::Locked));
    drop(store);
    assert!(open_embedded(folder.path()).is_ok());
}

#[test]
fn nobody_else_may_read_the_files() {
    let folder = Folder::new();
    let path = folder.path().join("data");
    let store = open_embedded(&path).unwrap();
    open_epoch(&store);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    for file in std::fs::read_dir(&path).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn a_foreign_database_is_not_touched() {
    let folder = Folder::new();
    let database = folder.path().join("senim.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.execute_batch("CREATE TABLE other (a)").unwrap();
    drop(connection);
    let before = std::fs::read(&database).unwrap();
    assert!(matches!(open_embedded(folder.path()).err(), Some(Fault::Version { found: 0, .. })));
    assert_eq!(std::fs::read(&database).unwrap(), before);
    std::fs::write(&database, b"no database at all, only some text that is long enough to be read as a header..........................").unwrap();
    assert!(matches!(open_embedded(folder.path()).err(), Some(Fault::Corrupt(_) | Fault::Version { .. })));
}

#[test]
fn a_newer_folder_is_refused_with_advice() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    store
        .write(|tx| {
            let mut schema = meta::get(tx, "schema")?.unwrap();
            schema.extend(b" feedface");
            meta::put(tx, "schema", &schema)
        })
        .unwrap();
    drop(store);
    let fault = open_embedded(folder.path()).err().unwrap();
    let expected = crate::migrations::newest();
    assert_eq!(fault, Fault::Version { found: expected + 1, expected });
    assert!(fault.to_string().contains("newer program"));
}

#[test]
fn on_a_full_disk_only_the_protected_lane_writes() {
    let folder = Folder::new();
    let options = || Options {
        path: folder.path().into(),
        log: signer(7),
        max_bytes: Some(2 << 20),
        readers: 1,
        server: None,
    };
    let mut store = Store::open(options()).unwrap();
    open_epoch(&store);
    let mut number = 1;
    let full = loop {
        match store.write(move |tx| submit(tx, number)) {
            Ok(()) => number += 1,
            Err(fault) => break fault,
        }
    };
    assert_eq!(full, Fault::Full);
    let size = log_size(&store);
    assert_eq!(size, (number - 1) * 2);
    for round in 0..10u64 {
        let entry = 1_000_000 + round;
        store.write_protected(move |tx| tx.append(line(entry, None))).unwrap();
        assert_eq!(store.write(move |tx| submit(tx, number + 1 + round)), Err(Fault::Full));
        if round == 5 {
            drop(store);
            store = Store::open(options()).unwrap();
        }
    }
    assert_eq!(log_size(&store), size + 10);
    assert!(!store.is_stopped());
    assert_eq!(fsck(&store), Vec::<String>::new());
}

#[test]
fn after_a_storage_error_nothing_is_acknowledged_until_a_restart() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    store.write(|tx| tx.append(line(1, None))).unwrap();
    store.inject(Fault::Io("fsync".into()));
    assert_eq!(store.write(|tx| tx.append(line(2, None))), Err(Fault::Io("fsync".into())));
    assert!(store.is_stopped());
    assert_eq!(store.write(|tx| tx.append(line(3, None))), Err(Fault::Stopped));
    assert_eq!(store.write_protected(|tx| tx.append(line(3, None))), Err(Fault::Stopped));
    assert_eq!(store.read(crate::log::state), Err(Fault::Stopped));
    drop(store);
    let store = open_embedded(folder.path()).unwrap();
    assert_eq!(log_size(&store), 1);
    store.write(|tx| tx.append(line(2, None))).unwrap();
    assert_eq!(fsck(&store), Vec::<String>::new());
}

#[test]
fn a_transient_full_disk_refuses_and_recovers() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    store.inject(Fault::Full);
    assert_eq!(store.write(|tx| tx.append(line(1, None))), Err(Fault::Full));
    store.inject(Fault::Full);
    store.write_protected(|tx| tx.append(line(2, None))).unwrap();
    store.write(|tx| tx.append(line(1, None))).unwrap();
    assert_eq!(log_size(&store), 2);
    assert_eq!(fsck(&store), Vec::<String>::new());
}

#[test]
fn a_damaged_page_stops_the_store() {
    let folder = Folder::new();
    let store = open_embedded(folder.path()).unwrap();
    open_epoch(&store);
    for number in 1..400 {
        store.write(move |tx| submit(tx, number)).unwrap();
    }
    drop(store); // everything is in the one file now
    let path = folder.path().join("senim.db");
    let length = std::fs::metadata(&path).unwrap().len();
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let mut page = length / 4096 / 2;
    while page < length / 4096 - 60 {
        file.seek(SeekFrom::Start(page * 4096)).unwrap();
        file.write_all(&[0xee; 4096]).unwrap();
        page += 1;
    }
    drop(file);
    let Ok(store) = open_embedded(folder.path()) else { return };
    let damaged = store.read(|tx| tx.query_all("SELECT body FROM dossier", &[]));
    assert!(matches!(damaged, Err(Fault::Corrupt(_))), "{damaged:?}");
    assert!(store.is_stopped());
    assert_eq!(store.write(|tx| tx.append(line(9_999_999, None))), Err(Fault::Stopped));
}
