//! Every directive, right and wrong.

use super::*;

/// As the engine reads it that knows the directive.
fn one(said: &str) -> Result<Directives, Problem> {
    let syntax = match said.starts_with("foreign-keys") {
        true => Syntax::Sqlite,
        false => Syntax::Postgres(Default::default()),
    };
    let mut directives = Directives::default();
    take(&mut directives, said, 0..0, syntax).map(|()| directives)
}

#[test]
fn what_an_engine_does_not_know_is_refused_there_instead_of_being_ignored() {
    for (said, syntax) in [
        ("foreign-keys=off", Syntax::Postgres(Default::default())),
        ("lock-timeout=2s", Syntax::Sqlite),
        ("statement-timeout=2s", Syntax::Sqlite),
        ("retries=2", Syntax::Sqlite),
        ("isolation=serializable", Syntax::Sqlite),
    ] {
        let problem = take(&mut Directives::default(), said, 0..0, syntax).unwrap_err();
        assert_eq!(problem.code, "bad-directive", "{said}");
    }
}

#[test]
fn every_directive_is_read() {
    assert_eq!(one("no-transaction").unwrap().transaction, Mode::Outside);
    assert_eq!(one("NO-Transaction").unwrap().transaction, Mode::Outside);
    assert_eq!(
        one("lock-timeout=500ms").unwrap().lock_timeout,
        Some(Duration::from_millis(500))
    );
    assert_eq!(
        one("statement-timeout = 1h").unwrap().statement_timeout,
        Some(Duration::from_secs(3600))
    );
    assert_eq!(one("retries=0").unwrap().retries, Some(0));
    assert_eq!(
        one("isolation=Repeatable-Read").unwrap().isolation,
        Some(Isolation::RepeatableRead)
    );
    assert_eq!(one("foreign-keys=OFF").unwrap().foreign_keys, ForeignKeys::Off);
    assert_eq!(one("empty").unwrap().empty, Emptiness::Intended);
    let allow = one("allow drop-table reason=\"moved, see #12\"").unwrap().allow;
    assert_eq!(
        allow,
        [Allow {
            code: "drop-table".to_owned(),
            reason: "moved, see #12".to_owned()
        }]
    );
    assert_eq!(one("run-on-change").unwrap().again, Again::OnChange);
    let asked = one("only-if answer = \"a b\" select x from t where a = 'b'")
        .unwrap()
        .only_if;
    assert_eq!(
        asked,
        [Question {
            answer: "a b".to_owned(),
            query: "select x from t where a = 'b'".to_owned()
        }]
    );
    assert_eq!(one("down").unwrap().places, [("down", 0..0)]);
}

#[test]
fn every_form_in_the_table_is_accepted() {
    for (name, form) in FORMS {
        let Comment::Directive(said) = read(form) else {
            panic!("{form}")
        };
        assert_eq!(one(said).unwrap().places, [(name, 0..0)], "{form}");
    }
}

#[test]
fn a_bad_value_says_what_would_be_right() {
    for (said, part) in [
        ("run-on-change=yes", "takes no value"),
        ("isolation=snapshot", "no level of isolation"),
        ("only-if SELECT 1", "which answer"),
        ("only-if answer=\"1\" DELETE FROM t", "begins with SELECT"),
        ("only-if answer=\"1\" SELECT 1; DROP TABLE t", "`;` is not part"),
        ("lock-timeout=5", "no unit"),
        ("lock-timeout=5 s", "more than one"),
        ("lock-timeout", "needs a value"),
        ("lock-timeout=", "no duration"),
        ("lock-timeout=1.5s", "no unit of time"),
        ("lock-timeout=2min", "no unit of time"),
        ("lock-timeout=0s", "no limit"),
        ("lock-timeout=99999999999999999999h", "longer"),
        ("statement-timeout=25000d", "no unit of time"),
        ("retries=-1", "no number"),
        ("retries=many", "no number"),
        ("foreign-keys=on", "can be `off` only"),
        ("empty=yes", "takes no value"),
        ("no-transaction, retries=2", "more than one"),
        ("no-transaction retries=2", "more than one"),
        ("retries=2 no-transaction", "more than one"),
        ("allow", "which code"),
        ("allow drop-table", "no reason"),
        ("allow drop-table reason=\"\"", "is empty"),
        ("allow drop-table reason=because", "no reason"),
    ] {
        let problem = one(said).unwrap_err();
        assert_eq!(problem.code, "bad-directive", "{said}");
        assert!(problem.message.contains(part), "{said}: {}", problem.message);
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    for (said, part) in [
        ("no-tranaction", "did you mean `-- syncline: no-transaction`?"),
        ("no_transaction", "no-transaction"),
        ("retrys=3", "retries=5"),
        ("lock_timeout=3s", "lock-timeout=2s"),
        ("", "the directives are: no-transaction"),
        ("make-coffee", "the directives are"),
    ] {
        let problem = one(said).unwrap_err();
        assert_eq!(problem.code, "unknown-directive", "{said}");
        assert!(problem.help.contains(part), "{said}: {}", problem.help);
    }
}

#[test]
fn the_mark_is_recognised_whatever_its_case_and_blanks() {
    for comment in [
        "--syncline:down",
        "--  SYNCLINE:  down ",
        "---- syncline: down",
        "/* syncline: down */",
    ] {
        assert_eq!(read(comment), Comment::Directive("down"), "{comment}");
    }
}

#[test]
fn a_misspelt_mark_is_near_and_prose_is_not() {
    for comment in [
        "-- syncline no-transaction",
        "-- synclin: no-transaction",
        "-- sync-line: no-transaction",
        "-- syncline : no-transaction",
        "-- syncline no_transaction because",
    ] {
        assert_eq!(read(comment), Comment::Near("no-transaction"), "{comment}");
    }
    assert_eq!(read("-- syncline down"), Comment::Near("down"));
    for comment in [
        "-- syncline runs this",
        "-- syncline",
        "-- see syncline: down",
        "-- syncline down is safe",
        "--",
    ] {
        assert_eq!(read(comment), Comment::Ordinary, "{comment}");
    }
}

#[test]
fn the_same_directive_twice_is_refused() {
    let mut directives = one("retries=2").unwrap();
    let problem = take(
        &mut directives,
        "retries=3",
        9..10,
        Syntax::Postgres(Default::default()),
    )
    .unwrap_err();
    assert_eq!((problem.code, problem.at), ("bad-directive", 9));
}

#[test]
fn more_than_one_question_can_be_asked() {
    let mut directives = one("only-if answer=\"1\" SELECT 1").unwrap();
    take(
        &mut directives,
        "only-if answer=\"2\" SELECT 2",
        9..10,
        Syntax::Postgres(Default::default()),
    )
    .unwrap();
    assert_eq!(directives.only_if.len(), 2);
}

#[test]
fn foreign_keys_are_refused_outside_sqlite() {
    let mut directives = Directives::default();
    let problem = take(
        &mut directives,
        "foreign-keys=off",
        0..0,
        Syntax::Postgres(Default::default()),
    )
    .unwrap_err();
    assert_eq!(problem.code, "bad-directive");
}
