//! What the first words of a statement, and the number of an error, tell the engine.

use crate::script::{self, Kind, Manner};

/// Whether the word that says what a statement does is one of these.
pub(super) fn is_one_of(words: &[&str], statement: &str) -> bool {
    let verb = script::verb(statement, super::ENGINE.syntax);
    words.iter().any(|word| word.eq_ignore_ascii_case(verb))
}

fn says(statement: &str, word: &str) -> bool {
    let mut windows = statement.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a statement may choose the engine of tables that say none.
pub(super) fn chooses_engine(statement: &str) -> bool {
    is_one_of(&["set"], statement) && says(statement, "engine")
}

/// Whether a statement may leave settings, variables, temporary tables, prepared statements or locks with its session. Where there
/// are `programs`, triggers or functions, each that writes rows may.
pub(super) fn leaves_traces(statement: &str, programs: bool) -> bool {
    const DEFINES: [&str; 9] = [
        "alter", "analyze", "create", "drop", "grant", "optimize", "rename", "revoke", "truncate",
    ];
    const WRITES: [&str; 5] = ["delete", "insert", "replace", "update", "with"];
    let says = |word| says(statement, word);
    let clean = match is_one_of(&WRITES, statement) {
        true => !programs && !says("get_lock"),
        false => is_one_of(&DEFINES, statement) && !says("temporary"),
    };
    !clean || statement.contains('@')
}

/// Whether a statement writes no rows whatever it names.
pub(super) fn touches_no_rows(statement: &str) -> bool {
    is_one_of(&["show", "use", "prepare", "deallocate"], statement)
}

/// Whether a statement writes rows only where a function that it calls does.
pub(super) fn only_reads(statement: &str) -> bool {
    is_one_of(
        &["set", "select", "do", "handler", "explain", "describe", "desc"],
        statement,
    )
}

/// Whether a statement may run a program that ends transactions inside.
pub(super) fn runs_program(statement: &str) -> bool {
    script::manner(statement, &Kind::Plain, super::ENGINE.syntax) == Manner::Guarded
}

pub(super) fn is_lock(statement: &str) -> bool {
    let names = |word| script::mentions(statement, word, super::ENGINE.syntax);
    is_one_of(&["lock"], statement) && (names("TABLE") || names("TABLES"))
}

/// Whether an error means that nothing of the statement was executed: what defines one thing takes effect as a whole or not at
/// all, unlike what drops or grants several, and errors about syntax, names and rights are found before anything is executed, unless a procedure meets them on
/// its way, or a trigger or function where there are `programs` (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>).
pub(super) fn is_refusal(statement: &str, error: u16, programs: bool) -> bool {
    const REFUSALS: [u16; 17] = [
        1044, 1046, 1049, 1051, 1054, 1064, 1091, 1109, 1136, 1142, 1143, 1146, 1153, 1227, 1305, 1396, 1505,
    ];
    const ONE_THING: [&str; 10] = [
        "alter",
        "change",
        "create",
        "import",
        "install",
        "reset",
        "start",
        "stop",
        "truncate",
        "uninstall",
    ];
    if is_one_of(&["drop", "grant", "rename", "revoke"], statement) {
        return !statement.contains(',');
    }
    // One that computes rows may have run a function for some of them.
    let computes = programs && script::mentions(statement, "SELECT", super::ENGINE.syntax);
    let one = is_one_of(&ONE_THING, statement) && !computes;
    one || !programs && !runs_program(statement) && REFUSALS.contains(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_statement_is_known_to_have_done_nothing_only_where_that_is_certain() {
        for (statement, error, certain) in [
            ("TRUNCATE t", 1701, true),
            ("SET @x = f()", 1205, false),
            ("SET STATEMENT max_statement_time = 1 FOR SET @x = f()", 1205, false),
            ("DROP TABLE a, b", 1051, false),
            ("INSERT INTO myisam SELECT 1", 1062, false),
            ("INSERT INTO nothing VALUES (1)", 1146, true),
            ("CALL p()", 1146, false),
            ("/*!50003 CALL p() */", 1146, false),
            (
                "IF 1 THEN CREATE TABLE a (id int); INSERT INTO nosuch VALUES (1); END IF",
                1146,
                false,
            ),
        ] {
            assert_eq!(is_refusal(statement, error, false), certain, "{statement}");
        }
        assert!(!is_refusal("INSERT INTO nothing VALUES (1)", 1146, true));
        assert!(!is_refusal("CREATE TABLE c AS SELECT f() AS z", 1205, true));
        assert!(is_refusal("CREATE TABLE c (id int)", 1050, true));
    }

    #[test]
    fn what_stays_with_a_session_is_told_by_the_first_words() {
        // Whatever stands before the word that counts.
        for (before, after) in [
            ("", ""),
            ("/*!50003 ", " */"),
            ("/*M!100100 ", " */"),
            ("SET STATEMENT sql_mode = '' FOR ", ""),
        ] {
            let said = |statement: &str| format!("{before}{statement}{after}");
            assert!(is_one_of(&["use"], &said("USE b")), "{before}");
            assert!(is_one_of(&["prepare"], &said("PREPARE s FROM 'x'")), "{before}");
            assert!(chooses_engine(&said("SET default_storage_engine = MyISAM")), "{before}");
            assert!(is_lock(&said("LOCK TABLES t WRITE")), "{before}");
            assert!(runs_program(&said("CALL p()")), "{before}");
            assert!(
                only_reads(&said("SELECT f()")) && !only_reads(&said("INSERT INTO t SELECT 1")),
                "{before}"
            );
        }
        for statement in [
            "SET x = 1",
            "USE b",
            "CREATE TEMPORARY TABLE t (x int)",
            "INSERT INTO t SELECT @x",
            "CALL p()",
        ] {
            assert!(leaves_traces(statement, false), "{statement}");
        }
        assert!(!leaves_traces("CREATE TABLE t (x int)", true) && !leaves_traces("insert into t values (1)", false));
        assert!(
            leaves_traces("insert into t values (1)", true)
                && leaves_traces("insert into t values (GET_LOCK('a', 0))", false)
        );
        assert!(
            is_lock("LOCK TABLES t WRITE") && is_lock("lock  table t read") && !is_lock("LOCK INSTANCE FOR BACKUP")
        );
    }
}
