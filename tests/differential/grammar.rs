//! Makes up scripts: statements full of semicolons that end nothing, and soup.
//!
//! Client commands are left out, which syncline refuses on purpose. A statement is a template: `{n}` is its number, so that names
//! and rows differ; `{l}` becomes a literal, `{q}` a quoted name, `{g}` a gap of white space and comments.

use proptest::prelude::*;
use proptest::sample::select;

use crate::engine::Engine;

/// What strings, names and comments are filled with.
const INSIDE: [&str; 18] = [
    ";", "; ", "'", "\"", "`", "$$", "$a$", "\\", "\\'", "--", "#", "/*", "*/", "//", "\n", "é", "END", "a",
];

const POSTGRES: [&str; 22] = [
    "INSERT{g}INTO t{g}VALUES ({n},{g}{l},{l})",
    "INSERT INTO t SELECT {n} +{g}1 -{g}1, {l}::text ||{g}{l}",
    "UPDATE t SET a ={g}{l} WHERE{g}b <> {l}",
    "COMMENT ON TABLE t IS{g}{l}",
    "CREATE VIEW v{n} AS SELECT{g}{l}::text AS {q}, 3{g}*{g}4 AS x",
    "CREATE TABLE t{n} ({q} text DEFAULT {l}, CHECK (x <>{g}{l}), x text)",
    "CREATE FUNCTION f{n}() RETURNS text LANGUAGE sql AS $f$ SELECT {l};{g}SELECT {l}::text; $f$",
    "CREATE FUNCTION f{n}() RETURNS text LANGUAGE sql{g}BEGIN{g}ATOMIC SELECT CASE WHEN {l} = '' THEN {l}::text END;{g}SELECT {l}::text;{g}END",
    "CREATE OR REPLACE PROCEDURE p{n}(end_ int) LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES ({n}, {l}); DELETE FROM t WHERE a = {l}; END",
    "CREATE FUNCTION f{n}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN IF new.a = {l} THEN RETURN NULL; END IF;{g}RETURN new; END $f$",
    "CREATE RULE r{n} AS ON UPDATE TO u DO ALSO (INSERT INTO t VALUES ({n}, {l});{g}DELETE FROM u WHERE a = {l})",
    "DO $do$ BEGIN INSERT INTO t VALUES ({n}, {l}, $in$;$in$);{g}END $do$",
    "COPY t FROM stdin;\n{n}\t;'\t$$\n{n}\t\\\\.\t/*\n{n}\t--\t\\N\n\\.",
    "COPY t (id, a) FROM STDIN (FORMAT csv);\n{n},\"a;\"\"'\n\\.",
    "CREATE INDEX ON t{g}((a || {l}))",
    "PREPARE s{n} AS SELECT {l}::text; EXECUTE s{n}",
    "BEGIN; INSERT INTO t VALUES ({n}, {l}); COMMIT",
    "SELECT a$b, 1 FROM t",
    "INSERT INTO nowhere VALUES ({l})",
    "SELEC {l}",
    "SELECT {g}1",
    "",
];

const MARIADB: [&str; 26] = [
    "INSERT{g}INTO t{g}VALUES ({n},{g}{l},{l})",
    "INSERT INTO t VALUES ({n}, 5--1, 5 -{g}1)",
    "INSERT INTO t VALUES ({n}, _utf8mb4{l}, N'n;')",
    "UPDATE t SET a ={g}{l} WHERE{g}b <> {l}",
    "ALTER TABLE t COMMENT ={g}'{n};'",
    "CREATE VIEW v{n} AS SELECT{g}{l} AS {q}, 3{g}*{g}4 AS x",
    "CREATE TABLE t{n} ({q} varchar(99) DEFAULT {l}, x text)",
    "\nDELIMITER //\nCREATE PROCEDURE p{n}()\nBEGIN{g}DECLARE x text DEFAULT {l}; IF x = {l} THEN SET x = CASE 1 WHEN 1 THEN {l} END; ELSE SET x = {l}; END IF;{g}END//\nDELIMITER ;\n",
    "\nDELIMITER $$\nCREATE FUNCTION f{n}() RETURNS text DETERMINISTIC BEGIN l: LOOP LEAVE l; END LOOP; WHILE 0 DO SET @x = {l}; END WHILE; RETURN {l}; END$$\nDELIMITER ;\n",
    "\ndelimiter ;;\nCREATE TRIGGER g{n} BEFORE INSERT ON u FOR EACH ROW BEGIN SET NEW.a = CONCAT({l}, NEW.a);{g}IF NEW.a = {l} THEN SET NEW.a = ''; END IF; END;;\ndelimiter ;\n",
    "\nDELIMITER |\nBEGIN NOT ATOMIC INSERT INTO t VALUES ({n}, {l}, ';');{g}INSERT INTO t VALUES ({n}, {l}, ''); END|\nDELIMITER ;\n",
    "\nDELIMITER //\nCREATE PROCEDURE p{n}() BEGIN DECLARE CONTINUE HANDLER FOR SQLSTATE '02000', NOT FOUND{g}IF {l} = {l} THEN SET @x = {l}; END IF;{g}SELECT a FROM t WHERE a IN ({l}){g}FOR UPDATE; DO IF(1, {l}, {l}); END//\nDELIMITER ;\n",
    "\nDELIMITER //\nCREATE FUNCTION f{n}() RETURNS text DETERMINISTIC{g}IF {l} = {l} THEN RETURN {l};{g}ELSE RETURN {l}; END IF//\nDELIMITER ;\n",
    "\nDELIMITER //\nSET STATEMENT max_statement_time = 100 FOR{g}IF {l} = {l} THEN INSERT INTO t VALUES ({n}, {l}, ';'); DO 1; END IF//\nDELIMITER ;\n",
    "SET sql_mode = ORACLE;\nDELIMITER //\nCREATE PROCEDURE p{n}{g}AS x text := 'a; b';{g}BEGIN IF x = 'b' THEN NULL;{g}ELSIF x = ';' THEN NULL; END IF; <<l>>{g}LOOP EXIT l; END LOOP l; EXCEPTION WHEN OTHERS THEN NULL; END//\nDELIMITER ;\nSET sql_mode = DEFAULT;\n",
    "CREATE EVENT e{n} ON SCHEDULE AT '2037-01-01 00:00:00' DISABLE DO INSERT INTO t VALUES ({n}, {l}, '')",
    "CREATE FUNCTION f{n}() RETURNS text DETERMINISTIC RETURN{g}CONCAT({l}, {l})",
    "/*!50001 INSERT INTO t VALUES ({n}, 'a;', \";\") */",
    "INSERT INTO t VALUES ({n}, /*!50001 'b;' */ /*!99999999 , {n} */, /*M!100000 'c' */)",
    "SET STATEMENT max_statement_time = 100 FOR INSERT INTO t VALUES ({n}, {l}, '')",
    "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; INSERT INTO t (\"id\", `a`, \"b\") VALUES ({n}, 'c:\\', ';'); SET sql_mode = 'STRICT_TRANS_TABLES'",
    "SET @x = {l}; PREPARE s FROM 'INSERT INTO t VALUES (?, ?, \\';\\')'; SET @n = {n}; EXECUTE s USING @n, @x",
    "INSERT INTO nowhere VALUES ({l})",
    "SELEC {l}",
    "DO {g}1",
    "",
];

const SQLITE: [&str; 14] = [
    "INSERT{g}INTO t{g}VALUES ({n},{g}{l},{l})",
    "UPDATE t SET a ={g}{l} WHERE{g}b <> {l}",
    "CREATE VIEW v{n} AS SELECT{g}{l} AS {q}, 3{g}*{g}4 AS x",
    "CREATE TABLE t{n} ({q} text DEFAULT {l}, x CHECK (x <>{g}{l}))",
    "CREATE TRIGGER g{n} AFTER INSERT ON t BEGIN{g}UPDATE u SET a = CASE WHEN new.a THEN {l} ELSE {l} END;{g}DELETE FROM u WHERE a = {l};{g}END",
    "CREATE TEMP TRIGGER IF NOT EXISTS g{n} AFTER DELETE ON t WHEN old.a = {l} BEGIN SELECT ';';{g}SELECT {l}; END",
    "CREATE INDEX i{n} ON t (a) WHERE a <>{g}{l}",
    "INSERT INTO t VALUES ({n}, x'3b27', {l} ||{g}{l})",
    "BEGIN; INSERT INTO t VALUES ({n}, {l}, 1); END",
    "EXPLAIN SELECT {l}",
    "PRAGMA user_version = {n}",
    "WITH c (a) AS (SELECT{g}{l}) INSERT INTO t SELECT {n}, a, 2 FROM c",
    "SELECT {g} 1 - - 1",
    "",
];

/// Mostly no SQL at all; where it ends is a question nevertheless.
const SOUP: [&str; 24] = [
    ";",
    ";",
    "; ",
    "\n",
    " ",
    "(",
    ")",
    "'a;'",
    "'''",
    "\"b;\"",
    "--c;\n",
    "-- '\n",
    "/* ; */",
    "/*/",
    "SELECT ",
    "CREATE ",
    "FUNCTION f() ",
    "BEGIN ",
    "CASE ",
    "END ",
    "ATOMIC ",
    "1",
    "+",
    "x",
];

const TABLES: &str = "CREATE TABLE t (id int, a text, b text); CREATE TABLE u (a text);\n";

/// A script, and whether it is sound: one that syncline has to take.
pub(crate) fn script(engine: Engine) -> impl Strategy<Value = (String, bool)> {
    let sound = proptest::collection::vec((statement(engine), terminator(engine)), 1..7).prop_map(move |parts| {
        let numbered = parts.iter().enumerate().map(|(index, (text, end))| {
            let text = text.replace("{n}", &index.to_string());
            // What a client or a COPY has ended needs no more.
            let end = if text.ends_with(['\n', '.']) {
                "\n"
            } else {
                end.as_str()
            };
            text + end
        });
        (TABLES.to_owned() + &numbered.collect::<String>(), true)
    });
    // The client of MariaDB cuts a body into pieces where no DELIMITER is set, and sends comments alone as a statement; syncline
    // does neither.
    let not_for_mariadb = |word: &&str| word.contains("/*") || ["BEGIN ", "CASE ", "FUNCTION f() "].contains(word);
    let words = SOUP
        .iter()
        .filter(|word| engine != Engine::MariaDb || !not_for_mariadb(word));
    let words: Vec<&str> = words.copied().collect();
    let soup = proptest::collection::vec(select(words), 1..20)
        .prop_map(move |parts| (TABLES.to_owned() + &parts.concat(), false));
    // The shell of SQLite stops at the first error, which would be all of a soup.
    prop_oneof![4 => sound, if engine.goes_on() { 1 } else { 0 } => soup]
}

fn terminator(engine: Engine) -> impl Strategy<Value = String> {
    const WAYS: [&str; 6] = [";\n", "; ", ";;\n", "\n;\n", ";--;\n", ";/*;*/\n"];
    let ways = match engine {
        // Its client does not see a DELIMITER behind a comment.
        Engine::MariaDb => &WAYS[..4],
        Engine::Postgres => &WAYS[..],
        // SQLite keeps what stands before the semicolon with some definitions, and we do not send it.
        Engine::Sqlite => &[";\n", "; ", ";;\n", ";--;\n", ";/*;*/\n"],
    };
    select(ways).prop_map(str::to_owned)
}

/// Fills the blanks of a template, but for its number.
fn statement(engine: Engine) -> impl Strategy<Value = String> {
    let templates = match engine {
        Engine::MariaDb => &MARIADB[..],
        Engine::Postgres => &POSTGRES[..],
        Engine::Sqlite => &SQLITE[..],
    };
    select(templates).prop_flat_map(move |template| {
        let blanks: Vec<BoxedStrategy<String>> = template
            .match_indices('{')
            .filter_map(|(at, _)| match template[at..].get(..3) {
                Some("{l}") => Some(literal(engine)),
                Some("{q}") => Some(name(engine)),
                Some("{g}") => Some(gap(engine)),
                _ => None,
            })
            .collect();
        blanks.prop_map(move |filled| {
            let mut filled = filled.into_iter();
            let mut parts = template.split('{');
            let mut text = parts.next().unwrap_or_default().to_owned();
            for part in parts {
                match part.split_once('}') {
                    Some(("l" | "q" | "g", rest)) => text += &(filled.next().unwrap() + rest),
                    _ => text += &format!("{{{part}"),
                }
            }
            text
        })
    })
}

fn inside() -> impl Strategy<Value = String> {
    proptest::collection::vec(select(&INSIDE[..]), 0..4).prop_map(|parts| parts.concat())
}

fn literal(engine: Engine) -> BoxedStrategy<String> {
    let ways = match engine {
        Engine::MariaDb => 4_usize,
        Engine::Postgres => 5,
        Engine::Sqlite => 1,
    };
    let doubled = |text: String| text.replace('\'', "''");
    let text = (inside(), 0..ways).prop_map(move |(text, way)| match (engine, way) {
        (Engine::MariaDb, 0) => format!("'{}'", doubled(text.replace('\\', "\\\\"))),
        (Engine::MariaDb, 1) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        (Engine::MariaDb, 2) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\"")),
        (Engine::MariaDb, _) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        (Engine::Postgres, 1) => format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        (Engine::Postgres, 2) => format!("$q${text}$q$"),
        (Engine::Postgres, 3) => format!("U&'{}'", doubled(text.replace('\\', "\\\\"))),
        (Engine::Postgres, 4) => format!("'{}'\n  '{}'", doubled(text.clone()), doubled(text)),
        _ => format!("'{}'", doubled(text)),
    });
    text.boxed()
}

fn name(engine: Engine) -> BoxedStrategy<String> {
    // A name may not end with a blank everywhere, nor be another one's.
    let quoted = (inside(), 0..3_usize).prop_map(move |(text, way)| match (engine, way) {
        (Engine::MariaDb, _) | (Engine::Sqlite, 1) => format!("`{}z`", text.replace('`', "``")),
        (Engine::Sqlite, 2) => format!("[{text}z]"),
        _ => format!("\"{}z\"", text.replace('"', "\"\"")),
    });
    quoted.boxed()
}

/// White space and comments.
fn gap(engine: Engine) -> BoxedStrategy<String> {
    let gap = (inside(), 0..7_usize).prop_map(move |(text, way)| {
        let line = text.replace('\n', " ");
        // `*` and `/` could make an end, or in PostgreSQL another beginning.
        let block = text.replace(['*', '/'], "");
        match (way, engine) {
            (0, _) => " ".to_owned(),
            (1, _) => "\n\t".to_owned(),
            (2, Engine::Postgres) => format!(" /* {block} /* {block} */;*/ "),
            (2, Engine::MariaDb) => format!(" # {line}\n"),
            (3 | 4, _) => format!(" -- {line}\n"),
            (5, Engine::MariaDb) => " --\n".to_owned(),
            (5, _) => format!(" --{line}\n"),
            _ => format!(" /* {block}*/ "),
        }
    });
    gap.boxed()
}
