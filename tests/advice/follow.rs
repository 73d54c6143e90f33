//! Follows what is proposed, as somebody would who believes every word of it, until nothing is refused any more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Told;
use super::walk::Walk;
use super::world::{File, Tool, World};

/// So many lines one after the other have to lead out.
const STEPS: usize = 20;

/// What is said in words, for people: it begins so. Anything else is a command.
pub(super) const IN_WORDS: [&str; 3] = [OWN_VERSION, ABOVE, TAKEN_AWAY];
const TAKEN_AWAY: &str = "away until the files that it was made of are back";
const OWN_VERSION: &str = "give `";
const ABOVE: &str = "or give its files a version above ";

/// A line, and the migration or the file that it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    text: String,
    about: String,
}

/// What came of following a line.
enum Came {
    /// Somebody only looked.
    Looked,
    /// Files or history are others now.
    Acted,
    /// `up` ran; this is what it says.
    Up(Value),
}

pub(super) struct Follower<'a> {
    told: &'a mut Told,
}

impl<'a> Follower<'a> {
    pub fn new(told: &'a mut Told) -> Self {
        Self { told }
    }

    /// Follows one of the lines that are printed now, and then whatever leads out. Where nothing is proposed, `up` has to lead there.
    pub fn one(&mut self, world: &mut World) -> Result<(), String> {
        world.mark();
        let mut lines = lines(&world.say("plan"));
        let other = world.random.of(&["status", "verify", "adopt", "up"]).unwrap();
        if world.random.one_in(2) && (other != "adopt" || world.tool != Tool::Native) {
            let moment = world.moment();
            let document = world.say(other);
            world.note(&document);
            lines.extend(self::lines(&document));
            world.back_to(&moment);
        }
        let mut open: Vec<Line> = lines.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        while !open.is_empty() {
            let line = open.swap_remove(world.random.below(open.len()));
            if !is_true(world, &line)? {
                continue;
            }
            let followed = self.follow(world, &line).and_then(|came| match came {
                Came::Up(said) => self.out(world, Some(said)),
                Came::Looked | Came::Acted => self.out(world, None),
            });
            return followed.map_err(|what| format!("after `{}`: {what}", line.text));
        }
        self.out(world, None)
    }

    /// Runs `up` unless it has just been run, and follows one line after the other where it is refused.
    fn out(&mut self, world: &mut World, mut said: Option<Value>) -> Result<(), String> {
        let mut path = Vec::new();
        for _ in 0..STEPS {
            let document = said.take().unwrap_or_else(|| {
                let document = world.say("up");
                world.note(&document);
                document
            });
            if document["ok"] == true {
                return self
                    .settled(world)
                    .map_err(|what| format!("{what}, by way of {path:?}"));
            }
            // A directory without migrations is an answer of its own.
            if document["error"]["code"] == "no-migrations" {
                return Ok(());
            }
            let mut open = lines(&document);
            let line = loop {
                if open.is_empty() {
                    return Err(format!("no way out of {}, by way of {path:?}", document["error"]));
                }
                let line = open.swap_remove(world.random.below(open.len()));
                if is_true(world, &line)? {
                    break line;
                }
            };
            path.push(line.text.clone());
            match self
                .follow(world, &line)
                .map_err(|what| format!("{what}, by way of {path:?}"))?
            {
                Came::Up(document) => said = Some(document),
                Came::Looked | Came::Acted => {}
            }
        }
        Err(format!("it goes in circles: {path:?}"))
    }

    /// Nothing is refused: the database has what the files say, and nothing is left to be run.
    fn settled(&mut self, world: &mut World) -> Result<(), String> {
        if let Some(what) = world.disagreement() {
            return Err(what);
        }
        let status = world.say("status");
        match status["pending"].as_u64() {
            Some(0) => Ok(()),
            _ => Err(format!("something is left: {}", status["verdict"])),
        }
    }

    fn follow(&mut self, world: &mut World, line: &Line) -> Result<Came, String> {
        *self.told.entry(kind(&line.text)).or_default() += 1;
        let (command, remark) = line.text.split_once("   #").unwrap_or((&line.text, ""));
        if !command.starts_with("syncline ") {
            return words(world, line).ok_or_else(|| format!("nobody has thought of `{}`", line.text));
        }
        let mut typed: Vec<String> = split(command).into_iter().skip(1).collect();
        let name = typed.first().cloned().unwrap_or_default();
        if matches!(name.as_str(), "down" | "redo") {
            typed.push("--yes".to_owned());
        }
        let document = world.syncline(&typed);
        match name.as_str() {
            "up" => {
                world.note(&document);
                Ok(Came::Up(document))
            }
            "show" if typed.iter().any(|word| word == "--file") => {
                let mut document = document;
                // The line says that another file gives way first; where that has the same name as well, nothing was written.
                if document["error"]["code"] == "file-exists" {
                    let path = typed[1].parse().ok().and_then(|version| world.path_at(version));
                    world.move_behind(&path.ok_or_else(|| document["error"].to_string())?);
                    world.write();
                    document = world.syncline(&typed);
                }
                self.written(world, &typed[1], &document)
            }
            "show" if remark.contains("put it back") => {
                let version = typed[1].parse().map_err(|_| line.text.clone())?;
                put_back(world, version)?;
                Walk::add(world);
                world.write();
                Ok(Came::Acted)
            }
            "show" | "plan" | "status" | "verify" | "log" | "new" => Ok(Came::Looked),
            "adopt" if remark.contains("keeps a history") => {
                let adopted = world.say("adopt");
                world.adopted(&adopted);
                Ok(Came::Acted)
            }
            "repair" | "baseline" | "adopt" | "down" | "redo" => {
                for done in document["recorded"].as_array().into_iter().flatten() {
                    let id = |key: &str| done[key].as_str().and_then(|id| id.parse().ok());
                    if let (Some(was), Some(now)) = (id("was"), id("version"))
                        && let Some(file) = world.ran.remove(&was)
                    {
                        world.ran.insert(now, file);
                    }
                }
                Ok(Came::Acted)
            }
            _ => Err(format!("nobody has thought of `{}`", line.text)),
        }
    }

    /// What `show --file` has written has to count as what ran.
    fn written(&mut self, world: &mut World, version: &str, document: &Value) -> Result<Came, String> {
        if document["ok"] != true {
            return Err(format!("it is not written back: {}", document["error"]));
        }
        let plan = world.say("plan");
        let findings = plan["findings"].as_array().into_iter().flatten();
        let still = findings
            .filter(|finding| finding["version"] == version && finding["severity"] == "refused")
            .count();
        let is_twice = plan["problems"].as_array().is_some_and(|problems| !problems.is_empty());
        if still > 0 && !is_twice {
            return Err(format!(
                "what is written back for {version} is not what ran: {}",
                plan["findings"]
            ));
        }
        let version = version.parse().map_err(|_| version.to_owned())?;
        match world.path_at(version) {
            // Now two files have its version: the one that has not run goes elsewhere.
            Some(path) => {
                if !is_twice {
                    return Err(format!("two files of version {version} are no problem: {plan}"));
                }
                world.move_behind(&path);
            }
            None if is_twice => return Err(format!("what is written back is a problem: {}", plan["problems"])),
            None => {}
        }
        put_back(world, version)?;
        world.write();
        Ok(Came::Acted)
    }
}

/// The file as it was when it ran.
fn put_back(world: &mut World, version: u32) -> Result<(), String> {
    let file = world
        .ran
        .get(&version)
        .cloned()
        .ok_or(format!("{version} has not run"))?;
    if let Some(path) = world.path_at(version) {
        world.files.remove(&path);
    }
    world.put(version, file);
    Ok(())
}

/// What is said in words, for people.
fn words(world: &mut World, line: &Line) -> Option<Came> {
    let text = &line.text;
    if text.starts_with(OWN_VERSION) && text.contains("a version of its own, above ") {
        let path = text.split('`').nth(1)?;
        let path = path.rsplit('/').next()?.to_owned();
        world.files.contains_key(&path).then(|| world.move_behind(&path))?;
        if let Some(version) = text.split("has run as ").nth(1) {
            put_back(world, version.parse().ok()?).ok()?;
        }
    } else if text.contains(TAKEN_AWAY) {
        let path = text.split('`').nth(1)?;
        let (_, file) = world.files.remove(path.rsplit('/').next()?)?;
        for (version, file) in file.made_of {
            if let Some(path) = world.path_at(version) {
                world.move_behind(&path);
            }
            world.put(version, file);
        }
    } else if text.starts_with(ABOVE) {
        let path = world.path_at(line.about.parse().ok()?)?;
        world.move_behind(&path);
    } else {
        return None;
    }
    world.write();
    Some(Came::Acted)
}

/// Whether what a line says of itself is so: `# if it is …`. One that says what is not so is an error.
fn is_true(world: &mut World, line: &Line) -> Result<bool, String> {
    let (command, remark) = line.text.split_once("   # ").unwrap_or((&line.text, ""));
    let typed = split(command);
    let number = |at: usize| typed.get(at).and_then(|word| word.parse::<u32>().ok());
    let runs = match remark.contains("is in ") {
        true => world.runs(),
        false => BTreeMap::new(),
    };
    if line.text.starts_with("or, if `") {
        let name = line.text.split('`').nth(1).and_then(|path| path.rsplit('/').next());
        let file = name.and_then(|name| world.files.get(name));
        return Ok(file.is_some_and(|(_, file)| file.made_of.len() > 1));
    }
    let has_run = |script: &u32| runs.get(script).copied().unwrap_or_default() > 0;
    Ok(match remark {
        _ if remark.starts_with("if `") => {
            let (Some(old), Some(new)) = (number(3), number(4)) else {
                return Ok(false);
            };
            let now = world.path_at(new).and_then(|path| world.files.get(&path));
            world.ran.get(&old).zip(now).is_some_and(|(ran, (_, now))| ran.is(now))
        }
        _ if remark.starts_with("if it is another one") => {
            let ran = number(2).and_then(|version| world.ran.get(&version));
            let is_itself = |(version, file): &(u32, File)| world.ran.get(version).is_some_and(|own| own.is(file));
            let mut files = world.files.values().filter(|file| !is_itself(file));
            ran.is_some_and(|ran| files.all(|(_, file)| !file.is(ran)))
        }
        _ if remark.starts_with("if all that the file says is in the database") => {
            let path = number(3).and_then(|version| world.path_at(version));
            let file = path.and_then(|path| world.files.get(&path));
            file.is_none_or(|(_, file)| file.empty || file.holds.iter().all(has_run))
        }
        _ if remark.contains("is in it already") => {
            let end = number(2).unwrap_or_default();
            let mut files = world
                .files
                .values()
                .filter(|(version, file)| *version <= end && !file.empty);
            files.all(|(_, file)| file.holds.iter().all(has_run))
        }
        _ if remark.starts_with("none of the migrations is in") => {
            let mut files = world.files.values();
            !files.any(|(_, file)| file.holds.iter().any(has_run))
        }
        _ if remark.contains("keeps a history in it") && world.tool == Tool::Native => {
            return Err(format!("`{}` is not so", line.text));
        }
        _ => true,
    })
}

/// The lines that say what to do.
fn lines(document: &Value) -> Vec<Line> {
    let mut found = Vec::new();
    let mut add = |list: &Value, about: &Value| {
        for text in list
            .as_array()
            .into_iter()
            .flatten()
            .chain(list.is_string().then_some(list))
        {
            let line = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            found.push(Line {
                text: line(text),
                about: line(about),
            });
        }
    };
    add(&document["error"]["next"], &Value::Null);
    add(&document["next"], &Value::Null);
    for finding in document["findings"].as_array().into_iter().flatten() {
        if finding["severity"] == "refused" {
            add(&finding["help"], &finding["version"]);
        }
    }
    for problem in document["problems"].as_array().into_iter().flatten() {
        add(&problem["help"], &problem["path"]);
    }
    found
}

/// The words of a command as a shell reads them, with a reason where there is room for one.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = command.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (word, more) = match quote {
            Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.replace('…', "because"));
        rest = more.trim_start();
    }
    words
}

/// A line without what is another one each time.
fn kind(line: &str) -> String {
    let (command, remark) = line.split_once("   #").unwrap_or((line, ""));
    let words = split(command);
    let mut kept: Vec<String> = Vec::new();
    let mut skip = false;
    for word in words {
        if std::mem::take(&mut skip) {
            continue;
        }
        skip = matches!(word.as_str(), "--url" | "--dir" | "--layout");
        if skip || word == "because" {
            continue;
        }
        let is_path = word.contains('/') || word.contains('`');
        let is_number = word.bytes().any(|byte| byte.is_ascii_digit());
        kept.push(match (is_path, is_number) {
            (true, _) => "FILE".to_owned(),
            (_, true) => "V".to_owned(),
            _ => word,
        });
    }
    let text = kept.join(" ").replace("renumber V V", "renumber OLD NEW");
    let said = remark.split(' ').map(|word| match word {
        word if word.starts_with('`') || word.contains('/') => "it",
        word if word.bytes().any(|byte| byte.is_ascii_digit()) => "V",
        word => word,
    });
    match remark {
        "" => text,
        _ => format!("{text}   #{}", said.collect::<Vec<_>>().join(" ")),
    }
}
