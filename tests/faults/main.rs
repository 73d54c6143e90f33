//! What is left when the program or the server is killed, at every message between them.
//!
//! A proxy on loopback stands between the two and knows when a message is under way. After each kill the next `syncline up` has to
//! finish the work: every effect is there once, and nobody is asked where the database itself can tell.
//!
//! Beside that: many runners at once, and any sequence of what people do, compared with a model.
#![cfg(target_os = "linux")]

#[path = "../shared/counted.rs"]
mod counted;
#[path = "../shared/random.rs"]
mod random;
#[path = "../shared/settings.rs"]
mod settings;

mod answer;
mod campaign;
mod checker;
mod disk;
mod messages;
mod process;
mod program;
mod proxy;
mod scenario;
mod server;
mod session;
mod sessions;
mod shim;
mod tally;
mod trial;

mod cut;
mod elsewhere;
mod found;
mod full_disk;
mod killed_program;
mod killed_server;
mod model;
mod points;
mod races;
mod writes;
