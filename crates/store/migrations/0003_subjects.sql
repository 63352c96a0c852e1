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

-- value_sets. Serves: the values of one act of collection, each sealed apart, kept and erased together.
-- Lies: a ciphertext cannot be swapped (subject, category, record and version are authenticated); rows can vanish.
CREATE TABLE value_sets (
    subject_id {BYTES} NOT NULL,
    set_id {BYTES} NOT NULL,
    body {BYTES} NOT NULL,
    PRIMARY KEY (subject_id, set_id)
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

-- consents. Serves: the consent record (ISO/IEC TS 27560 keys, no value). Lies: the receipt and the payload hash
-- in the log contradict a changed record.
CREATE TABLE consents (
    subject_id {BYTES} NOT NULL,
    consent_id {BYTES} NOT NULL,
    notice_id {BYTES} NOT NULL,
    record TEXT NOT NULL,
    given_at {INT64} NOT NULL,
    PRIMARY KEY (subject_id, consent_id)
) {STRICT};

-- id_index. Serves: the subject of the id of a consent or a receipt; one table, so that the ids made together lie
-- together. Lies: a wrong row finds nothing; the record names its subject.
CREATE TABLE id_index (
    id {BYTES} NOT NULL PRIMARY KEY,
    subject_id {BYTES} NOT NULL
) {CLUSTERED};

-- consent_events. Serves: the append-only chain of what happened to a consent.
-- Lies: each link carries the hash of the one before and its log entry; a cut or changed chain is found.
CREATE TABLE consent_events (
    subject_id {BYTES} NOT NULL,
    consent_id {BYTES} NOT NULL,
    number {INT64} NOT NULL,
    kind TEXT NOT NULL,
    purposes TEXT NOT NULL,
    operations {INT64} NOT NULL,
    at {INT64} NOT NULL,
    previous {BYTES} NOT NULL,
    entry_id {BYTES},
    PRIMARY KEY (subject_id, consent_id, number)
) {CLUSTERED};
