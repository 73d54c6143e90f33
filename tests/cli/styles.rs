//! House styles: what is said of files whose names no layout knows, and what becomes of those who do what it says.

use crate::project::Project;

/// The names, the pattern that is printed for them, and the migrations of SQLite that the next run then reads, each `version name`, with
/// `*` where it has a down script.
struct Style {
    names: &'static str,
    pattern: &'static str,
    read: &'static [&'static str],
}

const STYLES: &[Style] = &[
    // Numbers with something else than an underscore behind them.
    Style {
        names: "1-a.sql 2-b.sql 10-c.sql",
        pattern: r"(?<version>[0-9]+)-(?<name>.+?)[.]sql",
        read: &["1 a", "2 b", "10 c"],
    },
    Style {
        names: "V0001.Init.up.sql V0001.Init.down.sql V0002.More.up.sql V0002.More.down.sql",
        pattern: r"V(?<version>[0-9]+)[.](?<name>.+?)[.](?<direction>down|up)[.]sql",
        read: &["1 Init *", "2 More *"],
    },
    // A version in several parts of a path; a release with a number more keeps its place.
    Style {
        names: "0.1/00__a.sql 0.1/01__b.sql 0.1.1/00__c.sql 0.2/00__d.sql 0.10/00__e.sql",
        pattern: r"(?<version>[0-9]+)[._-](?<version2>[0-9]+)(?:[._-](?<version3>[0-9]+))?/(?<version4>[0-9]+)__(?<name>[^/]+?)[.]sql",
        read: &["0.1 a", "0.1.0.1 b", "0.1.1 c", "0.2 d", "0.10 e"],
    },
    // Several files of a release.
    Style {
        names: "v1.0/schema.sql v1.1/fix.sql v1.1/add.sql v1.10/last.sql",
        pattern: r"v(?<release>[0-9]+(?:[._-][0-9]+)*)/(?<name>[^/]+?)[.]sql",
        read: &["1 v1.0/schema", "2 v1.1/add", "3 v1.1/fix", "4 v1.10/last"],
    },
    Style {
        names: "0001a_x.sql 0001b_y.sql 0002_z.sql",
        pattern: r"(?<release>[0-9]+)[._ -]*(?<name>.+?)[.]sql",
        read: &["1 0001a_x", "2 0001b_y", "3 0002_z"],
    },
    // Databases, in whatever words, and a script for all where there is none for one.
    Style {
        names: "sqlite3/1-a.sql sqlite3/2-b.sql pg/1-a.sql pg/2-b.sql mysql/1-a.sql mysql/2-b.sql",
        pattern: r"(?<engine>mysql|pg|sqlite3)/(?<version>[0-9]+)-(?<name>[^/]+?)[.]sql",
        read: &["1 a", "2 b"],
    },
    Style {
        names: "54/add_a.sql 54/b.sql.postgres 54/b.sql.sqlite 58/00x.sql 9/z.sql",
        pattern: r"(?<release>[0-9]+(?:[._-][0-9]+)*)/(?<name>[^/]+?)[.]sql(?:[.](?<engine>postgres|sqlite))?",
        read: &["1 9/z", "2 54/add_a", "3 54/b", "4 58/00x"],
    },
    Style {
        names: "upgrade-2.3.0-to-3.0.0.mysql.sql upgrade-2.3.0-to-3.0.0.sqlite.sql upgrade-3.0.0-to-3.1.0.sqlite.sql",
        pattern: r"upgrade-(?<version>[0-9]+(?:[.][0-9]+)*)-(?<name>.+?)[.](?<engine>mysql|sqlite)[.]sql",
        read: &["2.3 to-3.0.0", "3 to-3.1.0"],
    },
    // Directions: optional, in other words, in words that nobody knows, with other names, in the middle, in directories.
    Style {
        names: "001-a.sql 001-a-rollback.sql 002-b.sql 003-c.sql 003-c-rollback.sql",
        pattern: r"(?<version>[0-9]+)-(?<name>.+?)(?:-(?<direction>rollback))?[.]sql",
        read: &["1 a *", "2 b", "3 c *"],
    },
    Style {
        names: "001.do.a.sql 001.undo.a.sql 002.do.b.sql 002.undo.b.sql",
        pattern: r"(?<version>[0-9]+)[.](?<direction>do|undo)[.](?<name>.+?)[.]sql",
        read: &["1 a *", "2 b *"],
    },
    Style {
        names: "001_a.plus.sql 001_a.minus.sql 002_b.plus.sql 002_b.minus.sql",
        pattern: r"(?<version>[0-9]+)_(?<name>.+?)[.](?:(?<up>plus)|(?<down>minus))[.]sql",
        read: &["1 a *", "2 b *"],
    },
    Style {
        names: "001-create_a.up.sql 001-drop_a.down.sql 002-create_b.up.sql 002-drop_b.down.sql",
        pattern: r"(?<version>[0-9]+)-(?<name>.+?)[.](?<direction>down|up)[.]sql",
        read: &["1 create_a *", "2 create_b *"],
    },
    Style {
        names: "deploy/001-a.sql deploy/002-b.sql revert/001-a.sql revert/002-b.sql",
        pattern: r"(?<direction>deploy|revert)/(?<version>[0-9]+)-(?<name>[^/]+?)[.]sql",
        read: &["1 a *", "2 b *"],
    },
    // Dates, with and without more behind them.
    Style {
        names: "2017-08-19_Init.sql 2017-08-30_00_Write.sql 2017-08-30_01_Other.sql",
        pattern: r"(?<version>[0-9]+(?:[._-][0-9]+)*)_(?<name>.+?)[.]sql",
        read: &["2017.8.19 Init", "2017.8.30 Write", "2017.8.30.1 Other"],
    },
    Style {
        names: "2024-01-31T120000-a.sql 2024-02-01T120000-b.sql",
        pattern: r"(?<version>[0-9]+(?:[._T-][0-9]+)*)-(?<name>.+?)[.]sql",
        read: &["2024.1.31.120000 a", "2024.2.1.120000 b"],
    },
    // The name first, and no name at all.
    Style {
        names: "create_users_001.sql create_orders_002.sql drop_x_003.sql y_010.sql",
        pattern: r"(?<name>.+?)[._ -]*(?<version>[0-9]+)[.]sql",
        read: &["1 create_users", "2 create_orders", "3 drop_x", "10 y"],
    },
    Style {
        names: "release-1.2/changes.sql release-1.10/changes.sql release-1.9/changes.sql",
        pattern: r"release-(?<version>[0-9]+(?:[.][0-9]+)*)/changes[.]sql",
        read: &["1.2 release-1.2", "1.9 release-1.9", "1.10 release-1.10"],
    },
    Style {
        names: "update-1.31.9.sql update-1.31.10.sql.in update-1.4.0.sql update-2.0.0.sql triggers.sql",
        pattern: r"update-(?<version>[0-9]+(?:[.][0-9]+)*)[.]sql(?:[.]in)?",
        read: &[
            "1.4 update-1.4.0",
            "1.31.9 update-1.31.9",
            "1.31.10 update-1.31.10",
            "2 update-2.0.0",
        ],
    },
];

/// Files of these names; a script of a name that goes back takes away.
fn project(names: &str) -> Project {
    let back = ["down", "undo", "minus", "rollback", "revert"];
    let project = Project::new().variable("SYNCLINE_URL", "sqlite:shop.db");
    names.split(' ').enumerate().fold(project, |project, (number, name)| {
        let is_back = back.iter().any(|word| name.contains(word));
        let text = match is_back {
            true => format!("DROP TABLE IF EXISTS t{number};\n"),
            false => format!("CREATE TABLE t{number} (x int);\n"),
        };
        project.file(&format!("migrations/{name}"), text)
    })
}

/// What stands in front of the remark, of the printed lines that begin like this.
fn advice(stderr: &str, begins: &str) -> Vec<String> {
    let lines = stderr.lines().map(|line| line.trim_start_matches("next:").trim());
    let lines = lines.filter(|line| line.starts_with(begins));
    lines
        .map(|line| line.split("   #").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_pattern_that_is_printed_reads_the_files_when_it_is_written_down() {
    for style in STYLES {
        let names = style.names;
        let project = project(names);
        let refused = project.silently(&["plan"]);
        assert_eq!(refused.exit, 2, "{names}: {}", refused.stderr);
        assert!(refused.stderr.lines().count() <= 30, "{names}: {}", refused.stderr);
        let printed = advice(&refused.stderr, "pattern = ");
        let [line] = printed.as_slice() else {
            panic!("{names}: {}", refused.stderr)
        };
        let written: toml::Table = line.parse().unwrap();
        assert_eq!(written["pattern"].as_str(), Some(style.pattern), "{names}");
        let project = project.file("syncline.toml", format!("{line}\n"));
        let document = project.silently(&["status", "--format", "json"]).json();
        let read: Vec<String> = document["migrations"]
            .as_array()
            .unwrap_or_else(|| panic!("{names}: {document}"))
            .iter()
            .map(|row| {
                let text = |key: &str| row[key].as_str().unwrap_or_default();
                format!("{} {}", text("version"), text("name"))
            })
            .collect();
        let named: Vec<&str> = style.read.iter().map(|line| line.trim_end_matches(" *")).collect();
        assert_eq!(read, named, "{names}");
        // Down scripts are where they belong: what can be taken back is.
        assert_eq!(project.silently(&["up"]).exit, 0, "{names}");
        let newest = style.read.last().unwrap();
        let down = project.silently(&["down", "--yes"]);
        assert_eq!(down.exit == 0, newest.ends_with(" *"), "{names}: {}", down.stderr);
    }
}

#[test]
fn a_list_that_is_written_is_read_by_the_configuration_beside_it() {
    let names = "users.sql orders.sql orders-undo.sql sub/items.sql";
    let project = project(names);
    let refused = project.silently(&["plan"]);
    assert!(advice(&refused.stderr, "pattern").is_empty(), "{}", refused.stderr);
    let printed = advice(&refused.stderr, "syncline init");
    assert_eq!(
        printed,
        ["syncline init --order migrations.order"],
        "{}",
        refused.stderr
    );
    assert_eq!(project.silently(&["init", "--order", "migrations.order"]).exit, 0);
    assert_eq!(
        project.read("migrations.order"),
        "# The up scripts in their order, as paths from the directory on: see to it that it is the right one.\n\
         orders.sql\n  down: orders-undo.sql\nsub/items.sql\nusers.sql\n"
    );
    let plan = project.silently(&["plan"]);
    assert_eq!(plan.exit, 0, "{}", plan.stderr);
    assert!(
        plan.stdout.contains("orders") && plan.stdout.contains("items"),
        "{}",
        plan.stdout
    );
    // A second list is not written over the first.
    let again = project.silently(&["init", "--order", "migrations.order"]);
    assert!(again.stderr.starts_with("error[file-exists]"), "{}", again.stderr);
}

#[test]
fn a_thousand_names_that_nobody_knows_are_told_on_one_screen() {
    let names: Vec<String> = (0..1000).map(|number| format!("patch{number}-{number}x.sql")).collect();
    let project = project(&names.join(" "));
    let refused = project.silently(&["plan"]);
    assert!(refused.stderr.lines().count() < 30, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("… and 996 more of this kind"),
        "{}",
        refused.stderr
    );
    let all = project.silently(&["plan", "--format", "json"]).json();
    assert_eq!(all["problems"].as_array().unwrap().len(), 1000);
}

#[test]
fn a_slip_of_the_pen_is_told_as_one() {
    let project = Project::shop().file("migrations/3-c.sql", "SELECT 1;\n");
    let refused = project.silently(&["plan"]);
    assert!(!refused.stderr.contains("pattern"), "{}", refused.stderr);
    assert!(refused.stderr.contains("3-c.sql"), "{}", refused.stderr);
}

#[test]
fn what_names_say_is_for_another_database_is_neither_read_by_a_pattern_nor_listed() {
    for (names, databases) in [
        (
            "1-a.mysql.sql 1-a.postgres.sql 2-b.mysql.sql 2-b.postgres.sql",
            "mysql and postgres",
        ),
        (
            "mysql/1-a.sql mysql/2-b.sql postgres/1-a.sql postgres/2-b.sql",
            "mysql and postgres",
        ),
        ("mysql/1-a.sql mysql/2-b.sql", "mysql"),
        ("1-a_mysql.sql 2-b_mysql.sql", "mysql"),
        ("1-a.oracle.up.sql 1-a.oracle.down.sql", "oracle"),
        ("pg.1-a.sql pg.2-b.sql", "postgres"),
    ] {
        let refused = project(names).silently(&["plan"]);
        assert_eq!(refused.exit, 2, "{names}: {}", refused.stderr);
        assert!(
            advice(&refused.stderr, "pattern = ").is_empty(),
            "{names}: {}",
            refused.stderr
        );
        assert!(
            advice(&refused.stderr, "syncline init").is_empty(),
            "{names}: {}",
            refused.stderr
        );
        let told = format!("these scripts are for {databases} by their names, and none is for this database");
        assert!(refused.stderr.contains(&told), "{names}: {}", refused.stderr);
    }
    // One that is for this database does not make the others so.
    for names in [
        "mysql/1-a.sql pg/2-b.sql common/3-c.sql shared/4-d.sql",
        "x.mysql.sql x.sqlite.sql y.mysql.sql",
    ] {
        let project = project(names);
        let refused = project.silently(&["plan"]);
        assert!(
            advice(&refused.stderr, "pattern = ").is_empty(),
            "{names}: {}",
            refused.stderr
        );
        assert_eq!(project.silently(&["init", "--order", "migrations.order"]).exit, 0);
        let list = project.read("migrations.order");
        let foreign = |line: &&str| line.contains("mysql") || line.contains("pg/");
        assert_eq!(list.lines().filter(foreign).count(), 2, "{list}");
        assert!(
            list.lines().filter(foreign).all(|line| line.starts_with("# ")),
            "{list}"
        );
    }
}

#[test]
fn a_pattern_reads_what_lies_below_or_the_run_is_refused() {
    let written = |recursive: &str| {
        project("1-a.sql 2-b.sql sub/3-c.sql sub/note.sql").file(
            "syncline.toml",
            format!("pattern = '(?<version>[0-9]+)-(?<name>.+)[.]sql'\n{recursive}"),
        )
    };
    let refused = written("").silently(&["plan"]);
    assert_eq!(refused.exit, 2, "{}", refused.stderr);
    assert!(
        refused.stderr.contains("`3-c.sql`") && refused.stderr.contains("`recursive = true` reads it"),
        "{}",
        refused.stderr
    );
    let document = written("recursive = true\n")
        .silently(&["status", "--format", "json"])
        .json();
    assert_eq!(document["migrations"][2]["name"], "c", "{document}");
    // The one that is proposed reads all, or there is none.
    let names = "1-a.sql 2-b.sql 3-c.sql sub/4-d.sql";
    let found = project(names);
    let printed = advice(&found.silently(&["plan"]).stderr, "pattern = ");
    let found = found.file("syncline.toml", format!("{}\n", printed[0]));
    let document = found.silently(&["status", "--format", "json"]).json();
    assert_eq!(document["migrations"][3]["name"], "d", "{document}");
    let copies = project("1-a.sql 2-b.sql 3-c.sql archive/1-a.sql").silently(&["plan"]);
    assert!(advice(&copies.stderr, "pattern = ").is_empty(), "{}", copies.stderr);
}

#[test]
fn dates_that_begin_with_the_day_or_the_month_get_a_list_and_no_pattern() {
    for names in [
        "1-2024_a.sql 2-2024_b.sql 1-2025_c.sql",
        "12312023-a.sql 01152024-b.sql",
        "31122023-a.sql 15012024-b.sql",
        "31122023120000-a.sql 15012024120000-b.sql",
        "31-12-2023-a.sql 15-01-2024-b.sql",
        "12.2023-a.sql 01.2024-b.sql",
        "12-2023/a.sql 01-2024/b.sql",
    ] {
        let refused = project(names).silently(&["plan"]);
        assert!(
            advice(&refused.stderr, "pattern = ").is_empty(),
            "{names}: {}",
            refused.stderr
        );
        assert_eq!(
            advice(&refused.stderr, "syncline init").len(),
            1,
            "{names}: {}",
            refused.stderr
        );
    }
    // Digits that a word begins with are not the next number of a date.
    let names = "2024_01_02_3d_models.sql 2024_01_03_a.sql 2024_01_03_01_b.sql 2024_01_04_c.sql";
    let found = project(names);
    let printed = advice(&found.silently(&["plan"]).stderr, "pattern = ");
    let found = found.file("syncline.toml", format!("{}\n", printed[0]));
    let document = found.silently(&["status", "--format", "json"]).json();
    assert_eq!(document["migrations"][0]["name"], "3d_models", "{document}");
    assert_eq!(document["migrations"][0]["version"], "2024.1.2", "{document}");
}
