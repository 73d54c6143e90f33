//! `syncline.toml`, URLs and the environment: whatever is wrong is told with its key and line, and never with its value.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::bench::run;
use crate::case::{Case, GOOD, case};

const TARGET: &str = "[target.dev]\nurl = \"sqlite:test.db\"\n";

/// A configuration that is refused at a place.
fn refused(name: &'static str, text: impl AsRef<[u8]>, (line, column): (u32, u32), words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .config(text)
        .at("syncline.toml", line, column)
        .says(words)
}

/// A key at the top of the file that is refused.
fn key(name: &'static str, line: &str, words: &[&str]) -> Case {
    let column = u32::try_from(line.find("= ").map_or(1, |at| at + 3)).unwrap();
    refused(name, format!("# a comment\n{line}\n{TARGET}"), (2, column), words)
}

/// A URL that is refused.
fn url(name: &'static str, url: &str, words: &[&str]) -> Case {
    case(name)
        .file("1_a.sql", GOOD)
        .own()
        .env("SYNCLINE_URL", url)
        .says(words)
        .hides(&["s3cret"])
}

#[test]
fn keys_and_values() {
    run([
        refused(
            "a key with a slip",
            "lock-wiat = \"5s\"",
            (1, 1),
            &["lock-wiat", "did you mean `lock-wait`?"],
        ),
        refused(
            "a key of a target with a slip",
            "[target.dev]\nurll = \"x\"",
            (2, 1),
            &["target.dev.urll", "did you mean `url`?"],
        ),
        refused(
            "a key with an underscore",
            "lock_wait = \"5s\"",
            (1, 1),
            &["did you mean `lock-wait`?"],
        ),
        refused(
            "a table that is not there",
            "[targets.dev]\nurl = \"x\"",
            (1, 2),
            &["did you mean `target`?"],
        ),
        key(
            "a number for a duration",
            "lock-wait = 5",
            &["lock-wait", "string", "integer"],
        ),
        key(
            "a duration without its unit",
            "lock-timeout = \"5\"",
            &["lock-timeout", "unit"],
        ),
        key(
            "a negative duration",
            "connect-timeout = \"-5s\"",
            &["connect-timeout", "unit"],
        ),
        key(
            "a limit of nothing",
            "lock-timeout = \"0s\"",
            &["lock-timeout", "more than zero"],
        ),
        key(
            "a statement that may not run at all",
            "statement-timeout = \"0s\"",
            &["statement-timeout", "more than zero"],
        ),
        key(
            "a statement that may run for no number of seconds",
            "statement-timeout = 5",
            &["statement-timeout", "string", "integer"],
        ),
        key("a negative number of retries", "retries = -1", &["retries", "from 0"]),
        key(
            "a number of retries beyond all numbers",
            "retries = 4294967296",
            &["retries", "from 0"],
        ),
        key(
            "text for a number of retries",
            "retries = \"5\"",
            &["retries", "from 0", "string"],
        ),
        key(
            "a size without its unit",
            "max-file-size = \"64\"",
            &["max-file-size", "MiB"],
        ),
        key(
            "a size beyond all sizes",
            "max-file-size = \"99999999999999999999GiB\"",
            &["max-file-size"],
        ),
        key(
            "text for yes or no",
            "recursive = \"yes\"",
            &["recursive", "boolean", "string"],
        ),
        key(
            "a target that is not there",
            "default-target = \"prod\"",
            &["`prod`", "`dev`"],
        ),
        key("a tilde", "dir = \"~/migrations\"", &["`~` is not expanded"]),
        key(
            "a table of no name",
            "history-table = \"\"",
            &["history-table", "1 to 63 bytes"],
        ),
        key(
            "a table with a dot",
            "history-table = \"a.b\"",
            &["history-table", "`history-schema`"],
        ),
        key(
            "a table of 64 bytes",
            &format!("history-table = \"{}\"", "x".repeat(64)),
            &["1 to 63 bytes"],
        ),
        refused(
            "two tables of one name",
            format!("history-table = \"x\"\nscript-table = \"X\"\n{TARGET}"),
            (2, 16),
            &["different names"],
        ),
        refused(
            "a word that is none of two",
            "[policy]\nmissing = \"perhaps\"",
            (2, 11),
            &["`refuse` or `allow`"],
        ),
        refused(
            "a port beyond all ports",
            "[target.dev]\nengine = \"postgres\"\nport = 70000",
            (3, 8),
            &["65535"],
        ),
        refused(
            "an engine that is not there",
            "[target.dev]\nengine = \"oracle\"",
            (2, 10),
            &["`oracle`", "`postgres`"],
        ),
        refused(
            "two that say the same",
            "[target.dev]\nurl = \"sqlite:a\"\nurl-env = \"X\"",
            (3, 11),
            &["say the same thing"],
        ),
        refused(
            "a URL and parts",
            "[target.dev]\nurl = \"sqlite:a\"\nhost = \"x\"",
            (3, 8),
            &["say the same thing"],
        ),
        refused(
            "two that say where migrations connect to",
            "[target.dev]\nmigration-url = \"sqlite:a\"\nmigration-url-env = \"X\"",
            (3, 21),
            &["`migration-url` and `migration-url-env`", "say the same thing"],
        ),
        refused(
            "a pooler of one engine and a server of another",
            "[target.dev]\nurl = \"postgres://u:s3cret@h/d\"\nmigration-url = \"sqlite:a\"",
            (3, 17),
            &["target.dev.migration-url", "SQLite", "`url` is PostgreSQL"],
        )
        .hides(&["s3cret"]),
        refused(
            "parts of one engine and a URL of another",
            "[target.dev]\nengine = \"sqlite\"\ndatabase = \"a\"\nmigration-url = \"postgres://u:s3cret@h/d\"",
            (4, 17),
            &["target.dev.migration-url", "PostgreSQL", "`engine` is SQLite"],
        )
        .hides(&["s3cret"]),
        refused(
            "a URL of no engine beside a good one",
            "[target.dev]\nurl = \"postgre://u:s3cret@h/d\"\nmigration-url = \"postgres://h/d\"",
            (2, 7),
            &["target.dev.url", "`postgre`"],
        )
        .hides(&["s3cret"]),
        refused(
            "parts of no engine beside a URL",
            "[target.dev]\nhost = \"x\"\nmigration-url = \"postgres://h/d\"",
            (1, 1),
            &["neither `url` nor `engine`"],
        ),
        refused(
            "a target of nothing",
            "[target.dev]\n",
            (1, 1),
            &["neither `url` nor `engine`"],
        ),
        refused(
            "targets that differ only in capitals",
            "[target.Dev]\nurl = \"sqlite:a\"\n[target.dev]\nurl = \"sqlite:b\"",
            (3, 1),
            &["`Dev`", "`dev`", "capital letters"],
        ),
    ]);
}

#[test]
fn the_file_itself() {
    run([
        refused(
            "the same key twice",
            "dir = \"a\"\ndir = \"b\"",
            (2, 1),
            &["duplicate key"],
        ),
        refused("a value that is never closed", "dir = \"a\n", (1, 9), &["dir"]),
        refused("no value", "dir =\n", (1, 6), &["dir"]),
        case("not UTF-8")
            .file("1_a.sql", GOOD)
            .config(b"# caf\xe9\n")
            .says(&["not UTF-8", "line 1"]),
        case("nested beyond measure")
            .file("1_a.sql", GOOD)
            .config(format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000)))
            .says(&["syncline.toml"]),
        case("more than 1 MiB")
            .file("1_a.sql", GOOD)
            .config(vec![b'#'; 1024 * 1024 + 1])
            .says(&["more than 1 MiB"]),
        case("a file that was named and is not there")
            .file("1_a.sql", GOOD)
            .own()
            .types(&["up", "--config", "other.toml"])
            .says(&["other.toml", "No such file"]),
        case("a directory")
            .file("1_a.sql", GOOD)
            .own()
            .prepare(|project| fs::create_dir(project.join("syncline.toml")).unwrap())
            .says(&["syncline.toml", "directory"]),
        case("one that may not be read")
            .file("1_a.sql", GOOD)
            .own()
            .prepare(|project| {
                fs::write(project.join("syncline.toml"), TARGET).unwrap();
                fs::set_permissions(project.join("syncline.toml"), fs::Permissions::from_mode(0o000)).unwrap();
            })
            .unprivileged()
            .says(&["syncline.toml", "Permission denied"]),
        case("one in the directory above is not looked for")
            .file("1_a.sql", GOOD)
            .own()
            .prepare(|project| fs::write(project.join("../syncline.toml"), TARGET).unwrap())
            .says(&["no database was named", "--url"]),
        case("a byte-order mark, line ends of Windows and tabs")
            .file("1_a.sql", GOOD)
            .config(format!(
                "\u{feff}dir =\t\"migrations\"\r\n{}",
                TARGET.replace('\n', "\r\n")
            ))
            .exits(0)
            .makes(&["test.db"]),
        case("placeholders are only letters")
            .file("1_a.sql", GOOD)
            .config("dir = \"${a}\"\n[target.dev]\nurl = \"sqlite:test.db\"\n")
            .says(&["${a}", "No such file"]),
        case("a URL that is for the application alone")
            .file("1_a.sql", GOOD)
            .config(
                "connect-timeout = \"1s\"\n[target.dev]\nurl = \"postgres://u:s3cret@127.0.0.1:1/x?pgbouncer=true\"\n\
                 migration-url = \"postgres://u@127.0.0.1:2/x\"\n",
            )
            .exits(6)
            .hides(&["s3cret", "127.0.0.1:1"])
            .says(&["127.0.0.1:2"]),
        case("a URL that only the application knows")
            .file("1_a.sql", GOOD)
            .config("[target.dev]\nurl-env = \"NOT_SET\"\nmigration-url = \"sqlite:test.db\"\n")
            .exits(0)
            .makes(&["test.db"]),
        case("a password that others can read")
            .file("1_a.sql", GOOD)
            .config("connect-timeout = \"1s\"\n[target.dev]\nurl = \"postgres://u:s3cret@127.0.0.1:1/x\"\n")
            .exits(6)
            .hides(&["s3cret"])
            .says(&["127.0.0.1:1"]),
    ]);
}

#[test]
fn values_from_elsewhere() {
    let from = |name, line: &str, words: &[&str]| {
        refused(
            name,
            format!("[target.dev]\n{line}"),
            (2, u32::try_from(line.find('=').unwrap() + 3).unwrap()),
            words,
        )
    };
    run([
        from(
            "a variable that is not set",
            "url-env = \"SHOP_URL\"",
            &["SHOP_URL", "not set, or empty"],
        ),
        from(
            "a variable that is empty",
            "url-env = \"SHOP_URL\"",
            &["SHOP_URL", "not set, or empty"],
        )
        .env("SHOP_URL", ""),
        from(
            "a variable for migrations that is not set",
            "migration-url-env = \"SHOP_URL\"",
            &["target.dev.migration-url-env", "SHOP_URL", "not set, or empty"],
        ),
        from(
            "a URL for migrations that is wrong",
            "migration-url-env = \"SHOP_URL\"",
            &["target.dev.migration-url-env", "percent-encode"],
        )
        .env("SHOP_URL", "postgres://u:s3cret#x@h/d")
        .hides(&["s3cret"]),
        from(
            "a file for migrations that is not there",
            "migration-url-file = \"secret\"",
            &["secret", "No such file"],
        ),
        from(
            "a file that is not there",
            "url-file = \"secret\"",
            &["secret", "No such file"],
        ),
        refused(
            "a password that is not set",
            "[target.dev]\nengine = \"postgres\"\npassword-env = \"SHOP_PASSWORD\"",
            (3, 16),
            &["SHOP_PASSWORD", "not set, or empty"],
        ),
        from(
            "a URL in a variable that is wrong",
            "url-env = \"SHOP_URL\"",
            &["postgre"],
        )
        .env("SHOP_URL", "postgre://u:s3cret@h/d")
        .hides(&["s3cret"]),
        case("SYNCLINE_URL is set and empty")
            .file("1_a.sql", GOOD)
            .own()
            .env("SYNCLINE_URL", "")
            .says(&["SYNCLINE_URL", "set and empty"]),
        case("DATABASE_URL is set to blanks")
            .file("1_a.sql", GOOD)
            .own()
            .env("DATABASE_URL", "  ")
            .says(&["DATABASE_URL", "set and empty"]),
        case("SYNCLINE_DIR is set and empty")
            .file("1_a.sql", GOOD)
            .env("SYNCLINE_DIR", "")
            .says(&["SYNCLINE_DIR", "set and empty"]),
        case("nothing is set at all")
            .file("1_a.sql", GOOD)
            .own()
            .says(&["no database was named", "--url sqlite:shop.db"]),
        case("a target that is not there")
            .file("1_a.sql", GOOD)
            .config("[target.dev]\nurl = \"sqlite:a\"\n[target.prod]\nurl = \"sqlite:b\"")
            .types(&["up", "--target", "prd"])
            .says(&["no target `prd`", "did you mean `prod`?", "`dev`"]),
        case("a target without a configuration")
            .file("1_a.sql", GOOD)
            .own()
            .types(&["up", "--target", "prod"])
            .says(&["`prod`", "syncline init"]),
        case("several targets, and none is chosen")
            .file("1_a.sql", GOOD)
            .config("[target.dev]\nurl = \"sqlite:a\"\n[target.prod]\nurl = \"sqlite:b\"")
            .says(&["no database was chosen", "`dev`, `prod`"]),
    ]);
}

#[test]
fn urls() {
    run([
        url(
            "a slip in the scheme",
            "postgre://u:s3cret@h/d",
            &["`postgre`", "`postgres`"],
        ),
        url(
            "a scheme of somebody else",
            "mssql://u:s3cret@h/d",
            &["`mssql:` is SQL Server", "PostgreSQL, MySQL and MariaDB"],
        ),
        url("no scheme", "s3cret@h/d", &["no scheme"]),
        url("a file and nothing else", "shop.db", &["no scheme", "sqlite:FILE"]),
        url("no file", "sqlite:", &["names no file"]),
        url(
            "a wrong value",
            "postgres://u:s3cret@127.0.0.1:1/d?sslmode=disabled",
            &["`sslmode`", "`disable`"],
        ),
        url(
            "a parameter that is not there",
            "postgres://u:s3cret@h/d?sslmod=require",
            &["`sslmod`", "`sslmode`"],
        ),
        url(
            "a parameter that SQLite does not have",
            "sqlite:a.db?cache=shared",
            &["`cache` is a word of SQLite's own URLs", "`sqlite:a.db`"],
        ),
        url("a mode that is not there", "sqlite:a.db?mode=rwx", &["`mode`", "`rwc`"]),
        url("a # in the password", "postgres://u:s3cret#x@h/d", &["percent-encode"]),
        url("a / in the password", "postgres://u:s3cret/x@h/d", &["percent-encode"]),
        url(
            "a ? in the password",
            "postgres://u:s3cret?x@h/d",
            &["database URL is wrong"],
        ),
        url(
            "a % in the password",
            "postgres://u:s3cret%zz@h/d",
            &["`%`", "hexadecimal"],
        ),
        url("a port that is none", "postgres://u:s3cret@h:http/d", &["port"]),
        url("a port beyond all ports", "postgres://u:s3cret@h:70000/d", &["port"]),
        url("a database in memory", "sqlite::memory:", &["in memory", "sqlite:FILE"]),
        url(
            "an address of a file as others write it",
            "file:a.db?mode=ro",
            &["`file:`", "`sqlite:a.db?mode=ro`"],
        ),
        url("quotes around it", "\"postgres://u:s3cret@h/d\"", &["a quote"]),
        url(
            "a blank before it",
            " postgres://u:s3cret@h/d",
            &["a blank stands before it"],
        ),
        url(
            "the name of its variable",
            "DATABASE_URL=postgres://u:s3cret@h/d",
            &["`DATABASE_URL=`"],
        ),
        url(
            "a URL of JDBC's",
            "jdbc:postgresql://h/d?user=u&password=s3cret",
            &["`postgres://u:***@h/d`"],
        ),
        url(
            "a URL of SQLAlchemy's",
            "mysql+pymysql://u:s3cret@h/d",
            &["`mysql://u:***@h/d`"],
        ),
        url(
            "a DSN of Go's",
            "u:s3cret@tcp(h:3306)/d?parseTime=true",
            &["`mysql://u:***@h:3306/d`"],
        ),
        url(
            "keys and values",
            "host=h user=u password=s3cret dbname=d",
            &["`postgres://u:***@h/d`"],
        ),
        url(
            "a word of Prisma's",
            "postgres://u:s3cret@h/d?schema=public",
            &["a word of Prisma", "history-schema"],
        ),
        url(
            "what would not be so",
            "postgres://u:s3cret@h/d?gssencmode=require",
            &["`gssencmode=require`"],
        ),
        url(
            "an address without brackets",
            "postgres://u:s3cret@::1/d",
            &["in brackets", "`[::1]`"],
        ),
        url("a tilde", "sqlite:~/a.db", &["`~` is not expanded"]),
        url("no host in brackets", "postgres://u:s3cret@[::1/d", &["IPv6"]),
        url(
            "characters that a terminal acts on",
            "po\u{1b}[31mst://u:s3cret@h/d",
            &["cannot be seen (U+001B)"],
        ),
    ]);
}
