//! Any bytes: pieces and tail are the text, bodies lie inside their pieces, and nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use syncline::script::{self, Syntax};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = script::decode(bytes.to_vec()) else {
        return;
    };
    for syntax in [Syntax::Sqlite, Syntax::Postgres] {
        let _ = script::down_marker(&text, syntax);
        script::mask_secrets(&text, syntax);
        let Ok(parsed) = script::parse(&text, syntax) else {
            continue;
        };
        let mut at = 0;
        for statement in &parsed.statements {
            assert_eq!(statement.piece.start, at);
            assert!(statement.piece.start <= statement.body.start);
            assert!(statement.body.start < statement.body.end);
            assert!(statement.body.end <= statement.piece.end);
            script::describe(&text, statement, syntax);
            at = statement.piece.end;
        }
        assert_eq!(parsed.tail, at..text.len());
        script::check(&text, &parsed, syntax);
        assert!(script::same_tokens(&text, &text, syntax));
    }
});
