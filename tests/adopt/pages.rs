//! The pages of `docs/adopt`: each begins with the history that its tool has left after two of three migrations.

use std::fs;

use crate::page;
use crate::place::Engine;
use crate::project::Project;
use crate::steps::STEPS;
use crate::tools::{changelog, checked, own, plain, programs};
use crate::walk::Tool;

fn check(tool: &Tool, page: &str) {
    let engine = match tool.engines {
        [only] => *only,
        _ => Engine::Sqlite,
    };
    let project = Project::new(
        engine,
        &format!("page-{}", tool.name),
        tool.configuration,
        &(tool.files)(&STEPS),
    );
    (tool.apply)(&project, &STEPS[..2], 0);
    // The page has no use for what keeps the directory.
    fs::remove_file(project.directory().join("migrations/.keep")).unwrap();
    let directory = project.directory().display().to_string();
    page::check(page, &directory, &[("SYNCLINE_URL", &project.place.url)]);
}

/// A test of each page.
macro_rules! pages {
    ($($name:ident: $tool:expr, $page:literal;)+) => {
        $(#[test] fn $name() { check(&$tool, $page); })+
    };
}

pages! {
    the_entry_is_what_the_program_prints: checked::FLYWAY, "docs/adopt.md";
    the_page_of_flyway_is_what_the_program_prints: checked::FLYWAY, "docs/adopt/flyway.md";
    the_page_of_prisma_is_what_the_program_prints: checked::PRISMA, "docs/adopt/prisma.md";
    the_page_of_drizzle_is_what_the_program_prints: checked::DRIZZLE, "docs/adopt/drizzle.md";
    the_page_of_liquibase_is_what_the_program_prints: changelog::LIQUIBASE, "docs/adopt/liquibase.md";
    the_page_of_atlas_is_what_the_program_prints: checked::ATLAS, "docs/adopt/atlas.md";
    the_page_of_sqitch_is_what_the_program_prints: checked::SQITCH, "docs/adopt/sqitch.md";
    the_page_of_sqlx_is_what_the_program_prints: own::SQLX, "docs/adopt/sqlx.md";
    the_page_of_refinery_is_what_the_program_prints: own::REFINERY, "docs/adopt/refinery.md";
    the_page_of_golang_migrate_is_what_the_program_prints: plain::GOLANG_MIGRATE, "docs/adopt/golang-migrate.md";
    the_page_of_goose_is_what_the_program_prints: plain::GOOSE, "docs/adopt/goose.md";
    the_page_of_dbmate_is_what_the_program_prints: plain::DBMATE, "docs/adopt/dbmate.md";
    the_page_of_diesel_is_what_the_program_prints: plain::DIESEL, "docs/adopt/diesel.md";
    the_page_of_sql_migrate_is_what_the_program_prints: plain::SQL_MIGRATE, "docs/adopt/sql-migrate.md";
    the_page_of_tern_is_what_the_program_prints: plain::TERN, "docs/adopt/tern.md";
    the_page_of_pop_is_what_the_program_prints: plain::POP, "docs/adopt/pop.md";
    the_page_of_supabase_is_what_the_program_prints: checked::SUPABASE, "docs/adopt/supabase.md";
    the_page_of_graphile_migrate_is_what_the_program_prints: checked::GRAPHILE_MIGRATE, "docs/adopt/graphile-migrate.md";
    the_page_of_wrangler_is_what_the_program_prints: plain::WRANGLER_D1, "docs/adopt/wrangler-d1.md";
    the_page_of_node_pg_migrate_is_what_the_program_prints: plain::NODE_PG_MIGRATE, "docs/adopt/node-pg-migrate.md";
    the_page_of_programs_is_what_the_program_prints: programs::DJANGO, "docs/adopt/programs.md";
    the_page_of_alembic_is_what_the_program_prints: programs::ALEMBIC, "docs/adopt/alembic.md";
}
