//! PostgreSQL: what the transaction of a migration keeps from running is told with the line that helps, where it helps.

use super::fixture::*;

const LINE: &str = "-- syncline: no-transaction";

/// What is there before, what is refused, and whether it runs without a transaction.
const REFUSED: &[(&str, &str, bool)] = &[
    (
        "CREATE PROCEDURE fill(upto int) LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..upto LOOP INSERT INTO n VALUES (i); COMMIT; END LOOP; END $$",
        "CALL fill(3)",
        true,
    ),
    (
        "SELECT 1",
        "DO $$ BEGIN INSERT INTO n VALUES (1); COMMIT; INSERT INTO n VALUES (2); END $$",
        true,
    ),
    (
        "CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id)",
        "REINDEX TABLE p",
        true,
    ),
    (
        "CREATE TYPE mood AS ENUM ('low'); CREATE TABLE moods (is_now mood)",
        "ALTER TYPE mood ADD VALUE 'high';\nINSERT INTO moods VALUES ('high')",
        true,
    ),
    // A function may not commit, whoever calls it.
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN COMMIT; RETURN 1; END $$",
        "SELECT f()",
        false,
    ),
    ("SELECT 1", "DO $$ BEGIN EXECUTE 'VACUUM'; END $$", false),
    ("SELECT 1", "INSERT INTO nothing VALUES (1)", false),
];

#[tokio::test]
async fn where_the_transaction_is_in_the_way_the_line_that_helps_is_told_and_helps() {
    for bench in Bench::postgres_of_each_version().await {
        for (number, (before, refused, helps)) in REFUSED.iter().enumerate() {
            let bench = bench.fresh().await;
            let before: File<'_> = ("1_before.sql", before);
            assert_eq!(bench.run(&up(), &[before]).await, ["up 1"]);
            let text = format!("CREATE TABLE n (n integer);\n{refused};\nCREATE TABLE behind (n integer);");
            let failure = bench.failure(&up(), &[before, ("2_a.sql", &text)]).await;
            let hint = failure.error.hint.clone().unwrap_or_default();
            assert_eq!(
                hint.contains(LINE),
                *helps,
                "{number} {refused}: {:?} {hint}",
                failure.error
            );
            assert!(!bench.tables().await.contains(&"n".to_owned()), "{refused}");
            let outside = format!("{LINE}\n{text}");
            if *helps {
                assert_eq!(
                    bench.run(&up(), &[before, ("2_a.sql", &outside)]).await,
                    ["up 2"],
                    "{refused}"
                );
                assert!(bench.tables().await.contains(&"behind".to_owned()), "{refused}");
            } else {
                let failure = bench.failure(&up(), &[before, ("2_a.sql", &outside)]).await;
                assert!(!failure.error.hint.unwrap_or_default().contains(LINE), "{refused}");
            }
        }
    }
}
