//! The body of a `DO` block of PostgreSQL.

use super::Syntax;
use super::lexer::{Lexer, TokenKind};

/// Where a line of the body of a `DO` block begins, as PL/pgSQL counts: line 1 is that of the quote before the body. A line that holds the
/// beginning of the statement begins there. None where the statement is no such block.
pub fn line_of_block(statement: &str, line: usize, syntax: Syntax) -> Option<usize> {
    let mut tokens = Lexer::new(statement, syntax).filter(|token| !token.is_beside());
    if !tokens.next()?.text(statement).eq_ignore_ascii_case("DO") {
        return None;
    }
    let mut before = "DO";
    // The language may be quoted, too.
    let body = tokens.find(|token| {
        let quoted = matches!(token.kind, TokenKind::Text | TokenKind::Dollar);
        let found = quoted && !before.eq_ignore_ascii_case("LANGUAGE");
        before = token.text(statement);
        found
    })?;
    let (above, text) = statement.split_at_checked(body.start)?;
    let first = above.rfind('\n').map_or(0, |end| end + 1);
    let begins = match line.checked_sub(2) {
        None => first,
        Some(breaks) => body.start + text.match_indices('\n').nth(breaks)?.0 + 1,
    };
    let rest = statement.get(begins..)?;
    Some(begins + rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_in_the_body_wherever_the_language_stands() {
        for (statement, line, found) in [
            ("DO $$BEGIN\n  a;\nEND$$", 1, Some("DO ")),
            ("DO $$BEGIN\n  a;\nEND$$", 2, Some("a;")),
            ("DO $$BEGIN\r\n\ta;\r\nEND$$", 3, Some("END")),
            ("DO LANGUAGE 'plpgsql'\n $$\nBEGIN$$", 2, Some("BEGIN")),
            ("DO LANGUAGE 'plpgsql'\n $$\nBEGIN$$", 1, Some("$$\n")),
            ("do /* '\n' */ '\na' LANGUAGE plpgsql", 2, Some("a'")),
            ("DO $$ x $$", 2, None),
            ("SELECT $$\na$$", 2, None),
        ] {
            let at = line_of_block(statement, line, Syntax::Postgres(Default::default()));
            assert_eq!(
                at.map(|at| &statement[at..]).is_some(),
                found.is_some(),
                "{statement} {line}"
            );
            assert!(
                at.is_none_or(|at| statement[at..].starts_with(found.unwrap())),
                "{statement} {line}"
            );
        }
    }
}
