//! Text from files and servers, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with everything that a terminal would act on, or that hides or reorders what stands around it, made visible.
/// Line ends and tabs stay.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// The same for what has to stay on one line.
pub fn escape_line(text: &str) -> String {
    escape(text).replace('\n', "\\n").replace('\t', " ")
}

/// The same for a JSON document, where such characters can only stand inside strings: its own escapes for them.
pub fn escape_json(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if acts(c) {
            // All of them lie in the plane that one escape can name.
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// C0 and C1 controls, DEL, bidirectional overrides and isolates, zero-width characters.
fn acts(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        c if c.is_control() => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}' => true,
        _ => false,
    }
}

/// The text with user and password of URLs hidden, for words that somebody typed in the wrong place.
pub fn mask_urls(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let Some(start) = line.find("://").map(|at| at + 3) else {
            return line.to_owned();
        };
        // A password may hold anything, blanks and `@` as well.
        match line.rfind('@').and_then(|end| Some((line.get(start..end)?, end))) {
            Some((secret, end)) if secret.contains(':') => format!("{}***{}", &line[..start], &line[end..]),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_made_visible() {
        for (text, shown) in [
            ("plain ✓ é 表", "plain ✓ é 表"),
            ("a\tb\nc", "a\tb\nc"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("bell\u{7} del\u{7f} c1\u{9b}", "bell\\u{7} del\\u{7f} c1\\u{9b}"),
            ("a\rb", "a\\u{d}b"),
            ("\u{202e}drowssap\u{2066}x", "\\u{202e}drowssap\\u{2066}x"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
        ] {
            assert_eq!(escape(text), shown);
        }
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(escape_line("a\nb\tc"), "a\\nb c");
    }

    #[test]
    fn the_password_of_a_url_is_hidden_wherever_it_stands() {
        assert_eq!(
            mask_urls("unexpected 'postgres://u:p@q@h/d' found"),
            "unexpected 'postgres://***@h/d' found"
        );
        assert_eq!(
            mask_urls("see https://example.org/a and b@c"),
            "see https://example.org/a and b@c"
        );
    }
}
