//! The lines of `sqitch.plan`: <https://sqitch.org/docs/manual/sqitchchanges/>

/// What a line says, without the blanks around it.
pub(crate) enum Line<'a> {
    /// `%key=value`, without the sign.
    Pragma(&'a str),
    /// `@tag …`: its name.
    Tag(&'a str),
    /// `-change …`: it is reverted.
    Reverts,
    /// `change [needs] date planner # note`: its name, what follows it, and its note.
    Change(&'a str, &'a str, &'a str),
}

/// `None` for a line that says nothing.
pub(crate) fn line(whole: &str) -> Option<Line<'_>> {
    let (said, note) = whole.split_once('#').unwrap_or((whole, ""));
    let said = said.trim();
    if let Some(pragma) = said.strip_prefix('%') {
        return Some(Line::Pragma(pragma));
    }
    // Between the sign and the name there may be blanks.
    let said = said.strip_prefix('+').unwrap_or(said).trim_start();
    let end = said.find(|c: char| c.is_whitespace() || c == '[').unwrap_or(said.len());
    let (word, rest) = said.split_at(end);
    Some(match word.strip_prefix('@') {
        Some(tag) => Line::Tag(tag),
        None if word.is_empty() => return None,
        None if word.starts_with('-') => Line::Reverts,
        None => Line::Change(word, rest.trim_start(), note.trim()),
    })
}
