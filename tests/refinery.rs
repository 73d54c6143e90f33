//! refinery's runner over sqlx, with refinery's own history: the same on every engine.

#[path = "shared/settings.rs"]
mod settings;

use std::error::Error as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use refinery::{AsyncMigrate, Error, Migration, Runner, Target};
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, SqliteConnection, raw_sql};
use syncline::compat::refinery::{DriverError, Session, Sqlx};

/// An empty database.
struct Place {
    url: String,
    /// What is run at the end, where the server is somebody's, and not to be left full of databases.
    farewell: Option<String>,
    _directory: Option<tempfile::TempDir>,
}

impl Place {
    fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?mode=rwc", directory.path().join("test.db").display());
        Self {
            url,
            farewell: None,
            _directory: Some(directory),
        }
    }

    async fn postgres() -> Self {
        Self::at::<PgConnection>(&settings::setting("SYNCLINE_TEST_POSTGRES")).await
    }

    async fn mariadb() -> Self {
        Self::at::<MySqlConnection>(&settings::setting("SYNCLINE_TEST_MARIADB")).await
    }

    /// None where `tests/run` was told of no MySQL.
    async fn mysql() -> Option<Self> {
        let place = Self::at::<MySqlConnection>(&settings::variable("SYNCLINE_TEST_MYSQL")?).await;
        let name = place.url.rsplit('/').next().unwrap();
        let farewell = Some(format!("DROP DATABASE {name}"));
        Some(Self { farewell, ..place })
    }

    async fn at<C: Connection>(server: &str) -> Self
    where
        for<'e> &'e mut C: sqlx::Executor<'e, Database = C::Database>,
    {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("refinery{}_{number}", std::process::id());
        let mut connection = C::connect(server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        Self {
            url: format!("{}/{name}", server.rsplit_once('/').unwrap().0),
            farewell: None,
            _directory: None,
        }
    }
}

/// What a statement returns in its first column.
macro_rules! ask {
    ($connection:expr, $type:ty, $statement:expr) => {
        sqlx::query_scalar::<_, $type>(AssertSqlSafe($statement.to_owned()))
            .fetch_all(&mut $connection)
            .await
            .unwrap()
    };
}

/// Runs a text.
macro_rules! tell {
    ($connection:expr, $statement:expr) => {
        raw_sql(AssertSqlSafe($statement.to_owned()))
            .execute(&mut $connection)
            .await
            .unwrap()
    };
}

/// Runs each test on each engine, with a place and a connection to it.
macro_rules! on_every_engine {
    ($($(#[$meta:meta])* async fn $name:ident($place:ident, $connection:ident) $body:block)+) => {
        on_every_engine! { @ sqlite, SqliteConnection, Place::sqlite(); $($(#[$meta])* $name($place, $connection) $body)+ }
        on_every_engine! { @ postgres, PgConnection, Place::postgres().await; $($(#[$meta])* $name($place, $connection) $body)+ }
        on_every_engine! { @ mariadb, MySqlConnection, Place::mariadb().await; $($(#[$meta])* $name($place, $connection) $body)+ }
        on_every_engine! {
            @ mysql, MySqlConnection, match Place::mysql().await { Some(place) => place, None => return };
            $($(#[$meta])* $name($place, $connection) $body)+
        }
    };
    (@ $engine:ident, $type:ty, $new:expr; $($(#[$meta:meta])* $name:ident($place:ident, $connection:ident) $body:block)+) => {
        mod $engine {
            use super::*;
            type Own = $type;
            const ENGINE: &str = stringify!($engine);
            $($(#[$meta])* #[tokio::test] async fn $name() {
                let $place = $new;
                let mut $connection = Own::connect(&$place.url).await.unwrap();
                $body
                if let Some(farewell) = &$place.farewell {
                    tell!($connection, farewell);
                }
            })+
        }
    };
}

fn migration((name, sql): &(&str, &str)) -> Migration {
    Migration::unapplied(name, sql).unwrap()
}

fn runner(scripts: &[(&str, &str)]) -> Runner {
    Runner::new(&scripts.iter().map(migration).collect::<Vec<_>>())
}

fn names(migrations: &[Migration]) -> Vec<String> {
    migrations.iter().map(ToString::to_string).collect()
}

/// What a run applied.
async fn run<C>(runner: &Runner, connection: &mut C) -> Result<Vec<String>, Error>
where
    for<'a> Sqlx<'a, C>: AsyncMigrate,
    C: Send,
{
    let report = runner.run_async(&mut Sqlx::new(connection)).await?;
    Ok(names(report.applied_migrations()))
}

async fn applied<C>(runner: &Runner, connection: &mut C) -> Result<Vec<Migration>, Error>
where
    for<'a> Sqlx<'a, C>: AsyncMigrate,
    C: Send,
{
    runner.get_applied_migrations_async(&mut Sqlx::new(connection)).await
}

/// What the driver said, behind what refinery says.
fn said(error: &Error) -> &DriverError {
    let mut source = error.source().expect("an error of the driver");
    loop {
        match source.downcast_ref() {
            Some(found) => return found,
            None => source = source.source().expect("an error of the driver"),
        }
    }
}

const HISTORY: &str = "refinery_schema_history";

const PEOPLE: (&str, &str) = (
    "V1__people",
    "CREATE TABLE people (id int PRIMARY KEY, name varchar(40))",
);
const ADA: (&str, &str) = (
    "V2__ada",
    "INSERT INTO people VALUES (1, 'Ada'); INSERT INTO people VALUES (2, 'Bob');",
);
const ORDERS: (&str, &str) = ("V10__orders", "CREATE TABLE orders (id int)");
const BROKEN: (&str, &str) = (
    "V3__broken",
    "INSERT INTO people VALUES (3, 'Eve'); INSERT INTO nowhere VALUES (1)",
);

on_every_engine! {
    async fn migrations_are_applied_in_order_and_a_second_run_does_nothing(place, connection) {
        let runner = runner(&[ORDERS, ADA, PEOPLE]);
        let first = run(&runner, &mut connection).await.unwrap();
        assert_eq!(first, ["V1__people", "V2__ada", "V10__orders"]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), [""; 0]);
        assert_eq!(ask!(connection, String, "SELECT name FROM people ORDER BY id"), ["Ada", "Bob"]);
        // Somebody else finds the same, and none of it another.
        let mut other = Own::connect(&place.url).await.unwrap();
        assert_eq!(run(&runner, &mut other).await.unwrap(), [""; 0]);
        let last = runner.get_last_applied_migration_async(&mut Sqlx::new(&mut other)).await.unwrap();
        assert_eq!(last.unwrap().version(), 10);
        assert_eq!(names(&applied(&runner, &mut other).await.unwrap()), ["V1__people", "V2__ada", "V10__orders"]);
    }

    async fn the_table_holds_what_refinery_has_always_written(place, connection) {
        let scripts = [PEOPLE, ADA];
        run(&runner(&scripts), &mut connection).await.unwrap();
        let versions = ask!(connection, i32, format!("SELECT version FROM {HISTORY} ORDER BY version"));
        assert_eq!(versions, [1, 2]);
        let column = |name| format!("SELECT {name} FROM {HISTORY} ORDER BY version");
        let checksums = scripts.map(|script| migration(&script).checksum().to_string());
        assert_eq!(ask!(connection, String, column("checksum")), checksums);
        assert_eq!(ask!(connection, String, column("name")), ["people", "ada"]);
        let read = applied(&runner(&scripts), &mut connection).await.unwrap();
        let stamps = ask!(connection, String, column("applied_on"));
        for (migration, stamp) in read.iter().zip(stamps) {
            let at = migration.applied_on().unwrap();
            assert_eq!(&time::OffsetDateTime::parse(&stamp, &time::format_description::well_known::Rfc3339).unwrap(), at);
        }
        assert_eq!(read, scripts.iter().map(migration).collect::<Vec<_>>());
    }

    async fn a_history_that_another_driver_has_written_goes_on(place, connection) {
        // The statements are refinery's: `refinery_core::traits`.
        tell!(connection, format!("CREATE TABLE IF NOT EXISTS {HISTORY}(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));"));
        tell!(connection, PEOPLE.1);
        let (people, ada) = (migration(&PEOPLE), migration(&ADA));
        tell!(connection, format!(
            "INSERT INTO {HISTORY} (version, name, applied_on, checksum) VALUES (1, 'people', '2021-03-04T05:06:07.123456789+02:00', '{}')",
            people.checksum()
        ));
        let runner = runner(&[PEOPLE, ADA]);
        let before = applied(&runner, &mut connection).await.unwrap();
        assert_eq!(before, std::slice::from_ref(&people));
        assert_eq!(before[0].applied_on().unwrap().unix_timestamp_nanos(), 1_614_827_167_123_456_789);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), ["V2__ada"]);
        assert_eq!(applied(&runner, &mut connection).await.unwrap(), [people, ada]);
    }

    async fn versions_of_eight_bytes_are_read(place, connection) {
        tell!(connection, format!("CREATE TABLE {HISTORY} (version int8 PRIMARY KEY, name VARCHAR(255), applied_on VARCHAR(255), \
             checksum VARCHAR(255))"));
        let runner = runner(&[PEOPLE, ADA]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), ["V1__people", "V2__ada"]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), [""; 0]);
        tell!(connection, format!("UPDATE {HISTORY} SET version = 20260101000000 WHERE version = 2"));
        let error = applied(&runner, &mut connection).await.unwrap_err();
        assert!(matches!(said(&error), DriverError::History { row: 2, column: "version", .. }), "{error}");
        assert!(error.to_string().contains("20260101000000: out of range"), "{error}");
    }

    async fn a_row_that_refinery_cannot_have_written_is_an_error(place, connection) {
        let runner = runner(&[PEOPLE, ADA]);
        run(&runner, &mut connection).await.unwrap();
        for (wanted, value) in [
            ("checksum", "'-1'"),
            ("checksum", "'18446744073709551616'"),
            ("checksum", "''"),
            ("checksum", "NULL"),
            ("applied_on", "'yesterday'"),
            ("applied_on", "NULL"),
            ("name", "NULL"),
        ] {
            let column = |of: &str| format!("SELECT {of} FROM {HISTORY} WHERE version = 2");
            let before = ask!(connection, String, column(wanted)).pop().unwrap();
            tell!(connection, format!("UPDATE {HISTORY} SET {wanted} = {value} WHERE version = 2"));
            for error in [
                run(&runner, &mut connection).await.unwrap_err(),
                applied(&runner, &mut connection).await.unwrap_err(),
            ] {
                let DriverError::History { row: 2, column, what } = said(&error) else { panic!("{error:?}") };
                assert_eq!(*column, wanted);
                assert!(error.to_string().contains(what.as_str()), "{error}");
            }
            tell!(connection, format!("UPDATE {HISTORY} SET {wanted} = '{before}' WHERE version = 2"));
        }
        assert_eq!(run(&runner, &mut connection).await.unwrap(), [""; 0]);
    }

    async fn an_edited_migration_is_refused_unless_told_otherwise(place, connection) {
        run(&runner(&[PEOPLE, ADA]), &mut connection).await.unwrap();
        let edited = [PEOPLE, ("V2__ada", "INSERT INTO people VALUES (7, 'Eve')"), ORDERS];
        let error = run(&runner(&edited), &mut connection).await.unwrap_err();
        assert!(matches!(error.kind(), refinery::error::Kind::DivergentVersion(..)), "{error}");
        let lenient = runner(&edited).set_abort_divergent(false);
        assert_eq!(run(&lenient, &mut connection).await.unwrap(), ["V10__orders"]);
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [2]);
    }

    async fn a_missing_migration_is_refused_unless_told_otherwise(place, connection) {
        run(&runner(&[PEOPLE, ORDERS]), &mut connection).await.unwrap();
        // One that comes late, and one that is gone.
        for scripts in [&[PEOPLE, ADA, ORDERS][..], &[PEOPLE, ("V11__more", "INSERT INTO people VALUES (4, 'Dan')")]] {
            let error = run(&runner(scripts), &mut connection).await.unwrap_err();
            assert!(matches!(error.kind(), refinery::error::Kind::MissingVersion(..)), "{error}");
        }
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [0]);
        let lenient = runner(&[PEOPLE, ADA, ("V11__more", "INSERT INTO people VALUES (4, 'Dan')")]).set_abort_missing(false);
        assert_eq!(run(&lenient, &mut connection).await.unwrap(), ["V11__more"]);
    }

    async fn a_failure_leaves_the_migrations_before_it_and_nothing_of_its_own(place, connection) {
        let error = run(&runner(&[PEOPLE, ADA, BROKEN, ORDERS]), &mut connection).await.unwrap_err();
        assert!(matches!(said(&error), DriverError::Database(sqlx::Error::Database(_))), "{error:?}");
        assert!(error.to_string().contains("V3__broken") && error.to_string().contains("nowhere"), "{error}");
        assert_eq!(names(error.report().unwrap().applied_migrations()), ["V1__people", "V2__ada"]);
        assert!(!connection.is_in_transaction());
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [2]);
        let mended = [PEOPLE, ADA, ("V3__broken", "INSERT INTO people VALUES (3, 'Eve')"), ORDERS];
        assert_eq!(names(&applied(&runner(&mended), &mut connection).await.unwrap()), ["V1__people", "V2__ada"]);
        assert_eq!(run(&runner(&mended), &mut connection).await.unwrap(), ["V3__broken", "V10__orders"]);
    }

    async fn grouped_migrations_are_applied_together_or_not_at_all(place, connection) {
        let grouped = |scripts: &[(&str, &str)]| runner(scripts).set_grouped(true);
        run(&grouped(&[PEOPLE, ADA, BROKEN]), &mut connection).await.unwrap_err();
        assert!(!connection.is_in_transaction());
        let rows = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM people").fetch_all(&mut connection).await;
        if ENGINE == "mariadb" || ENGINE == "mysql" {
            // The first table ended the transaction, as refinery's page says: each statement was committed on its own.
            assert_eq!(rows.unwrap(), [3]);
            assert_eq!(ask!(connection, i64, format!("SELECT count(*) FROM {HISTORY}")), [2]);
            tell!(connection, format!("DROP TABLE people; DROP TABLE {HISTORY}"));
        } else {
            assert!(rows.is_err(), "{rows:?}");
            assert_eq!(ask!(connection, i64, format!("SELECT count(*) FROM {HISTORY}")), [0]);
        }
        assert_eq!(run(&grouped(&[PEOPLE, ADA]), &mut connection).await.unwrap(), ["V1__people", "V2__ada"]);
        assert_eq!(run(&grouped(&[PEOPLE, ADA]), &mut connection).await.unwrap(), [""; 0]);
        // Without such a statement it holds there, too.
        run(&grouped(&[PEOPLE, ADA, ("V3__eve", "INSERT INTO people VALUES (3, 'Eve')"), ("V4__broken", BROKEN.1)]), &mut connection)
            .await
            .unwrap_err();
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [2]);
        assert_eq!(ask!(connection, i64, format!("SELECT count(*) FROM {HISTORY}")), [2]);
        assert_eq!(run(&grouped(&[PEOPLE, ADA, ORDERS]), &mut connection).await.unwrap(), ["V10__orders"]);
    }

    async fn a_target_version_is_where_a_run_ends(place, connection) {
        for grouped in [false, true] {
            let runner = runner(&[PEOPLE, ADA, ORDERS]).set_grouped(grouped);
            let wanted = if grouped { vec!["V2__ada"] } else { vec!["V1__people"] };
            let target = if grouped { 9 } else { 1 };
            assert_eq!(run(&runner.set_target(Target::Version(target)), &mut connection).await.unwrap(), wanted);
        }
    }

    async fn a_fake_run_writes_the_history_and_runs_nothing(place, connection) {
        let scripts = [PEOPLE, ADA, ORDERS];
        let fake = runner(&scripts).set_target(Target::FakeVersion(2));
        assert_eq!(run(&fake, &mut connection).await.unwrap(), [""; 0]);
        assert_eq!(names(&applied(&fake, &mut connection).await.unwrap()), ["V1__people", "V2__ada"]);
        let fake = runner(&scripts).set_target(Target::Fake);
        assert_eq!(run(&fake, &mut connection).await.unwrap(), [""; 0]);
        assert_eq!(applied(&fake, &mut connection).await.unwrap(), scripts.iter().map(migration).collect::<Vec<_>>());
        assert_eq!(run(&runner(&scripts), &mut connection).await.unwrap(), [""; 0]);
        assert!(sqlx::query("SELECT * FROM people").execute(&mut connection).await.is_err());
    }

    async fn an_unversioned_migration_may_come_late(place, connection) {
        run(&runner(&[PEOPLE, ORDERS]), &mut connection).await.unwrap();
        let late = ("U2__ada", ADA.1);
        let runner = runner(&[PEOPLE, late, ORDERS]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), ["U2__ada"]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), [""; 0]);
    }

    async fn the_history_has_the_name_that_the_runner_says(place, connection) {
        let mut runner = runner(&[PEOPLE]);
        runner.set_migration_table_name("versions");
        assert!(applied(&runner, &mut connection).await.is_err());
        run(&runner, &mut connection).await.unwrap();
        assert_eq!(applied(&runner, &mut connection).await.unwrap().len(), 1);
        assert_eq!(ask!(connection, String, "SELECT name FROM versions"), ["people"]);
    }

    async fn a_script_may_hold_many_statements_and_return_rows(place, connection) {
        let many = "-- people; of all kinds\n\
                    CREATE TABLE people (id int, name varchar(40));\n\
                    /* ; */ INSERT INTO people VALUES (1, 'a;b');\n\
                    SELECT name FROM people;\n\
                    INSERT INTO people SELECT id + 1, 'c' FROM people;\n\
                    SELECT 1;\n";
        let runner = runner(&[("V1__many", many), ("V2__more", "SELECT 1; INSERT INTO people VALUES (3, 'd')")]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), ["V1__many", "V2__more"]);
        assert_eq!(ask!(connection, String, "SELECT name FROM people ORDER BY id"), ["a;b", "c", "d"]);
    }

    async fn a_connection_in_a_transaction_is_refused_and_left_alone(place, connection) {
        tell!(connection, "CREATE TABLE mine (id int)");
        let runner = runner(&[PEOPLE]);
        let mut transaction = connection.begin().await.unwrap();
        tell!(*transaction, "INSERT INTO mine VALUES (1)");
        for error in [
            run(&runner, &mut *transaction).await.unwrap_err(),
            applied(&runner, &mut *transaction).await.unwrap_err(),
        ] {
            assert!(matches!(said(&error), DriverError::InTransaction), "{error:?}");
        }
        transaction.rollback().await.unwrap();
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM mine"), [0]);
        run(&runner, &mut connection).await.unwrap();
    }

    async fn a_run_that_is_dropped_leaves_nothing_and_can_be_begun_again(place, connection) {
        let wait = match ENGINE {
            "postgres" => "SELECT pg_sleep(1)",
            "mariadb" | "mysql" => "SELECT sleep(1)",
            _ => "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000) SELECT count(*) FROM n",
        };
        run(&runner(&[PEOPLE]), &mut connection).await.unwrap();
        let slow = format!("INSERT INTO people VALUES (5, 'Fay'); {wait}; INSERT INTO people VALUES (6, 'Gil')");
        let runner = runner(&[PEOPLE, ("V2__slow", &slow)]);
        let run_out = tokio::time::timeout(Duration::from_millis(100), run(&runner, &mut connection)).await;
        assert!(run_out.is_err(), "{run_out:?}");
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [0]);
        let mut other = Own::connect(&place.url).await.unwrap();
        assert_eq!(names(&applied(&runner, &mut other).await.unwrap()), ["V1__people"]);
        assert_eq!(run(&runner, &mut connection).await.unwrap(), ["V2__slow"]);
        assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [2]);
    }
}

/// What fails in the COMMIT alone.
macro_rules! fails_in_the_commit {
    ($connection:expr) => {{
        let table = "CREATE TABLE parents (id int PRIMARY KEY); \
                     CREATE TABLE children (parent int REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)";
        let scripts = [("V1__tables", table), ("V2__orphan", "INSERT INTO children VALUES (1)")];
        let error = run(&runner(&scripts), &mut $connection).await.unwrap_err();
        assert!(error.to_string().to_lowercase().contains("foreign key"), "{error}");
        assert_eq!(ask!($connection, i64, "SELECT count(*) FROM children"), [0]);
        assert!(!$connection.is_in_transaction());
        assert_eq!(
            names(&applied(&runner(&scripts), &mut $connection).await.unwrap()),
            ["V1__tables"]
        );
    }};
}

#[tokio::test]
async fn what_fails_in_the_commit_is_not_applied_on_sqlite() {
    let place = Place::sqlite();
    let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
    fails_in_the_commit!(connection);
}

#[tokio::test]
async fn what_fails_in_the_commit_is_not_applied_on_postgresql() {
    let place = Place::postgres().await;
    let mut connection = PgConnection::connect(&place.url).await.unwrap();
    fails_in_the_commit!(connection);
}

#[tokio::test]
async fn a_version_that_is_no_number_is_an_error_on_sqlite_which_keeps_it() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let runner = runner(&[PEOPLE, ADA]);
    run(&runner, &mut connection).await.unwrap();
    for value in ["NULL", "'two'", "2.5", "x'32'"] {
        tell!(
            connection,
            format!("UPDATE {HISTORY} SET version = {value} WHERE name = 'ada'")
        );
        let error = run(&runner, &mut connection).await.unwrap_err();
        assert!(
            matches!(said(&error), DriverError::History { column: "version", .. }),
            "{error}"
        );
    }
}

#[tokio::test]
async fn bodies_with_semicolons_stay_whole_on_sqlite() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let trigger = "CREATE TABLE log (what text); CREATE TRIGGER noted AFTER INSERT ON people BEGIN \
                   INSERT INTO log VALUES ('one'); INSERT INTO log VALUES (new.name); END; INSERT INTO people VALUES (1, 'Ada')";
    run(&runner(&[PEOPLE, ("V2__log", trigger)]), &mut connection)
        .await
        .unwrap();
    assert_eq!(ask!(connection, String, "SELECT what FROM log"), ["one", "Ada"]);
}

#[tokio::test]
async fn bodies_with_semicolons_stay_whole_on_postgresql() {
    let place = Place::postgres().await;
    let mut connection = PgConnection::connect(&place.url).await.unwrap();
    let function = "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN n := n * 2; RETURN n; END; $$;\n\
                    CREATE FUNCTION thrice(n int) RETURNS int LANGUAGE sql AS $body$ SELECT 1; SELECT n * 3; $body$;\n\
                    DO $$ BEGIN PERFORM twice(1); PERFORM 1; END $$; SELECT twice(2);";
    run(&runner(&[("V1__twice", function)]), &mut connection).await.unwrap();
    assert_eq!(ask!(connection, i32, "SELECT twice(2) + thrice(3)"), [13]);
}

#[tokio::test]
async fn bodies_with_semicolons_stay_whole_on_mariadb() {
    let place = Place::mariadb().await;
    let mut connection = MySqlConnection::connect(&place.url).await.unwrap();
    let procedure = "CREATE PROCEDURE fill() BEGIN INSERT INTO people VALUES (1, 'Ada'); INSERT INTO people VALUES (2, 'Bob'); END;\n\
                     CALL fill();";
    run(&runner(&[PEOPLE, ("V2__fill", procedure)]), &mut connection)
        .await
        .unwrap();
    assert_eq!(ask!(connection, i64, "SELECT count(*) FROM people"), [2]);
}

#[tokio::test]
async fn a_transaction_that_sqlite_has_ended_by_itself_is_over_for_the_connection() {
    let place = Place::sqlite();
    let mut connection = SqliteConnection::connect(&place.url).await.unwrap();
    let strict = "CREATE TRIGGER strict BEFORE INSERT ON people BEGIN SELECT RAISE(ROLLBACK, 'nobody may'); END; \
                  INSERT INTO people VALUES (1, 'Ada')";
    let error = run(&runner(&[PEOPLE, ("V2__strict", strict)]), &mut connection)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("nobody may"), "{error}");
    assert!(!connection.is_in_transaction());
    assert_eq!(
        run(&runner(&[PEOPLE, ADA]), &mut connection).await.unwrap(),
        ["V2__ada"]
    );
    let mut other = SqliteConnection::connect(&place.url).await.unwrap();
    assert_eq!(ask!(other, i64, "SELECT count(*) FROM people"), [2]);
}

#[tokio::test]
async fn a_script_that_the_driver_cannot_run_is_refused_and_not_sent() {
    let place = Place::sqlite();
    let mut sqlite = SqliteConnection::connect(&place.url).await.unwrap();
    for (script, wanted) in [
        ("SELECT 1;\n\0SELECT 2", "line 2 of the script: a zero byte"),
        ("SELECT 1;\n\nCOMMIT;", "line 3 of the script: `COMMIT` begins or ends"),
    ] {
        let grouped = runner(&[PEOPLE, ("V2__odd", script)]).set_grouped(true);
        let error = run(&grouped, &mut sqlite).await.unwrap_err();
        assert!(matches!(said(&error), DriverError::Script(_)), "{error:?}");
        assert!(error.to_string().contains(wanted), "{error}");
        assert_eq!(ask!(sqlite, i64, format!("SELECT count(*) FROM {HISTORY}")), [0]);
    }

    let place = Place::postgres().await;
    let mut postgres = PgConnection::connect(&place.url).await.unwrap();
    for (script, wanted) in [
        (
            "SELECT 1;\nCOPY people FROM STDIN;\n1\tAda\n\\.\n",
            "line 2 of the script: `COPY people",
        ),
        ("COPY people TO STDOUT", "line 1 of the script: `COPY people"),
        ("SELECT '\0'", "a zero byte"),
    ] {
        let error = run(&runner(&[PEOPLE, ("V2__odd", script)]), &mut postgres)
            .await
            .unwrap_err();
        assert!(matches!(said(&error), DriverError::Script(_)), "{error:?}");
        assert!(error.to_string().contains(wanted), "{error}");
    }
    assert_eq!(run(&runner(&[PEOPLE, ADA]), &mut postgres).await.unwrap(), ["V2__ada"]);
}

#[tokio::test]
async fn an_answer_that_the_driver_does_not_know_ends_the_run() {
    let place = Place::postgres().await;
    let mut connection = PgConnection::connect(&place.url).await.unwrap();
    run(&runner(&[PEOPLE]), &mut connection).await.unwrap();
    // With this the server finds a statement where the rules of today have a string.
    tell!(connection, "SET standard_conforming_strings = off");
    let odd = "SELECT '\\''; COPY people FROM STDIN; --'";
    let scripts = [PEOPLE, ("V2__odd", odd)];
    let ended = tokio::time::timeout(Duration::from_secs(30), run(&runner(&scripts), &mut connection)).await;
    let error = ended.expect("the server waits, and nobody else").unwrap_err();
    assert!(
        matches!(said(&error), DriverError::Database(sqlx::Error::Protocol(_))),
        "{error:?}"
    );
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_connection_of_a_pool_can_be_lent() {
    let place = Place::sqlite();
    let pool = sqlx::SqlitePool::connect(&place.url).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    assert_eq!(run(&runner(&[PEOPLE]), &mut *connection).await.unwrap(), ["V1__people"]);
}

#[tokio::test]
async fn a_session_of_mariadb_keeps_what_the_caller_gave_it() {
    let place = Place::mariadb().await;
    let mut connection = MySqlConnection::connect(&place.url).await.unwrap();
    let settings =
        "SELECT concat_ws('/', @@sql_mode, @@time_zone, @@tx_isolation, @@autocommit, @@collation_connection)";
    let before = ask!(connection, String, settings);
    let texts = "CREATE TABLE texts (t varchar(20)); INSERT INTO texts SELECT 'a' || 'b'";
    // A transaction of its own has the level that refinery's driver asks for.
    let level = "UPDATE texts SET t = 'c'; INSERT INTO texts SELECT trx_isolation_level FROM information_schema.INNODB_TRX \
                 WHERE trx_mysql_thread_id = CONNECTION_ID()";
    let scripts = [("V1__texts", texts), ("V2__level", level)];
    run(&runner(&scripts[..1]), &mut connection).await.unwrap();
    assert_eq!(ask!(connection, String, "SELECT t FROM texts"), ["ab"]);
    run(&runner(&scripts), &mut connection).await.unwrap();
    assert_eq!(
        ask!(connection, String, "SELECT t FROM texts ORDER BY length(t)"),
        ["c", "READ COMMITTED"]
    );
    assert_eq!(ask!(connection, String, settings), before);

    // The server's own settings, as the page says.
    let place = Place::mariadb().await;
    let mut connection = MySqlConnection::connect(&place.url).await.unwrap();
    tell!(
        connection,
        "SET SESSION sql_mode = @@GLOBAL.sql_mode, SESSION time_zone = @@GLOBAL.time_zone"
    );
    let server = "SELECT @@sql_mode = @@GLOBAL.sql_mode AND @@time_zone = @@GLOBAL.time_zone";
    assert_eq!(ask!(connection, i64, server), [1]);
    let numbers = "CREATE TABLE texts (t varchar(9)); INSERT INTO texts SELECT '1' || '0'";
    run(&runner(&[("V1__texts", numbers)]), &mut connection).await.unwrap();
    assert_eq!(ask!(connection, i64, server), [1]);
    assert_eq!(ask!(connection, String, "SELECT t FROM texts"), ["1"]);
}

/// What a run over syncline's own ledger did, and what the ledger says then.
async fn over_the_ledger(
    url: &str,
    scripts: &[(&str, &str)],
    target: Target,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let target_database = syncline::Target::from_url(url).unwrap();
    let mut migrator = syncline::Migrator::connect(&target_database, syncline::database::Access::Write)
        .await
        .unwrap();
    let runner = runner(scripts).set_target(target);
    let report = runner.run_async(&mut Session::new(&mut migrator)).await?;
    let history = migrator.history().await.unwrap();
    let states = history
        .current()
        .map(|(id, current)| format!("{id} {:?}", current.state))
        .collect();
    Ok((names(report.applied_migrations()), states))
}

/// As with refinery itself, any number may be a target, and 0 is mostly before the first.
#[tokio::test]
async fn over_the_ledger_a_target_before_the_first_version_is_before_all() {
    const ZERO: (&str, &str) = ("V0__zero", "CREATE TABLE zero (id int)");
    for before in [0, -1] {
        let place = Place::sqlite();
        for target in [Target::Version(before), Target::FakeVersion(before)] {
            let (done, states) = over_the_ledger(&place.url, &[PEOPLE, ADA], target).await.unwrap();
            assert_eq!((done, states), (vec![], vec![]));
        }
        let (done, _) = over_the_ledger(&place.url, &[ZERO, PEOPLE, ADA], Target::Version(1))
            .await
            .unwrap();
        assert_eq!(done, ["V0__zero", "V1__people"]);
    }
    let place = Place::sqlite();
    let (done, states) = over_the_ledger(&place.url, &[], Target::Fake).await.unwrap();
    assert_eq!((done, states), (vec![], vec![]));
    let (done, states) = over_the_ledger(&place.url, &[ZERO, PEOPLE, ORDERS], Target::FakeVersion(9))
        .await
        .unwrap();
    assert_eq!(
        (done, states),
        (
            vec!["V0__zero".to_owned(), "V1__people".to_owned()],
            vec!["0 Baseline".to_owned(), "1 Baseline".to_owned()]
        )
    );
    let (done, _) = over_the_ledger(&place.url, &[ZERO, PEOPLE, ORDERS], Target::Version(20))
        .await
        .unwrap();
    assert_eq!(done, ["V10__orders"]);
    let place = Place::sqlite();
    let (_, states) = over_the_ledger(&place.url, &[ZERO, PEOPLE], Target::FakeVersion(0))
        .await
        .unwrap();
    assert_eq!(states, ["0 Baseline"]);
}
