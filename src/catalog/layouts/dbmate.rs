//! dbmate: `<version>….sql` with both directions behind `-- migrate:` lines.
//! <https://github.com/amacneil/dbmate#creating-migrations>

use super::numbered::Names;
use super::sections::{Mark, Sections};
use super::{Draft, Entry, Fresh, Tool, compared_as_text, is_sql, line_that};
use crate::migration::Direction;

pub(super) struct Dbmate;

const SECTIONS: Sections = Sections {
    tool: "dbmate",
    mark,
    up: "-- migrate:up",
    can_be_plain: false,
};

/// `^(\d+).*\.sql$`
const NAMES: Names = Names {
    tool: "dbmate",
    forms: "`<version>….sql`",
    behind: "",
    stops: false,
};

impl Tool for Dbmate {
    fn name(&self) -> &'static str {
        "dbmate"
    }

    fn fresh(&self, fresh: &Fresh<'_>) -> Option<Vec<(String, String)>> {
        Some(fresh.both("-- migrate:up", "-- migrate:down"))
    }

    fn way_back(&self, _: &str) -> String {
        super::begun_by("-- migrate:down")
    }

    fn wants(&self, name: &str) -> bool {
        is_sql(name)
    }

    fn shown_by(&self, files: &[Entry]) -> Option<String> {
        line_that(files, |line| part(line).is_some())
    }

    fn read(&self, files: Vec<Entry>, draft: &mut Draft) {
        let mut order = Vec::new();
        for entry in files {
            let name = entry.file().to_owned();
            order.extend(SECTIONS.read(&NAMES, entry, draft).map(|(id, path)| (name, id, path)));
        }
        compared_as_text("dbmate", draft, order);
    }
}

/// The direction that a line begins, and its options.
fn part(line: &str) -> Option<(Direction, &str)> {
    let said = line.strip_prefix("--")?.trim_start().strip_prefix("migrate:")?;
    let (direction, options) = match said.strip_prefix("up") {
        Some(options) => (Direction::Up, options),
        None => (Direction::Down, said.strip_prefix("down")?),
    };
    (options.is_empty() || options.starts_with(char::is_whitespace)).then_some((direction, options.trim()))
}

fn mark(line: &str) -> Mark {
    match part(line) {
        None => Mark::Text,
        Some((direction, "" | "transaction:true")) => Mark::Part(direction),
        Some((direction, "transaction:false")) => Mark::PartOutside(direction),
        Some((_, options)) => Mark::Unsupported(
            format!("dbmate knows no option `{options}`"),
            "the only option is `transaction:false`",
        ),
    }
}
