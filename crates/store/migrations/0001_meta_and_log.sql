-- {BYTES} {INT64} {STRICT} {CLUSTERED} are given their form by store::dialect. This file never changes: its hash
-- is pinned in store::migrations. Each table says what it serves and whether one who can write it can lie.

-- meta. Serves: the schema version, the folder's marks (rehearsal) and small settings of the instance.
-- Lies: a writer can make a folder refuse to open or hide that it is a rehearsal; the log's origin still tells.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value {BYTES} NOT NULL
) {CLUSTERED};

-- log_entries. Serves: role auditor and the proofs; one row for each leaf. Entry and salt are NULL where only the
-- commitment came back from a restore. Lies: no; the commitment is under a signed checkpoint that others hold.
CREATE TABLE log_entries (
    log_index {INT64} NOT NULL PRIMARY KEY,
    entry_id {BYTES} NOT NULL,
    commitment {BYTES} NOT NULL,
    salt {BYTES},
    entry TEXT
) {STRICT};
CREATE UNIQUE INDEX log_entries_by_id ON log_entries (entry_id);

-- log_tiles. Serves: C2SP tiles and proofs; at level 0 full tiles only, above it also the growing last one.
-- Lies: no; fsck recomputes each tile from the commitments.
CREATE TABLE log_tiles (
    level {INT64} NOT NULL,
    tile {INT64} NOT NULL,
    hashes {BYTES} NOT NULL,
    PRIMARY KEY (level, tile)
) {STRICT};

-- log_state. Serves: the one newest checkpoint; compared and swapped by whoever integrates.
-- Lies: a writer can put an older checkpoint back; a witness or a receipt holder shows it.
CREATE TABLE log_state (
    id {INT64} NOT NULL PRIMARY KEY,
    size {INT64} NOT NULL,
    root {BYTES} NOT NULL,
    checkpoint TEXT NOT NULL
) {STRICT};
