//! Half of each project as its own tool leaves it, taken over, and the rest applied.
//!
//! sqlx and refinery run the half themselves. For the other tools it is applied, forgotten, and told in the table that the tool would have
//! written; checksums are made here.

use std::fs;

use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::place::{Engine, Place};
use crate::projects::Run;
use crate::walk::{Project, as_the_client_left_it, count, same};
use crate::{runners, sums};

/// A migration of the project.
struct Done {
    version: String,
    name: String,
    path: String,
    text: String,
}

impl Done {
    fn new(row: &Value) -> Self {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        Self {
            version: text("version"),
            name: text("name"),
            path: text("path"),
            text: fs::read_to_string(text("path")).unwrap(),
        }
    }

    fn part(&self, from_the_end: usize) -> &str {
        self.path.rsplit('/').nth(from_the_end).unwrap()
    }

    fn digits(&self) -> &str {
        let file = self.part(0);
        file.split(|c: char| !c.is_ascii_digit()).next().unwrap()
    }
}

pub fn adopt(run: &Run, project: Project, truth: &str, steps: usize) -> Result<(), String> {
    if run.tool.is_empty() {
        return Ok(());
    }
    let place = Place::new(run.engine, run.name);
    if !run.before.is_empty() {
        place.run(run.before);
    }
    let project = project.at(&place.url);
    let status = project.does(&["status"])?;
    let all = status["migrations"].as_array().unwrap().iter().map(Done::new);
    let half: Vec<Done> = all.take(steps.div_ceil(2)).collect();
    match run.tool {
        "sqlx" => {
            let directory = tempfile::tempdir().unwrap();
            for done in &half {
                fs::copy(&done.path, directory.path().join(done.part(0))).unwrap();
            }
            runners::sqlx(&place, directory.path());
        }
        "refinery" => {
            let migration = |done: &Done| (done.part(0).trim_end_matches(".sql").to_owned(), done.text.clone());
            runners::refinery(&place, &half.iter().map(migration).collect::<Vec<_>>());
        }
        tool => {
            project.does(&["up", "--to", &half.last().unwrap().version])?;
            place.run("DROP TABLE syncline_history; DROP TABLE syncline_script");
            tell(tool, &place, &half);
        }
    }
    let table = table(run.tool);
    let adopted = project.does(&["adopt", "--from", run.tool])?;
    same("taken over", count(&adopted["migrations"]), half.len())?;
    let wanted = match run.tool {
        "goose" | "dbmate" | "diesel" => "unverifiable",
        _ => "verified",
    };
    let wrong = adopted["migrations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["verdict"] != wanted);
    if let Some(wrong) = wrong {
        return Err(format!("it is not {wanted}: {wrong}"));
    }
    let up = project.does(&["up"])?;
    same("applied after `adopt`", count(&up["applied"]), steps - half.len())?;
    project.does(&["verify"])?;
    place.run(&format!("DROP TABLE {table}"));
    as_the_client_left_it(run, &place, truth, "after `adopt` and `up`")
}

fn table(tool: &str) -> &'static str {
    match tool {
        "sqlx" => "_sqlx_migrations",
        "refinery" => "refinery_schema_history",
        "flyway" => "flyway_schema_history",
        "prisma" => "_prisma_migrations",
        "drizzle" => "__drizzle_migrations",
        "goose" => "goose_db_version",
        "dbmate" => "schema_migrations",
        "diesel" => "__diesel_schema_migrations",
        "sqitch" => "changes",
        other => panic!("{other} has no table"),
    }
}

/// Writes the tool's table.
fn tell(tool: &str, place: &Place, half: &[Done]) {
    let change = match place.engine {
        Engine::MariaDb => "`change`",
        _ => "\"change\"",
    };
    let columns = match tool {
        "flyway" => {
            "installed_rank integer, version varchar(50), description varchar(200), type varchar(20), script varchar(1000), \
             checksum integer, installed_by varchar(100), installed_on timestamp NULL, execution_time integer, success boolean"
        }
        "prisma" => {
            "id varchar(36), checksum varchar(64), finished_at timestamp NULL, migration_name varchar(255), logs text, \
             rolled_back_at timestamp NULL, started_at timestamp NULL, applied_steps_count integer"
        }
        "drizzle" => "id integer, hash text, created_at bigint",
        "goose" => "id integer, version_id bigint, is_applied boolean, tstamp timestamp NULL",
        "dbmate" => "version varchar(128)",
        "diesel" => "version varchar(50), run_on timestamp NULL",
        "sqitch" => {
            "change_id varchar(40), script_hash varchar(40), CHANGE varchar(255), project varchar(255), committed_at timestamp NULL, \
             committer_name varchar(255)"
        }
        other => panic!("{other} has no table"),
    };
    let table = table(tool);
    place.run(&format!("CREATE TABLE {table} ({})", columns.replace("CHANGE", change)));
    let at = "'2026-02-01 10:30:15'";
    for (number, done) in (1..).zip(half) {
        let values = match tool {
            "flyway" => {
                let version = done.part(0)[1..].split("__").next().unwrap().replace('_', ".");
                let sum = sums::flyway(&done.text);
                format!(
                    "{number}, '{version}', 'a', 'SQL', '{}', {sum}, 'fly', {at}, 1, true",
                    done.part(0)
                )
            }
            "prisma" => {
                let sum = sums::hex(&Sha256::digest(&done.text));
                format!("'{number}', '{sum}', {at}, '{}', NULL, NULL, {at}, 1", done.part(1))
            }
            "drizzle" => format!("{number}, '{}', {number}", sums::hex(&Sha256::digest(&done.text))),
            "goose" => format!("{number}, {}, true, {at}", done.version),
            "dbmate" => format!("'{}'", done.digits()),
            "diesel" => {
                let version = done.part(1).split('_').next().unwrap().replace('-', "");
                format!("'{version}', {at}")
            }
            _ => {
                // The place in the plan is the version.
                let plan = fs::read_to_string(done.path.split("deploy/").next().unwrap().to_owned() + "sqitch.plan");
                let id = &sums::sqitch_ids(&plan.unwrap())[number - 1];
                let (sum, name) = (
                    sums::hex(&Sha1::digest(&done.text)),
                    done.name.split('@').next().unwrap(),
                );
                format!("'{id}', '{sum}', '{name}', 'flipr', {at}, 'Ann'")
            }
        };
        place.run(&format!("INSERT INTO {table} VALUES ({values})"));
    }
}
