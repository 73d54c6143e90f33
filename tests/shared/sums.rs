//! Checksums of other tools, made in another way than the product makes them.

/// As hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// CRC32 of a line at a time, as Java's `BufferedReader` gives them.
pub(crate) fn flyway(text: &str) -> i32 {
    let mut sum = crc32fast::Hasher::new();
    let text = text.trim_start_matches('\u{feff}');
    text.lines().for_each(|line| sum.update(line.as_bytes()));
    sum.finalize().cast_signed()
}

/// The ids of the changes of a Sqitch plan without tricks, in its order.
pub(crate) fn sqitch_ids(plan: &str) -> Vec<String> {
    let value = |name: &str| plan.lines().find_map(|line| line.strip_prefix(name));
    let mut ids: Vec<String> = Vec::new();
    for line in plan
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['%', '@']))
    {
        let (said, note) = line.split_once('#').unwrap();
        let (head, email) = said.split_once(" <").unwrap();
        let (head, planner) = head.split_once("Z ").unwrap();
        let (head, date) = head.rsplit_once(' ').unwrap();
        let (name, needs) = head.split_once(' ').unwrap_or((head, ""));
        let mut told = format!("project {}\n", value("%project=").unwrap());
        told += &value("%uri=").map(|uri| format!("uri {uri}\n")).unwrap_or_default();
        told += &format!("change {name}\n");
        told += &ids.last().map(|id| format!("parent {id}\n")).unwrap_or_default();
        told += &format!("planner {planner} <{}\ndate {date}Z\n", email.trim());
        if !needs.is_empty() {
            let needs: Vec<&str> = needs.trim_matches(['[', ']']).split(' ').collect();
            told += &format!("requires\n  + {}\n", needs.join("\n  + "));
        }
        told += &format!("\n{}", note.trim());
        let told = format!("change {}\0{told}", told.len());
        ids.push(hex(&<sha1::Sha1 as sha1::Digest>::digest(told)));
    }
    ids
}
