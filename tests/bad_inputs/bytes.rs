//! The bytes of a file: nothing, something else, other encodings, look-alikes, and far too much.

use crate::bench::run;
use crate::case::{Case, GOOD, case};

/// A file of these bytes that is refused at a place.
fn refused(name: &'static str, bytes: impl AsRef<[u8]>, (line, column): (u32, u32), words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", bytes)
        .at("migrations/1_a.sql", line, column)
        .says(words)
}

fn wide(text: &str, unit: impl Fn(u16) -> Vec<u8>) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn nothing_in_it() {
    run([
        refused(
            "a file of zero bytes",
            "",
            (1, 1),
            &["the script is empty", "`-- syncline: empty`"],
        ),
        refused(
            "a file of white space",
            " \n\t\r\n ",
            (1, 1),
            &["the script is empty", "`-- syncline: empty`"],
        ),
        refused(
            "a file of a byte-order mark",
            "\u{feff}",
            (1, 1),
            &["the script is empty"],
        ),
        refused("a file of semicolons", ";;\n;", (1, 1), &["the script is empty"]),
        case("a file of comments alone is applied, and noted")
            .file("1_a.sql", "-- later\n/* perhaps */")
            .done()
            .says(&["1 a", "has no statements"]),
        case("a file that is meant to be empty")
            .file("1_a.sql", "-- syncline: empty\n")
            .done()
            .tables(&[]),
        refused(
            "a file that is said to be empty and is not",
            format!("-- syncline: empty\n{GOOD}"),
            (1, 1),
            &["`empty` is said", "line 2"],
        ),
    ]);
}

#[test]
fn marks_and_line_ends() {
    run([
        case("a byte-order mark")
            .file("1_a.sql", format!("\u{feff}{GOOD}"))
            .done()
            .tables(&["a"]),
        refused(
            "a byte-order mark where two files were put together",
            format!("{GOOD}\u{feff}SELECT 1;"),
            (2, 1),
            &["byte-order mark (U+FEFF)", "remove it"],
        ),
        case("a byte-order mark inside a string is text")
            .file("1_a.sql", "CREATE TABLE a AS SELECT '\u{feff}' AS x;")
            .done()
            .tables(&["a"]),
        case("line ends of Windows")
            .file("1_a.sql", "CREATE TABLE a (\r\n  id integer\r\n);\r\n")
            .done()
            .tables(&["a"]),
        case("line ends of old Macs")
            .file("1_a.sql", "CREATE TABLE a (\rid integer);\r")
            .done()
            .tables(&["a"]),
        refused(
            "line ends of old Macs after a comment, which SQLite takes for a part of it",
            "-- a\rCREATE TABLE a (id integer);\r",
            (1, 5),
            &["carriage return", "LF or CRLF"],
        )
        .sqlite(),
        case("line ends of old Macs after a comment")
            .postgres()
            .file("1_a.sql", "-- a\rCREATE TABLE a (id integer);\r")
            .done()
            .tables(&["a"]),
        case("line ends of all kinds in one file")
            .file(
                "1_a.sql",
                "CREATE TABLE a (id integer);\r\nCREATE TABLE b (id integer);\nCREATE TABLE c (\rid integer);",
            )
            .done()
            .tables(&["a", "b", "c"]),
        case("no line end at the end")
            .file("1_a.sql", "CREATE TABLE a (id integer)")
            .done()
            .tables(&["a"]),
        case("a comment without a line end at the end")
            .file("1_a.sql", "CREATE TABLE a (id integer); -- a")
            .done()
            .tables(&["a"]),
        case("a form feed is white space")
            .file("1_a.sql", format!("\u{c}{GOOD}\u{c}"))
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn other_encodings() {
    const SQL: &str = "CREATE TABLE a (id integer);\n";
    let little = |unit: u16| unit.to_le_bytes().to_vec();
    let big = |unit: u16| unit.to_be_bytes().to_vec();
    let marked = format!("\u{feff}{SQL}");
    let wide4: Vec<u8> = SQL.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let wide4_big: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    run([
        refused(
            "a NUL byte",
            format!("{GOOD}SELECT 1;\0 DROP TABLE a;"),
            (2, 10),
            &["NUL byte (0x00)", "remove it"],
        ),
        refused(
            "Latin-1",
            b"CREATE TABLE a (id integer);\n-- caf\xe9\n",
            (2, 7),
            &["byte 0xE9 at offset 35", "iconv -f LATIN1 -t UTF-8"],
        ),
        refused(
            "half a character",
            b"SELECT '\xe2\x82",
            (1, 9),
            &["byte 0xE2 at offset 8"],
        ),
        refused(
            "a surrogate",
            b"SELECT '\xed\xa0\x80'",
            (1, 9),
            &["byte 0xED at offset 8"],
        ),
        refused(
            "UTF-16LE",
            wide(&marked, little),
            (1, 1),
            &["UTF-16LE", "iconv -f UTF-16LE"],
        ),
        refused(
            "UTF-16BE",
            wide(&marked, big),
            (1, 1),
            &["UTF-16BE", "iconv -f UTF-16BE"],
        ),
        refused("UTF-16LE without a mark", wide(SQL, little), (1, 1), &["UTF-16LE"]),
        refused("UTF-16BE without a mark", wide(SQL, big), (1, 1), &["UTF-16BE"]),
        refused("UTF-32LE without a mark", wide4, (1, 1), &["UTF-32LE"]),
        refused("UTF-32BE", wide4_big, (1, 1), &["UTF-32BE"]),
    ]);
}

#[test]
fn characters_that_only_look_right() {
    run([
        refused("Ctrl-Z", format!("{GOOD}\u{1a}"), (2, 1), &["Ctrl-Z", "remove it"]),
        refused(
            "a no-break space",
            "CREATE\u{a0}TABLE a (id integer);",
            (1, 7),
            &["no-break space (U+00A0)", "a blank"],
        ),
        refused(
            "a zero-width space",
            "CREATE TABLE\u{200b} a (id integer);",
            (1, 13),
            &["zero-width space (U+200B)"],
        ),
        refused(
            "smart quotes",
            "SELECT ‘x’;",
            (1, 8),
            &["typographic quote (U+2018)", "`'`"],
        ),
        refused(
            "smart double quotes",
            "SELECT “x”;",
            (1, 8),
            &["typographic quote (U+201C)"],
        ),
        refused("a full-width semicolon", "SELECT 1；", (1, 9), &["U+FF1B", "`;`"]),
        refused("a long dash", "SELECT 1; — a", (1, 11), &["dash (U+2014)", "`--`"]),
        refused("a change of direction", "SELECT 1\u{202e};", (1, 9), &["U+202E"]),
        case("all of them in strings and comments are text")
            .file(
                "1_a.sql",
                "CREATE TABLE a AS SELECT '‘ “ ；\u{a0}\u{1a}' AS x; -- — ‘“；\n",
            )
            .done()
            .tables(&["a"]),
    ]);
}

#[test]
fn something_else() {
    run([
        refused(
            "a merge conflict",
            format!("{GOOD}<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> main\n"),
            (2, 1),
            &["merge conflict", "remove the marker lines"],
        ),
        refused(
            "a pointer of Git LFS",
            "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            (1, 1),
            &["a Git LFS pointer", "git lfs pull"],
        ),
        refused(
            "an error page",
            "<!DOCTYPE html>\n<html>404</html>",
            (1, 1),
            &["an HTML page", "failed download"],
        ),
        refused("a gzip archive", b"\x1f\x8b\x08\0\0\0\0\0", (1, 1), &["a gzip archive"]),
        refused("a zip archive", b"PK\x03\x04\x14\0", (1, 1), &["a zip archive"]),
        refused("a database", b"SQLite format 3\0\x10\0", (1, 1), &["a SQLite database"]),
        refused(
            "an archive of pg_dump",
            b"PGDMP\x01\x0e\0",
            (1, 1),
            &["a pg_dump archive", "pg_restore -f"],
        ),
        case("a template that nobody has filled in")
            .live()
            .file("1_a.sql", "CREATE TABLE {{ name }} (id integer);")
            .exits(1)
            .at("migrations/1_a.sql", 1, 14),
    ]);
}

#[test]
fn far_too_much() {
    let large = |bytes: usize| {
        let mut text = GOOD.as_bytes().to_vec();
        text.resize(bytes, b' ');
        text
    };
    run([case("a file of 64 MiB and one byte")
        .prepare(|project| {
            let file = std::fs::File::create(project.join("migrations/1_a.sql")).unwrap();
            file.set_len(64 * 1024 * 1024 + 1).unwrap();
        })
        .says(&["1_a.sql", "67108865 bytes", "`max-file-size`", "67108864"])]);
    run([case("a file above the limit that the configuration sets")
        .file("1_a.sql", large(1025))
        .prepare(|project| std::fs::write(project.join("syncline.toml"), "max-file-size = \"1KiB\"").unwrap())
        .says(&["1025 bytes", "`max-file-size`", "1024"])]);
    // One line of 3 MB: a string that is never closed, told in few words.
    let mut line = b"SELECT 1; SELECT '".to_vec();
    line.resize(3_000_000, b'x');
    run([refused("a line of 3 MB that is never closed", &line, (1, 18), &["never closed"]).sqlite()]);
    line.extend(b"';");
    run([case("a line of 3 MB").sqlite().file("1_a.sql", &line).done()]);
}

#[test]
fn very_many_statements() {
    let mut text = String::from("CREATE TABLE a (id integer);\n");
    for number in 0..20_000 {
        text.push_str(&format!("INSERT INTO a VALUES ({number});\n"));
    }
    run([case("20,000 statements in one file")
        .sqlite()
        .file("1_a.sql", text)
        .done()
        .then(|live, _| assert_eq!(live.query("SELECT count(*) FROM a"), ["20000"]))]);
}

#[test]
fn deep_nesting() {
    const DEEP: usize = 200_000;
    let comments = format!("{}{}{GOOD}", "/*".repeat(DEEP), "*/".repeat(DEEP));
    let open = format!("SELECT {}1", "(".repeat(DEEP));
    let closed = format!("SELECT {}1{};", "(".repeat(DEEP), ")".repeat(DEEP));
    run([
        case("comments inside each other")
            .postgres()
            .file("1_a.sql", comments)
            .done()
            .tables(&["a"]),
        case("one comment too many")
            .postgres()
            .file("1_a.sql", "/*".repeat(DEEP))
            .at("migrations/1_a.sql", 1, 1),
        case("parentheses inside each other are the server's to refuse")
            .postgres()
            .live()
            .file("1_a.sql", closed)
            .exits(1)
            .says(&["1 a", "failed"]),
        case("parentheses that are never closed")
            .live()
            .file("1_a.sql", open)
            .exits(1)
            .changes(),
    ]);
}
