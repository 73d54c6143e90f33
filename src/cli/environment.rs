//! The environment variables, read in one place. Only `settings.rs` and the choice of characters ask for them.

/// The variables that syncline looks at, and those that a configuration names.
pub struct Environment(Box<Lookup>);

type Lookup = dyn Fn(&str) -> Option<String>;

impl Environment {
    /// That of this process. A value that is not UTF-8 counts as empty, and so is told like an empty one.
    pub fn of_process() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        Self(Box::new(|name| {
            std::env::var_os(name).map(|value| value.into_string().unwrap_or_default())
        }))
    }

    /// One that holds nothing but these.
    #[cfg(test)]
    pub fn of(pairs: &'static [(&'static str, &'static str)]) -> Self {
        Self(Box::new(|name| {
            pairs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        }))
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.0)(name)
    }

    /// The user that runs this, for engines that know no users.
    pub fn user(&self) -> String {
        self.first(["USER", "LOGNAME", "USERNAME"]).unwrap_or_default()
    }

    /// Whether the locale says that the terminal takes UTF-8.
    pub fn is_utf8(&self) -> bool {
        let locale = self
            .first(["LC_ALL", "LC_CTYPE", "LANG"])
            .unwrap_or_default()
            .to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }

    fn first(&self, names: [&str; 3]) -> Option<String> {
        names
            .into_iter()
            .filter_map(|name| self.get(name))
            .find(|value| !value.is_empty())
    }
}
