-- The files of volumes and nodes: a tree a row, and its attachments, inodes, names and blocks of contents. Every flush of a tree is
-- conditional upon its row's epoch. A tree's number is never given again, so that whoever held a tree that was deleted can't write to one
-- that was made under its name since.

CREATE TABLE IF NOT EXISTS file_trees (
    tree bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    epoch bigint NOT NULL,
    written_by bigint NOT NULL DEFAULT 0,
    sequence bigint NOT NULL DEFAULT 0,
    next bigint NOT NULL DEFAULT 0,
    capacity bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0,
    attach_epoch bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS file_attachments (
    tree bigint NOT NULL,
    holder text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    exclusive boolean NOT NULL,
    origin text COLLATE "C" NOT NULL,
    PRIMARY KEY (tree, holder)
);

CREATE TABLE IF NOT EXISTS file_inodes (
    tree bigint NOT NULL,
    inode bigint NOT NULL,
    kind integer NOT NULL,
    mode integer NOT NULL,
    uid integer NOT NULL,
    gid integer NOT NULL,
    size bigint NOT NULL,
    links integer NOT NULL,
    accessed bigint NOT NULL,
    modified bigint NOT NULL,
    changed bigint NOT NULL,
    target text COLLATE "C",
    PRIMARY KEY (tree, inode)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

CREATE TABLE IF NOT EXISTS file_names (
    tree bigint NOT NULL,
    directory bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    inode bigint NOT NULL,
    PRIMARY KEY (tree, directory, name)
);

-- Files are compressed already or too small to gain by it.
CREATE TABLE IF NOT EXISTS file_blocks (
    tree bigint NOT NULL,
    inode bigint NOT NULL,
    block bigint NOT NULL,
    mask integer NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (tree, inode, block)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

ALTER TABLE file_blocks ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Trees that were deleted, while rows of theirs are left.
CREATE TABLE IF NOT EXISTS file_doomed (
    tree bigint PRIMARY KEY
);

INSERT INTO statefulsets_schema (version) VALUES (3) ON CONFLICT DO NOTHING;
