-- terms. Serves: groups of records under the same terms; a record names its group, and a rule changes the group. joins: the
-- terms with which a record comes that joins this group now; none once a rule set the group apart from what comes later.
-- Lies: a writer can change what records stand under; the entries of the rules in the log contradict him.
CREATE TABLE terms (
    group_id {INT64} NOT NULL PRIMARY KEY,
    terms TEXT NOT NULL,
    joins TEXT UNIQUE,
    rule {INT64} NOT NULL,
    ended {INT64} NOT NULL
) {STRICT};

-- term_index. Serves: the groups that have a term, among those that stand. Lies: a missing row hides a group from rules.
CREATE TABLE term_index (
    field {INT64} NOT NULL,
    code TEXT NOT NULL,
    group_id {INT64} NOT NULL,
    PRIMARY KEY (field, code, group_id)
) {CLUSTERED};

-- rules. Serves: what holds for a group of records from a moment on, in the order it was made, each with its log entry and
-- salt, so that every person whose records it met is shown it. Lies: a vanished rule is still an entry of the log.
CREATE TABLE rules (
    number {INT64} NOT NULL PRIMARY KEY,
    rule_id {BYTES} NOT NULL UNIQUE,
    pattern TEXT NOT NULL,
    effect TEXT NOT NULL,
    standing {INT64} NOT NULL,
    ground TEXT NOT NULL,
    made_at {INT64} NOT NULL,
    ended_at {INT64},
    entry TEXT NOT NULL,
    salt {BYTES} NOT NULL
) {STRICT};
CREATE INDEX rules_standing ON rules (number) WHERE standing = 1 AND ended_at IS NULL;

-- rule_groups. Serves: the rules that changed a group. Lies: as rules.
CREATE TABLE rule_groups (
    group_id {INT64} NOT NULL,
    number {INT64} NOT NULL,
    PRIMARY KEY (group_id, number)
) {CLUSTERED};

-- bulk_reads. Serves: who was among those whom one entry is about: a mark of each, which only that person's keys make, in
-- order of the marks. Lies: the entry carries the hash of the list.
CREATE TABLE bulk_reads (
    entry_id {BYTES} NOT NULL PRIMARY KEY,
    entry TEXT NOT NULL,
    salt {BYTES} NOT NULL,
    marks {BYTES} NOT NULL
) {CLUSTERED};

-- The group of a record, and the number of the last rule that held for the group before the record was in it.
ALTER TABLE dossier ADD COLUMN group_id {INT64};
ALTER TABLE dossier ADD COLUMN since {INT64};
CREATE INDEX dossier_by_group ON dossier (group_id, item) WHERE group_id IS NOT NULL;
