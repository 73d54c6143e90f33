//! What only MySQL and MariaDB do.

mod client;
mod configured;
mod dump;
mod implicit;
mod killed;
mod server;
mod session;
mod settles;

/// Runs each test on both products.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($bench:ident: Bench) $body:block)+) => {
        mod mariadb {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() { let $bench = Bench::mariadb().await; $body })+
        }
        mod mysql {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() {
                let Some($bench) = Bench::mysql().await else { return };
                $body
            })+
        }
    };
}
use on_both;
