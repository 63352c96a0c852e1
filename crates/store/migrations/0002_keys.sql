-- The three key tables are never part of a data backup.

-- key_epochs. Serves: which epoch is open; the epoch keys themselves live in the keystore.
-- Lies: a writer can stop the instance from sealing, but opens nothing.
CREATE TABLE key_epochs (
    epoch {INT64} NOT NULL PRIMARY KEY,
    opened_at {INT64} NOT NULL,
    state TEXT NOT NULL
) {STRICT};

-- key_buckets. Serves: bucket keys wrapped by an epoch key; up to 256 subjects each.
-- Lies: a swapped wrapping does not open (it is authenticated); removing one destroys 256 people's data.
CREATE TABLE key_buckets (
    bucket_id {BYTES} NOT NULL PRIMARY KEY,
    epoch {INT64} NOT NULL,
    wrapped {BYTES} NOT NULL,
    dirty {INT64} NOT NULL
) {CLUSTERED};
CREATE INDEX key_buckets_by_epoch ON key_buckets (epoch);

-- keyrings. Serves: each person's record keys, sealed. Lies: an old copy put back would revive a destroyed key
-- until its bucket is renewed at the end of the epoch; the structural scan compares with the tombstones.
CREATE TABLE keyrings (
    subject_id {BYTES} NOT NULL PRIMARY KEY,
    bucket_id {BYTES} NOT NULL,
    wrapped_key {BYTES} NOT NULL,
    sealed {BYTES} NOT NULL
) {STRICT};
CREATE INDEX keyrings_by_bucket ON keyrings (bucket_id);
