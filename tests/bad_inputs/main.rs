//! Bad inputs, as tables: each line says what somebody may hand to the program, and what it has to answer.
//!
//! Every line is run as the real binary, for people and for programs, on each engine that it is about. All of them also ask that
//! nothing was changed that the line does not name: files, schema, ledger; and that nothing reaches a terminal raw.

#[path = "../shared/counted.rs"]
mod counted;
#[path = "../shared/random.rs"]
mod random;
#[path = "../shared/settings.rs"]
mod settings;

mod bench;
mod case;
mod check;
mod live;
mod pretender;
mod twisted;

mod bytes;
mod command_line;
mod configuration;
mod encryption;
mod files;
mod hostile;
mod limits;
mod loading;
mod mariadb;
mod names;
mod parsing;
mod rows;
mod running;
mod secrets;
mod servers;
mod waiting;
