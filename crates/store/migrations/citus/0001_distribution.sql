-- How the tables are spread over the nodes of a Citus cluster. Run once by the owner of the schema, after the first
-- `senim serve` made the tables and before anybody is taken in; `docs/operations/scale-out.md` has the whole way.
-- A test holds this file against the tables: each stands here once, spread by a column of its primary key.
--
-- A person's rows lie together, by subject_id: every act about one person stays on one node, but for the rows that find
-- the person again (lookups, ids, numbers, secrets), which lie by their own key, and the entry that waits for the log.

-- Persons.
SELECT create_distributed_table('subjects', 'subject_id');
SELECT create_distributed_table('keyrings', 'subject_id', colocate_with => 'subjects');
SELECT create_distributed_table('dossier', 'subject_id', colocate_with => 'subjects');
SELECT create_distributed_table('enquiries', 'subject_id', colocate_with => 'subjects');
SELECT create_distributed_table('requests', 'subject_id', colocate_with => 'subjects');
SELECT create_distributed_table('jobs', 'subject_id', colocate_with => 'subjects');
SELECT create_distributed_table('tombstones', 'subject_id', colocate_with => 'subjects');

-- What leads to a person, by its own key.
SELECT create_distributed_table('lookups', 'mac', colocate_with => 'none');
SELECT create_distributed_table('id_index', 'id', colocate_with => 'none');
SELECT create_distributed_table('numbers', 'number', colocate_with => 'none');
SELECT create_distributed_table('idempotency', 'key', colocate_with => 'none');
SELECT create_distributed_table('sessions', 'token_mac', colocate_with => 'none');
SELECT create_distributed_table('signin_codes', 'contact_mac', colocate_with => 'none');
SELECT create_distributed_table('secrets', 'secret_mac', colocate_with => 'none');

-- Bucket keys, 256 people each; and entries on their way into the log.
SELECT create_distributed_table('key_buckets', 'bucket_id', colocate_with => 'none');
SELECT create_distributed_table('log_pending', 'entry_id', colocate_with => 'none');
SELECT create_distributed_table('bulk_reads', 'entry_id', colocate_with => 'none');

-- Small, read everywhere, seldom written: a copy on every node.
SELECT create_reference_table('meta');
SELECT create_reference_table('notices');
SELECT create_reference_table('key_epochs');
SELECT create_reference_table('operators');
SELECT create_reference_table('api_keys');
SELECT create_reference_table('setup_links');
SELECT create_reference_table('terms');
SELECT create_reference_table('term_index');
SELECT create_reference_table('rules');
SELECT create_reference_table('rule_groups');

-- One log has one order and one writer: these stay on the coordinator.
SELECT citus_add_local_table_to_metadata('log_entries');
SELECT citus_add_local_table_to_metadata('log_tiles');
SELECT citus_add_local_table_to_metadata('log_state');
SELECT citus_add_local_table_to_metadata('fence_journal');
