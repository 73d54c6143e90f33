//! Any files as a catalog: nothing is lost, every problem names a file, and line ends are not seen.
//!
//! The input is `F8 name F9 text F8 name F9 text …`; UTF-8 has neither byte. A text that begins with `FA` cannot be read.
#![no_main]

use std::collections::{BTreeMap, BTreeSet};

use libfuzzer_sys::fuzz_target;
use syncline::catalog::{Catalog, CatalogProblem, Content, Detected, Entry, Layout};
use syncline::migration::{Checksum, Id, Migration};
use syncline::script::{self, Placeholders, SqlMode, Syntax};

type Files = BTreeMap<String, Content>;

fuzz_target!(|bytes: &[u8]| {
    let Some((syntax, files)) = read(bytes) else {
        return;
    };
    let result = catalog(&files, syntax);
    let backwards = Catalog::from_entries(entries(&files).rev(), by("native"), Placeholders::default(), syntax);
    // What the files are to other tools: nothing panics.
    for name in Layout::names() {
        let entries = files.iter().map(|(path, content)| Entry {
            path: path.clone(),
            name: path.clone(),
            content: content.clone(),
        });
        let _ = Catalog::from_entries(entries, by(name), Placeholders::default(), syntax);
    }
    match (result, backwards) {
        (Ok(catalog), Ok(backwards)) => {
            assert_eq!(identities(&catalog), identities(&backwards));
            assert_sound(&catalog, &files);
            assert_line_ends_are_not_seen(&catalog, &files);
        }
        (Err(error), Err(backwards)) => {
            assert_eq!(error.problems, backwards.problems);
            assert!(!error.problems.is_empty());
            assert_named(&error.problems, &files);
        }
        (result, backwards) => panic!("the order of the files matters: {result:?} {backwards:?}"),
    }
});

/// The first byte chooses the engine.
fn read(bytes: &[u8]) -> Option<(Syntax, Files)> {
    let (first, rest) = bytes.split_first()?;
    let syntax = match first % 3 {
        0 => Syntax::Sqlite,
        1 => Syntax::Postgres(Default::default()),
        _ => Syntax::Mysql(SqlMode::default()),
    };
    let files = rest.split(|byte| *byte == 0xF8).filter_map(|file| {
        let at = file.iter().position(|byte| *byte == 0xF9)?;
        let path = String::from_utf8(file[..at].to_vec()).ok()?;
        let content = match &file[at + 1..] {
            [0xFA, ..] => Content::Unreadable("a directory".to_owned()),
            text => Content::Bytes(text.to_vec()),
        };
        Some((path, content))
    });
    Some((syntax, files.collect()))
}

fn entries(files: &Files) -> impl DoubleEndedIterator<Item = Entry> {
    files.iter().map(|(path, content)| Entry {
        path: path.clone(),
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        content: content.clone(),
    })
}

fn catalog(files: &Files, syntax: Syntax) -> Result<Catalog, syncline::catalog::CatalogError> {
    Catalog::from_entries(entries(files), by("native"), Placeholders::default(), syntax)
}

fn by(layout: &str) -> Detected {
    Detected {
        layout: Layout::named(layout).expect("it is one of the names"),
        reason: String::new(),
    }
}

fn identities(catalog: &Catalog) -> Vec<(Id, String, Checksum, Option<Checksum>)> {
    let identity = |migration: &Migration| {
        let (up, down) = (&migration.up, &migration.down);
        let down = down.as_ref().map(|down| down.checksum);
        (migration.id.clone(), migration.name.clone(), up.checksum, down)
    };
    catalog.migrations().map(identity).collect()
}

fn assert_named(problems: &[CatalogProblem], files: &Files) {
    for problem in problems {
        assert!(files.contains_key(&problem.path), "{problem:?}");
        assert!(!problem.code.is_empty() && !problem.message.is_empty() && !problem.help.is_empty());
    }
}

fn assert_sound(catalog: &Catalog, files: &Files) {
    let ids: Vec<_> = catalog.migrations().map(|migration| &migration.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "unique, in order: {ids:?}");
    assert_eq!(catalog.len(), ids.len());
    for migration in catalog.migrations() {
        assert_eq!(
            catalog.get(&migration.id).map(|found| &found.name),
            Some(&migration.name)
        );
        assert!(!migration.name.is_empty());
    }
    assert_named(&catalog.problems(), files);
    let scripts = |migration: &Migration| {
        let down = migration.down.as_ref().map(|down| down.path.clone());
        [Some(migration.up.path.clone()), down]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let known: BTreeSet<String> = catalog.migrations().flat_map(scripts).collect();
    for path in files.keys() {
        let file = path.rsplit('/').next().unwrap_or(path);
        let wanted = file.ends_with(".sql") && !file.starts_with('.');
        assert_eq!(known.contains(path), wanted, "{path:?}");
    }
    let otherwise = catalog.split_by(Syntax::Postgres(Default::default()));
    assert_eq!(identities(catalog), identities(&otherwise));
}

/// A checkout on Windows is the same catalog.
fn assert_line_ends_are_not_seen(catalog: &Catalog, files: &Files) {
    let converted = files.iter().map(|(path, content)| {
        let Content::Bytes(bytes) = content else {
            return (path.clone(), content.clone());
        };
        // What is no script is not looked at, so it need not be text. A lone CR ends no comment for some servers.
        let text = match script::decode(bytes.clone()) {
            Ok(text) if !text.replace("\r\n", "").contains('\r') => text,
            _ => return (path.clone(), content.clone()),
        };
        let text = format!("\u{feff}{}", script::canonical(&text).replace('\n', "\r\n"));
        (path.clone(), Content::Bytes(text.into_bytes()))
    });
    let again = self::catalog(&converted.collect(), catalog.syntax()).expect("line ends are not seen");
    assert_eq!(identities(catalog), identities(&again));
}
