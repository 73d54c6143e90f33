//! Whose clock a time without a zone is of. A tool that lets the server write it gets the time of the session, which is that of the machine
//! where the tool ran, or of the server; nobody can tell it afterwards.

use crate::plan::Taken;
use crate::script::Syntax;

/// Where times of a tool's table are in UTC though they do not say so. Those of a type with a zone, such as MySQL's TIMESTAMP, are read with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    sqlite: bool,
    postgres: bool,
    mysql: bool,
}

impl Clock {
    /// The tool writes UTC, or there is a zone, or a count of seconds.
    const UTC: Self = Self {
        sqlite: true,
        postgres: true,
        mysql: true,
    };
    /// The server writes it: in UTC on SQLite, elsewhere in the zone of the session.
    const OF_THE_SERVER: Self = Self {
        sqlite: true,
        postgres: false,
        mysql: false,
    };
    /// PostgreSQL's type says the zone; elsewhere it is that of the program.
    const OF_THE_PROGRAM: Self = Self {
        sqlite: false,
        postgres: true,
        mysql: false,
    };
    const UNKNOWN: Self = Self {
        postgres: false,
        ..Self::OF_THE_PROGRAM
    };
}

/// By tool. One that is not here writes no time, or nobody knows whose.
static CLOCKS: &[(&str, Clock)] = &[
    ("atlas", Clock::UTC),
    ("diesel", Clock::OF_THE_SERVER),
    ("django", Clock::OF_THE_PROGRAM),
    ("drizzle", Clock::UTC),
    ("ecto", Clock::UTC),
    ("flyway", Clock::OF_THE_SERVER),
    ("goose", Clock::OF_THE_SERVER),
    ("knex", Clock::OF_THE_PROGRAM),
    ("liquibase", Clock::OF_THE_SERVER),
    ("mikro-orm", Clock::OF_THE_SERVER),
    (
        "prisma",
        Clock {
            mysql: false,
            ..Clock::UTC
        },
    ),
    ("refinery", Clock::UTC),
    ("seaorm", Clock::UTC),
    // Its own zone unless somebody has set another one for it; SQLite and PostgreSQL keep the zone.
    ("sequelize", Clock::OF_THE_PROGRAM),
    ("sqitch", Clock::UTC),
    ("sqlx", Clock::OF_THE_SERVER),
    ("typeorm", Clock::UTC),
    ("wrangler-d1", Clock::UTC),
    ("yoyo", Clock::UTC),
];

/// Says of times without a zone that they are in UTC, where they are; others stay as they are.
pub(super) fn settle(tool: &str, syntax: Syntax, taken: &mut [Taken]) {
    let known = CLOCKS.iter().find(|(name, _)| *name == tool);
    let clock = known.map_or(Clock::UNKNOWN, |(_, clock)| *clock);
    let is_utc = match syntax {
        Syntax::Sqlite => clock.sqlite,
        Syntax::Postgres(_) => clock.postgres,
        Syntax::Mysql(_) => clock.mysql,
    };
    if !is_utc {
        return;
    }
    for at in taken.iter_mut().filter_map(|taken| taken.at.as_mut()) {
        if !at.ends_with('Z') {
            at.push('Z');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compat::adopt::{names, time};
    use crate::plan::Verdict;
    use crate::script::SqlMode;

    fn said(tool: &str, syntax: Syntax, text: &str) -> String {
        let mut taken = [Taken {
            id: "1".parse().unwrap(),
            name: "a".to_owned(),
            verdict: Verdict::Unverifiable,
            stands_in: false,
            at: time(text),
            by: None,
            took_ms: None,
        }];
        settle(tool, syntax, &mut taken);
        taken[0].at.clone().unwrap()
    }

    fn all() -> [Syntax; 3] {
        [
            Syntax::Sqlite,
            Syntax::Postgres(Default::default()),
            Syntax::Mysql(SqlMode::default()),
        ]
    }

    /// Flyway 13.12.2 and Liquibase 5.0.4 were run with `TZ=Asia/Tokyo` at 22:08 UTC: PostgreSQL has 07:08, SQLite and MariaDB 22:08. In
    /// MariaDB that of Flyway is a TIMESTAMP, and that of Liquibase a DATETIME of a server whose zone is UTC. goose has made its column a TIMESTAMP,
    /// and makes it a DATETIME (3.30.1).
    #[test]
    fn a_time_without_a_zone_is_called_utc_only_where_it_is() {
        let text = "2026-01-02 03:04:05.678";
        let [local, utc] = ["2026-01-02T03:04:05.678000", "2026-01-02T03:04:05.678000Z"];
        for (tool, wanted) in [
            ("flyway", [utc, local, local]),
            ("liquibase", [utc, local, local]),
            ("goose", [utc, local, local]),
            ("node-pg-migrate", [local, local, local]),
            ("yoyo", [utc, utc, utc]),
            ("doctrine", [local, local, local]),
            ("a tool of tomorrow", [local, local, local]),
        ] {
            assert_eq!(all().map(|syntax| said(tool, syntax, text)), wanted, "{tool}");
        }
    }

    #[test]
    fn a_time_with_a_zone_is_told_in_utc_for_every_tool() {
        for tool in names() {
            for syntax in all() {
                assert_eq!(
                    said(tool, syntax, "2026-01-02 12:04:05+09"),
                    "2026-01-02T03:04:05.000000Z",
                    "{tool}"
                );
                assert_eq!(
                    said(tool, syntax, "1767323045"),
                    "2026-01-02T03:04:05.000000Z",
                    "{tool}"
                );
            }
        }
    }

    #[test]
    fn every_tool_of_the_table_is_one() {
        for (tool, _) in CLOCKS {
            assert!(names().any(|name| name == *tool), "{tool}");
        }
    }
}
