//! The words behind the `?` of a URL: one table for each engine says what becomes of each, and one the words of other drivers.

use super::others::{self, ready};
use super::{Address, bad};
use crate::database::{DatabaseError, Engine};

/// A word behind the `?` of a URL that the engine's own client knows, or that is ours.
#[derive(Debug)]
pub struct Word {
    /// As a URL writes it. One that ends in `[` is followed by a name and a `]`.
    pub name: &'static str,
    /// What becomes of these values.
    pub values: &'static [(&'static str, Fate)],
    /// What becomes of all other values.
    pub otherwise: Fate,
    /// What it is for, and what syncline does.
    pub means: &'static str,
}

/// What becomes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is carried out.
    Done,
    /// It is taken, and nothing has to follow from it: it is so anyway, or it is about what there is not here.
    Idle,
    /// It is refused, since what it asks for would not be so; and what to do instead.
    Refused(&'static str),
    /// There is no such value.
    Wrong,
}

impl Word {
    /// A word that is carried out, whatever its value is.
    pub const fn done(name: &'static str, means: &'static str) -> Self {
        Self::new(name, &[], Fate::Done, means)
    }

    /// A word from which nothing has to follow.
    pub const fn idle(name: &'static str, means: &'static str) -> Self {
        Self::new(name, &[], Fate::Idle, means)
    }

    /// A word that is refused, and the way out.
    pub const fn refused(name: &'static str, means: &'static str, instead: &'static str) -> Self {
        Self::new(name, &[], Fate::Refused(instead), means)
    }

    /// A word that takes one of these values.
    pub const fn one_of(name: &'static str, values: &'static [(&'static str, Fate)], means: &'static str) -> Self {
        Self::new(name, values, Fate::Wrong, means)
    }

    /// A word of which some values have a fate of their own.
    pub const fn new(
        name: &'static str,
        values: &'static [(&'static str, Fate)],
        otherwise: Fate,
        means: &'static str,
    ) -> Self {
        Self {
            name,
            values,
            otherwise,
            means,
        }
    }

    /// What becomes of it with this value.
    pub fn fate(&self, value: &str) -> Fate {
        let found = self.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(value));
        found.map_or(self.otherwise, |(_, fate)| *fate)
    }

    /// A value as the table spells it, so that whoever reads it has to know one spelling.
    fn spelled(&self, value: String) -> String {
        let found = self.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(&value));
        found.map_or(value, |(known, _)| (*known).to_owned())
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || (self.name.ends_with('[') && name.starts_with(self.name) && name.ends_with(']'))
    }
}

/// The word of this name.
pub(super) fn word(engine: &'static Engine, name: &str) -> Option<&'static Word> {
    engine.words.iter().find(|word| word.is_called(name))
}

/// Refuses what an address says that would not be so, and spells the rest as the tables do.
pub(super) fn check(engine: &'static Engine, address: &mut Address) -> Result<(), DatabaseError> {
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &address.parameters {
        if seen.contains(&name.as_str()) {
            return Err(bad(&format!("{} is said twice", shown(name)), "keep one of the two"));
        }
        seen.push(name);
        let Some(word) = word(engine, name) else {
            return Err(unknown(engine, address, name));
        };
        judge(word, value).map_err(|(what, hint)| bad(&what, &hint))?;
    }
    for (name, value) in &mut address.parameters {
        if let Some(word) = word(engine, name) {
            *value = word.spelled(std::mem::take(value));
        }
    }
    Ok(())
}

/// A value of a word that is taken, as the table spells it.
pub(super) fn taken(word: &Word, value: String) -> Result<String, (String, String)> {
    judge(word, &value).map(|()| word.spelled(value))
}

/// Why a value of a word is refused, and what to do. It is not repeated, since it may be anything.
pub(super) fn judge(word: &Word, value: &str) -> Result<(), (String, String)> {
    let name = word.name;
    match word.fate(value) {
        Fate::Done | Fate::Idle => Ok(()),
        Fate::Refused(instead) => {
            let said = word.values.iter().find(|(known, _)| known.eq_ignore_ascii_case(value));
            let said = said.map_or_else(|| format!("`{name}`"), |(value, _)| format!("`{name}={value}`"));
            Err((format!("{said} is not supported"), instead.to_owned()))
        }
        Fate::Wrong => {
            let fine = word
                .values
                .iter()
                .filter(|(_, fate)| matches!(fate, Fate::Done | Fate::Idle));
            let fine: Vec<&str> = fine
                .map(|(value, _)| *value)
                .filter(|value| !value.is_empty())
                .collect();
            let hint = match fine.as_slice() {
                [] => word.means.to_owned(),
                fine => format!("`{name}` is one of `{}`", fine.join("`, `")),
            };
            Err((format!("`{name}` has a value that it cannot have"), hint))
        }
    }
}

/// A word that this engine does not have: another driver's, a slip, or one of an engine's of ours.
fn unknown(engine: &'static Engine, address: &Address, name: &str) -> DatabaseError {
    let rest = ready(engine, address);
    if let Some(foreign) = others::word(engine, name) {
        return bad(
            &format!("`{}` is a word of {}", foreign.name, foreign.of),
            &format!("{}; for syncline the URL is {rest}", foreign.here),
        );
    }
    let taken = engine.words.iter().filter(|word| word.is_taken()).map(|word| word.name);
    let near = crate::script::nearest(name, taken);
    let done = engine
        .words
        .iter()
        .filter(|word| word.otherwise == Fate::Done || word.has(Fate::Done));
    let done: Vec<&str> = done.map(|word| word.name).collect();
    let hint = match near {
        Some(near) => format!("did you mean `{near}`? Without it, it is {rest}"),
        None => format!(
            "it takes `{}`, and others that change nothing; without this one it is {rest}",
            done.join("`, `").replace('[', "[…]")
        ),
    };
    bad(
        &format!("{} is no word of a URL for {}", shown(name), engine.name),
        &hint,
    )
}

impl Word {
    /// Whether there is a value with which it is taken.
    pub fn is_taken(&self) -> bool {
        matches!(self.otherwise, Fate::Done | Fate::Idle) || self.has(Fate::Done) || self.has(Fate::Idle)
    }

    fn has(&self, fate: Fate) -> bool {
        self.values.iter().any(|(_, known)| *known == fate)
    }
}

/// A name of a parameter, unless it may be something else.
fn shown(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
    match name.len() <= 40 && name.chars().all(plain) {
        true => format!("`{name}`"),
        false => "what stands behind the `?`".to_owned(),
    }
}

#[cfg(all(test, feature = "postgres", feature = "mysql", feature = "_sqlite"))]
mod tests {
    use super::*;
    use crate::database::{ENGINES, Target, words_of};

    /// The beginning of a URL of each engine.
    fn begun(engine: &Engine) -> &'static str {
        match engine.id {
            "sqlite" => "sqlite:a.db",
            "mysql" => "mysql://me:s3cret@h/d",
            _ => "postgres://me:s3cret@h/d",
        }
    }

    fn engine(id: &str) -> &'static Engine {
        ENGINES.iter().find(|engine| engine.id == id).copied().unwrap()
    }

    #[test]
    fn every_word_of_the_tables_meets_its_fate() {
        for engine in ENGINES {
            for word in engine.words {
                let name = word.name.replace('[', "[work_mem]");
                let values = word.values.iter().map(|(value, fate)| (*value, *fate));
                let other = if word.name == "hostaddr" { "192.0.2.9" } else { "9" };
                for (value, fate) in values.chain([(other, word.fate(other))]) {
                    let url = format!("{}?{name}={value}", begun(engine));
                    let told = Target::from_url(&url);
                    match fate {
                        // Without a value, numbers are none.
                        Fate::Done | Fate::Idle => assert!(told.is_ok(), "{url}: {told:?}"),
                        Fate::Refused(instead) => {
                            let error = told.unwrap_err();
                            assert_eq!(error.hint.as_deref(), Some(instead), "{url}");
                            assert!(error.message.contains(&format!("`{}", word.name)), "{error}");
                        }
                        Fate::Wrong => assert!(told.is_err(), "{url}"),
                    }
                    // In capitals it is the same: nothing is taken and then read as if it were not there.
                    let loud = Target::from_url(&format!("{}?{name}={}", begun(engine), value.to_uppercase()));
                    let told = Target::from_url(&url);
                    assert_eq!(format!("{loud:?}"), format!("{told:?}"), "{url}");
                }
            }
        }
    }

    #[test]
    fn every_word_of_another_driver_gets_the_line_that_says_it_here_and_a_url_that_is_taken() {
        let mut tried = 0;
        for engine in ENGINES {
            for foreign in words_of(engine) {
                assert!(
                    word(engine, foreign.name).is_none(),
                    "{} is a word of our own",
                    foreign.name
                );
                let url = format!("{}?{}=s3cret", begun(engine), foreign.name);
                let error = Target::from_url(&url).unwrap_err();
                let hint = error.hint.unwrap();
                assert!(
                    error
                        .message
                        .contains(&format!("`{}` is a word of {}", foreign.name, foreign.of)),
                    "{}",
                    error.message
                );
                assert!(hint.contains(foreign.here) && !hint.contains("s3cret"), "{hint}");
                // Whoever follows is let through.
                let ready = hint.rsplit_once("the URL is `").unwrap().1.split('`').next().unwrap();
                assert!(Target::from_url(&ready.replace("***", "x")).is_ok(), "{ready}");
                // So is whoever takes a word that the line names.
                for said in foreign
                    .here
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .filter(|said| said.contains('='))
                {
                    let said = said.replace("NAME%3DVALUE", "work_mem%3D5MB");
                    let told = Target::from_url(&format!("{}?{said}", begun(engine)));
                    assert!(
                        told.is_ok() || said.starts_with("pooler"),
                        "{}: {said}: {told:?}",
                        foreign.name
                    );
                }
                tried += 1;
            }
        }
        assert!(tried > 150, "{tried}");
    }

    /// What `PQconndefaults` of libpq 15 and 18 lists, each with its variable.
    const LIBPQ: &str = "service:PGSERVICE user:PGUSER password:PGPASSWORD passfile:PGPASSFILE channel_binding:PGCHANNELBINDING \
         connect_timeout:PGCONNECT_TIMEOUT dbname:PGDATABASE host:PGHOST hostaddr:PGHOSTADDR port:PGPORT client_encoding:PGCLIENTENCODING \
         options:PGOPTIONS application_name:PGAPPNAME fallback_application_name: keepalives: keepalives_idle: keepalives_interval: \
         keepalives_count: tcp_user_timeout: sslmode:PGSSLMODE sslnegotiation:PGSSLNEGOTIATION sslcompression:PGSSLCOMPRESSION \
         sslcert:PGSSLCERT sslkey:PGSSLKEY sslcertmode:PGSSLCERTMODE sslpassword: sslrootcert:PGSSLROOTCERT sslcrl:PGSSLCRL \
         sslcrldir:PGSSLCRLDIR sslsni:PGSSLSNI requirepeer:PGREQUIREPEER require_auth:PGREQUIREAUTH min_protocol_version:PGMINPROTOCOLVERSION \
         max_protocol_version:PGMAXPROTOCOLVERSION ssl_min_protocol_version:PGSSLMINPROTOCOLVERSION \
         ssl_max_protocol_version:PGSSLMAXPROTOCOLVERSION gssencmode:PGGSSENCMODE krbsrvname:PGKRBSRVNAME gsslib:PGGSSLIB \
         gssdelegation:PGGSSDELEGATION replication: target_session_attrs:PGTARGETSESSIONATTRS load_balance_hosts:PGLOADBALANCEHOSTS \
         scram_client_key: scram_server_key: oauth_issuer: oauth_client_id: oauth_client_secret: oauth_scope: sslkeylogfile:";

    #[test]
    fn every_word_and_every_variable_of_libpq_is_in_the_tables() {
        let postgres = engine("postgres");
        for (name, variable) in LIBPQ.split_whitespace().filter_map(|pair| pair.split_once(':')) {
            assert!(word(postgres, name).is_some(), "{name}");
            let looked_at = postgres.variables.contains(&(variable, name));
            assert!(
                looked_at || variable.is_empty() || variable == "PGCLIENTENCODING",
                "{variable}"
            );
        }
        for (variable, name) in ENGINES.iter().flat_map(|engine| engine.variables) {
            let known = ENGINES.iter().any(|engine| word(engine, name).is_some());
            assert!(known, "{variable}");
        }
    }

    #[test]
    fn what_is_said_twice_or_is_no_word_is_refused_with_the_nearest() {
        for (url, words, hint) in [
            (
                "postgres://h/d?sslmode=disable&sslmode=verify-full",
                "`sslmode` is said twice",
                "keep one",
            ),
            (
                "postgres://h/d?sslmod=require",
                "`sslmod` is no word of a URL for PostgreSQL",
                "did you mean `sslmode`?",
            ),
            ("mysql://h/d?ssl_moed=x", "`ssl_moed` is no word", "`mysql://h/d`"),
            (
                "postgres://h/d?s3cr%40t%20x=1",
                "what stands behind the `?`",
                "it takes",
            ),
        ] {
            let error = Target::from_url(url).unwrap_err();
            assert!(error.message.contains(words), "{url}: {error}");
            let said = error.hint.unwrap();
            assert!(said.contains(hint), "{url}: {said}");
        }
    }
}
