//! What `tests/run`, or whoever runs the tests, says in the environment.

/// `None` where nothing is said.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::vars().find_map(|(known, value)| (known == name).then_some(value))
}

/// What has to be said: where a server is.
pub(crate) fn setting(name: &str) -> String {
    variable(name)
        .unwrap_or_else(|| panic!("{name} is not set: run tests/run, or tests/run --serve in another terminal"))
}
