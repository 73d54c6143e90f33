//! `atlas.sum`: the hash of each file, which runs over those before it, and that of the list.
//! <https://github.com/ariga/atlas/blob/master/sql/migrate/dir.go>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use super::super::{Draft, Entry};
use super::SUM;
use crate::catalog::source::Content;

/// One running SHA-256 over the names and bytes of all files, told after each.
#[derive(Default)]
pub(crate) struct Running(Sha256);

impl Running {
    /// The hash of a file behind those before it. One that is passed over has none, and its name counts all the same.
    pub(crate) fn next(&mut self, name: &str, bytes: &[u8]) -> Option<String> {
        self.0.update(name);
        if is_passed_over(bytes) {
            return None;
        }
        self.0.update(bytes);
        Some(BASE64.encode(self.0.clone().finalize()))
    }
}

/// Whether the first line says that the text does not count: `atlas:sum ignore`, behind whatever begins a comment.
fn is_passed_over(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().next().unwrap_or_default();
    let is_printed = |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    line.split_once("atlas:sum ")
        .is_some_and(|(before, mode)| is_printed(before) && mode.trim() == "ignore")
}

/// Files with their hashes.
pub(crate) type List = Vec<(String, String)>;

const MENDS: &str = "`atlas migrate hash` writes it anew when the files are right";

/// Whether the files are those of the list, as Atlas checks it before it does anything.
pub(super) fn check(list: Option<Entry>, files: &[Entry], draft: &mut Draft) {
    let Some(list) = list else {
        if !files.is_empty() {
            let help = "`atlas migrate hash` writes it; where Atlas does not look after the files any more, choose `layout = \"native\"`";
            draft.problem(
                "layout",
                SUM,
                "there is no such file, and it holds the hashes of the others",
                help,
            );
        }
        return;
    };
    let Some((path, text)) = draft.text(list) else { return };
    draft.listed_by = Some((path.clone(), text.clone()));
    let listed = match parse(&text) {
        Ok(listed) => listed,
        Err((number, message)) => {
            let line = text.lines().nth(number).unwrap_or_default();
            return draft.problem_at("layout", &path, (number, line), message.to_owned(), MENDS);
        }
    };
    // Git may have changed the ends of lines in all of them.
    let spelled = [0, 1, 2].map(|spelling| hashes(files, spelling));
    let Some(found) = spelled.first().filter(|_| !spelled.contains(&listed)) else {
        return;
    };
    let number = listed
        .iter()
        .zip(found)
        .take_while(|(listed, found)| listed == found)
        .count();
    let what = match (listed.get(number), found.get(number)) {
        (Some((name, _)), _) if !found.iter().any(|(other, _)| other == name) => format!("`{name}` was removed"),
        (Some((name, _)), Some((other, _))) if name == other => format!("`{name}` was edited"),
        (_, Some((other, _))) => format!("`{other}` was added"),
        (Some((name, _)), None) => format!("`{name}` was moved"),
        (None, None) => return,
    };
    let line = text.lines().nth(number + 1).unwrap_or_default();
    let message = format!("the files are not those that it holds the hashes of: {what}");
    draft.problem_at("layout", &path, (number + 1, line), message, MENDS);
}

pub(crate) fn parse(text: &str) -> Result<List, (usize, &'static str)> {
    let mut lines = text.lines().map(str::trim_end);
    let total = lines.next().unwrap_or_default();
    let total = total.strip_prefix("h1:").unwrap_or(total);
    let mut list = List::new();
    for (number, line) in (1..).zip(lines) {
        let (name, hash) = line
            .split_once("h1:")
            .ok_or((number, "the line holds no name and hash"))?;
        list.push((name.trim().to_owned(), hash.to_owned()));
    }
    let mut sum = Sha256::new();
    for (name, hash) in &list {
        sum.update(name);
        sum.update(hash);
    }
    if BASE64.encode(sum.finalize()) != total {
        return Err((0, "its first line is not the hash of the others"));
    }
    Ok(list)
}

/// The list of the files as they are, with LF, or with CRLF at the ends of lines.
fn hashes(files: &[Entry], spelling: usize) -> List {
    let mut running = Running::default();
    let hash = |entry: &Entry| {
        let Content::Bytes(bytes) = &entry.content else {
            return None;
        };
        let lf = || String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        let bytes = match spelling {
            0 => bytes.clone(),
            1 => lf().into_bytes(),
            _ => lf().replace('\n', "\r\n").into_bytes(),
        };
        Some((entry.name.clone(), running.next(&entry.name, &bytes)?))
    };
    files.iter().filter_map(hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://github.com/ariga/atlas/tree/master/sql/migrate/testdata/partial-checkpoint>
    #[test]
    fn the_sums_of_an_atlas_directory_come_out() {
        let mut sums = Running::default();
        for (name, text, wanted) in [
            (
                "1_first.sql",
                "create table `tbl_1` (`col` int);\n",
                "uJ2MyyeTqXx4rCqtRMQAvRrfsvdwmvsZ3LcadVvCdOc=",
            ),
            (
                "2_second.sql",
                "create table `tbl_2` (`col` int);\n",
                "TLO00GtsqSi8o0ySoaofBqxemrElL8fHOs3IRnqYvB8=",
            ),
            (
                "3_checkpoint.sql",
                "-- atlas:checkpoint\n\nCREATE TABLE `tbl_1` (`col` int);\nCREATE TABLE `tbl_2` (`col` int);\n",
                "LR4UjDYVtrRuHLN5GQwLAYnXrSf/iO70psY8hTmLmjw=",
            ),
        ] {
            assert_eq!(sums.next(name, text.as_bytes()).as_deref(), Some(wanted), "{name}");
        }
    }

    /// <https://github.com/ariga/atlas/blob/master/sql/migrate/migrate_test.go>
    #[test]
    fn atlas_passes_over_a_file_whose_first_line_says_so() {
        for text in [
            "//atlas:sum ignore\nbar",
            "atlas:sum ignore",
            "-- atlas:sum ignore\r\nbar",
        ] {
            assert!(is_passed_over(text.as_bytes()), "{text}");
        }
        for text in [
            "//atlas:sum\nfoo",
            "SELECT 1;\n-- atlas:sum ignore\n",
            "-- atlas:sum ignored",
            "",
        ] {
            assert!(!is_passed_over(text.as_bytes()), "{text}");
        }
    }
}
