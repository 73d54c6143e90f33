//! Text to statements: where each one begins and ends, which comments are directives, and what is no SQL at all.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memmem};

use super::blocks::Blocks;
use super::classify::classify;
use super::client::{self, Found};
use super::compound::Delimited;
use super::directive::{self, Comment, DOWN, Directives};
use super::foreign;
use super::lexer::{Lexer, Opened, Token, TokenKind};
use super::mode::{self, Mode};
use super::rows;
use super::transaction;
use super::{Kind, Parsed, Problem, Statement, Syntax};

/// More would not help anybody; a text in a wrong encoding could have millions.
pub(super) const MOST_PROBLEMS: usize = 100;

/// Splits a script. The text is what [`decode`](super::decode) returned, or a part of it.
///
/// # Errors
///
/// All problems in the order of their places, one hundred at most.
pub fn parse(text: &str, syntax: Syntax) -> Result<Parsed, Vec<Problem>> {
    let mut scan = Scan::run(text, syntax);
    scan.problems.append(&mut scan.uncertain);
    for comment in &scan.downs {
        scan.problems.push(Problem::new(
            "misplaced-directive",
            comment.start,
            "`down` starts the second half of a migration that is one file, and this is no such file",
            "remove the line, or move the statements after it to the down script",
        ));
    }
    if !scan.problems.is_empty() {
        return Err(in_order(scan.problems));
    }
    let mut parsed = Parsed {
        statements: scan.statements,
        tail: scan.piece..text.len(),
        directives: scan.directives,
        ends_nothing: Vec::new(),
    };
    transaction::settle(text, &mut parsed, syntax);
    Ok(parsed)
}

/// Where a one-file migration is cut: its `-- syncline: down` line with the line break; none when it has no such line.
/// What is before the range is the up script, what is after it the down script.
///
/// # Errors
///
/// Only what makes the cut uncertain: a second such line, one that stands inside a statement or behind other text, or
/// something left open that could hide one. Everything else is for [`parse`] to find in the two halves.
pub fn down_marker(text: &str, syntax: Syntax) -> Result<Option<Range<usize>>, Vec<Problem>> {
    let mut scan = Scan::run(text, syntax);
    for comment in scan.downs.iter().skip(1) {
        scan.uncertain.push(Problem::new(
            "bad-directive",
            comment.start,
            "a second `down` line",
            "keep one; a migration has one down script",
        ));
    }
    if !scan.uncertain.is_empty() {
        return Err(in_order(scan.uncertain));
    }
    Ok(scan.downs.first().map(|comment| {
        let bytes = text.as_bytes();
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let indent = bytes
            .get(..comment.start)
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(blank)
            .count();
        comment.start - indent..line_end(bytes, comment.end)
    }))
}

fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.at);
    problems.truncate(MOST_PROBLEMS);
    problems
}

/// The place behind the line break that ends the line of `at`.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    match memchr::memchr2(b'\n', b'\r', rest) {
        Some(found) if rest.get(found..found + 2) == Some(b"\r\n") => at + found + 2,
        Some(found) => at + found + 1,
        None => bytes.len(),
    }
}

/// The statement that is being read.
struct Current {
    body: Range<usize>,
    blocks: Blocks,
}

struct Scan<'a> {
    text: &'a str,
    /// What holds now: a script can set other rules for what follows.
    syntax: Syntax,
    /// What held at the beginning.
    initial: Syntax,
    lexer: Lexer<'a>,
    delimited: Delimited,
    current: Option<Current>,
    /// Where the next piece begins.
    piece: usize,
    statements: Vec<Statement>,
    directives: Directives,
    /// The comments that are `down` lines.
    downs: Vec<Range<usize>>,
    /// Problems that a cut cannot be trusted with: something left open, a `down` line that is nearly right.
    uncertain: Vec<Problem>,
    /// All other problems.
    problems: Vec<Problem>,
}

impl<'a> Scan<'a> {
    fn run(text: &'a str, syntax: Syntax) -> Scan<'a> {
        let mut scan = Scan {
            text,
            syntax,
            initial: syntax,
            lexer: Lexer::new(text, syntax),
            delimited: Delimited::default(),
            current: None,
            piece: 0,
            statements: Vec::new(),
            directives: Directives::default(),
            downs: Vec::new(),
            uncertain: Vec::new(),
            problems: Vec::new(),
        };
        while let Some(token) = scan.lexer.next() {
            scan.take(token);
        }
        if let Some(current) = scan.current.take() {
            if let Some(open) = current.blocks.open() {
                scan.doubt(
                    "unterminated",
                    open.at,
                    format!("this {} is never ended", open.name),
                    open.help,
                );
            }
            let end = current.body.end;
            scan.finish(current, end);
        }
        rows::pass_over(text, &mut scan.statements, syntax);
        scan
    }

    fn take(&mut self, token: Token) {
        match token.kind {
            TokenKind::LineComment | TokenKind::BlockComment => return self.comment(token),
            TokenKind::Unterminated(opened) => self.unterminated(token, opened),
            TokenKind::WideWord => self.look_alike(token),
            TokenKind::Word | TokenKind::Symbol | TokenKind::Backslash if self.client(token) => return,
            _ => {}
        }
        let current = match &mut self.current {
            Some(current) => current,
            // An empty statement is not sent; its `;` goes to the next piece.
            None if matches!(token.kind, TokenKind::Semicolon | TokenKind::Delimiter) => return,
            None => {
                let blocks = Blocks::new(self.syntax, self.delimited);
                self.current.insert(Current {
                    body: token.start..token.start,
                    blocks,
                })
            }
        };
        if !current.blocks.ends_with(token, self.text) {
            // A `;` that ends nothing belongs to the statement when more of it follows.
            if token.kind != TokenKind::Semicolon {
                current.body.end = token.end;
            }
        } else if let Some(current) = self.current.take() {
            self.finish(current, token.end);
        }
    }

    /// Ends a statement; its piece reaches to `end`, or behind its COPY data.
    fn finish(&mut self, current: Current, end: usize) {
        let terminated = end > current.body.end;
        let mut kind = classify(self.text.get(current.body.clone()).unwrap_or(""), self.syntax);
        let mut end = end;
        if let Kind::CopyIn { data } = &mut kind {
            let next;
            (*data, next) = if terminated {
                self.copy_data(end)
            } else {
                (end..end, end)
            };
            end = next;
            self.lexer.jump(end);
        }
        if let Kind::StringRule(strings) = kind {
            self.syntax = strings.map_or(self.initial, Syntax::Postgres);
            self.lexer.follow(self.syntax);
        }
        if let Some(mode) = mode::of(self.text.get(current.body.clone()).unwrap_or(""), self.syntax) {
            self.syntax = match mode {
                Mode::Said(mode) => Syntax::Mysql(mode),
                Mode::Unknown => self.initial,
            };
            self.lexer.follow(self.syntax);
        }
        self.statements.push(Statement {
            piece: self.piece..end,
            body: current.body,
            kind,
        });
        self.piece = end;
    }

    /// The lines after the line of a COPY command: its data, and the place behind the `\.` line.
    fn copy_data(&mut self, from: usize) -> (Range<usize>, usize) {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(from..).unwrap_or_default();
        let start = memchr(b'\n', rest).map_or(bytes.len(), |found| from + found + 1);
        let line = self.text.get(from..start).unwrap_or("");
        let extra = line.trim_start();
        if !extra.is_empty() && !extra.starts_with("--") {
            let help = "put the next statement behind the line that ends the data (`\\.`)";
            let at = from + (line.len() - extra.len());
            self.problem("copy-data", at, "text between COPY … FROM STDIN and its data", help);
        }
        let (data, next) = copy_lines(bytes, start);
        // It ends a line of the canonical text, though not of this one.
        let mut returns = memchr_iter(b'\r', bytes.get(from..next).unwrap_or_default()).map(|found| from + found);
        if let Some(at) = returns.find(|at| bytes.get(at + 1) != Some(&b'\n')) {
            let help = "write the file with LF or CRLF line ends, and one that belongs to a value as `\\r`";
            self.problem("copy-data", at, "a lone carriage return in the data of COPY", help);
        }
        (data, next)
    }

    /// Takes care of what a client, not the server, understands. False: the token is SQL.
    fn client(&mut self, token: Token) -> bool {
        let in_statement = self.current.as_ref().map(|current| current.blocks.at_top());
        match client::find(self.text, token, in_statement, &self.lexer, self.syntax) {
            Found::Sql => return false,
            Found::Stray(problem) => {
                self.push(problem);
                return false;
            }
            Found::Refused(problem) => {
                self.push(problem);
                if let Some(current) = self.current.take() {
                    let end = current.body.end;
                    self.finish(current, end);
                }
                self.lexer.jump(line_end(self.text.as_bytes(), token.start));
            }
            Found::Delimiter(delimiter) => {
                let semicolon = delimiter == ";";
                self.lexer.delimit(if semicolon { "" } else { delimiter });
                self.delimited = match semicolon {
                    true => Delimited::BySemicolon,
                    false => Delimited::ByCommand,
                };
                self.client_line(token);
            }
            Found::Ignored => self.client_line(token),
        }
        true
    }

    /// Takes the line of a command that is the client's and changes nothing at the server.
    fn client_line(&mut self, token: Token) {
        let end = line_end(self.text.as_bytes(), token.start);
        let line = self.text.get(token.start..end).unwrap_or("").trim_end();
        let body = token.start..token.start + line.len();
        self.statements.push(Statement {
            piece: self.piece..end,
            body,
            kind: Kind::Client,
        });
        self.piece = end;
        self.lexer.jump(end);
    }

    fn comment(&mut self, token: Token) {
        let content = token.text(self.text);
        if !matches!(self.syntax, Syntax::Postgres(_)) && token.kind == TokenKind::LineComment {
            let inside = content.strip_suffix('\r').unwrap_or(content);
            if let Some(found) = memchr(b'\r', inside.as_bytes()) {
                let message = "a lone carriage return, which does not end a comment here";
                self.problem(
                    "look-alike",
                    token.start + found,
                    message,
                    "write the file with LF or CRLF line ends",
                );
            }
        }
        let alone = token.kind == TokenKind::LineComment && client::at_line_start(self.text, token.start);
        if let Some(found) = foreign::read(content).filter(|_| alone) {
            let message = format!(
                "`{}` is a line of {}, and means nothing here",
                content.trim_end(),
                found.tool
            );
            return self.push(Problem::new("foreign-directive", token.start, message, found.instead));
        }
        let (code, message, help) = match directive::read(content) {
            Comment::Ordinary => return,
            Comment::Near(_) if token.kind == TokenKind::BlockComment => return,
            Comment::Near(name) => {
                let help = format!("did you mean `{}`?", directive::form(name));
                let problem = Problem::new("unknown-directive", token.start, "this is nearly a directive", help);
                return if name == DOWN {
                    keep(&mut self.uncertain, problem)
                } else {
                    self.push(problem)
                };
            }
            Comment::Directive(said) if self.directive(said, token) => return,
            Comment::Directive(_) if token.kind == TokenKind::BlockComment => (
                "bad-directive",
                "a directive in a block comment",
                "write it as a `-- syncline: …` line",
            ),
            Comment::Directive(_) if self.current.is_some() => (
                "misplaced-directive",
                "a directive inside a statement",
                "move it before the statement, or end the statement before it with `;`",
            ),
            Comment::Directive(_) => (
                "misplaced-directive",
                "a directive behind other text",
                "put it on a line of its own",
            ),
        };
        if directive::is_about_down(content) {
            self.doubt(code, token.start, message, help);
        } else {
            self.problem(code, token.start, message, help);
        }
    }

    /// Takes a directive, right or wrong. False: it cannot be one where it stands.
    fn directive(&mut self, said: &str, token: Token) -> bool {
        let stands_alone = token.kind == TokenKind::LineComment && client::at_line_start(self.text, token.start);
        if !stands_alone || self.current.is_some() {
            return false;
        }
        let comment = token.start..token.end;
        // Each half of a one-file migration has directives of its own; `down` is counted by the caller.
        if said.eq_ignore_ascii_case(DOWN) {
            self.downs.push(comment);
            return true;
        }
        let uncertain = directive::is_about_down(token.text(self.text));
        if !uncertain && self.problems.len() >= MOST_PROBLEMS {
            return true;
        }
        if let Err(problem) = directive::take(&mut self.directives, said, comment, self.syntax) {
            keep(
                if uncertain {
                    &mut self.uncertain
                } else {
                    &mut self.problems
                },
                problem,
            );
        }
        true
    }

    fn unterminated(&mut self, token: Token, opened: Opened) {
        let (what, help) = match opened {
            Opened::Text => (
                "string",
                "close it with a quote of the same kind; a quote inside is written twice",
            ),
            Opened::Name => ("quoted name", "close it with the quote that fits its first one"),
            Opened::Dollar => ("dollar-quoted string", "close it with the same `$tag$` that opens it"),
            Opened::BlockComment if matches!(self.syntax, Syntax::Postgres(_)) => (
                "comment",
                "close it with `*/`; comments nest, so each `/*` inside needs its own",
            ),
            Opened::BlockComment => ("comment", "close it with `*/`"),
        };
        self.doubt(
            "unterminated",
            token.start,
            format!("this {what} is never closed"),
            help,
        );
    }

    fn look_alike(&mut self, token: Token) {
        if let Some(problem) = client::look_alike(token.text(self.text), token.start) {
            self.push(problem);
        }
    }

    fn problem(&mut self, code: &'static str, at: usize, message: impl Into<String>, help: impl Into<String>) {
        self.push(Problem::new(code, at, message, help));
    }

    /// A problem that makes a cut uncertain.
    fn doubt(&mut self, code: &'static str, at: usize, message: impl Into<String>, help: impl Into<String>) {
        keep(&mut self.uncertain, Problem::new(code, at, message, help));
    }

    fn push(&mut self, problem: Problem) {
        keep(&mut self.problems, problem);
    }
}

fn keep(problems: &mut Vec<Problem>, problem: Problem) {
    if problems.len() < MOST_PROBLEMS {
        problems.push(problem);
    }
}

/// The lines of data that start there, and the place behind the `\.` line.
fn copy_lines(bytes: &[u8], start: usize) -> (Range<usize>, usize) {
    let data = bytes.get(start..).unwrap_or_default();
    for found in memmem::find_iter(data, b"\\.") {
        let begins = found == 0 || data.get(found - 1) == Some(&b'\n');
        let next = match data.get(found + 2..).unwrap_or_default() {
            [] => 2,
            [b'\n', ..] => 3,
            [b'\r', b'\n', ..] => 4,
            _ => continue,
        };
        if begins {
            return (start..start + found, start + found + next);
        }
    }
    (start..bytes.len(), bytes.len())
}
