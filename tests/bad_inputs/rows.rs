//! The list of what may be handed in, and the lines and tests that try it, by their names: nothing of it gets lost.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::counted::tell;

/// What tries a row of the list.
enum Row {
    /// Lines of a table, or tests, by their names.
    Tried(&'static [&'static str]),
    /// Nothing, since it cannot happen, or not here; and why.
    Not(&'static str),
}
use Row::{Not, Tried};

/// Number, what it is, and what tries it.
#[rustfmt::skip]
const ROWS: &[(usize, &str, Row)] = &[
    // The directory and its files.
    (1, "no directory, a file, nothing in it", Tried(&["the directory is not there", "the directory is a file", "the directory is empty, and the database knows migrations"])),
    (2, "what may not be read", Tried(&["the directory may not be read", "one of many files may not be read"])),
    (3, "a directory named like a migration", Tried(&["a directory has the name of a migration"])),
    (4, "symbolic links that lead outside, nowhere, in circles", Tried(&["a symbolic link leads outside", "a symbolic link leads nowhere", "two symbolic links lead to each other"])),
    (5, "pipes, sockets, devices", Tried(&["a named pipe", "a socket", "a device"])),
    (6, "a file that changes while it is read", Tried(&["a_file_that_changes_while_the_run_is_under_way_runs_as_it_was_read"])),
    (7, "droppings and near misses", Tried(&["droppings", "the ending in capitals", "a hyphen for the underscore", "no version", "no underscore", "one underscore after V", "one more ending"])),
    (8, "a version twice", Tried(&["two files of one version", "the same number with zeros"])),
    (9, "versions that are no numbers of ours", Tried(&["39 digits", "a negative version", "a sign", "a dot", "full-width digits", "Arabic digits"])),
    (10, "version 0", Tried(&["version 0"])),
    (11, "counts and times in one directory", Tried(&["counted versions and times in one directory run in the order of numbers"])),
    (12, "times that never were", Tried(&["times that never were"])),
    (13, "the same second", Tried(&["two developers in the same second"])),
    (14, "names that some file systems take for one", Tried(&["names that differ only in capitals", "names that differ only in how an accent is written"])),
    (15, "names that are no text", Tried(&["a name that is not UTF-8"])),
    (16, "characters in names that do harm", Tried(&["a line break", "an escape sequence", "a change of direction", "a name of 255 bytes", "a dot at the end", "a name that Windows reserves", "a name that ends the statement of the history"])),
    (17, "up without down and the other way round", Tried(&["a down script without its up script", "two down scripts of one version", "a rollback of what has no down script"])),
    (18, "very many files, deep trees", Tried(&["a_directory_of_20_000_files", "a tree of 200 directories, to be read"])),
    (19, "renamed and edited", Tried(&["an applied migration has another name now", "an applied migration was edited"])),
    (20, "a file that is gone", Tried(&["the file of an applied migration is gone", "the database is ahead of the files"])),
    (21, "a pending one that is too old", Tried(&["a pending migration is older than the newest applied one"])),
    // Bytes.
    (22, "no bytes", Tried(&["a file of zero bytes"])),
    (23, "white space", Tried(&["a file of white space"])),
    (24, "comments alone", Tried(&["a file of comments alone is applied, and noted"])),
    (25, "byte-order marks", Tried(&["a byte-order mark", "a byte-order mark where two files were put together"])),
    (26, "line ends", Tried(&["line ends of Windows", "line ends of all kinds in one file", "line endings were turned to those of Windows"])),
    (27, "NUL", Tried(&["a NUL byte", "MariaDB: a NUL byte"])),
    (28, "bytes that are no UTF-8", Tried(&["Latin-1", "half a character"])),
    (29, "wide encodings", Tried(&["UTF-16LE", "UTF-16BE without a mark", "UTF-32LE without a mark", "UTF-32BE"])),
    (30, "characters that only look right", Tried(&["Ctrl-Z", "a form feed is white space", "a no-break space", "a zero-width space", "smart quotes", "a full-width semicolon"])),
    (31, "a very long line", Tried(&["a line of 3 MB", "a line of 3 MB that is never closed"])),
    (32, "a very large file", Tried(&["a file of 64 MiB and one byte"])),
    (33, "very many statements", Tried(&["20,000 statements in one file"])),
    (34, "very deep nesting", Tried(&["comments inside each other", "parentheses inside each other are the server's to refuse"])),
    (35, "conflict markers", Tried(&["a merge conflict"])),
    (36, "something else than SQL", Tried(&["a pointer of Git LFS", "an error page", "a gzip archive"])),
    (37, "templates", Tried(&["a template that nobody has filled in", "a placeholder in a text"])),
    // The text of a script.
    (38, "what is never closed", Tried(&["a string", "a quoted name", "a name in backquotes", "a dollar-quoted body with a tag", "a comment", "MariaDB: a string whose end is escaped"])),
    (39, "comments in comments", Tried(&["comments nest", "comments do not nest", "MariaDB: comments do not nest, and some are code"])),
    (40, "quotes and dollars of each engine", Tried(&["dollars in names", "Unicode escapes", "a backslash escapes in a string with escapes", "a backslash is only a letter", "MariaDB: hashes, backslashes and quotes in quotes"])),
    (41, "semicolons that end nothing", Tried(&["semicolons in strings, names, comments and bodies", "semicolons one after the other", "a comment without a line end at the end"])),
    (42, "bodies with statements in them", Tried(&["a body of BEGIN ATOMIC", "a trigger with CASE and several statements", "MariaDB: a client's delimiter"])),
    (43, "DELIMITER", Tried(&["DELIMITER", "MariaDB: a client's delimiter"])),
    (44, "commands of other clients", Tried(&["GO", "GO with a count", "a slash", "@file", ":r", "MariaDB: a command of sqlcmd"])),
    (45, "commands of psql and sqlite3", Tried(&["\\\\connect", "\\\\i", "\\\\copy", "\\\\gexec", ".read", "\\\\restrict and \\\\unrestrict are passed over", "MariaDB: a command of psql"])),
    (46, "comments that are code", Tried(&["MariaDB: comments do not nest, and some are code", "MariaDB: the first line of a dump"])),
    (47, "COPY with its rows", Tried(&["a dump that hides all schemas", "copy_with_inline_data_runs_and_its_errors_leave_the_connection_usable"])),
    (48, "directives that are none", Tried(&["a slip of the finger", "two that contradict each other", "in capitals, with line ends of Windows, not at the top", "inside a string it is text", "MariaDB: a directive that is misspelt", "the down part of goose"])),
    // What a script does.
    (49, "BEGIN and COMMIT by habit", Tried(&["BEGIN and COMMIT by habit", "MariaDB: BEGIN and COMMIT by habit"])),
    (50, "an end without a beginning", Tried(&["COMMIT", "ROLLBACK", "END", "ABORT", "COMMIT AND CHAIN"])),
    (51, "a commit that no text shows", Tried(&["COMMIT in a procedure", "COMMIT in a body", "a trigger that rolls back", "a conflict clause that rolls back"])),
    (52, "savepoints", Tried(&["savepoints are fine", "MariaDB: a savepoint, which nothing would be taken back to"])),
    (53, "transactions of two phases", Tried(&["PREPARE TRANSACTION", "COMMIT PREPARED", "MariaDB: XA"])),
    (54, "another search path", Tried(&["no search path", "a search path that is not there"])),
    (55, "another role", Tried(&["another role", "another user"])),
    (56, "other settings", Tried(&["triggers off", "another time zone", "another encoding", "MariaDB: other rules for quotes", "MariaDB: no autocommit", "MariaDB: keys unchecked"])),
    (57, "syncline's own tables", Tried(&["dropped", "renamed", "truncated", "the schema dropped", "a rule that swallows rows", "a trigger that swallows rows, on a file", "MariaDB: the history named by a script", "MariaDB: a trigger on the history"])),
    (58, "another database", Tried(&["MySQL's USE", "the database that is connected to", "\\\\c", "MariaDB: another database"])),
    (59, "temporary tables in the way", Tried(&["a temporary table named like the history", "a temporary table named like the next one", "MariaDB: a temporary table named like the next one"])),
    (60, "what fails at the commit", Tried(&["a constraint that is checked at the commit"])),
    (61, "rows that nobody wants", Tried(&["rows that nobody wants", "MariaDB: rows that nobody wants", "what_a_statement_brings_without_end_is_thrown_away_until_the_run_is_interrupted"])),
    (62, "a flood of notices", Tried(&["a flood of notices with escape sequences", "an escape sequence in an error", "MariaDB: an escape sequence in an error"])),
    (63, "LISTEN and NOTIFY", Tried(&["listening to oneself"])),
    (64, "what cannot run in a transaction", Tried(&["an index made concurrently", "VACUUM", "a statement of which only the server knows that it cannot run in a transaction"])),
    (65, "that together with others", Tried(&["one that has to and one that must not", "two statements, of which the second fails"])),
    (66, "an enum value that is used too early", Tried(&["an enum value that is used too early"])),
    (67, "a script that ends its connection", Tried(&["the script ends its own connection", "MariaDB: the script ends its own connection"])),
    (68, "a script that gives the lock up", Tried(&["the lock given up", "MariaDB: the lock given up", "the whole session"])),
    (69, "a statement that never ends", Tried(&["a_statement_that_never_ends_is_stopped_and_leaves_nothing"])),
    (70, "a run inside a run", Tried(&["a_file_that_changes_while_the_run_is_under_way_runs_as_it_was_read"])),
    (71, "half of it done by hand", Tried(&["half of it was done by hand before", "a table that is there already", "MariaDB: a table that is there already"])),
    (72, "an index that stays invalid", Tried(&["an index that breaks a rule and stays invalid"])),
    (73, "a right that is missing half-way", Tried(&["a right that is missing half-way"])),
    (74, "a statement that is too large for the server", Tried(&["MariaDB: a statement that is larger than the server takes"])),
    (75, "data by chance", Tried(&["data by chance"])),
    // The configuration.
    (76, "keys that are not there", Tried(&["a key with a slip", "a key of a target with a slip", "a table that is not there"])),
    (77, "values of another kind", Tried(&["a number for a duration", "a duration without its unit", "a negative duration", "text for yes or no"])),
    (78, "variables that are not set", Tried(&["a variable that is not set", "a variable that is empty"])),
    (79, "no file, another file", Tried(&["a file that was named and is not there", "one in the directory above is not looked for", "a target without a configuration"])),
    (80, "a file that is no configuration", Tried(&["the same key twice", "a value that is never closed", "not UTF-8", "nested beyond measure", "more than 1 MiB", "a byte-order mark, line ends of Windows and tabs"])),
    (81, "placeholders that go in circles", Tried(&["placeholders are only letters"])),
    (82, "targets that are nearly the same, or not there", Tried(&["targets that differ only in capitals", "a target that is not there"])),
    (83, "directories elsewhere", Tried(&["a tilde", "the directory lies above the working directory"])),
    (84, "names of the history", Tried(&["a table of no name", "a table with a dot", "a table of 64 bytes"])),
    (85, "a file that others can read", Tried(&["a password that others can read"])),
    (86, "URLs", Tried(&["a slip in the scheme", "a wrong value", "a parameter that is not there", "a # in the password", "a % in the password", "MariaDB: no database"])),
    // The command line.
    (87, "words that are not there", Tried(&["a command with a slip", "up to a version that is not there"])),
    (88, "counts and versions that make no sense", Tried(&["a negative count", "a count of nothing", "up to 0", "up to an older version", "steps and a version"])),
    (89, "flags that contradict each other", Tried(&["both answers", "the same flag twice", "a URL and a target"])),
    (90, "a rollback that nobody can confirm", Tried(&["down without a terminal", "redo without a terminal"])),
    (91, "a reader who goes away", Tried(&["a_reader_who_goes_away_stops_nothing", "output_that_cannot_be_written_is_told"])),
    (92, "plain terminals", Tried(&["plain_places_get_plain_text"])),
    (93, "one document, whatever happens", Tried(&["a_document_has_the_same_keys_whether_the_command_works_or_not", "human_and_json_tell_the_same"])),
    (94, "clocks", Not("the server's clock times what is recorded; that of the machine only numbers `new`, and cannot be set from a test")),
    // Servers.
    (95, "servers that do not let us in", Tried(&["nobody listens", "a name that is not there", "somebody who says nothing", "a wrong password", "a database that is not there", "MariaDB: a wrong password", "MariaDB: somebody who says nothing"])),
    (96, "encryption", Tried(&["no encryption where it is asked for", "encryption that is none", "an authority that nobody knows", "a certificate of somebody else", "a certificate of yesterday", "an authority whose file is not there", "MariaDB: an authority whose file is not there", "MariaDB: no encryption where it is asked for"])),
    (97, "servers that are too old", Tried(&["an old server", "MariaDB: an old server"])),
    (98, "servers of another kind", Tried(&["CockroachDB", "MySQL", "a web server", "MariaDB: a web server"])),
    (99, "not the database that is expected", Tried(&["not the database that is expected"])),
    (100, "tables and no history", Tried(&["tables and no history"])),
    (101, "histories that are none of ours", Tried(&["a table of the history's name that is somebody else's", "a history of a newer format", "a history that lacks a column"])),
    (102, "servers that take no writes, or not yet", Tried(&["a database that is only read", "a server that is starting up"])),
    (103, "too many connections", Tried(&["a server with no connection left", "a user with no connection left"])),
    (104, "a pooler", Tried(&["twenty_runs_at_once_through_a_pool_apply_each_migration_once_and_leave_no_lock", "a_script_outside_a_transaction_is_refused_behind_a_pooler_before_anything_is_run"])),
    (105, "other encodings", Tried(&["other_encodings"])),
    (106, "servers that break their protocol", Tried(&["a message of 2 GiB that never comes", "2147483647 rounds of SCRAM", "whatever_becomes_of_a_message_of_postgresql_nothing_is_claimed_that_is_not_true", "whatever_becomes_of_a_message_of_mariadb_nothing_is_claimed_that_is_not_true"])),
    (107, "files that are no databases", Tried(&["a text", "random bytes, as of an encrypted file", "a database that is cut short", "a directory", "a directory that is not there", "a file that may not be written", "a database whose log may not be shared", "an empty file is an empty database", "a database in memory", "an address of a file as others write it"])),
];

fn sources(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("rows.rs") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The words by which a file makes lines: what takes a name first and gives a line. Those that other files may use as well are told.
fn makers(text: &str) -> Vec<(&str, bool)> {
    let named = |line: &'_ str| {
        let line = line.trim_start();
        line.contains("name: &'static str") || line.contains("= |name,")
    };
    let mut makers = Vec::new();
    for line in text.lines().filter(|line| named(line)) {
        let line = line.trim_start();
        let own = line.trim_start_matches("pub(crate) ");
        let rest = own
            .strip_prefix("fn ")
            .or_else(|| own.strip_prefix("let "))
            .unwrap_or_default();
        let maker = rest.split(|c| !is_word(c)).next().filter(|maker| !maker.is_empty());
        makers.extend(maker.map(|maker| (maker, own != line)));
    }
    makers
}

/// The names of the lines that a file holds, made in its own way or in one of these.
fn lines<'a>(text: &'a str, shared: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let own = makers(text).into_iter().map(|(maker, _)| maker);
    let all: BTreeSet<&str> = shared.iter().copied().chain(own).collect();
    let mut found = Vec::new();
    for maker in all {
        for (at, _) in text.match_indices(&format!("{maker}(")) {
            let whole = !text[..at].ends_with(is_word);
            let name = text[at + maker.len() + 1..].trim_start().strip_prefix('"');
            if let (true, Some(name)) = (whole, name) {
                found.push(name.split('"').next().unwrap());
            }
        }
    }
    found
}

#[test]
fn every_row_of_the_list_names_what_tries_it() {
    let all = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"));
    let ours = |path: &Path| path.parent().unwrap().ends_with("bad_inputs");
    let ours = || all.iter().filter(|(path, _)| ours(path)).map(|(_, text)| text.as_str());
    let shared = ours().flat_map(makers).filter(|(_, shared)| *shared);
    let shared: BTreeSet<&str> = shared.map(|(maker, _)| maker).collect();
    assert!(shared.contains("case"), "{shared:?}");
    let lines: Vec<&str> = ours().flat_map(|text| lines(text, &shared)).collect();
    let mut wrong = Vec::new();
    for (_, title, row) in ROWS {
        let names: &[&str] = match row {
            Tried(names) => names,
            Not(_) => &[],
        };
        for name in names {
            let is_test = |text: &str| text.contains(&format!("fn {name}("));
            if !lines.contains(name) && !all.iter().any(|(_, text)| is_test(text)) {
                wrong.push(format!("{title}: {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "nothing has these names:\n{}", wrong.join("\n"));
    let numbers: Vec<usize> = ROWS.iter().map(|(number, ..)| *number).collect();
    assert_eq!(numbers, (1..=107).collect::<Vec<_>>());
    let tried = ROWS.iter().filter(|(_, _, row)| matches!(row, Tried(_))).count();
    println!("{} lines", lines.len());
    tell(&format!(
        "bad inputs: {} lines, {tried} of {} rows",
        lines.len(),
        ROWS.len()
    ));
}

#[test]
fn a_row_that_is_not_tried_says_why() {
    for (number, _, row) in ROWS {
        if let Not(why) = row {
            assert!(why.len() > 20, "{number}");
        }
    }
}
