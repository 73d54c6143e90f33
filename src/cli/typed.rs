//! The command as it was typed, for advice to type it again. Read off what the parser saw, so that no flag can be forgotten.

use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory};

use syncline::shell::quote;

use super::args::Args;

/// The flags that say how results are shown: whoever types a command again says so anew.
const SHOWN: [&str; 3] = ["format", "color", "quiet"];
/// The flags that choose files and database, which every command is given.
const CHOSEN: [&str; 5] = ["url", "target", "config", "dir", "layout"];

/// The command and what was typed for it.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    name: String,
    /// Of `plan`: the command that it looks ahead at.
    ahead: Option<String>,
    /// Everything behind the program's name that only this command takes, in the order in which it was typed.
    words: Vec<Word>,
    /// The limits, which every command takes.
    limits: Vec<Word>,
}

/// A flag with its value, or a value without one.
#[derive(Debug, Clone)]
struct Word {
    flag: Option<String>,
    value: Option<String>,
}

impl Word {
    fn text(&self) -> String {
        let words = self.flag.iter().chain(&self.value);
        words.map(|word| format!(" {word}")).collect()
    }

    fn is(&self, flag: &str) -> bool {
        self.flag.as_deref() == Some(flag)
    }
}

impl Typed {
    /// What the parser saw.
    pub fn of(matches: &ArgMatches) -> Self {
        let root = Args::command();
        let mut typed = Self {
            limits: words(&root, matches, |id| !SHOWN.contains(&id) && !CHOSEN.contains(&id)),
            ..Self::default()
        };
        let (mut command, mut matches) = (&root, matches);
        while let Some((name, inner)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(name) else {
                break;
            };
            (command, matches) = (found, inner);
            if typed.name.is_empty() {
                name.clone_into(&mut typed.name);
            } else {
                typed.words.push(Word {
                    flag: None,
                    value: Some(name.to_owned()),
                });
            }
            typed.words.extend(words(command, matches, |_| true));
        }
        if typed.name == "plan" {
            let way = matches.get_raw("way").and_then(|mut way| way.next());
            typed.ahead = way.map(|way| way.to_string_lossy().into_owned());
        }
        typed
    }

    /// The command, to be typed again: without the flags that every command is given.
    pub fn again(&self) -> String {
        let words: String = self.words.iter().map(Word::text).collect();
        format!("syncline {}{words}", self.name)
    }

    /// Whether the command takes a flag.
    pub fn takes(&self, flag: &str) -> bool {
        Args::command()
            .find_subcommand(&self.name)
            .is_some_and(|command| argument(command, flag).is_some())
    }

    /// Whether a flag was typed.
    pub fn says(&self, flag: &str) -> bool {
        self.words.iter().any(|word| word.is(flag))
    }

    /// What a proposed command takes over where it is the one that was typed, or the one that `plan` looks ahead at: what was typed, and
    /// neither said by the proposal nor contradicted by it.
    pub fn carried(&self, proposed: &str) -> String {
        let mut said = proposed.split(' ').skip(1);
        let name = said.next().unwrap_or_default();
        let is_again = name == self.name;
        let root = Args::command();
        let Some(command) = root.find_subcommand(name) else {
            return String::new();
        };
        if !is_again && self.ahead.as_deref() != Some(name) {
            return String::new();
        }
        let said: Vec<&str> = said.filter(|word| word.starts_with("--")).collect();
        let own = self.words.iter().filter(|word| {
            let flag = word.flag.as_deref().unwrap_or_default();
            // `up` shows the statements only of what it does not run.
            let is_for_both = is_again || flag != "--sql";
            // What was consented to is not what is proposed.
            let is_consent = flag == "--yes";
            // That is another deed.
            let is_other = flag == "--mirror";
            argument(command, flag).is_some()
                && !is_consent
                && !is_other
                && is_for_both
                && !said.iter().any(|said| excludes(command, flag, said))
        });
        let limits = self.limits.iter().filter(|word| !said.iter().any(|said| word.is(said)));
        own.chain(limits).map(Word::text).collect()
    }

    /// Notes that so many migrations are done: a number of steps is what is left of it.
    pub fn done(&mut self, done: usize) {
        for word in self.words.iter_mut().filter(|word| word.is("--steps")) {
            let steps = word.value.as_ref().and_then(|steps| steps.parse::<usize>().ok());
            word.value = steps.map(|steps| steps.saturating_sub(done).max(1).to_string());
        }
    }
}

/// The arguments of a command that were typed, in their order.
fn words(command: &Command, matches: &ArgMatches, wants: impl Fn(&str) -> bool) -> Vec<Word> {
    let mut found: Vec<(usize, Word)> = Vec::new();
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let is_known = matches.try_contains_id(id).is_ok();
        if !wants(id) || !is_known || matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let flag = argument.get_long().map(|long| format!("--{long}"));
        let at = matches.index_of(id).unwrap_or_default();
        let is_switch = !argument.get_action().takes_values();
        let value = matches.get_raw(id).and_then(|mut values| values.next());
        let value = value
            .filter(|_| !is_switch)
            .map(|value| quote(&value.to_string_lossy()));
        found.push((at, Word { flag, value }));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, word)| word).collect()
}

fn argument<'a>(command: &'a Command, flag: &str) -> Option<&'a clap::Arg> {
    let long = flag.strip_prefix("--")?;
    command
        .get_arguments()
        .find(|argument| argument.get_long() == Some(long))
}

/// Whether a flag cannot stand beside one that is said.
fn excludes(command: &Command, flag: &str, said: &str) -> bool {
    let (Some(one), Some(other)) = (argument(command, flag), argument(command, said)) else {
        return false;
    };
    let names = |one, other: &clap::Arg| {
        let excluded = command.get_arg_conflicts_with(one);
        excluded.iter().any(|argument| argument.get_id() == other.get_id())
    };
    flag == said || names(one, other) || names(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Typed {
        let words = line.split(' ');
        Typed::of(&Args::command().try_get_matches_from(words).unwrap())
    }

    #[test]
    fn a_command_is_typed_again_with_all_that_only_it_takes() {
        for (line, again) in [
            (
                "syncline up --to 1 --dry-run --dir q --allow-missing",
                "syncline up --to 1 --dry-run --allow-missing",
            ),
            (
                "syncline --lock-wait 5s --format json plan down --steps 2",
                "syncline plan down --steps 2",
            ),
            ("syncline convert --to native out", "syncline convert --to native out"),
            (
                "syncline repair accept 3 --reason why",
                "syncline repair accept 3 --reason why",
            ),
            ("syncline down -y --use=file", "syncline down --yes --use file"),
            ("syncline baseline none", "syncline baseline none"),
        ] {
            assert_eq!(typed(line).again(), again, "{line}");
        }
    }

    #[test]
    fn a_proposed_command_takes_over_what_was_typed_for_it_and_nothing_that_contradicts_it() {
        for (line, proposed, carried) in [
            (
                "syncline up --to 1 --dry-run --sql",
                "syncline up --allow-missing",
                " --to 1 --dry-run --sql",
            ),
            (
                "syncline up --to 1 --lock-timeout 2s",
                "syncline up",
                " --to 1 --lock-timeout 2s",
            ),
            ("syncline up --to 1 --lock-timeout 2s", "syncline status", ""),
            ("syncline up --to 1", "syncline down --use file", ""),
            (
                "syncline plan --sql --to 1 --allow-missing",
                "syncline up --allow-out-of-order",
                " --to 1 --allow-missing",
            ),
            ("syncline plan down --to 1", "syncline up", ""),
            ("syncline plan down --to 1", "syncline down --use stored", " --to 1"),
            ("syncline down --steps 2 --yes", "syncline down --to none", ""),
            ("syncline down --use stored", "syncline down --use file", ""),
            ("syncline up --allow-empty", "syncline up --allow-empty", ""),
            ("syncline adopt --dry-run", "syncline adopt --from flyway", " --dry-run"),
            ("syncline adopt --mirror", "syncline adopt --from goose", ""),
        ] {
            assert_eq!(typed(line).carried(proposed), carried, "{line} {proposed}");
        }
    }

    #[test]
    fn steps_that_are_done_are_not_done_again() {
        let mut typed = typed("syncline up --steps 3");
        typed.done(2);
        assert_eq!(typed.carried("syncline up"), " --steps 1");
    }
}
