-- sessions. Serves: signed-in people and staff; only a keyed hash of the token.
-- Lies: a writer without the server key cannot make a token that matches; he can end sessions.
CREATE TABLE sessions (
    token_mac {BYTES} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id {BYTES},
    operator_id {BYTES},
    csrf {BYTES} NOT NULL,
    created_at {INT64} NOT NULL,
    expires_at {INT64} NOT NULL
) {CLUSTERED};
CREATE INDEX sessions_by_subject ON sessions (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX sessions_by_operator ON sessions (operator_id) WHERE operator_id IS NOT NULL;

-- signin_codes. Serves: codes sent to a contact, as keyed hashes, with the subjects they open.
-- Lies: a writer could add a subject to a code he was sent; the contact is compared with the proven value.
CREATE TABLE signin_codes (
    contact_mac {BYTES} NOT NULL PRIMARY KEY,
    code_mac {BYTES} NOT NULL,
    subjects {BYTES} NOT NULL,
    attempts {INT64} NOT NULL,
    expires_at {INT64} NOT NULL
) {CLUSTERED};

-- secrets. Serves: the secret printed on a receipt, as a keyed hash. Lies: as sessions.
CREATE TABLE secrets (
    secret_mac {BYTES} NOT NULL PRIMARY KEY,
    subject_id {BYTES} NOT NULL,
    created_at {INT64} NOT NULL
) {CLUSTERED};

-- operators. Serves: staff accounts: password hash and sealed TOTP secret.
-- Lies: yes, a writer can make himself an operator; the log has no entry for it and evidence turns red.
CREATE TABLE operators (
    operator_id {BYTES} NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    totp_sealed {BYTES} NOT NULL,
    roles TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at {INT64} NOT NULL,
    totp_step {INT64} NOT NULL,
    failures {INT64} NOT NULL,
    locked_until {INT64}
) {STRICT};
CREATE UNIQUE INDEX operators_by_login ON operators (login);

-- api_keys. Serves: programs with roles and purposes; only a keyed hash of the key. Lies: as sessions and operators.
CREATE TABLE api_keys (
    key_id {BYTES} NOT NULL PRIMARY KEY,
    key_mac {BYTES} NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    purposes TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at {INT64} NOT NULL
) {STRICT};
CREATE UNIQUE INDEX api_keys_by_mac ON api_keys (key_mac);

-- setup_links. Serves: one-time links that make an operator account. Lies: as sessions.
CREATE TABLE setup_links (
    token_mac {BYTES} NOT NULL PRIMARY KEY,
    roles TEXT NOT NULL,
    expires_at {INT64} NOT NULL,
    used {INT64} NOT NULL
) {CLUSTERED};
