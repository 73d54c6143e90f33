//! Whether an edit changes what a script does, or only how it looks.

use super::bytes::canonical;
use super::lexer::{Lexer, Token, TokenKind};
use super::outside::without_head;
use super::split::parse;
use super::{Kind, Statement, Syntax};

/// True when both texts send the same tokens and ask for the same things, so that an edit from one to the other is
/// cosmetic: comments, white space, line ends, empty statements, and what the configuration says of the file. Texts that cannot be parsed have to be equal up to line ends.
pub fn same_tokens(a: &str, b: &str, syntax: Syntax) -> bool {
    let (a, b) = (canonical(a), canonical(b));
    // What the configuration says of a file is no edit of it.
    let (a, b) = (without_head(&a), without_head(&b));
    if a == b {
        return true;
    }
    let (Ok(left), Ok(right)) = (parse(a, syntax), parse(b, syntax)) else {
        return false;
    };
    let same = |one: &Statement, other: &Statement| {
        let data = |text: &str, kind: &Kind| match kind {
            Kind::CopyIn { data } => text.get(data.clone()).map(str::to_owned),
            _ => None,
        };
        data(a, &one.kind) == data(b, &other.kind)
            && same_body(
                a.get(one.body.clone()).unwrap_or(""),
                b.get(other.body.clone()).unwrap_or(""),
                syntax,
            )
    };
    left.directives.same_wishes(&right.directives)
        && left.statements.len() == right.statements.len()
        && left
            .statements
            .iter()
            .zip(&right.statements)
            .all(|(one, other)| same(one, other))
}

fn same_body(a: &str, b: &str, syntax: Syntax) -> bool {
    let tokens = |text| Lexer::new(text, syntax).filter(|token| !token.is_comment());
    let (mut left, mut right) = (tokens(a), tokens(b));
    let mut before: Option<(Token, Token)> = None;
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one.text(a) == other.text(b) => {
                if let Some((first, second)) = before
                    && spacing(first, one, a, syntax) != spacing(second, other, b, syntax)
                {
                    return false;
                }
                before = Some((one, other));
            }
            _ => return false,
        }
    }
}

/// The places where white space has a meaning: `< =` is not `<=`, literals are joined only over a line break, and for MySQL
/// `count (` is not `count(` (https://dev.mysql.com/doc/refman/8.4/en/function-resolution.html).
fn spacing(before: Token, after: Token, text: &str, syntax: Syntax) -> bool {
    match (before.kind, after.kind) {
        (TokenKind::Symbol, TokenKind::Symbol) => before.end == after.start && before.text(text) != ",",
        (TokenKind::Word, TokenKind::Open) if matches!(syntax, Syntax::Mysql(_)) => before.end == after.start,
        (TokenKind::Text, TokenKind::Text) => text.get(before.end..after.start).is_some_and(|gap| gap.contains('\n')),
        _ => false,
    }
}

/// The statements of a text, each as its tokens with one blank between them: what is equal here differs at most in how it looks. The whole
/// text where it cannot be parsed.
pub fn statements(text: &str, syntax: Syntax) -> Vec<String> {
    let text = canonical(text);
    let Ok(parsed) = parse(&text, syntax) else {
        return vec![text.into_owned()];
    };
    let written = |statement: &Statement| {
        let body = text.get(statement.body.clone()).unwrap_or_default();
        let tokens = Lexer::new(body, syntax).filter(|token| !token.is_comment());
        let mut words: Vec<&str> = tokens.map(|token| token.text(body)).collect();
        if let Kind::CopyIn { data } = &statement.kind {
            words.extend(text.get(data.clone()));
        }
        words.join(" ")
    };
    parsed
        .statements
        .iter()
        .map(written)
        .filter(|statement| !statement.is_empty())
        .collect()
}
