//! The other tool goes on after its history was taken over: nothing is run before that is known, whichever tool it is.

use serde_json::Value;

use crate::place::Engine;
use crate::project::Project;
use crate::steps::STEPS;
use crate::tools::{changelog, checked, own, plain, programs};
use crate::walk::{Tool, Verdict, count, rows};

/// All that there are; [`every_tool_is_looked_at`] compares.
const TOOLS: [&Tool; 31] = [
    &changelog::LIQUIBASE,
    &checked::ATLAS,
    &checked::DRIZZLE,
    &checked::FLYWAY,
    &checked::GRAPHILE_MIGRATE,
    &checked::PRISMA,
    &checked::SQITCH,
    &checked::SUPABASE,
    &own::REFINERY,
    &own::SQLX,
    &plain::DBMATE,
    &plain::DIESEL,
    &plain::GOLANG_MIGRATE,
    &plain::GOOSE,
    &plain::NODE_PG_MIGRATE,
    &plain::POP,
    &plain::SQL_MIGRATE,
    &plain::TERN,
    &plain::WRANGLER_D1,
    &programs::ALEMBIC,
    &programs::DJANGO,
    &programs::DOCTRINE,
    &programs::ECTO,
    &programs::KNEX,
    &programs::LARAVEL,
    &programs::MIKRO_ORM,
    &programs::RAILS,
    &programs::SEAORM,
    &programs::SEQUELIZE,
    &programs::TYPEORM,
    &programs::YOYO,
];

/// Commands that run something, or say how things are.
const LOOKS: [&[&str]; 7] = [
    &["plan"],
    &["up"],
    &["up", "--dry-run"],
    &["down", "--yes"],
    &["redo", "--yes"],
    &["verify"],
    &["status", "--exit-code"],
];

/// For each tool a database in which it has made the first two, and which was taken over. Each engine has its turn.
fn each(name: &str, wanted: impl Fn(&Tool) -> bool, does: impl Fn(&Project, &Tool)) {
    for (place, tool) in TOOLS.iter().enumerate().filter(|(_, tool)| wanted(tool)) {
        let engine = tool.engines[place % tool.engines.len()];
        println!("=== {} on {engine:?}", tool.name);
        let files = (tool.files)(&STEPS);
        let name = format!("{name}-{}", tool.name);
        let project = Project::new(engine, &name, tool.configuration, &files);
        (tool.apply)(&project, &STEPS[..2], 0);
        project.does(&["adopt"]);
        assert_eq!(
            found(&project),
            Vec::<String>::new(),
            "{}: nothing was done since",
            tool.name
        );
        does(&project, tool);
    }
}

/// The codes of what `status` finds.
fn found(project: &Project) -> Vec<String> {
    codes(&project.does(&["status"]))
}

fn codes(said: &Value) -> Vec<String> {
    let findings = said["findings"].as_array().unwrap();
    let codes = findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned());
    codes.collect()
}

/// Every command stops with this code, and says this.
#[track_caller]
fn all_stop(project: &Project, tool: &Tool, code: &str, advice: &str) {
    let mirror: &[&str] = &["adopt", "--mirror"];
    let before = (rows(project, tool), project.tables());
    for words in LOOKS.iter().chain([&mirror].into_iter().filter(|_| tool.mirrors)) {
        let said = project.say(words);
        assert_eq!(said["ok"], false, "{} {words:?}: {said:#}", tool.name);
        assert!(said.to_string().contains(code), "{} {words:?}: {said:#}", tool.name);
        assert!(said.to_string().contains(advice), "{} {words:?}: {said:#}", tool.name);
    }
    assert_eq!((rows(project, tool), project.tables()), before, "{}", tool.name);
}

/// The database and the tool's table are as they were when it had made so many.
fn is_as_after(project: &Project, tool: &Tool, steps: usize) {
    project.place.run(&format!("DROP TABLE {}", tool.table));
    for table in [
        "toys",
        "pets",
        "people",
        "ar_internal_metadata",
        "yoyo_lock",
        "knex_migrations_lock",
    ] {
        project.place.run(&format!("DROP TABLE IF EXISTS {table}"));
    }
    (tool.apply)(project, &STEPS[..steps], 0);
}

#[test]
fn every_tool_is_looked_at() {
    let documented = include_str!("../../docs/adopt.md");
    let rows = documented
        .lines()
        .filter(|line| line.contains("](adopt/") && line.starts_with("| `") && !line.starts_with("| `a program`"));
    let mut documented: Vec<&str> = rows.filter_map(|line| line.split('`').nth(1)).collect();
    documented.sort_unstable();
    let mut names = TOOLS.map(|tool| tool.name);
    names.sort_unstable();
    assert_eq!(documented, names);
}

#[test]
fn what_the_other_tool_applies_after_its_history_was_taken_over_is_refused_until_it_is_taken_over_too() {
    each(
        "goes-on",
        |_| true,
        |project, tool| {
            (tool.apply)(project, &STEPS, 2);
            all_stop(
                project,
                tool,
                "foreign-applied",
                &format!("syncline adopt --from {}", tool.name),
            );
            assert_eq!(found(project), ["foreign-applied"]);
            let adopted = project.does(&["adopt", "--from", tool.name]);
            assert_eq!(
                count(&adopted["recorded"]).max(adopted["recorded"].as_u64().unwrap_or_default() as usize),
                1,
                "{adopted:#}"
            );
            assert_eq!(found(project), Vec::<String>::new(), "{}", tool.name);
            project.does(&["verify"]);
            if !tool.is_code() {
                assert_eq!(
                    count(&project.does(&["up"])["applied"]),
                    0,
                    "{}: it is there",
                    tool.name
                );
            }
            // A second time there is nothing more to be taken over, nor lost.
            assert_eq!(found(project), Vec::<String>::new());
        },
    );
}

#[test]
fn what_the_other_tool_takes_back_is_told_and_following_the_advice_makes_it_anew() {
    each(
        "goes-back",
        |tool| tool.name != "alembic",
        |project, tool| {
            is_as_after(project, tool, 1);
            if tool.is_code() {
                all_stop(
                    project,
                    tool,
                    "foreign-reverted",
                    &format!("syncline adopt --from {}", tool.name),
                );
                project.does(&["adopt", "--from", tool.name]);
                assert_eq!(found(project), Vec::<String>::new(), "{}", tool.name);
                return;
            }
            all_stop(project, tool, "foreign-reverted", "syncline repair forget ");
            let plan = project.say(&["plan"]);
            let id = plan["findings"][0]["version"].as_str().unwrap();
            let advice = plan["findings"][0]["help"][0].as_str().unwrap();
            assert!(
                advice.starts_with(&format!("syncline repair forget {id} --reason \"")),
                "{advice}"
            );
            let refused = project.say(&["adopt", "--from", tool.name]);
            assert!(refused.to_string().contains("repair forget"), "{refused:#}");
            project.does(&["repair", "forget", id, "--reason", "it was taken back"]);
            assert_eq!(count(&project.does(&["up"])["applied"]), 2, "{}", tool.name);
            assert!(project.has_table("pets") && project.has_table("toys"));
            assert_eq!(found(project), Vec::<String>::new(), "{}", tool.name);
        },
    );
}

/// Alembic's table holds the newest alone: what was before is not gone.
#[test]
fn a_head_that_moves_is_no_head_that_went_back() {
    each(
        "head",
        |tool| tool.name == "alembic",
        |project, tool| {
            (tool.apply)(project, &STEPS, 2);
            project.does(&["adopt"]);
            let names: Vec<String> = names(project);
            assert_eq!(names, ["ae1027a6acf2", "ae1027a6acf3", "add_toys"]);
            project
                .place
                .run("UPDATE alembic_version SET version_num = 'ae1027a6acf2'");
            all_stop(project, tool, "foreign-reverted", "syncline adopt --from alembic");
            project.does(&["adopt"]);
            assert_eq!(found(project), Vec::<String>::new());
            // The version of what went is not given to another one.
            project
                .place
                .run("UPDATE alembic_version SET version_num = 'ae1027a6acf4'");
            let adopted = project.does(&["adopt"]);
            assert_eq!(adopted["migrations"][0]["version"], "0.3", "{adopted:#}");
        },
    );
}

fn names(project: &Project) -> Vec<String> {
    let status = project.does(&["status"]);
    let rows = status["migrations"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_told_and_is_gone_was_taken_back_and_what_was_not_told_is_not_missed() {
    each(
        "told",
        |tool| tool.mirrors,
        |project, tool| {
            project.does(&["up"]);
            assert_eq!(
                found(project),
                Vec::<String>::new(),
                "{}: it was not told yet",
                tool.name
            );
            assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 1);
            let log = project.does(&["log"]);
            assert_eq!(log["records"][0]["kind"], "mirror", "{log:#}");
            assert_eq!(project.does(&["adopt", "--mirror"])["mirrored"], 0);
            assert_eq!(
                count(&project.does(&["log"])["records"]),
                count(&log["records"]),
                "told once"
            );
            project.does(&["verify"]);
            is_as_after(project, tool, 2);
            all_stop(project, tool, "foreign-reverted", "syncline repair forget ");
            let plan = project.say(&["plan"]);
            assert_eq!(count(&plan["findings"]), 1, "{plan:#}");
            let id = plan["findings"][0]["version"].as_str().unwrap();
            project.does(&["repair", "forget", id, "--reason", "it was taken back"]);
            assert_eq!(count(&project.does(&["up"])["applied"]), 1, "{}", tool.name);
        },
    );
}

/// What syncline took back itself stays in the other table until that is told; then it is news when it comes back.
#[test]
fn what_is_applied_again_by_the_other_tool_is_news_only_where_it_was_told_of_the_way_back() {
    each(
        "again",
        |tool| tool.mirrors && tool.reverts,
        |project, tool| {
            project.does(&["down", "--yes"]);
            assert_eq!(
                found(project),
                Vec::<String>::new(),
                "{}: its table is behind",
                tool.name
            );
            project.does(&["adopt", "--mirror"]);
            assert_eq!(found(project), Vec::<String>::new());
            is_as_after(project, tool, 2);
            all_stop(project, tool, "foreign-applied", "syncline adopt --from ");
            project.does(&["adopt", "--from", tool.name]);
            assert_eq!(count(&project.does(&["up"])["applied"]), 1, "{}: toys alone", tool.name);
        },
    );
}

#[test]
fn what_fails_there_stops_us_and_a_table_that_is_gone_does_not() {
    each(
        "fails",
        |_| true,
        |project, tool| {
            for [breaks, mends, wanted] in tool.broken {
                project.place.run(breaks);
                all_stop(project, tool, "half-done", wanted);
                project.place.run(mends);
            }
            assert_eq!(found(project), Vec::<String>::new());
            project.place.run(&format!("DROP TABLE {}", tool.table));
            assert_eq!(found(project), ["foreign-lost"], "{}", tool.name);
            let up = project.does(&["up"]);
            assert_eq!(count(&up["applied"]), 1);
            assert_eq!(codes(&up), ["foreign-lost"], "told once");
        },
    );
}

/// A file of golang-migrate or tern that comes late, below what was reached, is one that they never run.
#[test]
fn a_file_below_what_was_reached_is_not_taken_for_applied() {
    for (tool, engine) in [
        (&plain::GOLANG_MIGRATE, Engine::Sqlite),
        (&plain::TERN, Engine::Postgres),
    ] {
        let project = Project::new(
            engine,
            &format!("late-{}", tool.name),
            tool.configuration,
            &(tool.files)(&STEPS[1..]),
        );
        (tool.apply)(&project, &STEPS[..2], 0);
        project.does(&["adopt"]);
        for (path, text) in (tool.files)(&STEPS[..1]) {
            project.write(&format!("migrations/{path}"), &text);
        }
        assert_eq!(codes(&project.say(&["plan"])), ["out-of-order"], "{}", tool.name);
        (tool.apply)(&project, &STEPS, 2);
        assert_eq!(project.does(&["adopt"])["migrations"][0]["version"], "1");
        assert_eq!(
            count(&project.does(&["log"])["records"]),
            3,
            "what was never run is not recorded"
        );
    }
}

/// Ledgers of earlier builds do not say which table it was.
#[test]
fn a_ledger_that_does_not_say_where_it_is_from_is_looked_after_as_well() {
    each(
        "untold",
        |tool| tool.verdict != Verdict::Code,
        |project, tool| {
            project
                .place
                .run("UPDATE syncline_history SET reason = 'verified' WHERE kind = 'adopt'");
            assert_eq!(found(project), Vec::<String>::new(), "{}", tool.name);
            (tool.apply)(project, &STEPS, 2);
            assert_eq!(found(project), ["foreign-applied"], "{}", tool.name);
        },
    );
}

/// The advice is followed: the text that ran is put back, and `adopt` sees that it is the one.
#[test]
fn a_text_that_is_put_back_after_it_was_taken_over_as_edited_is_what_ran() {
    let compares = |tool: &&Tool| tool.verdict == Verdict::Verified && tool.name != "graphile-migrate";
    for (place, tool) in TOOLS.into_iter().filter(compares).enumerate() {
        let engine = tool.engines[place % tool.engines.len()];
        println!("=== {} on {engine:?}", tool.name);
        let files = (tool.files)(&STEPS);
        let project = Project::new(engine, &format!("back-{}", tool.name), tool.configuration, &files);
        (tool.apply)(&project, &STEPS[..2], 0);
        let (path, text) = files.iter().find(|(_, text)| text.contains(STEPS[1].up)).unwrap();
        let path = format!("migrations/{path}");
        project.write(&path, &text.replace("CREATE TABLE pets", "CREATE TABLE dogs"));
        let adopted = project.does(&["adopt"]);
        assert_eq!(adopted["migrations"][1]["verdict"], "edited", "{adopted:#}");
        let (code, said) = project.refuses(&["up"]);
        assert_eq!(code, "changed", "{said}");
        assert!(said.contains(&format!("syncline adopt --from {}", tool.name)), "{said}");
        project.write(&path, text);
        let adopted = project.does(&["adopt"]);
        assert_eq!(adopted["recorded"], 1, "{adopted:#}");
        assert_eq!(count(&project.does(&["up"])["applied"]), 1);
        assert_eq!(found(&project), Vec::<String>::new(), "{}", tool.name);
        project.does(&["verify"]);
    }
}
