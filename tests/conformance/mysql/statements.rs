//! What the splitter takes for one statement is one to the servers.

mod table;

use super::super::fixture::*;
use futures_util::TryStreamExt as _;
use sqlx::mysql::MySqlDatabaseError;
use sqlx::{AssertSqlSafe, Connection, Either, MySqlConnection, Row, raw_sql};
use syncline::script::{self, SqlMode, Syntax};
use table::{MODES, NAMES, TEXTS, THERE};

/// One statement, and who takes it.
#[derive(Clone, Copy)]
struct Text {
    statement: &'static str,
    /// It is written for `sql_mode=ORACLE`.
    oracle: bool,
    /// From which version on, if at all: 1108 is 11.8.
    mariadb: Option<u32>,
    mysql: Option<u32>,
    /// With which error it fails when it was understood.
    fails: Option<u16>,
}

const fn text(statement: &'static str, mariadb: Option<u32>, mysql: Option<u32>) -> Text {
    Text {
        statement,
        oracle: false,
        mariadb,
        mysql,
        fails: None,
    }
}

/// For MariaDB in the mode that it has by default.
const fn in_default(statement: &'static str) -> Text {
    text(statement, Some(1006), None)
}

/// For both.
const fn in_mysql(statement: &'static str) -> Text {
    text(statement, Some(1006), Some(800))
}

const fn in_oracle(statement: &'static str) -> Text {
    in_default(statement).oracle()
}

/// Seen with 11.8; 10.11 has it not.
const fn since_newer_mariadb(statement: &'static str) -> Text {
    text(statement, Some(1108), None)
}

const fn since_mysql_9(statement: &'static str) -> Text {
    text(statement, None, Some(900))
}

impl Text {
    const fn oracle(self) -> Self {
        Self { oracle: true, ..self }
    }

    const fn failing(self, error: u16) -> Self {
        Self {
            fails: Some(error),
            ..self
        }
    }

    fn setting(&self) -> &'static str {
        match self.oracle {
            true => "SET sql_mode = 'ORACLE'",
            false => "SET sql_mode = DEFAULT",
        }
    }
}

/// How many answers a server gives, which takes several statements at once: one for each.
async fn answers(connection: &mut MySqlConnection, statement: &str) -> Result<usize, sqlx::Error> {
    let results = raw_sql(AssertSqlSafe(statement.to_owned())).fetch_many(connection);
    let answers = results.try_filter_map(async |result| Ok(matches!(result, Either::Left(_)).then_some(())));
    Ok(answers.try_collect::<Vec<()>>().await?.len())
}

fn error(error: &sqlx::Error) -> u16 {
    let error = error.as_database_error().unwrap_or_else(|| panic!("{error}"));
    error.downcast_ref::<MySqlDatabaseError>().number()
}

fn bodies(text: &str) -> Vec<&str> {
    let parsed = script::parse(text, Syntax::Mysql(SqlMode::default()))
        .unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    parsed.sent().map(|statement| &text[statement.body.clone()]).collect()
}

#[tokio::test]
async fn every_server_takes_each_of_these_for_one_statement() {
    for bench in Bench::mysqls().await {
        let mut connection = MySqlConnection::connect(bench.url()).await.unwrap();
        raw_sql(THERE).execute(&mut connection).await.unwrap();
        let version = bench.query("SELECT VERSION()").await.remove(0);
        let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
        let number = parts.next().unwrap() * 100 + parts.next().unwrap();
        let (mut taken, mut wrong) = (0, Vec::new());
        for text in TEXTS.iter().chain(NAMES) {
            let since = if version.contains("MariaDB") {
                text.mariadb
            } else {
                text.mysql
            };
            if since.is_none_or(|since| since > number) {
                continue;
            }
            raw_sql(text.setting()).execute(&mut connection).await.unwrap();
            let found = answers(&mut connection, text.statement)
                .await
                .map_err(|told| error(&told));
            let wanted = text.fails.map_or(Ok(1), Err);
            if found != wanted {
                wrong.push(format!("{}: {found:?}", text.statement));
            }
            taken += 1;
        }
        assert!(wrong.is_empty(), "{version}: {wrong:#?}");
        assert!(taken > 40, "{version}: {taken}");
    }
}

/// The mode that the splitter reads what follows in, as far as the text shows it.
fn mode_behind(setting: &str) -> SqlMode {
    // Each counts the statements of a text that means something else in each mode.
    let ends = |text: &str| bodies(&format!("{setting};\n{text}")).len() - bodies(&format!("{setting};")).len();
    let no_backslash_escapes = ends("DO 'a\\';\nDO 1;\n-- '") == 2;
    SqlMode {
        no_backslash_escapes,
        ansi_quotes: !no_backslash_escapes && ends("DO \"a\\\";\nDO 1;\n-- \"") == 2,
        oracle: ends("BEGIN DO 1; END; DO 2") == 2,
    }
}

#[tokio::test]
async fn the_mode_is_the_one_that_the_server_has() {
    for bench in Bench::mysqls().await {
        let mut connection = MySqlConnection::connect(bench.url()).await.unwrap();
        let mut taken = 0;
        for setting in MODES {
            raw_sql("SET sql_mode = DEFAULT")
                .execute(&mut connection)
                .await
                .unwrap();
            if raw_sql(*setting).execute(&mut connection).await.is_err() {
                continue;
            }
            let row = raw_sql("SELECT @@sql_mode").fetch_one(&mut connection).await.unwrap();
            let mut mode = SqlMode::of(&row.get_unchecked::<String, _>(0));
            mode.ansi_quotes &= !mode.no_backslash_escapes;
            assert_eq!(mode_behind(setting), mode, "{}: {setting}", bench.url());
            taken += 1;
        }
        assert!(taken + 7 > MODES.len(), "{}: {taken}", bench.url());
    }
}

#[test]
fn each_of_these_is_one_statement_without_a_delimiter_and_with_one() {
    for text in TEXTS.iter().chain(NAMES) {
        let (setting, statement) = (text.setting(), text.statement);
        let wanted = [setting, statement, "DO 1"];
        assert_eq!(bodies(&format!("{setting};\n{statement};\nDO 1;\n")), wanted);
        let delimiter = ["//", "$$", ";;", "|"]
            .into_iter()
            .find(|delimiter| !statement.contains(delimiter))
            .unwrap();
        let script = format!("{setting};\nDELIMITER {delimiter}\n{statement}{delimiter}\nDELIMITER ;\nDO 1;\n");
        assert_eq!(bodies(&script), wanted);
        // A body in another language may hold the delimiter, as to the client of MySQL 9.
        if text.mysql == Some(900) && statement.contains("//") {
            let script = format!("{setting};\nDELIMITER //\n{statement} //\nDELIMITER ;\nDO 1;\n");
            assert_eq!(bodies(&script), wanted);
        }
    }
}

#[test]
fn none_of_these_reaches_into_the_next_one() {
    let texts = || TEXTS.iter().chain(NAMES);
    let script: String = texts()
        .map(|text| format!("{};\n{};\n", text.setting(), text.statement))
        .collect();
    let wanted: Vec<&str> = texts().flat_map(|text| [text.setting(), text.statement]).collect();
    assert_eq!(bodies(&script), wanted);
}

#[test]
fn what_lacks_its_end_is_told_as_open() {
    for text in TEXTS.iter().filter(|text| text.statement.ends_with("END")) {
        let script = format!(
            "{};\n{};\nDO 1;\n",
            text.setting(),
            text.statement.trim_end_matches("END")
        );
        let problems = script::parse(&script, Syntax::Mysql(SqlMode::default())).expect_err(&script);
        assert_eq!(problems[0].code, "unterminated", "{script}");
    }
}
