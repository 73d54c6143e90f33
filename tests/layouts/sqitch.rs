//! Sqitch: a plan gives the order, and each script opens its own transaction.

use crate::read::{found, line, names, read, refused, the_same_on_windows, told};

const PLAN: &str = "%syntax-version=1.0.0\n%project=shop\n\nusers 2024-01-01T00:00:00Z Ann <ann@example.com> # who\norders [users] 2024-01-02T00:00:00Z Ann <ann@example.com> # what\n@v1.0 2024-01-03T00:00:00Z Ann <ann@example.com> # tag\n";
const OWN: &str = "-- Deploy shop:users\n\nBEGIN;\n\nCREATE TABLE users (id int);\n\nCOMMIT;\n";

fn files(plan: &str) -> Vec<(&'static str, String)> {
    let file = |name, text: &str| (name, text.to_owned());
    vec![
        file("sqitch.plan", plan),
        file(
            "sqitch.conf",
            "[core]\n\tengine = sqlite\n\t# plan_file = sqitch.plan\n",
        ),
        file("deploy/users.sql", OWN),
        file("revert/users.sql", "BEGIN;\nDROP TABLE users;\nCOMMIT;\n"),
        file("verify/users.sql", "BEGIN;\nSELECT id FROM users;\nROLLBACK;\n"),
        file("deploy/orders.sql", "CREATE TABLE orders (id int);\n"),
    ]
}

#[test]
fn the_plan_gives_the_order_and_transactions_are_the_scripts_own() {
    let catalog = found("sqitch", "`sqitch.plan` gives the order", &files(PLAN));
    assert_eq!(
        told(&catalog),
        [
            "1 users: \"-- Deploy shop:users\\n\\n\\n\\nCREATE TABLE users (id int);\\n\\n\\n\" | \"\\nDROP TABLE users;\\n\\n\"",
            "2 orders: outside \"-- syncline: no-transaction\\nCREATE TABLE orders (id int);\\n\"",
        ]
    );
    assert_eq!(catalog.notes(), ["the 1 scripts in `verify/` are not run"]);
    assert_eq!(line(&catalog.migrations().next().unwrap().up, "CREATE"), 5);
}

#[test]
fn a_change_may_lie_in_a_directory() {
    let files = [("sqitch.plan", "a/b/c 2024\n"), ("deploy/a/b/c.sql", "SELECT 1;")];
    assert_eq!(names(&read("", &files).unwrap()), ["1 a/b/c"]);
}

#[test]
fn a_change_that_was_made_anew_has_its_tag_in_the_files_name() {
    let mut files = files(&format!("{PLAN}users [users@v1.0] 2024 # anew\n"));
    files.push(("deploy/users@v1.0.sql", "SELECT 1;".to_owned()));
    files.push(("revert/users@v1.0.sql", "SELECT -1;".to_owned()));
    assert_eq!(
        names(&read("sqitch", &files).unwrap()),
        ["1 users@v1.0", "2 orders", "3 users"]
    );
}

#[test]
fn of_several_tags_the_first_whose_file_is_there_is_taken() {
    for tag in ["v1.0", "early", "late"] {
        let plan = PLAN.replace("orders [", "@early 2024\norders [") + "@late 2024\nusers [users@v1.0] 2024\n";
        let (deploy, revert) = (format!("deploy/users@{tag}.sql"), format!("revert/users@{tag}.sql"));
        let mut all: Vec<(&str, String)> = files(&plan);
        all.push((&deploy, "SELECT 1;".to_owned()));
        all.push((&revert, "SELECT -1;".to_owned()));
        assert_eq!(
            names(&read("sqitch", &all).unwrap()),
            [format!("1 users@{tag}"), "2 orders".to_owned(), "3 users".to_owned()]
        );
    }
}

#[test]
fn plan_and_files_have_to_fit() {
    let mut files = files(&PLAN.replace("orders [users]", "+ gone"));
    files.push(("deploy/lost.sql", "SELECT 1;".to_owned()));
    let found = refused("sqitch", &files);
    assert_eq!(
        found,
        [
            "deploy/lost.sql: near-miss: the plan does not name it, so Sqitch would pass over it (`sqitch add` writes it into the plan)",
            "deploy/orders.sql: near-miss: the plan does not name it, so Sqitch would pass over it (`sqitch add` writes it into the plan)",
            "sqitch.plan:5: layout: there is no file `deploy/gone.sql` (put it back, or take the change out of the plan)",
        ]
    );
    assert_eq!(
        refused("sqitch", &[("deploy/users.sql", OWN)]),
        ["sqitch.plan: layout: there is no such file, and it gives the order (`sqitch init` makes it)"]
    );
}

#[test]
fn what_the_plan_reverts_is_refused_with_or_without_a_blank() {
    for line in ["-users 2024", "- users 2024"] {
        let found = refused("sqitch", &files(&format!("{PLAN}{line}\n")));
        assert_eq!(
            found,
            [
                "sqitch.plan:7: layout: a change that is reverted by the plan (revert it with `syncline down`, and take both lines out of the plan)"
            ]
        );
    }
}

#[test]
fn a_change_again_without_a_tag_is_refused() {
    let found = refused("sqitch", &files(&format!("{PLAN}orders 2024\norders 2024\n")));
    assert!(
        found
            .iter()
            .any(|told| told.starts_with("sqitch.plan:8: layout: `orders` is changed again without a tag in between")),
        "{found:?}"
    );
}

#[test]
fn directories_with_other_names_are_refused() {
    let mut files = files(PLAN);
    files[1].1 = "[core]\n\ttop_dir = .\n\tdeploy_dir = \"sql/deploy\"\n".to_owned();
    let found = refused("sqitch", &files);
    assert!(
        found[0].starts_with("sqitch.conf:3: layout: `deploy_dir` is not what it is by default"),
        "{found:?}"
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    let files = files(PLAN);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    the_same_on_windows("sqitch", &files);
}
