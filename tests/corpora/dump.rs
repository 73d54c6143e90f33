//! Dumps of schemas, made alike: what differs from one dump of a schema to the next is left out.

use crate::place::Engine;

/// A dump without what is no part of the schema.
pub fn normalised(engine: Engine, dump: &str) -> String {
    let lines = dump.lines().filter(|line| !line.is_empty());
    let mut lines: Vec<String> = match engine {
        Engine::Postgres => lines
            .filter(|line| {
                !line.starts_with("--") && !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")
            })
            .map(str::to_owned)
            .collect(),
        Engine::MariaDb => lines
            .filter(|line| !line.contains("sandbox mode"))
            .map(|line| without_definer(&without_counter(line)))
            .collect(),
        Engine::Sqlite => lines
            .filter(|line| !line.contains("syncline_"))
            .map(str::to_owned)
            .collect(),
    };
    // Of the dumps that the projects' own clients left, some begin with the database, and all end alike.
    while lines.last().is_some_and(|line| line.trim().is_empty()) {
        lines.pop();
    }
    lines.join("\n")
}

/// ` AUTO_INCREMENT=12`
fn without_counter(line: &str) -> String {
    match line.split_once(" AUTO_INCREMENT=") {
        Some((before, after)) => format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit())),
        None => line.to_owned(),
    }
}

/// ``DEFINER=`me`@`here` ``
fn without_definer(line: &str) -> String {
    let Some((before, after)) = line.split_once("DEFINER=`") else {
        return line.to_owned();
    };
    let rest = after
        .split_once('`')
        .and_then(|(_, rest)| rest.strip_prefix("@`"))
        .and_then(|rest| rest.split_once('`'));
    rest.map_or_else(
        || line.to_owned(),
        |(_, rest)| format!("{before}{}", without_definer(rest)),
    )
}
