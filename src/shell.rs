//! Words as a POSIX shell takes them.

/// A word for a POSIX shell: as it is where nothing in it means anything else to one, and in quotes otherwise.
pub fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        assert_eq!(quote("a/b.toml"), "a/b.toml");
        assert_eq!(quote("it's $x"), r"'it'\''s $x'");
    }
}
