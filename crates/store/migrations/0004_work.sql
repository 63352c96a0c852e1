-- enquiries. Serves: what a person asked the company for, and where it stands.
-- Lies: a writer can change a state; the log's entries of kind enquiry contradict him.
CREATE TABLE enquiries (
    subject_id {BYTES} NOT NULL,
    enquiry_id {BYTES} NOT NULL,
    number TEXT NOT NULL,
    form TEXT NOT NULL,
    purpose TEXT NOT NULL,
    status TEXT NOT NULL,
    opened_at {INT64} NOT NULL,
    changed_at {INT64} NOT NULL,
    PRIMARY KEY (subject_id, enquiry_id)
) {CLUSTERED};
CREATE INDEX enquiries_by_id ON enquiries (enquiry_id);

-- numbers. Serves: the subject and the act behind a printed reference number. Lies: a wrong row leads nowhere.
CREATE TABLE numbers (
    number TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id {BYTES} NOT NULL,
    reference {BYTES} NOT NULL
) {CLUSTERED};

-- requests. Serves: requests about rights with their deadlines. Lies: a writer can move a deadline; the log's
-- entry of the opening fixes it.
CREATE TABLE requests (
    subject_id {BYTES} NOT NULL,
    request_id {BYTES} NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    due_at {INT64} NOT NULL,
    opened_at {INT64} NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (subject_id, request_id)
) {STRICT};
CREATE INDEX requests_by_id ON requests (request_id);

-- jobs. Serves: slow or outgoing work, its payload sealed; subject_id is 16 zero bytes for work about nobody.
-- Lies: a writer can drop a job or repeat it; the claim checks the consent epoch, the gate is asked again.
CREATE TABLE jobs (
    subject_id {BYTES} NOT NULL,
    job_id {BYTES} NOT NULL,
    epoch {INT64},
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    due_at {INT64} NOT NULL,
    attempts {INT64} NOT NULL,
    payload {BYTES} NOT NULL,
    record_id {BYTES},
    template TEXT NOT NULL,
    locale TEXT NOT NULL,
    message_id TEXT NOT NULL,
    PRIMARY KEY (subject_id, job_id)
) {CLUSTERED};
CREATE INDEX jobs_waiting ON jobs (kind, due_at) WHERE status = 'waiting';

-- idempotency. Serves: one act per (principal, key); holds a keyed hash of the body and the ids made, never an answer.
-- Lies: a writer can make an act run twice or answer 410.
CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    key TEXT NOT NULL,
    body_mac {BYTES} NOT NULL,
    operation TEXT NOT NULL,
    status {INT64} NOT NULL,
    ids TEXT NOT NULL,
    subject_id {BYTES},
    at {INT64} NOT NULL,
    PRIMARY KEY (principal, key)
) {CLUSTERED};
CREATE INDEX idempotency_by_subject ON idempotency (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX idempotency_by_time ON idempotency (at);
