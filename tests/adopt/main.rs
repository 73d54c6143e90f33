//! `adopt` for every tool: histories built by the tool or as it documents them, on each engine that it supports.
//!
//! Each is read without a trace, taken over, gone on from, taken back, and kept up while the tool still looks at it.

#[path = "../shared/counted.rs"]
#[allow(dead_code, reason = "nothing here is random")]
mod counted;
#[path = "../shared/page.rs"]
mod page;
#[path = "../corpora/place.rs"]
#[allow(dead_code, reason = "the projects need more of it")]
mod place;
#[path = "../shared/runners.rs"]
mod runners;
#[path = "../shared/settings.rs"]
mod settings;
#[path = "../shared/sums.rs"]
mod sums;

mod beside;
mod ignored;
mod installed;
mod lost;
mod named;
mod pages;
mod project;
mod recorded;
mod renumbered;
mod reruns;
mod scenarios;
mod several;
mod special;
mod steps;
mod tools;
mod walk;
