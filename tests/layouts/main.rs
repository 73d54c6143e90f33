//! The files of other tools, read in place: what each form of name and each line means, what is refused and what is passed over.

#[path = "../shared/settings.rs"]
mod settings;

#[allow(dead_code, reason = "the command line's tests use more of it")]
#[path = "../cli/project.rs"]
mod project;

mod atlas;
mod both_directions;
mod dbmate;
mod detection;
mod diesel;
mod directories;
mod drizzle;
mod flyway;
mod folders;
mod golang_migrate;
mod goose;
mod graphile_migrate;
mod house;
mod known_by_name;
mod maragudk;
mod node_pg_migrate;
mod placeholders;
mod pop;
mod postgres_migrations;
mod prisma;
mod program;
mod read;
mod refinery;
mod rules;
mod session;
mod sqitch;
mod sql_migrate;
mod sqlx_cli;
mod supabase;
mod tern;
mod transactions;
mod wrangler_d1;
mod written;
mod yoyo;
