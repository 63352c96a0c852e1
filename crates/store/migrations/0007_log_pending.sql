-- log_pending. Serves: entries that are durable and wait for their index, where several nodes share the database; on
-- the embedded one an entry gets its index in the same commit, and only a restore finds rows here.
-- Lies: a writer can drop an entry before it is integrated; the act it is about stands, and its receipt stays out.
CREATE TABLE log_pending (
    entry_id {BYTES} NOT NULL PRIMARY KEY,
    commitment {BYTES} NOT NULL,
    salt {BYTES},
    entry TEXT
) {STRICT};
