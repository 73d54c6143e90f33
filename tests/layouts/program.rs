//! The program on files of other tools, from the first plan to the last rollback.

use crate::project::Project;

const FIRST: &str = "-- +goose Up\nCREATE TABLE users (id integer);\n-- +goose Down\nDROP TABLE users;\n";
const SECOND: &str = "-- +goose Up\n-- +goose NO TRANSACTION\nCREATE TABLE orders (id integer);\nVACUUM;\n-- +goose Down\nDROP TABLE orders;\n";

fn project() -> Project {
    Project::new().variable("SYNCLINE_URL", "sqlite:shop.db")
}

fn tables(project: &Project) -> Vec<String> {
    let output = std::process::Command::new("sqlite3")
        .arg(project.path("shop.db"))
        .arg("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'syncline%' ORDER BY name")
        .output()
        .expect("the sqlite3 program is installed (tests/run installs it)");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn files_of_goose_are_applied_in_place_and_taken_back() {
    let mut project = project()
        .file("migrations/1_users.sql", FIRST)
        .file("migrations/2_orders.sql", SECOND);
    let plan = project.ok(&["plan", "--format", "json"]).json();
    assert_eq!(plan["layout"]["name"], "goose");
    assert_eq!(plan["layout"]["reason"], "`1_users.sql` has a line `-- +goose Up`");
    let said = project.ok(&["up"]);
    assert!(
        said.stderr
            .contains("the files are read as those of goose: `1_users.sql` has a line"),
        "{}",
        said.stderr
    );
    assert_eq!(tables(&project), ["orders", "users"]);
    assert_eq!(
        project.ok(&["up", "--format", "json"]).json()["applied"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    // A comment before the first part belongs to neither.
    project.write("migrations/1_users.sql", format!("-- words\n{FIRST}"));
    project.ok(&["verify"]);
    project.ok(&["down", "--yes"]);
    assert_eq!(tables(&project), ["users"]);
    project.ok(&["down", "--yes"]);
    assert_eq!(tables(&project), [""; 0]);
}

#[test]
fn a_tool_that_is_named_later_finds_the_same_migrations() {
    let mut project = project().file("migrations/1_users.sql", FIRST);
    project.ok(&["up"]);
    project.write("syncline.toml", "layout = \"goose\"\n");
    assert_eq!(
        project.ok(&["up", "--format", "json"]).json()["applied"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    project.ok(&["verify"]);
}

#[test]
fn two_answers_are_an_error_that_says_how_to_give_one() {
    let mut project = project()
        .file("migrations/1_users.sql", FIRST)
        .file("migrations/2_b.sql", "-- migrate:up\nSELECT 1;\n");
    let said = project.run(&["plan"]);
    assert_ne!(said.exit, 0);
    assert!(said.stderr.contains("could be those of dbmate"), "{}", said.stderr);
    assert!(said.stderr.contains("say which: `--layout dbmate`"), "{}", said.stderr);
    let said = project.run(&["plan", "--layout", "gose"]);
    assert!(said.stderr.contains("there is no layout `gose`"), "{}", said.stderr);
    assert!(said.stderr.contains("did you mean `goose`?"), "{}", said.stderr);
}

#[test]
fn a_problem_of_a_file_is_shown_with_its_line() {
    let mut project = project().file(
        "migrations/1_users.sql",
        "-- +goose Up\nSELECT 1;\n-- +goose Don\nSELECT 2;\n",
    );
    let said = project.run(&["plan"]);
    assert_ne!(said.exit, 0);
    assert!(said.stderr.contains("1_users.sql:3:1"), "{}", said.stderr);
    assert!(said.stderr.contains("-- +goose Don"), "{}", said.stderr);
}

#[test]
fn a_migration_that_may_come_late_does_and_others_do_not() {
    for (file, text, comes) in [
        ("migrations/U1__late.sql", "CREATE TABLE late (id integer);\n", true),
        ("migrations/V1__late.sql", "CREATE TABLE late (id integer);\n", false),
        (
            "migrations/V1__late.sql",
            "-- syncline: allow out-of-order reason=\"it waited for a review\"\nCREATE TABLE late (id integer);\n",
            true,
        ),
    ] {
        let mut project = project()
            .file("syncline.toml", "layout = \"refinery\"\n")
            .file("migrations/V2__users.sql", "CREATE TABLE users (id integer);\n");
        project.ok(&["up"]);
        project.write(file, text);
        let said = project.run(&["up"]);
        assert_eq!(said.exit == 0, comes, "{file} {text} {}", said.stderr);
        assert_eq!(tables(&project).contains(&"late".to_owned()), comes);
        if comes {
            project.ok(&["verify"]);
        }
    }
}

#[test]
fn a_list_and_a_pattern_come_from_the_configuration() {
    let mut project = project()
        .file("syncline.toml", "order = \"order.txt\"\n")
        .file("order.txt", "z.sql\na.sql\n")
        .file("migrations/a.sql", "CREATE TABLE b AS SELECT * FROM a;\n")
        .file("migrations/z.sql", "CREATE TABLE a (id integer);\n");
    project.ok(&["up"]);
    assert_eq!(tables(&project), ["a", "b"]);
    for (text, told) in [
        ("order = \"none.txt\"\n", "none.txt` cannot be read"),
        (
            "order = \"order.txt\"\nlayout = \"goose\"\n",
            "both say how files are named",
        ),
        ("pattern = '('\n", "is no regular expression"),
        ("layout = \"fly\"\n", "there is no layout `fly`"),
    ] {
        project.write("syncline.toml", text);
        let said = project.run(&["plan"]);
        assert!(said.exit != 0 && said.stderr.contains(told), "{text}: {}", said.stderr);
        assert!(said.stderr.contains("syncline.toml:"), "{}", said.stderr);
    }
}

#[test]
fn what_liquibase_is_started_with_comes_from_the_configuration() {
    let keys = "[liquibase]\nchangelog = \"app/main.xml\"\nnot-run = [\"runAlways\"]\n";
    let mut project = project()
        .file("syncline.toml", keys)
        .file("migrations/other.xml", "<databaseChangeLog/>")
        .file("migrations/app/main.xml", "<databaseChangeLog><include file=\"db/a.sql\"/></databaseChangeLog>")
        .file(
            "migrations/lib/db/a.sql",
            "--liquibase formatted sql\n--changeset a:1 runAlways:true\nCREATE TABLE b (x text);\n--changeset a:2\nCREATE TABLE a (x text);\n",
        );
    let up = project.ok(&["up"]);
    assert!(
        up.stderr.contains("1 change set is recorded and not run"),
        "{}",
        up.stderr
    );
    assert_eq!(tables(&project), ["a"]);
    project.ok(&["verify"]);
    project.write("syncline.toml", format!("layout = \"liquibase\"\n{keys}"));
    project.ok(&["verify"]);
    for (text, told) in [
        ("layout = \"goose\"\n[liquibase]\n", "both say how files are named"),
        ("[liquibase]\nroot = \"main.xml\"\n", "`changelog`"),
        ("[liquibase]\nnot-run = \"runAlways\"\n", "not-run"),
    ] {
        project.write("syncline.toml", text);
        let said = project.run(&["plan"]);
        assert!(said.exit != 0 && said.stderr.contains(told), "{text}: {}", said.stderr);
        assert!(said.stderr.contains("syncline.toml:"), "{}", said.stderr);
    }
}

#[test]
fn files_for_another_database_are_refused() {
    let mut project = project()
        .file("migrations/migration_lock.toml", "provider = \"postgresql\"\n")
        .file("migrations/1_a/migration.sql", "CREATE TABLE a (id integer);\n");
    let said = project.run(&["up"]);
    assert_ne!(said.exit, 0);
    assert!(said.stderr.contains("postgresql"), "{}", said.stderr);
    assert!(said.stderr.contains("migration_lock.toml"), "{}", said.stderr);
}

#[test]
fn on_a_new_database_a_baseline_script_runs_and_what_it_stands_for_is_recorded() {
    let files = |project: Project| {
        project
            .file("migrations/V1_0__users.sql", "CREATE TABLE users (id integer);\n")
            .file("migrations/V1_1__orders.sql", "CREATE TABLE orders (id integer);\n")
            .file("migrations/V2_0__prices.sql", "CREATE TABLE prices (id integer);\n")
    };
    let base = "CREATE TABLE users (id integer);\nCREATE TABLE orders (id integer);\n";
    let mut fresh = files(project()).file("migrations/B1_1__base.sql", base);
    let up = fresh.ok(&["up", "--format", "json"]).json();
    assert_eq!(up["applied"].as_array().unwrap().len(), 2);
    assert_eq!(up["recorded"][0]["version"], "1");
    assert_eq!(tables(&fresh), ["orders", "prices", "users"]);
    fresh.ok(&["verify"]);
    let again = fresh.ok(&["up", "--format", "json"]).json();
    assert_eq!(again["applied"].as_array().unwrap().len(), 0);

    // One that has a history goes its own way, and the script means nothing there.
    let mut old = files(project());
    old.ok(&["up", "--steps", "2", "--layout", "flyway"]);
    old.write("migrations/B1_1__base.sql", base);
    let up = old.ok(&["up", "--format", "json"]).json();
    assert_eq!(up["applied"][0]["version"], "2");
    assert_eq!(up["applied"].as_array().unwrap().len(), 1);
    old.ok(&["verify"]);
}

#[test]
fn a_new_migration_is_made_as_the_tool_would_make_it() {
    for (layout, wanted) in [
        ("native", &["_add_users.up.sql", "_add_users.down.sql"][..]),
        ("goose", &["_add_users.sql"]),
        ("dbmate", &["_add_users.sql"]),
        ("node-pg-migrate", &["_add_users.sql"]),
        ("diesel", &["_add_users/up.sql", "_add_users/down.sql"]),
        ("prisma", &["_add_users/migration.sql"]),
        ("refinery", &["__add_users.sql"]),
        ("sqlx", &["_add_users.up.sql", "_add_users.down.sql"]),
        ("flyway", &["__add_users.sql", "__add_users.sql"]),
    ] {
        let mut project = project().file("migrations/.keep", "");
        let made = project
            .ok(&["new", "Add users", "--layout", layout, "--format", "json"])
            .json();
        let made: Vec<&str> = made["created"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|path| path.as_str())
            .collect();
        assert_eq!(made.len(), wanted.len(), "{layout}: {made:?}");
        for (path, ending) in made.iter().zip(wanted) {
            assert!(path.ends_with(ending), "{layout}: {path}");
        }
        // It is read back as one migration.
        let plan = project.ok(&["plan", "--layout", layout, "--format", "json"]).json();
        assert_eq!(plan["steps"].as_array().unwrap().len(), 1, "{layout}");
    }
    let mut sqitch = project().file("migrations/sqitch.plan", "%syntax-version=1.0.0\n%project=shop\n");
    let said = sqitch.run(&["new", "Add users"]);
    assert_eq!(said.exit, 2);
    assert!(said.stderr.contains("make it with that tool"), "{}", said.stderr);
}
