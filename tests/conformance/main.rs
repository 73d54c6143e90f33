//! What every engine promises, tested on real databases: the same tests for all of them.
//!
//! A server that is not there is a failure, never a skipped test: `tests/run` starts what is needed. MySQL may be missing, of which not
//! every system has a package; `tests/run` says then that it was not tested. A second MariaDB is a developer's own.

#[path = "../shared/settings.rs"]
mod settings;

mod fixture;

mod apply;
mod asked;
mod atomic;
mod block;
mod connect;
mod control;
mod detach;
mod elsewhere;
mod encrypted;
mod files;
mod in_the_way;
mod indexes;
mod interrupt;
mod ledger;
mod lock;
mod mysql;
mod outside;
mod places;
mod polite;
mod pooled;
mod postgres;
mod pragmas;
mod progress;
mod repair;
mod revert;
mod session;
mod settled;
mod sqlite;
mod twice;
mod versions;
mod waits;
mod wire;

/// Runs each test on every MariaDB that there is, and on MySQL.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($bench:ident: Bench) $body:block)+) => {
        mod mariadb {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() { let $bench = Bench::mariadb().await; $body })+
        }
        mod mariadb_new {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() {
                let Some($bench) = Bench::mariadb_new().await else { return };
                $body
            })+
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
pub(crate) use on_both;

/// Runs each test on each engine.
macro_rules! on_every_engine {
    ($($(#[$meta:meta])* async fn $name:ident($bench:ident: Bench) $body:block)+) => {
        mod sqlite {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() { let $bench = Bench::sqlite(); $body })+
        }
        mod postgres {
            use super::*;
            $($(#[$meta])* #[tokio::test] async fn $name() { let $bench = Bench::postgres().await; $body })+
        }
        $crate::on_both! { $($(#[$meta])* async fn $name($bench: Bench) $body)+ }
    };
}
pub(crate) use on_every_engine;
