-- The journals: log-structured as etcd, each revision written once, the current object of a key being its highest revision unless that
-- is a deletion. The program applies what is missing at its start, under an advisory lock; by hand, run the files in the order of their
-- numbers with: psql --single-transaction -f FILE. Each may be run again.

CREATE TABLE IF NOT EXISTS statefulsets_schema (
    version integer PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- One row a journal: who leads it and how far it has come. Every append is conditional upon it. The row changes with each batch; the
-- room in its page lets that happen in place.
CREATE TABLE IF NOT EXISTS journal_heads (
    journal text COLLATE "C" PRIMARY KEY,
    epoch bigint NOT NULL,
    revision bigint NOT NULL,
    compacted bigint NOT NULL
) WITH (fillfactor = 10);

-- There is no index on the key: it would cost every write, and the two who want it (who reads the live objects, who trims) read the
-- whole log or remember. An object of up to 8 KB stays in its row, uncompressed: kept apart it would be three writes instead of one.
CREATE TABLE IF NOT EXISTS journal_revisions (
    journal text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    uid text COLLATE "C" NOT NULL,
    deleted boolean NOT NULL,
    commit_id uuid NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (journal, revision)
) WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

ALTER TABLE journal_revisions ALTER COLUMN payload SET STORAGE EXTERNAL;

INSERT INTO statefulsets_schema (version) VALUES (1) ON CONFLICT DO NOTHING;
