-- subjects. Serves: the facts the gate decides on: never a value, only flags, an epoch and consent bits; and the
-- keyed hash of the printed secret, so that an erasure finds its row in secrets.
-- Lies: yes, a writer can grant consent in a person's name here; the consent chain and the log contradict him.
CREATE TABLE subjects (
    subject_id {BYTES} NOT NULL PRIMARY KEY,
    bucket_id {BYTES} NOT NULL,
    status {INT64} NOT NULL,
    epoch {INT64} NOT NULL,
    restriction {INT64} NOT NULL,
    facts {BYTES} NOT NULL,
    created_at {INT64} NOT NULL,
    secret_mac {BYTES}
) {CLUSTERED};

-- dossier. Serves: what is written down about a person, each thing a row: 1 value sets, each value sealed apart; 2 consent
-- records (ISO/IEC TS 27560 keys, no value); 3 the append-only chain of each consent; 4 receipts, sealed; 5 history,
-- sealed under that person's key, so that at erasure the log stays whole and loses its person.
-- Lies: rows can vanish, the log's entries remain; a ciphertext cannot be swapped (subject, category, record and version
-- are authenticated); receipt and payload hash contradict a changed record; each link of a chain carries the hash of the
-- one before and its log entry.
CREATE TABLE dossier (
    subject_id {BYTES} NOT NULL,
    kind {INT64} NOT NULL,
    item {BYTES} NOT NULL,
    number {INT64} NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (subject_id, kind, item, number)
) {STRICT};

-- lookups. Serves: finding subjects by e-mail, phone or IIN through a keyed hash; never unique (C9.0).
-- Lies: a writer can point a hash at another subject; proven contacts are checked again against the value itself.
CREATE TABLE lookups (
    category TEXT NOT NULL,
    mac {BYTES} NOT NULL,
    subject_id {BYTES} NOT NULL,
    proven {INT64} NOT NULL,
    PRIMARY KEY (category, mac, subject_id)
) {CLUSTERED};

-- id_index. Serves: the subject of the id of a consent or a receipt; one table, so that the ids made together lie
-- together. Lies: a wrong row finds nothing; the record names its subject.
CREATE TABLE id_index (
    id {BYTES} NOT NULL PRIMARY KEY,
    subject_id {BYTES} NOT NULL
) {CLUSTERED};
