//! Golden files of the splitter: each `tests/split/ENGINE_NAME.sql` has a `.golden` that says what was found in it.
//!
//! `UPDATE=1 cargo test --test split` writes the golden files anew; read the difference before it is committed.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use syncline::script::{self, Directives, Kind, Mode, Parsed, Position, Problem, SqlMode, Statement, Syntax};

#[test]
fn every_script_splits_as_its_golden_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/split");
    let mut scripts: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    scripts.sort();
    assert!(!scripts.is_empty(), "no scripts in {}", folder.display());
    let mut wrong = Vec::new();
    for path in scripts {
        let found = render(&path);
        let golden = path.with_extension("golden");
        if std::env::vars().any(|(name, _)| name == "UPDATE") {
            fs::write(&golden, found).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != found {
            wrong.push(format!("=== {}\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "other than golden:\n{}", wrong.join("\n"));
}

fn render(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    let syntax = match name.split('_').next() {
        Some("postgres") => Syntax::Postgres(Default::default()),
        Some("sqlite") => Syntax::Sqlite,
        Some("mysql") => Syntax::Mysql(SqlMode::default()),
        other => panic!("{name}: no engine is called {other:?}"),
    };
    let bytes = fs::read(path).unwrap();
    let text = match script::decode(bytes) {
        Ok(text) => text,
        Err(refused) => return format!("refused at byte {}\n{}", refused.problem.at, words(&refused.problem)),
    };
    match script::parse(&text, syntax) {
        Ok(parsed) => {
            let pieces: String = parsed
                .statements
                .iter()
                .map(|statement| &text[statement.piece.clone()])
                .collect();
            assert_eq!(pieces + &text[parsed.tail.clone()], text, "{name}");
            accepted(&text, &parsed, syntax)
        }
        Err(problems) => problems.iter().map(|problem| placed(&text, problem)).collect(),
    }
}

fn accepted(text: &str, parsed: &Parsed, syntax: Syntax) -> String {
    let mut out = String::new();
    if parsed.directives != Directives::default() {
        out += &asked(&parsed.directives);
    }
    if parsed.mode(syntax) == Mode::Outside {
        out += "runs statement by statement\n";
    }
    for (index, statement) in parsed.statements.iter().enumerate() {
        let at = Position::of(text, statement.body.start);
        writeln!(out, "[{}] {} at {at}", index + 1, kind(text, statement)).unwrap();
        for line in text[statement.body.clone()].lines() {
            writeln!(out, "    {}", line.trim_end()).unwrap();
        }
    }
    writeln!(out, "tail {:?}", &text[parsed.tail.clone()]).unwrap();
    for problem in script::check(text, parsed, syntax) {
        out += &placed(text, &problem);
    }
    out
}

fn asked(directives: &Directives) -> String {
    let mut out = String::from("asks for:");
    if directives.transaction == Mode::Outside {
        out += " no transaction;";
    }
    for (name, value) in [
        ("lock", directives.lock_timeout),
        ("statement", directives.statement_timeout),
    ] {
        if let Some(value) = value {
            write!(out, " {name} timeout {value:?};").unwrap();
        }
    }
    if let Some(retries) = directives.retries {
        write!(out, " {retries} retries;").unwrap();
    }
    for allow in &directives.allow {
        write!(out, " {} because {:?};", allow.code, allow.reason).unwrap();
    }
    writeln!(
        out,
        " foreign keys {:?}; emptiness {:?}",
        directives.foreign_keys, directives.empty
    )
    .unwrap();
    out
}

fn kind(text: &str, statement: &Statement) -> String {
    match &statement.kind {
        Kind::CopyIn { data } => format!("COPY with data {:?}", &text[data.clone()]),
        Kind::IgnoredInside { pragma } => format!("ignored inside ({pragma})"),
        Kind::StringRule(Some(strings)) => format!("strings are {}", format!("{strings:?}").to_lowercase()),
        Kind::StringRule(None) => "strings are as at the beginning".to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn placed(text: &str, problem: &Problem) -> String {
    format!("{} {}", Position::of(text, problem.at), words(problem))
}

fn words(problem: &Problem) -> String {
    format!("{}: {}\n    help: {}\n", problem.code, problem.message, problem.help)
}
