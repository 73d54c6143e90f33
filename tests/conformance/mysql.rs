//! What only MySQL and MariaDB do.

mod client;
mod configured;
mod dump;
mod implicit;
mod killed;
mod programs;
mod server;
mod session;
mod settings;
mod settles;
mod statements;

pub(crate) use server::Server;
