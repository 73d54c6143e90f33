//! Where the ledger is when the schema that was current is another one now: each place in which it may be, on each engine.

use super::fixture::*;
use crate::mysql::Server;
use crate::on_both;
use crate::settings::setting;
use syncline::database::Access;
use syncline::plan::{Finding, Severity};
use syncline::{Code, Error, Migrator, Target};

const FILES: [File<'_>; 2] = [
    ("1_a.sql", "CREATE TABLE a (id integer)"),
    ("2_b.sql", "CREATE TABLE b (id integer)"),
];

/// A row of the table: what somebody does between two runs, and what the second one makes of it.
struct Case {
    name: &'static str,
    /// Who runs first, with which `search_path` in the URL.
    first: (&'static str, &'static str),
    /// What is done then by the owner of the database: `{role}` is the user, `{other}` another one.
    between: &'static str,
    second: (&'static str, &'static str),
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Expected {
    /// The history is found, and the rest applied.
    GoesOn,
    /// The current schema gets one of its own.
    Begins,
    /// Nothing is done before one of these two is said to be the one.
    Asks([&'static str; 2]),
}

use Expected::{Asks, Begins, GoesOn};

const CASES: &[Case] = &[
    Case {
        name: "a schema with the name of the user",
        first: ("role", ""),
        between: "CREATE SCHEMA {role} AUTHORIZATION {role}",
        second: ("role", ""),
        expected: GoesOn,
    },
    Case {
        name: "the same, beside the histories of others",
        first: ("role", ""),
        between: "CREATE SCHEMA {role} AUTHORIZATION {role}; CREATE SCHEMA x; CREATE SCHEMA y; \
                  CREATE TABLE x.syncline_history (LIKE public.syncline_history); CREATE TABLE y.syncline_history (LIKE public.syncline_history)",
        second: ("role", ""),
        expected: GoesOn,
    },
    Case {
        name: "another path for the whole database",
        first: ("role", ""),
        between: "ALTER DATABASE {database} SET search_path = app, public",
        second: ("role", ""),
        expected: GoesOn,
    },
    Case {
        name: "another path for the user",
        first: ("role", ""),
        between: "ALTER ROLE {role} SET search_path = app, public",
        second: ("role", ""),
        expected: GoesOn,
    },
    Case {
        name: "a path without the schema of the history",
        first: ("role", ""),
        between: "ALTER DATABASE {database} SET search_path = app",
        second: ("role", ""),
        expected: Asks(["public", "app"]),
    },
    Case {
        name: "the schema was renamed",
        first: ("role", "app"),
        between: "ALTER SCHEMA app RENAME TO old",
        second: ("role", ""),
        expected: Asks(["old", "public"]),
    },
    Case {
        name: "another user, whose schema comes first",
        first: ("role", ""),
        between: "CREATE SCHEMA {other} AUTHORIZATION {other}",
        second: ("other", ""),
        expected: Asks(["public", "{other}"]),
    },
    Case {
        name: "another user, after one with a schema of his own",
        first: ("role", "app"),
        between: "CREATE SCHEMA {other} AUTHORIZATION {other}",
        second: ("other", ""),
        expected: Asks(["app", "{other}"]),
    },
    Case {
        name: "the path was forgotten",
        first: ("role", "app"),
        between: "SELECT 1",
        second: ("role", ""),
        expected: Asks(["app", "public"]),
    },
    Case {
        name: "a path in the URL that begins with a schema made later",
        first: ("role", "later,public"),
        between: "CREATE SCHEMA later AUTHORIZATION {role}",
        second: ("role", "later,public"),
        expected: Asks(["public", "later"]),
    },
    Case {
        name: "the second tenant",
        first: ("role", "app"),
        between: "CREATE SCHEMA tenant AUTHORIZATION {role}",
        second: ("role", "tenant"),
        expected: Begins,
    },
    Case {
        name: "the second tenant, with a schema that all share",
        first: ("role", "app"),
        between: "CREATE SCHEMA tenant AUTHORIZATION {role}",
        second: ("role", "tenant,public"),
        expected: Begins,
    },
    Case {
        name: "a third user with a schema of his own",
        first: ("role", "app"),
        between: "CREATE SCHEMA x; CREATE TABLE x.syncline_history (LIKE app.syncline_history); ALTER TABLE x.syncline_history OWNER TO {role}; \
                  CREATE SCHEMA {other} AUTHORIZATION {other}",
        second: ("other", ""),
        expected: Begins,
    },
    Case {
        name: "a temporary table and one that has only the name",
        first: ("role", "app"),
        between: "DROP SCHEMA app CASCADE; CREATE SCHEMA x; CREATE TABLE x.syncline_history (id integer)",
        second: ("role", ""),
        expected: Begins,
    },
];

/// The database with two users, and their targets.
struct Stage {
    bench: Bench,
    names: [String; 3],
}

impl Stage {
    async fn new() -> Self {
        let bench = Bench::postgres().await;
        let database = bench.url().rsplit_once('/').unwrap().1.to_owned();
        let names = [format!("shop_{database}"), format!("late_{database}"), database];
        let [role, other, database] = &names;
        bench
            .execute(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD 'x'; CREATE ROLE {other} LOGIN PASSWORD 'x'; \
                 GRANT ALL ON SCHEMA public TO PUBLIC; GRANT CREATE ON DATABASE {database} TO {role}; CREATE SCHEMA app AUTHORIZATION {role}"
            ))
            .await;
        Self { bench, names }
    }

    fn said(&self, text: &str) -> String {
        let [role, other, database] = &self.names;
        text.replace("{role}", role)
            .replace("{other}", other)
            .replace("{database}", database)
    }

    fn target(&self, (who, path): (&str, &str)) -> Target {
        let server = setting("SYNCLINE_TEST_POSTGRES");
        let place = server
            .rsplit_once('@')
            .unwrap()
            .1
            .rsplit_once('/')
            .unwrap()
            .0
            .to_owned();
        let user = self.said(&format!("{{{who}}}"));
        let mut url = format!("postgres://{user}:x@{place}/{}", self.names[2]);
        if !path.is_empty() {
            url.push_str(&format!("?options=-csearch_path={path}"));
        }
        Target::from_url(&url).unwrap()
    }
}

async fn run(bench: &Bench, target: &Target, files: &[File<'_>]) -> Result<(Vec<String>, Vec<Finding>), Error> {
    let mut migrator = Migrator::connect(target, Access::Write).await?;
    let report = migrator.run(&up(), &bench.catalog(files), &STRICT, &mut |_| {}).await?;
    assert!(report.failure.is_none(), "{:?}", report.failure);
    let done = report.done.iter().map(|done| format!("{} {}", done.kind, done.label()));
    let done = done.collect();
    migrator.close().await?;
    Ok((done, report.findings))
}

/// How many migrations are planned for a target whose ledger is said to be in a schema.
async fn planned(bench: &Bench, target: &Target, schema: Option<&str>) -> Result<usize, Error> {
    let mut target = target.clone();
    target.ledger.schema = schema.map(str::to_owned);
    let mut migrator = Migrator::connect(&target, Access::Read).await?;
    let plan = migrator.plan(&up(), &bench.catalog(&FILES), &STRICT).await?;
    Ok(plan.steps.len())
}

fn elsewhere(findings: &[Finding]) -> Vec<Severity> {
    let found = findings.iter().filter(|finding| finding.code == Code::HistoryElsewhere);
    found.map(|finding| finding.severity).collect()
}

const LEDGERS: &str = "SELECT n.nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'syncline_history' ORDER BY 1";

#[tokio::test]
async fn a_history_is_found_wherever_it_is_and_no_other_is_begun_by_mistake() {
    for case in CASES {
        let name = case.name;
        let stage = Stage::new().await;
        let bench = &stage.bench;
        let first = stage.target(case.first);
        assert_eq!(run(bench, &first, &FILES[..1]).await.unwrap().0, ["up 1"], "{name}");
        bench.execute(&stage.said(case.between)).await;
        let second = stage.target(case.second);
        let before = bench.query(LEDGERS).await;
        let ran = run(bench, &second, &FILES).await;
        let after = bench.query(LEDGERS).await;
        match (case.expected, ran) {
            (GoesOn, Ok((done, findings))) => {
                assert_eq!(done, ["up 2"], "{name}");
                assert_eq!(elsewhere(&findings), [Severity::Note], "{name}");
                assert_eq!(before, after, "{name}");
                // Said in the configuration, it is no news.
                let schema = bench.query("SELECT 'public'").await;
                assert_eq!(planned(bench, &second, Some(&schema[0])).await.unwrap(), 0, "{name}");
            }
            (Begins, Ok((done, findings))) => {
                assert_eq!(done, ["up 1", "up 2"], "{name}");
                let noted = usize::from(!before.iter().all(|schema| schema == "x"));
                assert_eq!(elsewhere(&findings).len(), noted, "{name}");
                assert_eq!(after.len(), before.len() + 1, "{name}");
                // From now on it is the one that counts.
                assert_eq!(planned(bench, &second, None).await.unwrap(), 0, "{name}");
            }
            (Asks(ways), Err(Error::Refused(findings))) => {
                assert_eq!(elsewhere(&findings), [Severity::Refused], "{name}");
                assert_eq!(before, after, "{name}");
                let ways = ways.map(|way| stage.said(way));
                let said: Vec<&str> = findings[0]
                    .help
                    .iter()
                    .filter_map(|help| help.split("   #").next()?.strip_prefix("history-schema = "))
                    .collect();
                assert_eq!(said, ways.clone().map(|way| format!("{way:?}")), "{name}");
                // Whoever only reads is told the same, and does not hear that there is no history.
                let mut reader = Migrator::connect(&second, Access::Read).await.unwrap();
                assert!(matches!(reader.history().await, Err(Error::Refused(_))), "{name}");
                assert!(planned(bench, &second, None).await.is_err(), "{name}");
                // Each way leads where it says; the first one only whoever may read what is there.
                if case.first.0 == case.second.0 {
                    assert_eq!(planned(bench, &second, Some(&ways[0])).await.unwrap(), 1, "{name}");
                }
                let mut begun = second.clone();
                begun.ledger.schema = Some(ways[1].clone());
                assert_eq!(planned(bench, &second, Some(&ways[1])).await.unwrap(), 2, "{name}");
                assert_eq!(run(bench, &begun, &[]).await.unwrap().0, [] as [&str; 0], "{name}");
            }
            (_, other) => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn what_a_session_sets_has_no_say_in_where_the_history_is() {
    let stage = Stage::new().await;
    let bench = &stage.bench;
    let mut target = stage.target(("role", ""));
    run(bench, &target, &FILES[..1]).await.unwrap();
    bench
        .execute(&stage.said(
            "CREATE SCHEMA {role} AUTHORIZATION {role}; GRANT {other} TO {role}; GRANT ALL ON SCHEMA {role} TO {other}; \
             GRANT SELECT ON public.syncline_history TO {other}",
        ))
        .await;
    for session in ["SET search_path = app", "SET ROLE {other}", "SET search_path = ''"] {
        target.session = stage.said(session);
        assert_eq!(planned(bench, &target, None).await.unwrap(), 1, "{session}");
        let mut migrator = Migrator::connect(&target, Access::Write).await.unwrap();
        assert_eq!(migrator.history().await.unwrap().records().len(), 2, "{session}");
        assert_eq!(migrator.server().schema, "public", "{session}");
        // What it has set is as it was.
        let set = migrator.plan(&up(), &bench.catalog(&FILES), &STRICT).await;
        assert!(set.is_ok(), "{session}");
    }
}

#[tokio::test]
async fn a_history_that_may_not_be_read_is_told_with_its_owner() {
    let stage = Stage::new().await;
    let bench = &stage.bench;
    run(bench, &stage.target(("role", "app")), &FILES[..1]).await.unwrap();
    let other = stage.target(("other", ""));
    let Err(Error::Refused(findings)) = run(bench, &other, &FILES).await else {
        panic!("it should have been refused")
    };
    let message = &findings[0].message;
    assert!(
        message.contains(&stage.names[0]) && message.contains("may not be read"),
        "{message}"
    );
}

#[tokio::test]
async fn the_history_is_found_through_a_pool() {
    let bench = Bench::postgres().await;
    for pool in ["SYNCLINE_TEST_PGBOUNCER_1", "SYNCLINE_TEST_PGBOUNCER_10"] {
        let bench = bench.fresh().await;
        let server = setting(pool);
        let database = bench.url().rsplit('/').next().unwrap();
        let target = Target::from_url(&format!("{}/{database}", server.rsplit_once('/').unwrap().0)).unwrap();
        let user = target.address.user.clone().unwrap();
        let own = (
            "1_a.sql".to_owned(),
            format!("CREATE TABLE a (id integer); CREATE SCHEMA {user}"),
        );
        let files = [(own.0.as_str(), own.1.as_str()), FILES[1]];
        assert_eq!(run(&bench, &target, &files[..1]).await.unwrap().0, ["up 1"], "{pool}");
        assert_eq!(run(&bench, &target, &files).await.unwrap().0, ["up 2"], "{pool}");
        assert_eq!(bench.query(LEDGERS).await, ["public"], "{pool}");
    }
}

#[tokio::test]
async fn first_runs_at_once_with_several_schemas_begin_one_history() {
    let stage = Stage::new().await;
    let bench = &stage.bench;
    let target = stage.target(("role", ""));
    let catalog = bench.catalog(&FILES);
    // Some have connected before the schema was made that comes first for the others.
    let mut early = Vec::new();
    for _ in 0..4 {
        early.push(Migrator::connect(&target, Access::Write).await.unwrap());
    }
    bench
        .execute(&stage.said("CREATE SCHEMA {role} AUTHORIZATION {role}"))
        .await;
    let late = async || Migrator::connect(&target, Access::Write).await.unwrap();
    let late = [late().await, late().await, late().await];
    let running = early.into_iter().chain(late).map(|mut migrator| {
        let catalog = catalog.clone();
        tokio::spawn(async move { migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await })
    });
    let mut applied = 0;
    for run in running.collect::<Vec<_>>() {
        match run.await.unwrap() {
            Ok(report) => applied += report.done.len(),
            // Whoever looks from the first schema of the path cannot find what lies before it.
            Err(Error::Refused(findings)) => assert_eq!(elsewhere(&findings), [Severity::Refused]),
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((applied, bench.query(LEDGERS).await.len()), (2, 1));
}

#[tokio::test]
async fn tenants_begin_at_once_each_with_a_history_of_its_own() {
    let stage = Stage::new().await;
    let bench = &stage.bench;
    let mut running = Vec::new();
    for tenant in ["t1", "t2", "t3", "t4"] {
        bench
            .execute(&stage.said(&format!("CREATE SCHEMA {tenant} AUTHORIZATION {{role}}")))
            .await;
        let (target, catalog) = (stage.target(("role", tenant)), bench.catalog(&FILES));
        running.push(tokio::spawn(async move {
            let mut migrator = Migrator::connect(&target, Access::Write).await?;
            migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await
        }));
    }
    for run in running {
        assert_eq!(run.await.unwrap().unwrap().done.len(), 2);
    }
    assert_eq!(bench.query(LEDGERS).await, ["t1", "t2", "t3", "t4"]);
}

on_both! {
    async fn another_database_of_the_server_is_another_project(bench: Bench) {
        bench.run(&up(), &FILES).await;
        let other = bench.fresh().await;
        let (done, findings) = run(&other, &other.target, &FILES).await.unwrap();
        assert_eq!(done, ["up 1", "up 2"]);
        assert_eq!(elsewhere(&findings), []);
    }

    async fn a_script_that_goes_to_another_database_leaves_the_history_where_it_is(bench: Bench) {
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        let leaving = ("1_a.sql".to_owned(), format!("CREATE DATABASE x{name}; USE x{name}; CREATE TABLE a (id integer)"));
        let files = [(leaving.0.as_str(), leaving.1.as_str()), FILES[1]];
        assert_eq!(run(&bench, &bench.target, &files[..1]).await.unwrap().0, ["up 1"]);
        assert_eq!(run(&bench, &bench.target, &files).await.unwrap().0, ["up 2"]);
        let ask = format!("SELECT TABLE_SCHEMA FROM information_schema.TABLES WHERE TABLE_NAME = 'syncline_history' AND TABLE_SCHEMA LIKE '%{name}'");
        assert_eq!(bench.query(&ask).await, [name.as_str()]);
    }

    async fn whoever_reads_looks_where_the_session_of_a_run_goes(bench: Bench) {
        let name = bench.url().rsplit_once('/').unwrap().1.to_owned();
        bench.execute(&format!("CREATE DATABASE y{name}")).await;
        let mut target = bench.target.clone();
        target.session = format!("SET @a = 'USE nowhere'; USE y{name};");
        assert_eq!(run(&bench, &target, &FILES[..1]).await.unwrap().0, ["up 1"]);
        assert_eq!(planned(&bench, &target, None).await.unwrap(), 1);
    }
}

/// On a server that takes capital letters in names for small ones, two spellings are one ledger, with one lock.
#[tokio::test]
async fn a_schema_has_one_lock_however_it_is_spelled() {
    let server = Server::start(&["--lower-case-table-names=1"]).await;
    let bench = server.bench("shop").await;
    let mut spelled = Vec::new();
    for (database, schema) in [("shop", None), ("SHOP", None), ("shop", Some("Shop"))] {
        let mut target = bench.target.clone();
        target.address.database = Some(database.to_owned());
        target.ledger.schema = schema.map(str::to_owned);
        spelled.push(target);
    }
    let slow = [("1_a.sql", "CREATE TABLE a (id integer); DO SLEEP(1)")];
    let running = spelled.into_iter().map(|target| {
        let catalog = bench.catalog(&slow);
        tokio::spawn(async move {
            let mut migrator = Migrator::connect(&target, Access::Write).await?;
            migrator.run(&up(), &catalog, &STRICT, &mut |_| {}).await
        })
    });
    let mut applied = 0;
    for run in running.collect::<Vec<_>>() {
        let report = run.await.unwrap().unwrap();
        assert!(report.failure.is_none(), "{:?}", report.failure);
        applied += report.done.len();
    }
    assert_eq!(applied, 1);
}

#[tokio::test]
async fn what_is_attached_or_temporary_is_not_the_history_of_a_file() {
    let other = Bench::sqlite();
    other.run(&up(), &FILES).await;
    let path = other.target.address.database.clone().unwrap();
    for (session, noted) in [
        (format!("ATTACH '{path}' AS other"), 1),
        ("CREATE TEMP TABLE syncline_history (seq, run_id, chain)".to_owned(), 0),
        ("CREATE TEMP VIEW syncline_history AS SELECT 1".to_owned(), 0),
    ] {
        let bench = Bench::sqlite();
        let mut target = bench.target.clone();
        target.session = session.clone();
        let (done, findings) = run(&bench, &target, &FILES[..1]).await.unwrap();
        assert_eq!(
            (done, elsewhere(&findings).len()),
            (vec!["up 1".to_owned()], noted),
            "{session}"
        );
        let (done, findings) = run(&bench, &target, &FILES).await.unwrap();
        assert_eq!(
            (done, elsewhere(&findings).len()),
            (vec!["up 2".to_owned()], 0),
            "{session}"
        );
        assert_eq!(bench.history().await.records().len(), 3, "{session}");
    }
    assert_eq!(other.history().await.records().len(), 3);
}

#[tokio::test]
async fn the_history_of_another_tool_is_found_behind_a_schema_of_the_user() {
    let stage = Stage::new().await;
    let bench = &stage.bench;
    let target = stage.target(("role", ""));
    let table = "CREATE TABLE public.__diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now()); \
                 INSERT INTO public.__diesel_schema_migrations VALUES ('1'); GRANT ALL ON public.__diesel_schema_migrations TO PUBLIC; \
                 CREATE SCHEMA {role} AUTHORIZATION {role}";
    bench.execute(&stage.said(table)).await;
    match run(bench, &target, &FILES).await {
        Err(Error::Refused(findings)) => {
            assert_eq!(codes(&findings), ["not-empty"]);
            assert!(
                findings[0].message.contains("`public.__diesel_schema_migrations`"),
                "{findings:?}"
            );
            assert!(findings[0].help[0].starts_with("syncline adopt"), "{findings:?}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.query(LEDGERS).await, [""; 0]);
}
