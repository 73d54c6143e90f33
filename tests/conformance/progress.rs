//! How far a long statement is, seen from a second connection.

use super::fixture::*;
use syncline::Event;

/// The phases that were seen of the last migration.
async fn phases(bench: &Bench, files: &[File<'_>]) -> Vec<String> {
    let (report, seen) = told(&bench.target, &bench.catalog(files), |event| match event {
        Event::Seen {
            progress: Some(progress),
            session,
            cancel,
            ..
        } => {
            assert!(cancel.contains(session), "{cancel}");
            Some(progress.phase.clone())
        }
        _ => None,
    })
    .await;
    let report = report.unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    seen
}

#[tokio::test]
async fn on_postgresql_the_build_of_an_index_is_seen() {
    let bench = Bench::postgres().await;
    let table = (
        "1_t.sql",
        "CREATE TABLE t (x text); INSERT INTO t SELECT repeat(i::text, 20) FROM generate_series(1, 300000) i",
    );
    bench.run(&up(), &[table]).await;
    for name in ["2_i.sql", "3_i.sql"] {
        let how = if name == "2_i.sql" { "" } else { "CONCURRENTLY" };
        let text = format!("CREATE INDEX {how} ON t (md5(md5(md5(md5(x)))))");
        let files = [
            table,
            ("2_i.sql", "CREATE INDEX  ON t (md5(md5(md5(md5(x)))))"),
            (name, text.as_str()),
        ];
        let files = if name == "2_i.sql" { &files[..2] } else { &files };
        let seen = phases(&bench, files).await;
        assert!(seen.iter().any(|phase| phase.contains("index")), "{how} {seen:?}");
    }
}

#[tokio::test]
async fn on_postgresql_the_new_file_of_a_table_that_is_rewritten_is_seen() {
    let bench = Bench::postgres().await;
    let table = (
        "1_t.sql",
        "CREATE TABLE t (x integer); INSERT INTO t SELECT i FROM generate_series(1, 300000) i",
    );
    bench.run(&up(), &[table]).await;
    let seen = phases(
        &bench,
        &[
            table,
            (
                "2_t.sql",
                "ALTER TABLE t ADD COLUMN u text DEFAULT md5(random()::text) || clock_timestamp()::text",
            ),
        ],
    )
    .await;
    assert!(seen.iter().any(|phase| phase == "rewriting t"), "{seen:?}");
}

#[tokio::test]
async fn on_mariadb_the_copy_of_a_table_is_seen() {
    let bench = Bench::mariadb().await;
    let table = (
        "1_t.sql",
        "CREATE TABLE t (x integer, y varchar(200)); INSERT INTO t SELECT seq, REPEAT('x', 150) FROM seq_1_to_200000",
    );
    bench.run(&up(), &[table]).await;
    let seen = phases(
        &bench,
        &[
            table,
            (
                "2_t.sql",
                "ALTER TABLE t MODIFY x bigint, ADD INDEX (x), ADD INDEX (y), ALGORITHM = COPY",
            ),
        ],
    )
    .await;
    assert!(
        seen.iter()
            .any(|phase| phase.contains("copy") || phase.contains("stage")),
        "{seen:?}"
    );
}
