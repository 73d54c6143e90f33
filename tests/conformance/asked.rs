//! Scripts that run again when they have changed, and scripts that ask the database whether to run.

use super::fixture::*;
use super::on_every_engine;

const A: File<'_> = ("1_a.sql", "CREATE TABLE a (x integer); INSERT INTO a VALUES (1)");
const AGAIN: File<'_> = (
    "2_b.sql",
    "-- syncline: run-on-change\nINSERT INTO a VALUES (2);\n-- syncline: down\nDELETE FROM a WHERE x = 2",
);
const CHANGED: File<'_> = (
    "2_b.sql",
    "-- syncline: run-on-change\nINSERT INTO a VALUES (3);\n-- syncline: down\nDELETE FROM a WHERE x > 1",
);
const C: File<'_> = ("3_c.sql", "INSERT INTO a VALUES (4)");
const FITS: File<'_> = (
    "2_b.sql",
    "-- syncline: only-if answer=\"1\" SELECT count(*) FROM a\n-- syncline: only-if answer=\"1\" SELECT max(x) FROM a\n\
     INSERT INTO a VALUES (2);\n-- syncline: down\nDELETE FROM a WHERE x = 2",
);
const FITS_NOT: File<'_> = (
    "3_c.sql",
    "-- syncline: only-if answer=\"1\" SELECT count(*) FROM a\nINSERT INTO a VALUES (3);\n-- syncline: down\nDELETE FROM a",
);
const OUTSIDE: File<'_> = (
    "4_d.sql",
    "-- syncline: no-transaction\n-- syncline: only-if answer=\"0\" SELECT count(*) FROM a\nINSERT INTO a VALUES (5)",
);
const WRONG: File<'_> = (
    "2_b.sql",
    "-- syncline: only-if answer=\"1\" SELECT count(*) FROM no_such_table\nINSERT INTO a VALUES (2)",
);

on_every_engine! {
    async fn what_runs_on_change_runs_again_in_its_place(bench: Bench) {
        assert_eq!(bench.run(&up(), &[A, AGAIN]).await, ["up 1", "up 2"]);
        assert_eq!(bench.run(&up(), &[A, AGAIN]).await, [""; 0]);
        assert_eq!(bench.states(&[A, CHANGED, C]).await, ["1 applied", "2 pending", "3 pending"]);
        assert_eq!(bench.run(&up(), &[A, CHANGED, C]).await, ["repeat 2", "up 3"]);
        assert_eq!(bench.query("SELECT x FROM a ORDER BY x").await, ["1", "2", "3", "4"]);
        assert_eq!(bench.run(&up(), &[A, CHANGED, C]).await, [""; 0]);
        assert_eq!(bench.states(&[A, CHANGED, C]).await, ["1 applied", "2 applied", "3 applied"]);
    }

    async fn what_ran_again_goes_back_with_the_script_that_came_with_it(bench: Bench) {
        bench.run(&up(), &[A, AGAIN]).await;
        bench.run(&up(), &[A, CHANGED]).await;
        assert_eq!(bench.run(&down(), &[A, CHANGED]).await, ["down 2"]);
        assert_eq!(bench.query("SELECT x FROM a").await, ["1"]);
        assert_eq!(bench.run(&up(), &[A, CHANGED]).await, ["up 2"]);
    }

    async fn what_only_runs_after_an_answer_runs_or_is_recorded(bench: Bench) {
        let files = [A, FITS, FITS_NOT, OUTSIDE];
        assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2", "baseline 3", "baseline 4"]);
        assert_eq!(bench.query("SELECT x FROM a ORDER BY x").await, ["1", "2"]);
        assert_eq!(bench.states(&files).await, ["1 applied", "2 applied", "3 baseline", "4 baseline"]);
        assert_eq!(bench.run(&up(), &files).await, [""; 0]);
        let reasons = bench.query("SELECT reason FROM syncline_history WHERE kind = 'baseline' ORDER BY seq").await;
        assert_eq!(reasons[0], "not run, since the answer is 2 and not 1: SELECT count(*) FROM a");
    }

    async fn what_was_never_run_is_taken_back_without_its_down_script(bench: Bench) {
        let files = [A, FITS, FITS_NOT];
        bench.run(&up(), &files).await;
        assert_eq!(bench.run(&down(), &files).await, ["down 3"]);
        assert_eq!(bench.query("SELECT x FROM a ORDER BY x").await, ["1", "2"]);
        assert_eq!(bench.run(&down(), &files).await, ["down 2"]);
        assert_eq!(bench.query("SELECT x FROM a ORDER BY x").await, ["1"]);
        assert_eq!(bench.run(&up(), &[A, FITS_NOT]).await, ["up 3"]);
    }

    async fn a_question_that_fails_stops_the_run_before_anything_is_done(bench: Bench) {
        let report = bench.try_run(&up(), &[A, WRONG], &STRICT).await.unwrap();
        let failure = report.failure.unwrap();
        assert_eq!(report.done.len(), 1);
        assert_eq!(failure.code().id(), "sql-failed");
        assert!(failure.error.message.starts_with("the question of `only-if` was not answered"), "{}", failure.error.message);
        assert_eq!(bench.states(&[A, WRONG]).await, ["1 applied", "2 pending"]);
    }
}
