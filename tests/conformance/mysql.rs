//! What only MySQL and MariaDB do.

mod client;
mod configured;
mod dump;
mod implicit;
mod killed;
mod programs;
mod server;
mod session;
mod settles;
mod statements;
