//! What only PostgreSQL does: roles and search paths, COPY, dumps, procedures that commit, rights.

use super::fixture::*;
use crate::settings::setting;
use syncline::database::Access;
use syncline::executor::StateAfter;
use syncline::{Code, Event, Migrator, Target};

const A: File<'_> = ("1_a.sql", "CREATE TABLE a (id integer)");

#[tokio::test]
async fn a_script_that_ended_its_transaction_unseen_is_told_as_perhaps_kept() {
    let bench = Bench::postgres().await;
    // The server reads the last statement as three, since the setting holds when it comes in a message of its own.
    let text = "CREATE TABLE a (t text); DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;\nCOPY a FROM STDIN;\n1\n\\.\nSELECT '\\'' ; COMMIT; SELECT 1; --';";
    let failure = bench.failure(&up(), &[("1_a.sql", text)]).await;
    assert_eq!(
        (failure.code(), failure.state),
        (Code::LeftTransaction, StateAfter::Left)
    );
    assert_eq!(bench.tables().await, ["a"]);
    assert_eq!(bench.history().await.records().len(), 1);
}

#[tokio::test]
async fn what_a_script_outside_a_transaction_sets_holds_for_it_and_not_for_the_next() {
    let bench = Bench::postgres().await;
    let role = format!("reader_of_{}", bench.url().rsplit_once('/').unwrap().1);
    bench
        .execute(&format!(
            "CREATE ROLE {role}; CREATE SCHEMA other; GRANT ALL ON SCHEMA other TO {role}"
        ))
        .await;
    // The journal is written between the statements, whoever they run as.
    let settings = format!(
        "-- syncline: no-transaction\nSET ROLE {role};\nSET search_path = other;\nCREATE TABLE a (id integer);\n\
         SET default_transaction_read_only = on"
    );
    let files = [
        ("1_a.sql", settings.as_str()),
        ("2_b.sql", "CREATE TABLE b (id integer)"),
    ];
    assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2"]);
    let made = "SELECT schemaname || '.' || tablename || ' ' || (tableowner = current_user) FROM pg_tables WHERE tablename IN ('a', 'b') ORDER BY 1";
    assert_eq!(bench.query(made).await, ["other.a false", "public.b true"]);
    bench
        .execute(&format!("DROP SCHEMA other CASCADE; DROP ROLE {role}"))
        .await;
}

#[tokio::test]
async fn a_script_outside_a_transaction_has_the_limits_that_it_asks_for() {
    let bench = Bench::postgres().await;
    let text = "-- syncline: no-transaction\n-- syncline: lock-timeout=2s\n-- syncline: statement-timeout=100ms\n\
                CREATE TABLE a AS SELECT current_setting('lock_timeout') AS is;\nSELECT pg_sleep(5)";
    let failure = bench.failure(&up(), &[("1_a.sql", text)]).await;
    assert_eq!(failure.error.native.as_deref(), Some("57014"));
    assert_eq!(bench.query("SELECT * FROM a").await, ["2s"]);
}

#[tokio::test]
async fn a_statement_may_run_as_long_as_its_target_says_unless_its_script_says_otherwise() {
    for (asked, limited) in [
        ("", true),
        ("-- syncline: no-transaction\n", true),
        ("-- syncline: statement-timeout=5m\n", false),
        (
            "-- syncline: no-transaction\n-- syncline: statement-timeout=5m\n",
            false,
        ),
    ] {
        let mut bench = Bench::postgres().await;
        bench.target.statement_timeout = Some(std::time::Duration::from_millis(300));
        let text = format!("{asked}SELECT pg_sleep(1)");
        let files: [File<'_>; 2] = [A, ("2_b.sql", text.as_str())];
        if limited {
            let failure = bench.failure(&up(), &files).await;
            assert_eq!(failure.error.native.as_deref(), Some("57014"), "{asked}");
        } else {
            assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2"], "{asked}");
        }
    }
}

#[tokio::test]
async fn what_a_migration_does_to_its_session_reaches_neither_the_history_nor_the_next_migration() {
    for leak in [
        "SELECT pg_catalog.set_config('search_path', '', false)",
        "SET search_path = nosuch",
        "SET ROLE pg_read_all_data",
        "SET SESSION AUTHORIZATION pg_read_all_data",
        "SET TIME ZONE 'Asia/Tokyo'",
        "SET default_transaction_read_only = on",
        "SET session_replication_role = replica",
        "SET statement_timeout = '1ms'",
        "SET client_encoding = 'LATIN1'",
        "SELECT set_config('standard_conforming_strings', 'off', false)",
        "SET row_security = off",
        "CREATE TEMP TABLE b (id text)",
        "LISTEN something",
        "PREPARE p AS SELECT 1; DEALLOCATE ALL",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "SELECT pg_advisory_unlock_all()",
        "NOTIFY something",
    ] {
        let bench = Bench::postgres().await;
        let settings = "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE source = 'session' AND name NOT IN ('lock_timeout', 'idle_in_transaction_session_timeout', 'statement_timeout')";
        let before = (
            "1_a.sql",
            format!("CREATE TABLE seen (settings text); INSERT INTO seen {settings}"),
        );
        let leaking = ("2_ü.sql", leak.to_owned());
        let after = (
            "3_c.sql",
            format!(
                "CREATE TABLE b (id integer); INSERT INTO seen {settings}; CREATE TABLE c AS SELECT current_user::text AS who, session_user::text AS whose"
            ),
        );
        let files: Vec<File<'_>> = [&before, &leaking, &after]
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        assert_eq!(bench.run(&up(), &files).await, ["up 1", "up 2", "up 3"], "{leak}");
        assert_eq!(
            bench.query("SELECT count(DISTINCT settings) FROM seen").await,
            ["1"],
            "{leak}"
        );
        assert_eq!(
            bench.query("SELECT who || whose FROM c").await,
            ["testertester"],
            "{leak}"
        );
        assert_eq!(
            bench
                .query("SELECT string_agg(name, '') FROM public.syncline_history WHERE kind = 'up'")
                .await,
            ["aüc"],
            "{leak}"
        );
        assert_eq!(bench.history().await.broken_links(), []);
    }
}

#[tokio::test]
async fn what_redirects_or_swallows_the_record_is_caught() {
    for trap in [
        "CREATE RULE r AS ON INSERT TO syncline_history DO INSTEAD NOTHING",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER t BEFORE INSERT ON syncline_history FOR EACH ROW EXECUTE FUNCTION f()",
        "TRUNCATE syncline_history",
        "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
        "DO $$ BEGIN EXECUTE 'UPDATE syncline_' || 'history SET name = ''x'''; EXCEPTION WHEN division_by_zero THEN NULL; END $$",
        "CREATE TABLE keep AS SELECT * FROM syncline_history; DROP TABLE syncline_history; ALTER TABLE keep RENAME TO syncline_history",
    ] {
        let bench = Bench::postgres().await;
        bench.run(&up(), &[A]).await;
        let failure = bench.failure(&up(), &[A, ("2_b.sql", trap)]).await;
        assert_eq!(
            (failure.code(), failure.state),
            (Code::LedgerTouched, StateAfter::Unchanged),
            "{trap}: {:?}",
            failure.error
        );
        assert_eq!(
            (bench.tables().await, bench.history().await.records().len()),
            (vec!["a".to_owned()], 2),
            "{trap}"
        );
    }
}

#[tokio::test]
async fn the_transaction_cannot_be_left_through_procedures() {
    let bench = Bench::postgres().await;
    let procedure = (
        "1_p.sql",
        "CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'",
    );
    bench.run(&up(), &[procedure]).await;
    for leaving in [
        "CALL p()",
        "DO $$ BEGIN COMMIT; END $$",
        "DO $$ BEGIN EXECUTE 'COM' || 'MIT'; END $$",
    ] {
        let text = format!("CREATE TABLE b (id integer); {leaving}");
        let failure = bench.failure(&up(), &[procedure, ("2_b.sql", &text)]).await;
        assert_eq!(failure.state, StateAfter::Unchanged, "{leaving}");
        assert_eq!(bench.tables().await, [""; 0], "{leaving}");
    }
}

#[tokio::test]
async fn copy_with_inline_data_runs_and_its_errors_leave_the_connection_usable() {
    let bench = Bench::postgres().await;
    let text = "CREATE TABLE a (id integer, t text);\nCOPY a (id, t) FROM STDIN;\n1\tit's; 'é\n2\t\\N\n\\.\n\nCREATE TABLE b (id integer);\n";
    assert_eq!(bench.run(&up(), &[("1_a.sql", text)]).await, ["up 1"]);
    assert_eq!(bench.query("SELECT t FROM a ORDER BY id").await, ["it's; 'é", ""]);
    for bad in [
        "COPY a FROM STDIN;\nx\ty\n\\.\n",
        "COPY nothing FROM STDIN;\nx\ty\n\\.\n",
    ] {
        let failure = bench.failure(&up(), &[("1_a.sql", text), ("2_b.sql", bad)]).await;
        assert_eq!(
            (failure.code(), failure.state),
            (Code::SqlFailed, StateAfter::Unchanged),
            "{:?}",
            failure.error
        );
    }
    assert_eq!(bench.states(&[("1_a.sql", text)]).await, ["1 applied"]);
}

#[tokio::test]
async fn a_dump_of_pg_dump_is_a_valid_first_migration() {
    let bench = Bench::postgres().await;
    bench
        .execute(
            "CREATE TABLE shop (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'a;b'); INSERT INTO shop (name) VALUES ('it''s'), ('x\ty');
             CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$; CREATE VIEW v AS SELECT name FROM shop",
        )
        .await;
    let dump = std::process::Command::new("pg_dump")
        .args(["--no-owner", bench.url()])
        .output()
        .unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8(dump.stdout).unwrap();
    let fresh = Bench::postgres().await;
    assert_eq!(
        fresh
            .run(
                &up(),
                &[("1_dump.sql", &dump), ("2_b.sql", "CREATE TABLE b (id integer)")]
            )
            .await,
        ["up 1", "up 2"]
    );
    assert_eq!(fresh.query("SELECT name FROM shop ORDER BY id").await, ["it's", "x\ty"]);
    assert_eq!(fresh.tables().await, ["b", "shop"]);
}

#[tokio::test]
async fn select_rights_are_enough_to_plan_and_to_ask() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[A]).await;
    let role = format!("reader_{}", bench.target.address.database.clone().unwrap());
    bench
        .execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT SELECT ON syncline_history, syncline_script TO {role}"
        ))
        .await;
    let mut target = bench.target.clone();
    target.address.user = Some(role);
    target.address.password = Some("x".to_owned().into());
    let catalog = bench.catalog(&[A, ("2_b.sql", "CREATE TABLE b (id integer)")]);
    let mut migrator = Migrator::connect(&target, Access::Read).await.unwrap();
    assert_eq!(migrator.plan(&up(), &catalog, &STRICT).await.unwrap().steps.len(), 1);
    assert!(migrator.verify(None).await.unwrap().is_clean());
    let mut writer = Migrator::connect(&target, Access::Write).await.unwrap();
    let report = writer.run(&up(), &catalog, &STRICT, &mut |_| {}).await.unwrap();
    let failure = report.failure.unwrap();
    assert_eq!(failure.state, StateAfter::Unchanged);
    assert!(
        failure.error.message.contains("permission denied"),
        "{:?}",
        failure.error
    );
}

#[tokio::test]
async fn the_ledger_lives_in_the_schema_that_is_current_at_the_start() {
    let bench = Bench::postgres().await;
    bench.execute("CREATE SCHEMA tenant").await;
    let url = format!("{}?options[search_path]=tenant", bench.url());
    let target = Target::from_url(&url).unwrap();
    let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
    let moving = (
        "1_a.sql",
        "CREATE SCHEMA elsewhere; SET search_path = elsewhere; CREATE TABLE a (id integer)",
    );
    let report = migrator
        .run(
            &up(),
            &bench.catalog(&[moving, ("2_b.sql", "CREATE TABLE b (id integer)")]),
            &STRICT,
            &mut |_| {},
        )
        .await
        .unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    let where_to = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('tenant', 'elsewhere', 'public') ORDER BY 1";
    assert_eq!(
        bench.query(where_to).await,
        [
            "elsewhere.a",
            "tenant.b",
            "tenant.syncline_history",
            "tenant.syncline_script"
        ]
    );
}

#[tokio::test]
async fn a_unix_socket_is_a_way_in_and_a_wrong_password_is_told_without_it() {
    let bench = Bench::postgres().await;
    let socket = setting("SYNCLINE_TEST_POSTGRES_SOCKET");
    let mut target = bench.target.clone();
    target.address.host = Some(socket);
    assert!(Migrator::connect(&target, Access::Read).await.is_ok());
    target.address.password = Some("canary".to_owned().into());
    let Err(refused) = Migrator::connect(&target, Access::Read).await else {
        panic!("let in")
    };
    assert_eq!(refused.code(), Code::Auth);
    assert!(!format!("{refused} {refused:?}").contains("canary"));
}

#[tokio::test]
async fn failures_to_connect_are_told_apart() {
    let bench = Bench::postgres().await;
    let code = async |change: &dyn Fn(&mut Target)| {
        let mut target = bench.target.clone();
        change(&mut target);
        match Migrator::connect(&target, Access::Write).await {
            Ok(_) => panic!("connected"),
            Err(error) => error.code(),
        }
    };
    assert_eq!(code(&|target| target.address.port = Some(1)).await, Code::Connect);
    assert_eq!(
        code(&|target| target.address.host = Some("nosuch.invalid".to_owned())).await,
        Code::Connect
    );
    assert_eq!(
        code(&|target| target.address.database = Some("nosuch".to_owned())).await,
        Code::NoDatabase
    );
    assert_eq!(
        code(&|target| target.address.user = Some("nosuch".to_owned())).await,
        Code::Auth
    );
    assert_eq!(
        code(&|target| target.ledger.schema = Some("nosuch".to_owned())).await,
        Code::NoDatabase
    );
    assert_eq!(
        code(&|target| target
            .address
            .parameters
            .push(("sslmode".to_owned(), "require".to_owned())))
        .await,
        Code::Tls
    );
    assert_eq!(
        code(&|target| target
            .address
            .parameters
            .push(("sslmode".to_owned(), "nonsense".to_owned())))
        .await,
        Code::BadUrl
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_in_time() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut target = Target::from_url(&format!(
        "postgres://me@127.0.0.1:{}/x",
        silent.local_addr().unwrap().port()
    ))
    .unwrap();
    target.connect_timeout = std::time::Duration::from_millis(200);
    let Err(error) = Migrator::connect(&target, Access::Read).await else {
        panic!("connected")
    };
    assert_eq!(error.code(), Code::Connect);
    assert!(error.to_string().contains("did not answer within 0.2 s"), "{error}");
}

#[tokio::test]
async fn a_constraint_that_is_checked_at_the_commit_fails_the_migration() {
    let bench = Bench::postgres().await;
    let tables = (
        "1_a.sql",
        "CREATE TABLE p (id integer PRIMARY KEY); CREATE TABLE c (id integer REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
    );
    bench.run(&up(), &[tables]).await;
    let failure = bench
        .failure(&up(), &[tables, ("2_b.sql", "INSERT INTO c VALUES (1)")])
        .await;
    assert_eq!(
        (failure.code(), failure.state, failure.statement),
        (Code::SqlFailed, StateAfter::Unchanged, None)
    );
    assert_eq!(bench.query("SELECT count(*) FROM c").await, ["0"]);
}

#[tokio::test]
async fn a_connection_that_is_killed_inside_a_migration_leaves_nothing() {
    let bench = Bench::postgres().await;
    let text =
        "CREATE TABLE b (id integer); SELECT pg_terminate_backend(pg_backend_pid()); CREATE TABLE c (id integer)";
    let catalog = bench.catalog(&[A, ("2_b.sql", text)]);
    let mut migrator = bench.migrator().await;
    let failure = migrator
        .run(&up(), &catalog, &STRICT, &mut |_| {})
        .await
        .unwrap()
        .failure
        .unwrap();
    assert_eq!(
        (failure.code(), failure.state),
        (Code::Lost, StateAfter::Unchanged),
        "{:?}",
        failure.error
    );
    assert_eq!(bench.tables().await, ["a"]);
}

#[tokio::test]
async fn a_lock_on_a_table_is_waited_for_only_so_long() {
    let bench = Bench::postgres().await;
    bench.run(&up(), &[A]).await;
    let mut other = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE a").execute(&mut other).await.unwrap();
    let text = "-- syncline: lock-timeout=100ms\n-- syncline: retries=2\nALTER TABLE a ADD COLUMN b integer";
    let catalog = bench.catalog(&[A, ("2_b.sql", text)]);
    let mut tries = Vec::new();
    let mut watch = |event: Event<'_>| {
        if let Event::Retrying { attempt, .. } = event {
            tries.push(attempt);
        }
    };
    let failure = bench
        .migrator()
        .await
        .run(&up(), &catalog, &STRICT, &mut watch)
        .await
        .unwrap()
        .failure
        .unwrap();
    assert_eq!(
        (failure.error.native.as_deref(), failure.state),
        (Some("55P03"), StateAfter::Unchanged)
    );
    assert_eq!(tries, [2, 3]);
    // The lock is given up while the migration is trying: one of the tries succeeds.
    let waiting = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    });
    assert_eq!(bench.run(&up(), &[A, ("2_b.sql", text)]).await, ["up 2"]);
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_migration_is_tried_again_as_often_as_its_target_says_unless_its_script_says_otherwise() {
    let mut bench = Bench::postgres().await;
    bench.run(&up(), &[A]).await;
    let mut other = <sqlx::PgConnection as sqlx::Connection>::connect(bench.url())
        .await
        .unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE a").execute(&mut other).await.unwrap();
    bench.target.lock_timeout = std::time::Duration::from_millis(50);
    for (retries, asked, expected) in [
        (0, "", 0),
        (2, "", 2),
        (2, "-- syncline: retries=0\n", 0),
        (0, "-- syncline: retries=1\n", 1),
    ] {
        bench.target.retries = retries;
        let text = format!("{asked}ALTER TABLE a ADD COLUMN b integer");
        let catalog = bench.catalog(&[A, ("2_b.sql", &text)]);
        let mut tried = 0;
        let mut watch = |event: Event<'_>| tried += u32::from(matches!(event, Event::Retrying { .. }));
        let report = bench.migrator().await.run(&up(), &catalog, &STRICT, &mut watch).await;
        assert!(report.unwrap().failure.is_some());
        assert_eq!(tried, expected, "{retries} {asked}");
    }
}

#[tokio::test]
async fn the_ledger_is_guarded_where_the_server_counts_no_rows() {
    let bench = Bench::postgres().await;
    let name = bench.target.address.database.clone().unwrap();
    bench
        .execute(&format!("ALTER DATABASE {name} SET track_counts = off"))
        .await;
    bench.run(&up(), &[A]).await;
    for tampering in [
        "UPDATE syncline_history SET name = 'x'",
        "DELETE FROM syncline_history WHERE seq = 0",
    ] {
        let failure = bench.failure(&up(), &[A, ("2_b.sql", tampering)]).await;
        assert_eq!(failure.code(), Code::LedgerTouched, "{tampering}: {:?}", failure.error);
    }
    let off = (
        "2_b.sql",
        "SET track_counts = off; UPDATE syncline_history SET name = 'x'",
    );
    assert_eq!(bench.failure(&up(), &[A, off]).await.code(), Code::LedgerTouched);
    assert_eq!(
        bench.run(&up(), &[A, ("2_b.sql", "CREATE TABLE b (id integer)")]).await,
        ["up 2"]
    );
}
