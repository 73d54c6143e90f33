//! Liquibase's checksums: MD5 of those of the changes, which are MD5 of their texts. Liquibase puts the outer text into NFC first; it is
//! ASCII anyway. <https://github.com/liquibase/liquibase/tree/master/liquibase-standard/src/main/java/liquibase/change>

use md5::{Digest, Md5};

use crate::catalog::hashed::Change;
use crate::migration::hex;

/// The sum of a change set, of the same kind as `like`: `9:` since Liquibase 4.22, `8:` before. `None` for any other.
pub(super) fn of(like: &str, changes: &[Change]) -> Option<String> {
    let (kind, _) = like.split_once(':')?;
    let mut all = String::new();
    for change in changes {
        let text = match kind {
            "9" => nine(change),
            // How it was for files is not known.
            "8" if !change.is_file => eight(change),
            _ => return None,
        };
        all.push_str(&format!("{kind}:{}:", hex(&Md5::digest(text))));
    }
    Some(format!("{kind}:{}", hex(&Md5::digest(all))))
}

const BLANKS: [char; 4] = [' ', '\n', '\r', '\t'];

/// Without any blanks.
fn nine(change: &Change) -> String {
    change.text.replace(BLANKS, "")
}

/// One blank for several, behind what says how it is cut.
fn eight(change: &Change) -> String {
    let words: Vec<&str> = change.text.split(BLANKS).filter(|word| !word.is_empty()).collect();
    let how = &change.how;
    format!(
        "{}:{}:{}:{}",
        how.end.as_deref().unwrap_or("null"),
        !how.is_whole,
        !how.keeps_comments,
        words.join(" ")
    )
}
