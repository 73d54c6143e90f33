//! Statements that wait for others, and what each does while somebody is in the way.

use Outcome::{GivesUp, Runs, Waits};

/// What becomes of a statement while somebody holds what it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is done meanwhile.
    Runs,
    /// It waits as long as it takes.
    Waits,
    /// It gives up when the limit is over.
    GivesUp,
}

/// Who is in the way, with a transaction that stays open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// Has read the table.
    Reader,
    /// Has written to it.
    Writer,
    /// Has a snapshot that is older, and has read something else.
    Snapshot,
    /// Has read the partition itself, where the statement is about one.
    PartitionReader,
}

pub(super) struct Row {
    pub statement: &'static str,
    /// The tables that others read and write meanwhile. The first one is what the holder uses.
    pub tables: &'static [&'static str],
    pub outcomes: &'static [(Holder, Outcome)],
    /// The version that brought the statement.
    pub since: u32,
}

pub(super) const THERE: &str =
    "CREATE TABLE t (id integer PRIMARY KEY, v text); INSERT INTO t SELECT i, 'x' FROM generate_series(1, 1000) i;
    CREATE SEQUENCE keys START 5000; CREATE INDEX i ON t (v); ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;
    CREATE TABLE parted (id integer, v text) PARTITION BY RANGE (id);
    CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (1000000);
    CREATE TABLE apart (id integer, v text);
    CREATE TABLE other (id integer); CREATE TABLE child (id integer);
    CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE MATERIALIZED VIEW stored AS SELECT id FROM t; CREATE UNIQUE INDEX stored_i ON stored (id)";

/// Neither readers nor writers are in its way.
const ASIDE: &[(Holder, Outcome)] = &[(Holder::Reader, Runs), (Holder::Writer, Runs)];
/// It wants the table for itself.
const ALONE: &[(Holder, Outcome)] = &[(Holder::Reader, GivesUp), (Holder::Writer, GivesUp)];
/// It wants nobody to write.
const UNWRITTEN: &[(Holder, Outcome)] = &[(Holder::Reader, Runs), (Holder::Writer, GivesUp)];

const fn row(statement: &'static str, tables: &'static [&'static str], outcomes: &'static [(Holder, Outcome)]) -> Row {
    Row {
        statement,
        tables,
        outcomes,
        since: 0,
    }
}

impl Row {
    const fn since(mut self, version: u32) -> Self {
        self.since = version;
        self
    }
}

const T: &[&str] = &["t"];
const PARTED: &[&str] = &["parted", "part"];

pub(super) static ROWS: &[Row] = &[
    // They wait for transactions, with no lock that a reader or a writer meets.
    row(
        "CREATE INDEX CONCURRENTLY j ON t (v)",
        T,
        &[
            (Holder::Reader, Runs),
            (Holder::Writer, Waits),
            (Holder::Snapshot, Waits),
        ],
    ),
    row(
        "DROP INDEX CONCURRENTLY i",
        T,
        &[
            (Holder::Reader, Waits),
            (Holder::Writer, Waits),
            (Holder::Snapshot, Runs),
        ],
    ),
    row(
        "REINDEX TABLE CONCURRENTLY t",
        T,
        &[
            (Holder::Reader, Waits),
            (Holder::Writer, Waits),
            (Holder::Snapshot, Waits),
        ],
    ),
    row(
        "REINDEX (CONCURRENTLY) INDEX i",
        T,
        &[
            (Holder::Reader, Waits),
            (Holder::Writer, Waits),
            (Holder::Snapshot, Waits),
        ],
    )
    .since(14),
    row("REINDEX (CONCURRENTLY off) TABLE t", T, ALONE).since(14),
    row("REINDEX TABLE t", T, ALONE),
    // It waits for users of the parent in peace, and for those of the partition with everybody behind it.
    row(
        "ALTER TABLE parted DETACH PARTITION part CONCURRENTLY",
        PARTED,
        &[
            (Holder::Reader, GivesUp),
            (Holder::Writer, GivesUp),
            (Holder::PartitionReader, GivesUp),
            (Holder::Snapshot, Runs),
        ],
    )
    .since(14),
    row("ALTER TABLE parted DETACH PARTITION part", PARTED, ALONE),
    row(
        "ALTER TABLE parted ATTACH PARTITION apart FOR VALUES FROM (1000000) TO (2000000)",
        &["parted"],
        ASIDE,
    ),
    // It waits for every transaction of the server that has written.
    row("REPACK (CONCURRENTLY) t", T, ALONE).since(19),
    row("REPACK t", T, ALONE).since(19),
    row("VACUUM t", T, ASIDE),
    row("VACUUM (FULL) t", T, ALONE),
    row("CLUSTER t USING i", T, ALONE),
    row("REFRESH MATERIALIZED VIEW CONCURRENTLY stored", &["stored"], ASIDE),
    row(
        "REFRESH MATERIALIZED VIEW stored",
        &["stored"],
        &[(Holder::Reader, GivesUp)],
    ),
    row("ALTER TABLE t VALIDATE CONSTRAINT positive", T, ASIDE),
    row("ALTER TABLE t ALTER v SET STATISTICS 50", T, ASIDE),
    row("ALTER TABLE t SET (fillfactor = 90)", T, ASIDE),
    row("ANALYZE t", T, ASIDE),
    row("COMMENT ON TABLE t IS 'x'", T, ASIDE),
    row("CREATE STATISTICS s ON id, v FROM t", T, ASIDE),
    row("CREATE INDEX j ON t (v)", T, UNWRITTEN),
    row(
        "CREATE TRIGGER r BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION fires()",
        T,
        UNWRITTEN,
    ),
    row("ALTER TABLE child ADD FOREIGN KEY (id) REFERENCES t", T, UNWRITTEN),
    row("ALTER TABLE t ADD COLUMN w text", T, ALONE),
    row("ALTER TABLE t ADD CHECK (id < 1000000) NOT VALID", T, ALONE),
    row("ALTER TABLE t ALTER v SET NOT NULL", T, ALONE),
    row("ALTER TABLE t RENAME v TO w", T, ALONE),
    row("DROP INDEX i", T, ALONE),
    row("TRUNCATE t", T, ALONE),
    row("LOCK TABLE t", T, ALONE),
];
