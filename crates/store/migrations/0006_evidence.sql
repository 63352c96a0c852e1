-- notices. Serves: every published notice version byte for byte. Lies: its SHA-256 stands in the log and in each consent.
CREATE TABLE notices (
    notice_id {BYTES} NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    sha256 {BYTES} NOT NULL,
    body {BYTES} NOT NULL,
    effective_on TEXT NOT NULL,
    published_at {INT64} NOT NULL,
    source TEXT NOT NULL
) {STRICT};
CREATE INDEX notices_in_force ON notices (language, effective_on, published_at);

-- tombstones. Serves: what remains of an erased person: that, when and why; keyed commitments, no value.
-- Lies: a writer can erase the evidence of an erasure; the log entry and the person's receipt remain.
CREATE TABLE tombstones (
    subject_id {BYTES} NOT NULL PRIMARY KEY,
    erasure_id {BYTES} NOT NULL,
    erased_at {INT64} NOT NULL,
    ground TEXT NOT NULL,
    clause TEXT NOT NULL,
    entry_id {BYTES} NOT NULL,
    evidence {BYTES} NOT NULL,
    evidence_until {INT64},
    retained TEXT NOT NULL,
    rows_gone {INT64} NOT NULL
) {CLUSTERED};
CREATE INDEX tombstones_pending ON tombstones (erased_at) WHERE rows_gone = 0;

-- fence_journal. Serves: a restore re-applies from it what ended after the data backup: erasures, withdrawals,
-- restrictions, each with the facts after the act. Lies: a writer could leave one out; the log entries remain.
CREATE TABLE fence_journal (
    number {INT64} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id {BYTES} NOT NULL,
    at {INT64} NOT NULL,
    facts {BYTES},
    detail TEXT NOT NULL
) {STRICT};
