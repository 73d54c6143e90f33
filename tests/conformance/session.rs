//! What a session is set to, beside one of the database's own client: what is otherwise is in the table of the engine, and rows are
//! the same.

use std::collections::BTreeMap;
use std::process::Command;

use super::fixture::*;
use crate::settings::setting;
use syncline::database::Access;
use syncline::script::{Strings, Syntax};
use syncline::{Migrator, Target};

/// A file run by psql, in a database of its own or another's.
fn psql(url: &str, sql: &str) {
    let output = Command::new(format!("{}/psql", setting("SYNCLINE_TEST_POSTGRES_BIN")))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        .env_remove("PGTZ")
        .env_remove("PGDATESTYLE")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{sql}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// What is set, by name.
pub(crate) type Settings = BTreeMap<String, String>;

pub(crate) async fn settings(bench: &Bench, table: &str) -> Settings {
    let rows = bench
        .query(&match bench.is_sqlite() {
            true => format!("SELECT name || '=' || setting FROM {table}"),
            false => format!("SELECT concat(name, '=', setting) FROM {table}"),
        })
        .await;
    let pair = |row: &String| {
        row.split_once('=')
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
    };
    rows.iter().filter_map(pair).collect()
}

/// The names of what is otherwise.
pub(crate) fn different(ours: &Settings, theirs: &Settings) -> Vec<String> {
    assert!(
        ours.len() > 20 && ours.len() == theirs.len(),
        "{} {}",
        ours.len(),
        theirs.len()
    );
    let names = ours.iter().filter(|(name, value)| theirs.get(*name) != Some(value));
    names.map(|(name, _)| name.clone()).collect()
}

/// Nothing is otherwise that the engine has not in its table.
pub(crate) fn explained(target: &Target, what: &str, different: &[String], beside: &[&str]) {
    let known: Vec<String> = target
        .engine
        .settings
        .iter()
        .map(|setting| setting.name.to_lowercase())
        .collect();
    let unknown: Vec<&String> = different
        .iter()
        .filter(|name| !known.contains(name) && !beside.contains(&name.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "{what}: {unknown:?} are otherwise than in the client"
    );
}

async fn up_with(target: &Target, bench: &Bench, files: &[File<'_>]) {
    let mut migrator = Migrator::connect(target, Access::Write).await.unwrap();
    let report = migrator
        .run(&up(), &bench.catalog(files), &STRICT, &mut |_| {})
        .await
        .unwrap();
    assert!(report.failure.is_none(), "{:?}", report.failure);
    migrator.close().await.unwrap();
}

/// Sets everything for the database that it can be set to: what is on by default is off, of words another one is taken. What ends
/// sessions, writes nothing or cannot be set is left as it is.
const EVERYTHING_ELSE: &str = "DO $$ DECLARE s record; BEGIN
    FOR s IN SELECT name, CASE vartype WHEN 'bool' THEN CASE setting WHEN 'on' THEN 'off' ELSE 'on' END
        ELSE (SELECT e FROM unnest(enumvals) e WHERE e <> setting ORDER BY e DESC LIMIT 1) END AS other FROM pg_settings
        WHERE context IN ('user', 'superuser') AND vartype IN ('bool', 'enum') AND name !~ '^(transaction_|log_|debug_|trace_)'
        AND name NOT IN ('default_transaction_read_only', 'exit_on_error', 'ignore_system_indexes', 'is_superuser', 'in_hot_standby')
    LOOP
        BEGIN
            EXECUTE format('ALTER DATABASE %I SET %I = %L', current_database(), s.name, s.other);
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END LOOP;
    EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database());
    EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Kolkata''', current_database());
    EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''50s''', current_database());
    EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''50s''', current_database());
    EXECUTE format('ALTER DATABASE %I SET idle_in_transaction_session_timeout = ''50s''', current_database());
    EXECUTE format('ALTER DATABASE %I SET extra_float_digits = -10', current_database());
END $$";

/// Rows that look as a session is set.
const ROWS: &str = r"'C:\\data\tmp' AS backslash, E'C:\\data' AS escape, N'a\\b' AS national, timestamptz '2026-07-01 12:00' AT TIME ZONE 'UTC' AS moment,
    date '01/02/2026' - date 'epoch' AS day, interval '1 day 02:03:04'::text AS span, '\x6162'::bytea::text AS bytes, (0.1::float8 + 0.2)::text AS number,
    ('{null}'::text[])[1] IS NULL AS nulls, (SELECT count(*) FROM (VALUES (1), (NULL)) v (x) WHERE x = NULL) AS equals, now()::text ~ '^[0-9]{4}-' AS written";

#[tokio::test]
async fn a_session_of_postgres_is_one_of_psql_but_for_what_is_told() {
    for toggled in ["SELECT 1", EVERYTHING_ELSE] {
        let bench = Bench::postgres().await;
        bench.execute(toggled).await;
        let set = bench.query("SELECT count(*)::text FROM pg_db_role_setting, unnest(setconfig) WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())").await;
        assert!(
            toggled != EVERYTHING_ELSE || set[0].parse::<usize>().unwrap() > 60,
            "{set:?}"
        );
        let seen = |table: &str| format!("CREATE TABLE {table} AS SELECT name, setting FROM pg_settings");
        let rows = |table: &str| format!("CREATE TABLE {table} AS SELECT {ROWS}");
        let (inside, outside) = (
            seen("inside"),
            format!("-- syncline: no-transaction\n{}", seen("outside")),
        );
        let made = rows("ours");
        let files = [
            ("1_a.sql", inside.as_str()),
            ("2_b.sql", outside.as_str()),
            ("3_c.sql", made.as_str()),
        ];
        let catalog = bench.catalog(&files);
        bench.run(&up(), &files).await;
        assert_eq!(catalog.len(), 3);
        psql(bench.url(), &seen("theirs"));
        psql(bench.url(), &rows("theirs_rows"));
        let theirs = settings(&bench, "theirs").await;
        let mut all = Vec::new();
        for table in ["inside", "outside"] {
            let different = different(&settings(&bench, table).await, &theirs);
            explained(&bench.target, table, &different, &[]);
            all.extend(different);
        }
        let equal = "SELECT concat(o, ' ', t) FROM (SELECT o::text AS o FROM ours o) o, (SELECT t::text AS t FROM theirs_rows t) t WHERE o <> t";
        assert_eq!(bench.query(equal).await, [] as [String; 0]);
        if toggled != EVERYTHING_ELSE {
            continue;
        }
        // What the database has set is what holds.
        for setting in ["timezone", "datestyle", "standard_conforming_strings"] {
            assert!(!all.contains(&setting.to_owned()), "{setting}");
        }
        // What the table says of is so.
        for setting in bench.target.engine.settings {
            let name = setting.name.to_lowercase();
            let as_set = ["timezone", "datestyle", "client_encoding", "transaction_timeout"];
            assert!(
                all.contains(&name) || as_set.contains(&name.as_str()),
                "{name} is as in psql"
            );
        }
    }
}

/// Who says what `standard_conforming_strings`, the time zone and the date style are, and what comes of it.
#[tokio::test]
async fn whoever_sets_a_session_of_psql_sets_that_of_a_migration() {
    const OFF: [(&str, &str); 3] = [
        ("standard_conforming_strings", "off"),
        ("TimeZone", "Asia/Kolkata"),
        ("DateStyle", "SQL, DMY"),
    ];
    let bench = Bench::postgres().await;
    let role = format!("strings_{}", bench.url().rsplit_once('/').unwrap().1);
    bench.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'")).await;
    for of in [
        "DATABASE {database}",
        "ROLE {role}",
        "ROLE {role} IN DATABASE {database}",
        "the URL",
    ] {
        let bench = bench.fresh().await;
        let database = bench.url().rsplit_once('/').unwrap().1.to_owned();
        bench
            .execute(&format!(
                "GRANT ALL ON SCHEMA public TO {role}; ALTER ROLE {role} RESET ALL"
            ))
            .await;
        let place = setting("SYNCLINE_TEST_POSTGRES");
        let place = place.rsplit_once('@').unwrap().1.rsplit_once('/').unwrap().0;
        let mut url = format!("postgres://{role}:x@{place}/{database}");
        let subject = of.replace("{role}", &role).replace("{database}", &database);
        if of == "the URL" {
            url.push_str(
                "?options=-cstandard_conforming_strings%3Doff%20-cTimeZone%3DAsia/Kolkata%20-cDateStyle%3DSQL,DMY",
            );
        } else {
            for (name, value) in OFF {
                // What is further away does not count.
                bench
                    .execute(&format!(
                        "ALTER {subject} SET {name} = '{value}'; ALTER DATABASE {database} SET {name} = '{value}'"
                    ))
                    .await;
                if of != "DATABASE {database}" {
                    let other = if name == "TimeZone" {
                        "UTC"
                    } else if name == "DateStyle" {
                        "ISO, YMD"
                    } else {
                        "on"
                    };
                    bench
                        .execute(&format!("ALTER DATABASE {database} SET {name} = '{other}'"))
                        .await;
                }
            }
        }
        let target = Target::from_url(&url).unwrap();
        let made = format!("CREATE TABLE ours AS SELECT {ROWS}");
        // A string may hide a statement, or end before one.
        let odd = r"CREATE TABLE odd (t text); INSERT INTO odd VALUES ('it\'s; --'), (E'\'' || '\\'); INSERT INTO odd VALUES ('a
b\';c');";
        up_with(&target, &bench, &[("1_a.sql", &made), ("2_odd.sql", odd)]).await;
        psql(&url, &format!("CREATE TABLE theirs AS SELECT {ROWS}"));
        psql(&url, &odd.replace("odd", "their_odd"));
        let equal = "SELECT concat(o, ' ', t) FROM (SELECT o::text AS o FROM ours o) o, (SELECT t::text AS t FROM theirs t) t WHERE o <> t";
        assert_eq!(bench.query(equal).await, [] as [String; 0], "{of}");
        let odd = "SELECT count(*)::text FROM (SELECT t FROM odd EXCEPT SELECT t FROM their_odd UNION ALL SELECT t FROM their_odd EXCEPT SELECT t FROM odd) x";
        assert_eq!(bench.query(odd).await, ["0"], "{of}");
        assert_eq!(bench.query("SELECT count(*)::text FROM odd").await, ["3"], "{of}");
    }
}

#[tokio::test]
async fn what_a_script_sets_holds_for_what_follows_in_it_as_in_psql() {
    let on = "SET standard_conforming_strings = on";
    let off = "SET standard_conforming_strings = off";
    for (database, script) in [
        ("on", format!(r"{off}; INSERT INTO t VALUES ('a\'; b'), ('\\');")),
        ("on", format!(r"INSERT INTO t VALUES ('\'); {off}; INSERT INTO t VALUES ('\''); {on}; INSERT INTO t VALUES ('\');")),
        ("off", format!(r"INSERT INTO t VALUES ('\''); {on}; INSERT INTO t VALUES ('\'), ('\\');")),
        ("off", format!(r"{on}; RESET standard_conforming_strings; INSERT INTO t VALUES ('\'');")),
        ("off", format!(r"{on}; RESET ALL; INSERT INTO t VALUES ('\'');")),
        ("off", format!(r"{on}; SET standard_conforming_strings TO DEFAULT; INSERT INTO t VALUES ('\'');")),
        ("on", r"SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false); INSERT INTO t VALUES ('\\');".to_owned()),
        ("on", r"SELECT set_config('standard_conforming_strings', 'off', true); INSERT INTO t VALUES ('\\');".to_owned()),
        ("off", r"DO $$ BEGIN INSERT INTO t VALUES ('\''); END $$; CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES ('\\'); END $$; SELECT f();".to_owned()),
    ] {
        for mode in ["", "-- syncline: no-transaction\n"] {
            let [ours, theirs] = [Bench::postgres().await, Bench::postgres().await];
            for bench in [&ours, &theirs] {
                let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
                bench
                    .execute(&format!("ALTER DATABASE {name} SET standard_conforming_strings = {database}"))
                    .await;
            }
            // A local setting ends with its statement outside a transaction.
            if !mode.is_empty() && script.contains("true)") {
                continue;
            }
            // psql goes by the rule that holds at the beginning of a line.
            let script = format!("CREATE TABLE t (t text); {script}").replace("; ", ";\n");
            let text = format!("{mode}{script}");
            ours.run(&up(), &[("1_a.sql", &text)]).await;
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), script.replacen("SELECT set_config", "BEGIN; SELECT set_config", 1)
                + if script.contains("true)") { "COMMIT;" } else { "" }).unwrap();
            psql_file(theirs.url(), file.path());
            let rows = "SELECT t FROM t ORDER BY t";
            assert_eq!(ours.query(rows).await, theirs.query(rows).await, "{database}: {text}");
        }
    }
}

fn psql_file(url: &str, file: &std::path::Path) {
    let output = Command::new(format!("{}/psql", setting("SYNCLINE_TEST_POSTGRES_BIN")))
        .args(["-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-f"])
        .arg(file)
        .arg(url)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_backslash_means_the_same_through_a_pool() {
    for pool in ["SYNCLINE_TEST_PGBOUNCER_1", "SYNCLINE_TEST_PGBOUNCER_10"] {
        let bench = Bench::postgres().await;
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        bench
            .execute(&format!(
                "ALTER DATABASE {name} SET standard_conforming_strings = off; ALTER DATABASE {name} SET TimeZone = 'Asia/Kolkata'; \
                 ALTER DATABASE {name} SET DateStyle = 'SQL, DMY'"
            ))
            .await;
        let server = setting(pool);
        let target = Target::from_url(&format!("{}/{name}", server.rsplit_once('/').unwrap().0)).unwrap();
        up_with(
            &target,
            &bench,
            &[("1_a.sql", &format!("CREATE TABLE ours AS SELECT {ROWS}"))],
        )
        .await;
        psql(bench.url(), &format!("CREATE TABLE theirs AS SELECT {ROWS}"));
        let equal = "SELECT concat(o, ' ', t) FROM (SELECT o::text AS o FROM ours o) o, (SELECT t::text AS t FROM theirs t) t WHERE o <> t";
        assert_eq!(bench.query(equal).await, [] as [String; 0], "{pool}");
    }
}

#[tokio::test]
async fn a_later_run_reads_strings_as_a_migration_has_left_the_database() {
    let bench = Bench::postgres().await;
    let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
    let set = format!("CREATE TABLE t (t text); ALTER DATABASE {name} SET standard_conforming_strings = off");
    bench.run(&up(), &[("1_a.sql", &set)]).await;
    bench
        .run(
            &up(),
            &[("1_a.sql", &set), ("2_b.sql", r"INSERT INTO t VALUES ('\''), ('\\')")],
        )
        .await;
    assert_eq!(bench.query("SELECT t FROM t ORDER BY t").await, ["'", "\\"]);
    // What an application sets for itself comes before it.
    let mut target = bench.target.clone();
    target.session = "SET standard_conforming_strings = on -- as the application has it".to_owned();
    let files = [
        ("1_a.sql", set.as_str()),
        ("2_b.sql", r"INSERT INTO t VALUES ('\''), ('\\')"),
        ("3_c.sql", r"INSERT INTO t VALUES ('c\')"),
    ];
    up_with(&target, &bench, &files).await;
    assert_eq!(bench.query(r"SELECT t FROM t WHERE t LIKE 'c%'").await, ["c\\"]);
}

/// Whether an edit changes a statement is judged by the rules of the session as well.
#[tokio::test]
async fn an_edit_of_a_comment_is_told_from_one_of_a_string_by_the_rules_of_the_database() {
    let bench = Bench::postgres().await;
    let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
    bench
        .execute(&format!("ALTER DATABASE {name} SET standard_conforming_strings = off"))
        .await;
    let (comment, string) = (
        r"CREATE TABLE t AS SELECT '\\' AS x -- a",
        r"CREATE TABLE u AS SELECT '\' -- a' AS x",
    );
    assert_eq!(
        bench.run(&up(), &[("1_a.sql", comment), ("2_b.sql", string)]).await,
        ["up 1", "up 2"]
    );
    // By the rule of the standard this would be in a comment both times.
    let (comment, string) = (comment.replace("-- a", "-- c"), string.replace("-- a", "-- c"));
    let files = [("1_a.sql", comment.as_str()), ("2_b.sql", string.as_str())];
    let findings = bench.refusals(&up(), &files).await;
    assert_eq!(codes(&findings), ["changed"]);
    let mut migrator = Migrator::connect(&bench.target, Access::Read).await.unwrap();
    let found = migrator.verify(Some(&bench.catalog(&files))).await.unwrap().findings;
    let told: Vec<String> = found
        .iter()
        .map(|finding| format!("{} {:?}", finding.code, finding.severity))
        .collect();
    assert_eq!(told, ["changed-cosmetic Note", "changed Refused"]);
}

#[test]
fn the_rule_for_strings_is_part_of_the_syntax() {
    let text = r"SELECT 'a\'; SELECT 'b'";
    for (strings, statements) in [(Strings::Standard, 2), (Strings::Escaped, 1)] {
        let parsed = syncline::script::parse(text, Syntax::Postgres(strings));
        assert_eq!(parsed.map(|parsed| parsed.statements.len()).unwrap_or(1), statements);
    }
}

/// Runs statements with the shell, which is told of no file of its user's.
fn shell(bench: &Bench, sql: &str) -> Option<String> {
    let file = bench.target.address.database.as_deref().unwrap();
    let mut command = Command::new("sqlite3");
    let output = command
        .args(["-batch", "-bail", "-init", "/dev/null", file, sql])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap().trim_end().to_owned();
    (output.status.success() && output.stderr.is_empty()).then_some(said)
}

/// Pragmas of one value, in a table of them.
fn pragmas(table: &str, names: &[String]) -> String {
    let rows = names
        .iter()
        .map(|name| format!("SELECT '{name}' AS name, (SELECT * FROM pragma_{name}) AS setting"));
    format!(
        "CREATE TABLE {table} AS {}",
        rows.collect::<Vec<_>>().join(" UNION ALL ")
    )
}

#[tokio::test]
async fn a_session_of_sqlite_is_one_of_its_shell_but_for_what_is_told() {
    // What is counted, and what asking for does something.
    const NOT_ASKED: &[&str] = &[
        "data_version",
        "freelist_count",
        "integrity_check",
        "quick_check",
        "incremental_vacuum",
        "page_count",
        "schema_version",
        "shrink_memory",
        "wal_checkpoint",
    ];
    // Of versions, and of how Debian builds its shell.
    const BUILT: &[&str] = &["max_page_count", "secure_delete"];
    let bench = Bench::sqlite();
    bench.execute("PRAGMA user_version = 1").await;
    let all = bench.query("SELECT name FROM pragma_pragma_list ORDER BY 1").await;
    let mut names = Vec::new();
    for name in all.into_iter().filter(|name| !NOT_ASKED.contains(&name.as_str())) {
        // The shell may be of an older version.
        let one = shell(&bench, &format!("SELECT * FROM pragma_{name}"));
        if one.is_some_and(|value| !value.is_empty() && !value.contains(['|', '\n'])) {
            names.push(name);
        }
    }
    assert!(names.len() > 20, "{names:?}");
    let rows = |table: &str| {
        format!(
            "CREATE TABLE {table} AS SELECT \"x\" AS quoted, 'a\\' AS backslash, 'a' LIKE 'A' AS same, 1 / 2 AS half, datetime(0, 'unixepoch') AS moment"
        )
    };
    let (inside, outside, made) = (
        pragmas("inside", &names),
        format!("-- syncline: no-transaction\n{}", pragmas("outside", &names)),
        rows("rows_ours"),
    );
    bench
        .run(
            &up(),
            &[("1_a.sql", &inside), ("2_b.sql", &outside), ("3_c.sql", &made)],
        )
        .await;
    shell(&bench, &pragmas("theirs", &names)).unwrap();
    shell(&bench, &rows("rows_theirs")).unwrap();
    let theirs = settings(&bench, "theirs").await;
    for table in ["inside", "outside"] {
        let different = different(&settings(&bench, table).await, &theirs);
        explained(&bench.target, table, &different, BUILT);
        for setting in bench.target.engine.settings {
            assert!(
                different.contains(&setting.name.to_owned()),
                "{} is as in the shell",
                setting.name
            );
        }
    }
    let equal = "SELECT count(*) FROM (SELECT * FROM rows_ours UNION SELECT * FROM rows_theirs)";
    assert_eq!(bench.query(equal).await, ["1"]);
}
