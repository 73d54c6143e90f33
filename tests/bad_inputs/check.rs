//! What is asked of every answer.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bench::Said;
use crate::case::{Case, Engine};
use crate::live::password_of;

/// How the answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Human,
    Json,
}

/// Exit code, words, places, and that no secret and nothing raw is in it.
pub(crate) fn answer(case: &Case, said: &Said, format: Format) {
    let Said { code, stdout, stderr } = said;
    let all = format!("{stdout}{stderr}");
    assert_eq!(*code, Some(case.exit), "exit code of:\n{all}");
    assert!(!all.contains("panicked"), "{all}");
    let raw = all.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    assert_eq!(raw, None, "a raw control character in:\n{all:?}");
    let passwords = [Engine::Postgres, Engine::MariaDb].map(password_of);
    for secret in case.hides.iter().chain(&passwords).filter(|secret| !secret.is_empty()) {
        assert!(!all.contains(secret.as_str()), "`{secret}` is in:\n{all}");
    }
    match format {
        Format::Human => human(case, &all),
        Format::Json => document(case, stdout, stderr),
    }
}

fn human(case: &Case, all: &str) {
    if case.exit != 0 && case.exit != 10 {
        assert!(all.contains("error["), "no code in:\n{all}");
    }
    for word in &case.says {
        assert!(all.contains(word.as_str()), "`{word}` is not in:\n{all}");
    }
    if let Some((file, line, column)) = &case.place {
        let place = format!("{file}:{line}:{column}");
        assert!(all.contains(&place), "`{place}` is not in:\n{all}");
    }
}

/// Exactly one document, with the code and everything that the text says.
fn document(case: &Case, stdout: &str, stderr: &str) {
    let parsed: Result<Value, _> = serde_json::from_str(stdout);
    let document = parsed.unwrap_or_else(|error| panic!("{error}: no document is\n{stdout}{stderr}"));
    assert_eq!(document["exit_code"], case.exit, "{stdout}");
    assert_eq!(document["ok"], case.exit == 0 || case.exit == 10, "{stdout}");
    assert_eq!(
        document["error"].is_null(),
        case.exit == 0 || case.exit == 10,
        "{stdout}"
    );
    assert!(stderr.is_empty(), "a program does not read this: {stderr}");
    if case.exit != 0 && case.exit != 10 {
        assert!(has_way_out(&document), "no way out in:\n{stdout}");
    }
    let mut strings = String::new();
    collect(&document, &mut strings);
    for word in &case.says {
        assert!(strings.contains(word.as_str()), "`{word}` is not in:\n{stdout}");
    }
    if let Some((file, line, column)) = &case.place {
        assert!(
            holds_place(&document, file, *line, *column),
            "{file}:{line}:{column} is not in:\n{stdout}"
        );
    }
}

/// Whether somebody is told what to do.
fn has_way_out(document: &Value) -> bool {
    let error = &document["error"];
    // Of what was typed and configured the message itself says what would be right.
    if matches!(error["code"].as_str(), Some("usage" | "config")) {
        return true;
    }
    let lists = [&document["findings"], &document["problems"]];
    let items = lists.into_iter().filter_map(Value::as_array).flatten();
    let said = |value: &Value| match value {
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        _ => false,
    };
    said(&error["hint"]) || said(&error["next"]) || items.map(|item| &item["help"]).any(said)
}

fn collect(value: &Value, into: &mut String) {
    match value {
        Value::String(text) => {
            into.push_str(text);
            into.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, into)),
        _ => {}
    }
}

fn holds_place(value: &Value, file: &str, line: u32, column: u32) -> bool {
    match value {
        Value::Object(fields) => {
            let here = value["path"].as_str().is_some_and(|path| path.ends_with(file))
                && value["line"] == line
                && value["column"] == column;
            here || fields.values().any(|value| holds_place(value, file, line, column))
        }
        Value::Array(values) => values.iter().any(|value| holds_place(value, file, line, column)),
        _ => false,
    }
}

/// No file was changed, and none was made that the line does not name.
pub(crate) fn files(case: &Case, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    let is_database = |name: &str| matches!(case.reach, crate::case::Reach::Live) && name.starts_with("test.db");
    let mut made = Vec::new();
    for (name, what) in after {
        match before.get(name) {
            _ if is_database(name) => {}
            Some(was) => assert_eq!(was, what, "`{name}` was changed"),
            None => made.push(name.as_str()),
        }
    }
    for name in before.keys() {
        assert!(after.contains_key(name), "`{name}` is gone");
    }
    for end in &case.makes {
        let found = made.iter().position(|name| name.ends_with(end.as_str()));
        let found = found.unwrap_or_else(|| panic!("`{end}` was not made, but {made:?}"));
        made.swap_remove(found);
    }
    assert!(made.is_empty(), "{made:?} was made");
}
