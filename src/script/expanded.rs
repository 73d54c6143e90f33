//! A script with the values of placeholders in it: where each byte comes from, and words about it without the values.

/// A script with the values in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// What is run.
    pub text: String,
    /// Where pieces of it begin: here, in the text before, and whether the piece is a value.
    pub(super) pieces: Vec<(usize, usize, bool)>,
}

/// A value of so many bytes is hidden wherever it stands, and a shorter one where it is a whole word.
const LONG: usize = 8;
/// Shorter than any secret; what an `1` stands for would be anybody's guess.
const SHORT: usize = 3;

impl Expanded {
    /// Where a byte comes from in the text before. A byte of a value comes from its placeholder.
    pub fn origin(&self, byte: usize) -> usize {
        let index = self.pieces.partition_point(|(here, ..)| *here <= byte);
        match index.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some((_, there, true)) => *there,
            Some((here, there, false)) => there + (byte - here),
            None => byte,
        }
    }

    /// Words about this text, such as a server's, with placeholders instead of their values. `source` is the text before.
    pub fn hide(&self, source: &str, words: &str) -> String {
        let mut values: Vec<(&str, &str)> = (self.pieces.windows(2))
            .filter_map(|pair| match pair {
                [(here, there, true), (here_end, there_end, _)] => {
                    Some((self.text.get(*here..*here_end)?, source.get(*there..*there_end)?))
                }
                _ => None,
            })
            .filter(|(value, _)| value.trim().len() >= SHORT)
            .collect();
        values.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        values.dedup();
        let mut words = words.to_owned();
        for (value, placeholder) in values {
            words = replaced(&words, value, placeholder);
        }
        words
    }
}

fn replaced(words: &str, value: &str, placeholder: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(words.len());
    let mut taken = 0;
    for (at, _) in words.match_indices(value) {
        let (before, after) = (words.get(..at), words.get(at + value.len()..));
        let joined = before.is_some_and(|before| before.ends_with(is_word) && value.starts_with(is_word))
            || after.is_some_and(|after| after.starts_with(is_word) && value.ends_with(is_word));
        if value.len() < LONG && joined {
            continue;
        }
        out.push_str(words.get(taken..at).unwrap_or_default());
        out.push_str(placeholder);
        taken = at + value.len();
    }
    out.push_str(words.get(taken..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::super::Placeholders;

    #[test]
    fn words_of_the_server_have_placeholders_for_values() {
        let pairs = [
            ("${secret}", "canary-canary"),
            ("${schema}", "app"),
            ("${n}", "1"),
            ("${unused}", "elsewhere"),
        ];
        let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let source = "${n} ${schema} ${secret} ${schema}";
        let expanded = Placeholders::new(pairs).unwrap().expand(source).unwrap();
        for (words, wanted) in [
            ("no table \"app\".t1 in line 1", "no table \"${schema}\".t1 in line 1"),
            ("application app_a xapp app", "application app_a xapp ${schema}"),
            ("xcanary-canary1", "x${secret}1"),
            ("elsewhere", "elsewhere"),
            ("", ""),
        ] {
            assert_eq!(expanded.hide(source, words), wanted);
        }
    }
}
