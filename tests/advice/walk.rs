//! What people do, one thing after the other.

use std::collections::BTreeSet;

use super::world::{File, Tool, World};

const NAMES: [&str; 5] = ["users", "orders", "add_index", "init", "views"];

/// What is done to files. The first may also be done while another tool keeps a history without checksums: nobody could see it.
#[derive(Clone, Copy, Debug)]
enum Deed {
    New,
    Up,
    UpSteps,
    Down,
    Comment,
    Edit,
    Rename,
    /// It gives way to another one.
    Merge,
    /// It goes behind all others.
    Behind,
    MoveAndEdit,
    Swap,
    Chain,
    Copy,
    Delete,
    /// Something else under its version.
    Replace,
    /// One file for all up to there.
    Squash,
    WrongDirectory,
    Late,
    Empty,
}

const DEEDS: [Deed; 24] = [
    Deed::New,
    Deed::New,
    Deed::Up,
    Deed::Up,
    Deed::UpSteps,
    Deed::Down,
    Deed::Comment,
    Deed::Edit,
    Deed::Rename,
    Deed::Merge,
    Deed::Merge,
    Deed::Merge,
    Deed::Behind,
    Deed::MoveAndEdit,
    Deed::Swap,
    Deed::Chain,
    Deed::Copy,
    Deed::Delete,
    Deed::Replace,
    Deed::Replace,
    Deed::Squash,
    Deed::WrongDirectory,
    Deed::Late,
    Deed::Empty,
];

pub(super) struct Walk;

impl Walk {
    /// Some files that have run, and then anything. What was done, as lines.
    pub fn take(world: &mut World) -> Vec<String> {
        let mut story = Vec::new();
        for _ in 0..2 + world.random.below(3) {
            Self::create(world, None);
        }
        let tools = [
            Tool::Flyway,
            Tool::Goose,
            Tool::GolangMigrate,
            Tool::Alembic,
            Tool::Liquibase,
        ];
        let foreign = world.random.one_in(3);
        if foreign {
            world.tool = world.random.of(&tools).unwrap();
            let files: Vec<_> = std::mem::take(&mut world.files).into_values().collect();
            files.into_iter().for_each(|(version, file)| world.put(version, file));
            world.write();
            Self::other_tool(world, &mut story);
        } else if world.random.one_in(8) {
            world.sql("CREATE TABLE stranger (n int)");
            story.push("a table of somebody else's".to_owned());
        } else {
            world.write();
            let said = world.say("up");
            world.note(&said);
        }
        let deeds: &[Deed] = match (foreign, world.tool) {
            (true, Tool::Liquibase) => &[Deed::New],
            (true, Tool::Flyway | Tool::Goose | Tool::GolangMigrate) if world.random.one_in(2) => {
                world.write();
                let said = world.say("adopt");
                story.push(format!("adopt: {}", said["ok"]));
                &DEEDS
            }
            (true, _) => &[Deed::New],
            _ => &DEEDS,
        };
        for _ in 0..1 + world.random.below(4) {
            let deed = world.random.of(deeds).unwrap();
            if let Some(what) = Self::deed(world, deed) {
                story.push(what);
            }
            world.write();
        }
        let files: Vec<String> = world
            .files
            .iter()
            .map(|(path, (_, file))| format!("{path}: {:?}+{}", file.holds, file.edits))
            .collect();
        story.push(format!("{:?}, files {}", world.tool, files.join(", ")));
        story
    }

    /// A new file behind all others.
    pub fn add(world: &mut World) {
        Self::create(world, None);
    }

    fn script(world: &mut World, name: Option<String>) -> File {
        let script = world.next_script;
        world.next_script += 1;
        let name = name.unwrap_or_else(|| match world.random.one_in(3) {
            true => NAMES[world.random.below(NAMES.len())].to_owned(),
            false => format!("n{script}"),
        });
        File {
            name,
            holds: vec![script],
            edits: 0,
            comment: script,
            down: world.random.one_in(2),
            empty: world.random.one_in(40),
            made_of: Vec::new(),
        }
    }

    fn create(world: &mut World, version: Option<u32>) -> u32 {
        let version = version.unwrap_or_else(|| world.newest() + 1);
        let file = Self::script(world, None);
        world.put(version, file);
        version
    }

    /// The other tool has run all files but the last, perhaps; its table says so in its own way.
    fn other_tool(world: &mut World, story: &mut Vec<String>) {
        let mut all: Vec<(u32, File)> = world.files.values().cloned().collect();
        all.sort_by_key(|(version, _)| *version);
        let done = match world.random.one_in(5) {
            true => 0,
            false => world.random.below(all.len() + 1),
        };
        let ran = match world.tool {
            // Its scripts are programs: none of the files has run.
            Tool::Alembic => &[],
            _ => &all[..done],
        };
        for (version, file) in ran {
            world.sql(&file.up());
            world.ran.insert(*version, file.clone());
        }
        let newest = ran.last().map(|(version, _)| *version);
        let mut table = match world.tool {
            Tool::Flyway => "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version text, description text, type text, script text, checksum int, installed_by text, installed_on text, execution_time int, success boolean);".to_owned(),
            Tool::Goose => "CREATE TABLE goose_db_version (id integer PRIMARY KEY, version_id int, is_applied int, tstamp text); INSERT INTO goose_db_version VALUES (1, 0, 1, '2026-01-01 00:00:00');".to_owned(),
            Tool::GolangMigrate => "CREATE TABLE schema_migrations (version int, dirty boolean);".to_owned(),
            Tool::Alembic => "CREATE TABLE alembic_version (version_num text PRIMARY KEY); CREATE TABLE theirs (n int);".to_owned(),
            Tool::Liquibase => "CREATE TABLE DATABASECHANGELOG (ID text, AUTHOR text, FILENAME text, DATEEXECUTED text, ORDEREXECUTED int, EXECTYPE text, MD5SUM text, DESCRIPTION text, COMMENTS text, TAG text, LIQUIBASE text, CONTEXTS text, LABELS text, DEPLOYMENT_ID text);".to_owned(),
            Tool::Native => String::new(),
        };
        for (version, file) in ran {
            let script = world.path_of(*version, &file.name);
            table.push_str(&match world.tool {
                Tool::Flyway => format!(
                    "INSERT INTO flyway_schema_history VALUES ({version}, '{version}', '{}', 'SQL', '{script}', {}, 'ann', '2026-01-01 00:00:00', 1, 1);",
                    file.name.replace('_', " "),
                    flyway_sum(&world.text_of(*version, file))
                ),
                Tool::Goose => format!("INSERT INTO goose_db_version (version_id, is_applied, tstamp) VALUES ({version}, 1, '2026-01-01 00:00:00');"),
                Tool::Liquibase => format!(
                    "INSERT INTO DATABASECHANGELOG VALUES ('{version}', 'ann', 'changelog.sql', '2026-01-01 00:00:00', {version}, 'EXECUTED', NULL, 'sql', '', NULL, '5.0.4', NULL, NULL, '1');"
                ),
                _ => String::new(),
            });
        }
        match (world.tool, newest) {
            (Tool::GolangMigrate, Some(version)) => {
                table.push_str(&format!("INSERT INTO schema_migrations VALUES ({version}, 0);"))
            }
            (Tool::Alembic, _) if done > 0 => table.push_str("INSERT INTO alembic_version VALUES ('ae1027a6acf');"),
            _ => {}
        }
        world.sql(&table);
        story.push(format!("{:?} has applied {} of {}", world.tool, ran.len(), all.len()));
    }

    fn deed(world: &mut World, deed: Deed) -> Option<String> {
        let paths: Vec<String> = world.files.keys().cloned().collect();
        let path = world.random.of(&paths);
        let newest = world.newest();
        let said = match (deed, path) {
            (Deed::New, _) => format!("new {}", Self::create(world, None)),
            (Deed::Up, _) => {
                let said = world.say("up");
                world.note(&said);
                format!("up: {}", said["error"]["code"])
            }
            (Deed::UpSteps, _) => {
                let said = world.say("up --steps 1");
                world.note(&said);
                format!("up --steps 1: {}", said["error"]["code"])
            }
            (Deed::Down, _) => format!("down: {}", world.say("down --yes")["error"]["code"]),
            (Deed::Late, _) => {
                let version = 1 + u32::try_from(world.random.below(newest as usize)).unwrap();
                world
                    .path_at(version)
                    .is_none()
                    .then(|| Self::create(world, Some(version)))?;
                format!("late {version}")
            }
            (Deed::WrongDirectory, _) => {
                let files = std::mem::take(&mut world.files).len();
                (0..world.random.below(3)).for_each(|_| Self::add(world));
                format!("another directory, {files} files are gone")
            }
            (_, None) => return None,
            (deed, Some(path)) => {
                let (version, file) = world.files.get(&path)?.clone();
                Self::change(world, deed, &path, version, file, newest)?
            }
        };
        Some(said)
    }

    fn change(world: &mut World, deed: Deed, path: &str, version: u32, mut file: File, newest: u32) -> Option<String> {
        match deed {
            Deed::Comment => {
                file.comment += 1000;
                world.put(version, file);
            }
            Deed::Edit => {
                file.edits += 1;
                world.put(version, file);
            }
            Deed::Rename => {
                world.files.remove(path);
                file.name.push('x');
                world.put(version, file);
            }
            Deed::Merge => {
                world.files.remove(path);
                world.put(newest + 1, file);
                Self::create(world, Some(version));
            }
            Deed::Behind => {
                world.files.remove(path);
                world.put(newest + 1, file);
            }
            Deed::MoveAndEdit => {
                world.files.remove(path);
                file.edits += 1;
                world.put(newest + 1, file);
                if world.random.one_in(2) {
                    Self::create(world, Some(version));
                }
            }
            Deed::Swap => {
                let paths: Vec<String> = world.files.keys().filter(|other| *other != path).cloned().collect();
                let other = world.random.of(&paths)?;
                let (to, with) = world.files.remove(&other)?;
                world.files.remove(path);
                world.put(to, file);
                world.put(version, with);
            }
            Deed::Chain => {
                let mut all: Vec<(u32, File)> = std::mem::take(&mut world.files).into_values().collect();
                all.sort_by_key(|(version, _)| *version);
                for (at, file) in all {
                    world.put(if at >= version { at + 1 } else { at }, file);
                }
                Self::create(world, Some(version));
            }
            Deed::Copy => world.put(newest + 1, file),
            Deed::Delete => drop(world.files.remove(path)),
            Deed::Replace => {
                let name = world.random.one_in(3).then(|| file.name.clone());
                world.files.remove(path);
                let file = Self::script(world, name);
                world.put(version, file);
            }
            Deed::Squash => {
                let all: Vec<(u32, File)> = world.files.values().filter(|(at, _)| *at <= version).cloned().collect();
                if all.iter().any(|(_, file)| file.empty) {
                    return None;
                }
                let mut holds: Vec<u32> = all.iter().flat_map(|(_, file)| file.holds.clone()).collect();
                // Of copies one is enough.
                let mut seen = BTreeSet::new();
                holds.retain(|script| seen.insert(*script));
                world.files.retain(|_, (at, _)| *at > version);
                let squashed = File {
                    name: "squashed".to_owned(),
                    holds,
                    edits: 0,
                    empty: false,
                    made_of: all,
                    ..file
                };
                world.put(version, squashed);
            }
            Deed::Empty => {
                file.empty = true;
                world.put(newest + 1, file.clone());
                world.files.remove(path);
                world.put(version, file);
            }
            _ => return None,
        }
        Some(format!("{deed:?} {version}"))
    }
}

/// CRC32 of the lines without their ends.
fn flyway_sum(text: &str) -> i32 {
    let mut hasher = crc32fast::Hasher::new();
    text.lines().for_each(|line| hasher.update(line.as_bytes()));
    hasher.finalize().cast_signed()
}
