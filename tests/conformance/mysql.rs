//! What only MySQL and MariaDB do.

mod client;
mod configured;
mod dump;
mod implicit;
mod killed;
mod server;
mod session;
mod settles;
