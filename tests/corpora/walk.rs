//! What every project goes through, on the real engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use similar::TextDiff;
use syncline::Catalog;
use syncline::catalog::{Depth, Layout};
use syncline::files::Reading;
use syncline::script::{Placeholders, Syntax};

use crate::adopt;
use crate::dump::normalised;
use crate::place::{Engine, Place};
use crate::projects::{Rollback, Run};

/// The program in a working directory with a configuration.
pub struct Project {
    directory: tempfile::TempDir,
    /// Where the configuration does not say it.
    url: Option<String>,
}

impl Project {
    /// The same with another database.
    pub fn at(self, url: &str) -> Self {
        let url = url.to_owned();
        Self { url: Some(url), ..self }
    }

    /// What a command says, as JSON.
    fn say(&self, words: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_syncline"))
            .args(words)
            .args(["--format", "json"])
            .current_dir(self.directory.path())
            .env_clear()
            .envs(self.url.as_ref().map(|url| ("SYNCLINE_URL", url)))
            .env("USER", "ann")
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The same, and it has to end well.
    pub fn does(&self, words: &[&str]) -> Result<Value, String> {
        let said = self.say(words);
        match said["ok"] == true {
            true => Ok(said),
            false => Err(format!("`{}` fails: {}", words.join(" "), shortened(&said))),
        }
    }
}

fn shortened(said: &Value) -> String {
    let parts = ["error", "failure", "problems", "findings"].map(|part| said[part].to_string());
    parts.join("\n  ").chars().take(3000).collect()
}

pub fn walk(run: &Run, corpora: &Path) -> Result<(), String> {
    let source = corpora.join(run.directory);
    let steps = steps(run, corpora);
    let place = Place::new(run.engine, run.name);
    if !run.before.is_empty() {
        place.run(run.before);
    }
    if let Some(base) = run.base {
        place.source(&fs::read_to_string(corpora.join(base)).unwrap());
    }
    let directory = tempfile::tempdir().unwrap();
    let configuration = run.configuration.replace("CORPORA", &corpora.display().to_string());
    let configuration = configuration.replace("sqlite:DATABASE", &place.url);
    if configuration.contains("extensions") {
        library(directory.path());
    }
    let configuration = format!("dir = {:?}\n{configuration}\n", source.display().to_string());
    fs::write(directory.path().join("order.txt"), run.order).unwrap();
    assert!(run.configuration.lines().count() <= 3, "more than three lines");
    fs::write(directory.path().join("syncline.toml"), configuration).unwrap();
    let project = Project {
        directory,
        url: (!run.configuration.contains("target.")).then(|| place.url.clone()),
    };
    if run.base.is_some() {
        project.does(&["baseline", "none"])?;
    }
    read(run, &project, run.stops_of.unwrap_or(steps))?;
    let written = project.does(&["convert", "--to", "native", "native"])?;
    if count(&written["created"]) < steps {
        return Err(format!("`convert` wrote {} files", count(&written["created"])));
    }
    if let Some(all) = run.stops_of {
        return stops(run, corpora, &project, &place, steps, all);
    }
    let up = project.does(&["up"])?;
    // Some ask the database whether they are needed.
    same("applied", count(&up["applied"]) + count(&up["recorded"]), steps)?;
    let truth = corpora.join(format!("truth/{}.{}.schema.sql", run.name, run.engine.dialect()));
    let truth = normalised(run.engine, &fs::read_to_string(truth).unwrap());
    as_the_client_left_it(run, &place, &truth, "after `up`")?;
    nothing_left(&project, steps)?;
    back(run, &project, &place, &truth, steps)?;
    windows(run, &source)?;
    // Some scripts say how the database is called.
    drop(place);
    adopt::adopt(run, project, &truth, steps)
}

/// A server that does not take one of the migrations: those before it are there, and the state is told.
fn stops(run: &Run, corpora: &Path, project: &Project, place: &Place, steps: usize, all: usize) -> Result<(), String> {
    let up = project.does(&["up", "--steps", &steps.to_string()])?;
    same("applied", count(&up["applied"]), steps)?;
    let truth = format!(
        "truth/{}.{}.partial-{steps}of{all}.schema.sql",
        run.name,
        run.engine.dialect()
    );
    let truth = normalised(run.engine, &fs::read_to_string(corpora.join(truth)).unwrap());
    as_the_client_left_it(run, place, &truth, "where it stops")?;
    let up = project.say(&["up"]);
    same("applied behind it", count(&up["applied"]), 0)?;
    match up["failure"]["native"].is_string() {
        true => Ok(()),
        false => Err(format!("the server did not refuse it: {}", shortened(&up))),
    }
}

/// Functions that the project's application registers: base64, as SQLite's own documentation has such a library.
fn library(directory: &Path) {
    let source = directory.join("base64.c");
    fs::write(&source, include_str!("base64.c")).unwrap();
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(directory.join("base64.so"))
        .arg(&source)
        .status();
    assert!(compiled.unwrap().success());
}

/// How many migrations the project's own tool runs.
fn steps(run: &Run, corpora: &Path) -> usize {
    if let Some(steps) = run.steps {
        return steps;
    }
    let list = corpora.join(format!("truth/steps/{}.{}.tsv", run.name, run.engine.dialect()));
    let list = fs::read_to_string(list).unwrap();
    // A line of titles, and the empty database.
    list.lines().count() - 2 - usize::from(run.base.is_some())
}

fn read(run: &Run, project: &Project, steps: usize) -> Result<(), String> {
    let plan = project.does(&["plan"])?;
    same("planned", count(&plan["steps"]), steps)?;
    let layout = plan["layout"]["name"].as_str().unwrap_or("native");
    if layout != run.layout {
        return Err(format!("it is read as {layout}"));
    }
    let detected = plan["layout"]["reason"]
        .as_str()
        .is_some_and(|reason| !reason.is_empty());
    let configured = ["layout", "pattern", "order", "liquibase"]
        .iter()
        .any(|key| run.configuration.contains(key));
    if layout != "native" && detected == configured {
        return Err(format!("{layout} was found by itself: {detected}"));
    }
    Ok(())
}

fn nothing_left(project: &Project, listed: usize) -> Result<(), String> {
    let again = project.does(&["up"])?;
    same("applied again", count(&again["applied"]), 0)?;
    project.does(&["verify"])?;
    let status = project.does(&["status"])?;
    same("listed", count(&status["migrations"]), listed)?;
    same(
        "pending",
        status["pending"].as_u64().unwrap_or(99).try_into().unwrap(),
        0,
    )
}

fn back(run: &Run, project: &Project, place: &Place, truth: &str, steps: usize) -> Result<(), String> {
    let wanted = match run.rollback {
        Rollback::None => return Ok(()),
        Rollback::All | Rollback::Lies => steps,
        Rollback::Stops(reverted) | Rollback::StopsForGood(reverted) => reverted,
    };
    // All at once where nothing keeps that from being begun, and then one by one to the end.
    let mut reverted = count(&project.say(&["down", "--to", "none", "--yes"])["reverted"]);
    loop {
        let down = project.say(&["down", "--yes"]);
        if down["ok"] != true {
            let code = &down["error"]["code"];
            let at = status_of(project)?;
            if at != steps - reverted {
                return Err(format!(
                    "{reverted} were taken back, {code}, and {at} are left of {steps}"
                ));
            }
            if reverted != wanted {
                return Err(format!("{reverted} were taken back: {}", shortened(&down)));
            }
            break;
        }
        match count(&down["reverted"]) {
            0 => break,
            more => reverted += more,
        }
    }
    same("taken back", reverted, wanted)?;
    if matches!(run.rollback, Rollback::Lies | Rollback::StopsForGood(_)) {
        return Ok(());
    }
    let up = project.does(&["up"])?;
    same("applied after the rollback", count(&up["applied"]), reverted)?;
    as_the_client_left_it(run, place, truth, "after the rollback and `up`")
}

fn status_of(project: &Project) -> Result<usize, String> {
    let status = project.does(&["status"])?;
    let rows = status["migrations"].as_array().cloned().unwrap_or_default();
    Ok(rows
        .iter()
        .filter(|row| row["state"] != "pending" && row["state"] != "reverted")
        .count())
}

pub fn as_the_client_left_it(run: &Run, place: &Place, truth: &str, when: &str) -> Result<(), String> {
    for view in run.unknown_views {
        place.run(&format!("DROP VIEW {view}"));
    }
    let left = normalised(run.engine, &place.dump());
    if left == truth {
        return Ok(());
    }
    let difference = TextDiff::from_lines(truth, &left);
    let difference = difference
        .unified_diff()
        .context_radius(2)
        .header("the client", "syncline")
        .to_string();
    Err(format!(
        "{when} the schema is another one:\n{}",
        difference.chars().take(3000).collect::<String>()
    ))
}

/// The same files with CRLF and a byte-order mark have the same checksums.
fn windows(run: &Run, source: &Path) -> Result<(), String> {
    let copy = tempfile::tempdir().unwrap();
    copy_with_crlf(source, copy.path());
    let (here, there) = (checksums(run, source)?, checksums(run, copy.path())?);
    same("read with CRLF", there.len(), here.len())?;
    match here.iter().zip(&there).find(|(here, there)| here != there) {
        Some((here, _)) => Err(format!("with CRLF the checksum of {} is another one", here.0)),
        None => Ok(()),
    }
}

fn copy_with_crlf(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for found in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, copy) = (found.path(), to.join(found.file_name()));
        if path.is_dir() {
            copy_with_crlf(&path, &copy);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let converted = match String::from_utf8(bytes) {
            Ok(text) if path.extension().is_some_and(|ending| ending == "sql") => {
                format!("\u{feff}{}", text.replace("\r\n", "\n").replace('\n', "\r\n")).into_bytes()
            }
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        fs::write(copy, converted).unwrap();
    }
}

/// The migrations of a directory as the configuration of the run has them read.
pub fn catalog(run: &Run, directory: &Path) -> Result<Catalog, String> {
    let syntax = match run.engine {
        Engine::MariaDb => Syntax::Mysql(Default::default()),
        Engine::Postgres => Syntax::Postgres(Default::default()),
        Engine::Sqlite => Syntax::Sqlite,
    };
    let keys: toml::Table = run.configuration.parse().unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap().to_owned();
    let layout = match (keys.get("pattern"), keys.get("liquibase"), run.order) {
        (Some(pattern), _, _) => Layout::pattern(pattern.as_str().unwrap()).unwrap(),
        (_, Some(liquibase), _) => Layout::liquibase(
            liquibase.get("changelog").map(text),
            liquibase["not-run"].as_array().unwrap().iter().map(text).collect(),
        ),
        (_, _, "") => Layout::named(run.layout).unwrap(),
        (_, _, list) => Layout::listed(list).unwrap(),
    };
    let placeholders = keys
        .get("placeholders")
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    let declared = placeholders.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
    let reading = Reading {
        layout: Some(layout),
        depth: Depth::Flat,
        placeholders: Placeholders::new(declared).unwrap(),
        ..Reading::default()
    };
    Catalog::from_dir(PathBuf::from(directory), syntax, &reading).map_err(|error| error.to_string())
}

type Checksums = Vec<(String, String, Option<String>)>;

fn checksums(run: &Run, directory: &Path) -> Result<Checksums, String> {
    let catalog = catalog(run, directory)?;
    let row = |migration: &syncline::migration::Migration| {
        let down = migration.down.as_ref().map(|down| down.checksum.to_string());
        (migration.id.to_string(), migration.up.checksum.to_string(), down)
    };
    Ok(catalog.migrations().map(row).collect())
}

pub fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

pub fn same(what: &str, found: usize, wanted: usize) -> Result<(), String> {
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{found} migrations {what}, not {wanted}")),
    }
}
