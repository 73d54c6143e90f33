//! What holds for every text, whoever makes the texts up: the property tests or the fuzzer.

use syncline::script::{self, Aftermath, Manner, ObjectKind, Parsed, Problem, SqlMode, Strings, Syntax};

/// Every way to read a script.
pub(crate) const ALL: [Syntax; 7] = [
    Syntax::Sqlite,
    Syntax::Postgres(Strings::Standard),
    mysql(false, false),
    mysql(true, false),
    mysql(false, true),
    mysql(true, true),
    Syntax::Postgres(Strings::Escaped),
];

const fn mysql(no_backslash_escapes: bool, ansi_quotes: bool) -> Syntax {
    Syntax::Mysql(SqlMode {
        no_backslash_escapes,
        ansi_quotes,
        oracle: false,
    })
}

fn assert_whole(text: &str, parsed: &Parsed) {
    let mut at = 0;
    for statement in &parsed.statements {
        assert_eq!(statement.piece.start, at, "pieces are contiguous");
        assert!(statement.piece.start <= statement.body.start && statement.body.end <= statement.piece.end);
        assert!(!statement.body.is_empty());
        let body = &text[statement.body.clone()];
        assert_eq!(body, body.trim_ascii(), "a body begins and ends with a token");
        if let script::Kind::CopyIn { data } = &statement.kind {
            assert!(statement.body.end <= data.start && data.end <= statement.piece.end);
            assert!(text.get(data.clone()).is_some());
        }
        at = statement.piece.end;
    }
    assert_eq!(parsed.tail, at..text.len());
}

/// The ledger keeps the canonical text, and a statement may be sent again without those before it.
fn assert_same_again(text: &str, parsed: &Parsed, syntax: Syntax) {
    let canonical = script::canonical(text);
    if script::check(text, parsed, syntax).is_empty() && !text.starts_with('\u{feff}') {
        let again = script::parse(&canonical, syntax).expect("the canonical text is split, too");
        let bodies = |text: &str, parsed: &Parsed| {
            let bodies = parsed.statements.iter().map(|statement| &text[statement.body.clone()]);
            bodies
                .map(|body| script::canonical(body).into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(bodies(text, parsed), bodies(&canonical, &again));
    }
    // What MySQL makes of a statement depends on the delimiter and the mode that were set before it, and PostgreSQL has a rule for
    // strings that a statement may set.
    let sets_rule = |statement: &script::Statement| matches!(statement.kind, script::Kind::StringRule(_));
    if !matches!(syntax, Syntax::Mysql(_)) && !parsed.sent().any(sets_rule) {
        for statement in parsed.sent() {
            let body = &text[statement.body.clone()];
            // What is a command of the client at the beginning of a line is none behind a statement.
            if let Ok(alone) = script::parse(body, syntax) {
                let found = alone.statements.iter().map(|statement| &statement.body);
                assert!(found.eq([&(0..body.len())]), "{body:?}: {alone:?}");
            }
        }
    }
}

fn assert_places(text: &str, problems: &[Problem]) {
    for problem in problems {
        assert!(
            text.is_char_boundary(problem.at) && problem.at <= text.len(),
            "{problem:?}"
        );
        assert!(!problem.message.is_empty() && !problem.help.is_empty());
    }
}

/// What is known about a statement holds together.
fn assert_effect(body: &str, kind: &script::Kind, syntax: Syntax) {
    let manner = script::manner(body, kind, syntax);
    assert!(
        *kind != script::Kind::Outside || manner == Manner::Alone,
        "{body:?}: {manner:?}"
    );
    let objects = script::objects(body, syntax);
    assert!(objects.iter().all(|object| matches!(object.name.len(), 1 | 2)));
    for object in &objects {
        // MySQL knows a user without a name.
        assert!(object.kind == ObjectKind::User || object.name.iter().all(|part| !part.is_empty()));
    }
    let looks = matches!(script::aftermath(body, syntax), Aftermath::Shown | Aftermath::Hinted);
    assert!(!looks || !objects.is_empty(), "{body:?}: nothing to look at");
}

/// Runs everything there is over a text.
pub(crate) fn exercise(text: &str, syntax: Syntax) {
    match script::parse(text, syntax) {
        Ok(parsed) => {
            assert_whole(text, &parsed);
            assert_same_again(text, &parsed, syntax);
            assert_places(text, &script::check(text, &parsed, syntax));
            if let Some(problem) = script::both_directions(text, &parsed, syntax) {
                assert!(text.is_char_boundary(problem.at) && !problem.message.is_empty());
            }
            for statement in &parsed.statements {
                assert!(script::describe(text, statement, syntax).chars().count() <= 80);
                assert_effect(&text[statement.body.clone()], &statement.kind, syntax);
            }
        }
        Err(problems) => {
            assert!(!problems.is_empty() && problems.is_sorted_by_key(|problem| problem.at));
            assert_places(text, &problems);
        }
    }
    if let Ok(Some(cut)) = script::down_marker(text, syntax) {
        assert!(text[cut].to_lowercase().contains("syncline"));
    }
    script::mask_secrets(text, syntax);
    assert_effect(text, &script::Kind::Plain, syntax);
    assert!(script::same_tokens(text, text, syntax));
    if !text.starts_with('\u{feff}') {
        assert!(script::same_tokens(text, &script::canonical(text), syntax));
    }
}
