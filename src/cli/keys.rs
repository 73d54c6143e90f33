//! The keys of `syncline.toml`, as they are written.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};
use syncline::database::Pooler;
use syncline::plan::Rule;
use toml::Spanned;

use super::values;

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Keys {
    pub dir: Option<Spanned<Words>>,
    pub recursive: Option<bool>,
    pub layout: Option<Spanned<String>>,
    pub pattern: Option<Spanned<String>>,
    pub order: Option<Spanned<String>>,
    pub liquibase: Option<Spanned<LiquibaseKeys>>,
    #[serde(default)]
    pub placeholders: BTreeMap<String, Spanned<PlaceholderKey>>,
    #[serde(default)]
    pub files: Vec<FilesKeys>,
    pub session: Option<String>,
    pub default_target: Option<Spanned<String>>,
    pub lock_wait: Option<Time>,
    pub lock_timeout: Option<Limit>,
    pub statement_timeout: Option<Limit>,
    pub retries: Option<u32>,
    pub connect_timeout: Option<Limit>,
    pub connect_wait: Option<Time>,
    pub pooler: Option<PoolerKey>,
    pub keep_scripts: Option<Size>,
    pub max_file_size: Option<Size>,
    pub history_schema: Option<Spanned<String>>,
    pub history_table: Option<Spanned<String>>,
    pub script_table: Option<Spanned<String>>,
    pub adopt: Option<AdoptKeys>,
    #[serde(default)]
    pub policy: PolicyKeys,
    #[serde(default)]
    pub target: BTreeMap<String, Spanned<TargetKeys>>,
}

/// `[liquibase]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LiquibaseKeys {
    pub changelog: Option<String>,
    #[serde(default)]
    pub not_run: Vec<String>,
}

/// `[[files]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FilesKeys {
    #[serde(rename = "match")]
    pub glob: Spanned<String>,
    pub directives: Spanned<Words>,
}

/// One text, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a string, or an array of strings")]
pub enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Words::One(word) => std::slice::from_ref(word),
            Words::Several(words) => words,
        }
    }
}

/// The value of a placeholder: the text, or the variable of the environment or the file that holds it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum PlaceholderKey {
    Text(String),
    Variable(Variable),
    File(TextFile),
}

/// `{ env = "NAME" }`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub env: String,
}

/// `{ file = "PATH" }`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    pub file: String,
}

/// `[adopt]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AdoptKeys {
    pub from: Option<Spanned<String>>,
    pub table: Option<Spanned<String>>,
}

/// `[policy]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyKeys {
    pub out_of_order: Option<RuleKey>,
    pub missing: Option<RuleKey>,
    pub empty: Option<RuleKey>,
}

/// A rule as it is written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKey {
    Refuse,
    Allow,
}

/// How a pooler keeps sessions, as it is written.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PoolerKey {
    Session,
    Transaction,
}

impl From<PoolerKey> for Pooler {
    fn from(key: PoolerKey) -> Self {
        match key {
            PoolerKey::Session => Pooler::Session,
            PoolerKey::Transaction => Pooler::Transaction,
        }
    }
}

impl From<RuleKey> for Rule {
    fn from(key: RuleKey) -> Self {
        match key {
            RuleKey::Refuse => Rule::Refuse,
            RuleKey::Allow => Rule::Allow,
        }
    }
}

/// `[target.NAME]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TargetKeys {
    pub url: Option<Spanned<String>>,
    pub url_env: Option<Spanned<String>>,
    pub url_file: Option<Spanned<String>>,
    pub migration_url: Option<Spanned<String>>,
    pub migration_url_env: Option<Spanned<String>>,
    pub migration_url_file: Option<Spanned<String>>,
    pub engine: Option<Spanned<String>>,
    pub host: Option<Spanned<String>>,
    pub port: Option<u16>,
    pub user: Option<Spanned<String>>,
    pub password: Option<Spanned<String>>,
    pub password_env: Option<Spanned<String>>,
    pub password_file: Option<Spanned<String>>,
    pub database: Option<Spanned<String>>,
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    pub expect_database: Option<Spanned<String>>,
    pub history_schema: Option<Spanned<String>>,
    pub session: Option<String>,
    #[serde(default)]
    pub extensions: Vec<String>,
    pub dir: Option<Spanned<Words>>,
    pub history_table: Option<Spanned<String>>,
    pub script_table: Option<Spanned<String>>,
    pub lock_wait: Option<Time>,
    pub lock_timeout: Option<Limit>,
    pub statement_timeout: Option<Limit>,
    pub retries: Option<u32>,
    pub connect_timeout: Option<Limit>,
    pub connect_wait: Option<Time>,
    pub pooler: Option<PoolerKey>,
    pub adopt: Option<AdoptKeys>,
    #[serde(default)]
    pub policy: PolicyKeys,
}

/// A duration with its unit; zero means not to wait at all.
#[derive(Debug, Clone, Copy)]
pub struct Time(pub Duration);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        values::duration(&text).map(Self).map_err(de::Error::custom)
    }
}

/// A duration with its unit that is a limit: zero would mean none to some servers, and so is refused.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub Duration);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        values::limit(&text).map(Self).map_err(de::Error::custom)
    }
}

/// A number of bytes, such as `"1MiB"`.
#[derive(Debug, Clone, Copy)]
pub struct Size(pub u64);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(split);
        let factor = match unit.trim() {
            "B" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            "GiB" => 1024 * 1024 * 1024,
            _ => 0,
        };
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
        bytes
            .filter(|_| factor > 0)
            .map(Self)
            .ok_or_else(|| de::Error::custom("it takes a number with a unit (B, KiB, MiB, GiB), such as \"1MiB\""))
    }
}
