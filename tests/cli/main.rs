//! The command line as its users see it: the real program in a directory of its own, and everything that it says.
//!
//! Each test tells a story; the snapshots beside it read like a manual. `INSTA_UPDATE=always cargo test --test cli` writes
//! them anew.

#[path = "../shared/settings.rs"]
mod settings;

mod apply;
mod configuration;
mod connect_wait;
mod documents;
mod files;
mod flags;
mod help;
mod history;
mod json;
mod liquibase;
mod no_files;
mod nothing;
mod outside;
mod postgres;
mod project;
mod repairs;
mod revert;
mod secrets;
mod signals;
mod streams;
mod styles;
#[cfg(target_os = "linux")]
mod untold;
