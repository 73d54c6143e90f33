//! The nearest known word to a misspelt one.

/// The candidate within two edits of `word`, nearest first; none for words too far from all of them.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 4) && *distance < candidate.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Edits (insert, delete, replace, swap of neighbours) between two words, case aside. Words over 64 bytes are far from all.
pub(super) fn distance(left: &str, right: &str) -> usize {
    const LONGEST: usize = 64;
    if left.len() > LONGEST || right.len() > LONGEST {
        return usize::MAX;
    }
    let right: Vec<char> = right.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut older: Vec<usize> = Vec::new();
    let mut old: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, letter) in left.chars().map(|letter| letter.to_ascii_lowercase()).enumerate() {
        let mut new = vec![row + 1];
        let mut last = row + 1;
        for (column, other) in right.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(LONGEST);
            let mut best = (last + 1)
                .min(at(&old, column + 1) + 1)
                .min(at(&old, column) + usize::from(letter != *other));
            let swapped = column > 0 && previous == Some(*other) && right.get(column - 1) == Some(&letter);
            if swapped && !older.is_empty() {
                best = best.min(at(&older, column - 1) + 1);
            }
            new.push(best);
            last = best;
        }
        older = std::mem::replace(&mut old, new);
        previous = Some(letter);
    }
    old.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_pair_is_one_edit() {
        assert_eq!(distance("emtpy", "empty"), 1);
        assert_eq!(distance("no-tranaction", "no-transaction"), 1);
        assert_eq!(distance("", "down"), 4);
        assert_eq!(distance("down", "DOWN"), 0);
    }

    #[test]
    fn a_word_unlike_all_of_them_has_no_nearest() {
        assert_eq!(
            nearest("no_transaction", ["empty", "no-transaction"]),
            Some("no-transaction")
        );
        assert_eq!(nearest("xyz", ["empty", "down"]), None);
        assert_eq!(nearest("", ["empty", "down"]), None);
    }
}
