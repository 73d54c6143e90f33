//! Every tool's table beside that of every other one, under its own name and under others.

mod samples;

use samples::{SAMPLES, Sample, sample};

use super::*;
use crate::compat::adopt::{Column, names};

fn table(schema: &str, name: &str, columns: &[&str]) -> Table {
    let column = |text: &&str| {
        let (name, type_name) = text.trim_start_matches('*').split_once(' ').unwrap();
        Column {
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            is_key: text.starts_with('*'),
        }
    };
    Table {
        schema: schema.to_owned(),
        home: match schema {
            "" => "public".to_owned(),
            schema => schema.to_owned(),
        },
        name: name.to_owned(),
        columns: columns.iter().map(column).collect(),
    }
}

impl Sample {
    fn tables(&self, schema: &str, name: &str) -> Vec<Table> {
        let beside = self
            .beside
            .iter()
            .map(|name| table(schema, name, &["*key varchar", "value varchar"]));
        std::iter::once(table(schema, name, self.columns))
            .chain(beside)
            .collect()
    }

    fn rows_for(&self, tool: &'static dyn Tool) -> Vec<Row<'static>> {
        let own = TOOLS.iter().find(|own| own.name() == self.tool).unwrap().columns();
        // By name, since another tool may read other columns of it.
        let value = |row: &&[&str], name: &str| {
            let at = own.iter().position(|(own, _)| *own == name)?;
            row.get(at).map(|text| (*text).to_owned())
        };
        let read = |row: &&[&str]| {
            let values = tool.columns().iter().map(|(name, _)| value(row, name)).collect();
            Row::new(tool.columns(), values)
        };
        self.rows.iter().map(read).collect()
    }
}

/// Tables, each with the sample whose rows it has.
struct Database {
    tables: Vec<Table>,
    samples: Vec<(String, String, &'static Sample)>,
    path: Vec<String>,
}

impl Database {
    fn new(path: &[&str]) -> Self {
        Self {
            tables: Vec::new(),
            samples: Vec::new(),
            path: path.iter().map(|schema| (*schema).to_owned()).collect(),
        }
    }

    fn with(mut self, schema: &str, name: &str, sample: &'static Sample) -> Self {
        let tables = sample.tables(schema, name);
        self.samples.push((tables[0].home.clone(), name.to_owned(), sample));
        self.tables.extend(tables);
        self
    }

    /// The tool and the table, or what is said.
    fn ask(
        &self,
        from: Option<&str>,
        name: Option<&str>,
        layout: Option<&str>,
    ) -> Result<(&'static str, String), Finding> {
        let wanted = Wanted {
            tool: from.map(str::to_owned),
            table: name.map(str::to_owned),
        };
        let question = Question {
            tables: &self.tables,
            path: &self.path,
            wanted: &wanted,
            layout,
        };
        let rows = |candidate: &Candidate<'_>| {
            let is_its = |(home, name, _): &&(String, String, &Sample)| {
                *home == candidate.table.home && *name == candidate.table.name
            };
            let sample = self.samples.iter().find(is_its).map(|(_, _, sample)| *sample);
            sample.map_or_else(Vec::new, |sample| sample.rows_for(candidate.tool))
        };
        let candidates = question.candidates()?;
        let read: Vec<(Candidate<'_>, Vec<Row<'_>>)> = candidates
            .into_iter()
            .map(|candidate| (candidate, rows(&candidate)))
            .collect();
        let chosen = question.choose(&read)?;
        Ok((chosen.tool.name(), chosen.table.full()))
    }

    /// Types a command that was proposed.
    fn follow(&self, command: &str) -> Result<(&'static str, String), Finding> {
        let command = command.split("   #").next().unwrap();
        let words = shell(
            command
                .strip_prefix("syncline adopt")
                .unwrap_or_else(|| panic!("{command}")),
        );
        let value = |flag: &str| {
            let at = words.iter().position(|word| word == flag)?;
            words.get(at + 1).map(String::as_str)
        };
        self.ask(value("--from"), value("--table"), None)
    }
}

/// Words as a shell reads them.
fn shell(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '\\' if !is_quoted => word.extend(chars.next()),
            ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// Under another name it looks like the table of dbmate, and its tool has to be named.
fn looks_like_another(sample: &Sample) -> bool {
    sample.tool == "pop" && sample.columns.len() == 1
}

fn fits(sample: &Sample, tool: &str) -> bool {
    let tool = TOOLS.iter().find(|known| known.name() == tool).unwrap();
    let [table, ..] = sample
        .tables("", sample.table)
        .try_into()
        .unwrap_or_else(|all: Vec<Table>| [all[0].clone()]);
    tool.shape().fits(&table)
        && !(tool.tells() == Tells::Reached && sample.rows.len() > 1)
        && sample.rows_for(*tool).iter().all(|row| tool.could_write(row))
}

#[test]
fn every_tool_states_here_how_its_table_looks() {
    for name in names() {
        let its: Vec<&Sample> = SAMPLES.iter().filter(|sample| sample.tool == name).collect();
        assert!(!its.is_empty(), "{name}");
        assert!(its.iter().all(|sample| fits(sample, name)), "{name}");
    }
}

#[test]
fn a_table_alone_is_that_of_its_tool_under_its_own_name_and_under_others() {
    for sample in SAMPLES {
        let right = |name: &str| Ok((sample.tool, name.to_owned()));
        let own = Database::new(&["public"]).with("", sample.table, sample);
        assert_eq!(own.ask(None, None, None), right(sample.table));
        for name in ["orders_history", "Orders.History", "say \"it\"", "it's"] {
            let renamed = Database::new(&["public"]).with("", name, sample);
            let typed = format!("\"{}\"", name.replace('"', "\"\""));
            let from = looks_like_another(sample).then_some(sample.tool);
            assert_eq!(renamed.ask(from, Some(&typed), None), right(name), "{name}");
            if from.is_some() {
                assert_eq!(
                    renamed.ask(None, Some(&typed), from),
                    right(name),
                    "{name}: by the files"
                );
                for (from, layout) in [(from, None), (None, from)] {
                    let finding = renamed.ask(from, None, layout).unwrap_err();
                    assert_eq!(renamed.follow(&finding.help[0]), right(name), "{finding:#?}");
                }
                continue;
            }
            if sample.columns[0] == "*migration varchar(255)" {
                // Any table could have such a column.
                assert_eq!(renamed.ask(None, None, None).unwrap_err().help, [BASELINE]);
                continue;
            }
            // Without being told, it is found, or it is proposed.
            match renamed.ask(None, None, None) {
                Ok(found) => assert_eq!(Ok(found), right(name)),
                Err(finding) => assert_eq!(renamed.follow(&finding.help[0]), right(name), "{finding:#?}"),
            }
        }
        let apart = Database::new(&["public"]).with("app", "orders_history", sample);
        assert_eq!(
            apart.ask(
                looks_like_another(sample).then_some("pop"),
                Some("app.orders_history"),
                None
            ),
            right("app.orders_history")
        );
        assert_eq!(
            apart.ask(
                looks_like_another(sample).then_some("pop"),
                Some("APP.Orders_History"),
                None
            ),
            right("app.orders_history")
        );
        let from = looks_like_another(sample).then_some("pop");
        let finding = apart.ask(from, Some("orders_history"), None).unwrap_err();
        assert_eq!(
            apart.follow(&finding.help[0]),
            right("app.orders_history"),
            "{finding:#?}"
        );
    }
}

/// Of all pairs, not only of those whose names are the same.
#[test]
fn who_says_a_tool_is_believed_as_far_as_columns_and_rows_allow() {
    for sample in SAMPLES {
        for tool in names() {
            let one = Database::new(&["public"]).with("", sample.table, sample);
            let by_tool = one.ask(Some(tool), None, None);
            let by_both = one.ask(Some(tool), Some(sample.table), None);
            let right = (tool, sample.table.to_owned());
            if fits(sample, tool) {
                assert_eq!(by_both, Ok(right), "{} as {tool}", sample.tool);
                let is_named = TOOLS
                    .iter()
                    .any(|known| known.name() == tool && known.shape().is_named(sample.table));
                assert_eq!(by_tool.is_ok(), is_named, "{} as {tool}", sample.tool);
                continue;
            }
            for finding in [by_tool.unwrap_err(), by_both.unwrap_err()] {
                assert!(
                    finding.message.contains(&format!("no history of {tool}")),
                    "{}",
                    finding.message
                );
            }
        }
    }
}

#[test]
fn two_histories_are_asked_for_and_each_can_be_chosen_as_it_is_proposed() {
    for one in SAMPLES {
        for other in SAMPLES {
            let both = Database::new(&["public"])
                .with("", "a_history", one)
                .with("", "B.history", other);
            for (name, sample) in [("a_history", one), ("\"B.history\"", other)] {
                let asked = both.ask(None, Some(name), None);
                // What is beside one is beside the other.
                match (sample.tool, one.tool, other.tool) {
                    ("dbmate", "rails", _) | ("dbmate", _, "rails") => {}
                    _ if looks_like_another(sample) => {}
                    _ => assert_eq!(asked.unwrap().0, sample.tool, "{name}: {} {}", one.tool, other.tool),
                }
            }
            let own = Database::new(&["public"]).with("", one.table, one);
            let own = match one.table == other.table {
                true => own.with("", "another", other),
                false => own.with("", other.table, other),
            };
            if let Err(finding) = own.ask(None, None, None) {
                assert!(
                    finding.message.starts_with("there is more than one history"),
                    "{finding:#?}"
                );
                assert_eq!(finding.help.len(), 2, "{finding:#?}");
                for (help, table) in finding.help.iter().zip(&finding.help) {
                    assert!(help.contains("--table"), "{table}");
                    own.follow(help).unwrap();
                }
            } else {
                // One that shows itself by its name is not looked for under another one.
                assert_eq!(one.table, other.table, "{} {}", one.tool, other.tool);
            }
        }
    }
}

fn of(tool: &str) -> &'static Sample {
    SAMPLES.iter().find(|sample| sample.tool == tool).unwrap()
}

#[test]
fn twins_are_told_apart_by_the_files_and_asked_for_where_two_things_disagree() {
    let dbmate = Database::new(&["public"]).with("", "schema_migrations", of("dbmate"));
    assert_eq!(dbmate.ask(None, None, Some("dbmate")).unwrap().0, "dbmate");
    let rails = Database::new(&["public"]).with("", "schema_migrations", of("rails"));
    assert_eq!(rails.ask(None, None, None).unwrap().0, "rails");
    assert_eq!(rails.ask(Some("dbmate"), None, None).unwrap().0, "dbmate");
    // Somebody has gone on with dbmate where Rails had begun.
    let finding = rails.ask(None, None, Some("dbmate")).unwrap_err();
    assert_eq!(
        finding.help,
        [
            "syncline adopt --from rails --table schema_migrations",
            "syncline adopt --from dbmate --table schema_migrations"
        ]
    );
    for (help, tool) in finding.help.iter().zip(["rails", "dbmate"]) {
        assert_eq!(rails.follow(help).unwrap().0, tool);
    }
    // Two histories, and files of one of the two.
    let two = Database::new(&["public"])
        .with("", "goose_db_version", of("goose"))
        .with("", "schema_migrations", of("dbmate"));
    assert_eq!(two.ask(None, None, Some("goose")).unwrap().0, "goose");
    assert!(two.ask(None, None, Some("flyway")).is_err());
}

#[test]
fn of_several_schemas_the_nearest_counts_and_one_out_of_sight_is_proposed() {
    let flyway = of("flyway");
    let two = Database::new(&["public", "app"])
        .with("app", "flyway_schema_history", flyway)
        .with("", "flyway_schema_history", flyway);
    assert_eq!(two.ask(None, None, None).unwrap().1, "flyway_schema_history");
    assert_eq!(
        two.ask(None, Some("flyway_schema_history"), None).unwrap().1,
        "flyway_schema_history"
    );
    assert_eq!(
        two.ask(None, Some("app.flyway_schema_history"), None).unwrap().1,
        "app.flyway_schema_history"
    );
    assert_eq!(
        two.ask(None, Some("public.flyway_schema_history"), None).unwrap().1,
        "flyway_schema_history"
    );
    let far = Database::new(&["public"]).with("app", "flyway_schema_history", flyway);
    let finding = far.ask(None, None, None).unwrap_err();
    assert_eq!(far.follow(&finding.help[0]).unwrap().1, "app.flyway_schema_history");
    assert!(finding.help[1].starts_with("options=-csearch_path=app"), "{finding:#?}");
    let many = far.with("b", "schema_migrations", of("ecto"));
    let finding = many.ask(None, None, None).unwrap_err();
    assert_eq!(finding.help.len(), 4, "{finding:#?}");
    for (help, tool) in finding.help[..2].iter().zip(["ecto", "flyway"]) {
        assert_eq!(many.follow(help).unwrap().0, tool);
    }
}

#[test]
fn a_name_with_a_dot_means_one_table_or_is_asked_for() {
    let flyway = of("flyway");
    let both = Database::new(&["public", "a"])
        .with("", "a.b", flyway)
        .with("a", "b", flyway);
    let finding = both.ask(None, Some("a.b"), None).unwrap_err();
    let chosen: Vec<String> = finding.help.iter().map(|help| both.follow(help).unwrap().1).collect();
    assert_eq!(chosen, ["a.b", "a.b"]);
    assert_eq!(finding.help.len(), 2);
    assert_ne!(finding.help[0], finding.help[1]);
    let one = Database::new(&["public"]).with("", "a.b", flyway);
    assert_eq!(one.ask(None, Some("a.b"), None).unwrap().1, "a.b");
    let other = Database::new(&["public"]).with("a", "b", flyway);
    assert_eq!(other.ask(None, Some("a.b"), None).unwrap().1, "a.b");
}

#[test]
fn names_in_other_capitals_are_found_unless_there_are_two() {
    let flyway = of("flyway");
    let two = Database::new(&["public"])
        .with("", "Orders", flyway)
        .with("", "orders", flyway);
    assert_eq!(two.ask(None, Some("Orders"), None).unwrap().1, "Orders");
    assert_eq!(two.ask(None, Some("orders"), None).unwrap().1, "orders");
    let finding = two.ask(None, Some("ORDERS"), None).unwrap_err();
    let chosen: Vec<String> = finding.help.iter().map(|help| two.follow(help).unwrap().1).collect();
    assert_eq!(chosen, ["Orders", "orders"]);
}

#[test]
fn what_is_no_history_is_said_as_it_is() {
    let mut database = Database::new(&["public"]).with("", "goose_db_version", of("goose"));
    database.tables.push(table("", "orders", &["*id int", "total numeric"]));
    database.tables.push(table("", "releases", &["version int"]));
    let said = |from, name| database.ask(from, name, None).unwrap_err();
    let finding = said(None, Some("orders"));
    assert_eq!(
        finding.message,
        "`orders` is no history of a tool that is known: its columns are `id`, `total`"
    );
    assert_eq!(
        finding.help[0],
        "syncline adopt --table goose_db_version   # that of goose"
    );
    let finding = said(Some("flyway"), Some("goose_db_version"));
    assert!(
        finding
            .message
            .starts_with("`goose_db_version` is no history of flyway: it has no columns `installed_rank`, ")
    );
    assert_eq!(database.follow(&finding.help[0]).unwrap().0, "goose");
    let finding = said(None, Some("nothing"));
    assert_eq!(finding.message, "there is no table `nothing` in the database");
    assert_eq!(database.follow(&finding.help[0]).unwrap().0, "goose");
    let finding = said(Some("tern"), None);
    assert_eq!(finding.message, "there is no history of tern in the database");
    assert!(finding.help[0].starts_with("syncline adopt --from tern --table releases   # if that is one"));
    let finding = said(Some("dbmate"), Some("releases"));
    assert_eq!(
        finding.message,
        "`releases` is no history of dbmate: it holds numbers in `version`, and not texts"
    );
}

#[test]
fn more_rows_than_a_tool_writes_are_not_its() {
    static THREE: Sample = sample(
        "tern",
        "schema_version",
        &["version integer"],
        &[&["1"], &["2"], &["3"]],
    );
    let finding = Database::new(&["public"])
        .with("", "schema_version", &THREE)
        .ask(Some("tern"), None, None)
        .unwrap_err();
    assert_eq!(
        finding.message,
        "`schema_version` is no history of tern: it has 3 rows, and that of tern has one"
    );
    static WORDS: Sample = sample(
        "dbmate",
        "schema_migrations",
        &["*version varchar"],
        &[&["2026"], &["V1"]],
    );
    let finding = Database::new(&["public"])
        .with("", "schema_migrations", &WORDS)
        .ask(Some("dbmate"), None, None)
        .unwrap_err();
    assert_eq!(
        finding.message,
        "`schema_migrations` is no history of dbmate: dbmate writes no row like version = V1"
    );
}
