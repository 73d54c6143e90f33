//! The projects: where their migrations are, what has to be configured, and what is known of their rollbacks.

use crate::place::Engine;
use crate::place::Engine::{MariaDb, Postgres, Sqlite};

/// One database of one project.
pub struct Run {
    /// As in the names of the dumps.
    pub name: &'static str,
    pub engine: Engine,
    pub directory: &'static str,
    /// At most three lines.
    pub configuration: &'static str,
    /// What the application does before: run by the database's own client.
    pub before: &'static str,
    /// A script of the project that the client runs before.
    pub base: Option<&'static str>,
    /// The list for `order`.
    pub order: &'static str,
    /// The layout that detection has to find, where it is not syncline's own.
    pub layout: &'static str,
    pub rollback: Rollback,
    /// How many migrations there are where MariaDB stops at one that only MySQL takes.
    pub stops_of: Option<usize>,
    /// How many migrations there are, where the list of the project's own tool does not say it.
    pub steps: Option<usize>,
    /// Views that the project's own tool makes and the dump lacks, which is of scripts that a client has run.
    pub unknown_views: &'static [&'static str],
    /// The tool whose history half of it is taken over from; empty where that is not tried.
    pub tool: &'static str,
}

/// How far the down scripts go, one by one from the newest.
#[derive(Clone, Copy)]
pub enum Rollback {
    /// There are none.
    None,
    /// To nothing, and up again to the same schema.
    All,
    /// To nothing, but they do not undo everything.
    Lies,
    /// So many; the next one ends with an error of the server, or is not there.
    Stops(usize),
    /// The same, and `up` does not bring the schema back: it stopped half-way, or those before do not undo everything.
    StopsForGood(usize),
}

use Rollback::{All, Lies, Stops, StopsForGood};

const fn run(name: &'static str, engine: Engine, directory: &'static str) -> Run {
    Run {
        name,
        engine,
        directory,
        configuration: "",
        before: "",
        base: None,
        order: "",
        layout: "native",
        rollback: Rollback::None,
        stops_of: None,
        steps: None,
        unknown_views: &[],
        tool: "",
    }
}

impl Run {
    const fn layout(mut self, layout: &'static str) -> Self {
        self.layout = layout;
        self
    }

    const fn tool(mut self, tool: &'static str) -> Self {
        self.tool = tool;
        self
    }

    const fn with(mut self, configuration: &'static str) -> Self {
        self.configuration = configuration;
        self
    }

    const fn after(mut self, before: &'static str) -> Self {
        self.before = before;
        self
    }

    const fn from(mut self, base: &'static str) -> Self {
        self.base = Some(base);
        self
    }

    const fn listed(mut self, order: &'static str) -> Self {
        self.order = order;
        self
    }

    /// So many, with files that say nothing to the tool and define views.
    const fn of(mut self, steps: usize, unknown_views: &'static [&'static str]) -> Self {
        self.steps = Some(steps);
        self.unknown_views = unknown_views;
        self
    }

    const fn stops(mut self, of: usize) -> Self {
        self.stops_of = Some(of);
        self
    }

    const fn down(mut self, rollback: Rollback) -> Self {
        self.rollback = rollback;
        self
    }
}

const AUTHELIA: &str = r"pattern = 'V(?<version>[0-9]+)\.(?<name>.+)\.(?<direction>up|down)\.sql'";
/// The application gives its connections two functions; here a library does.
const AUTHELIA_SQLITE: &str = r"pattern = 'V(?<version>[0-9]+)\.(?<name>.+)\.(?<direction>up|down)\.sql'
target.here = { url = 'sqlite:DATABASE', extensions = ['./base64'], session = 'PRAGMA foreign_keys = off' }";
const KEYS_OFF: &str = "session = 'PRAGMA foreign_keys = off'";
/// What the application sets for its sessions.
macro_rules! storage {
    ($before:literal) => {
        concat!(
            "session = \"",
            $before,
            "select set_config('storage.install_roles','true',false),set_config('storage.multitenant','false',false),\
             set_config('storage.anon_role','anon',false),set_config('storage.authenticated_role','authenticated',false),\
             set_config('storage.service_role','service_role',false),set_config('storage.super_user','postgres',false),\
             set_config('storage.iceberg_default_shard','',false),set_config('storage.iceberg_shards','{}',false),\
             set_config('storage.vector_bucket_provider','',false)\""
        )
    };
}
const STORAGE: &str = storage!("set search_path = storage, public; ");
const MULTITENANT: &str = storage!("");

/// Everything after the release that it begins with. It reads other files with a command of the client's.
const ZONEMINDER: &str = "pattern = 'zm_update-(?<version>1\\.(30\\.[1-9][0-9]*|3[1-9]\\.[0-9]+))\\.sql(\\.in)?'\n\
     placeholders = { '@ZM_DB_NAME@' = 'c_zoneminder', '@ZM_MYSQL_ENGINE@' = 'InnoDB', '@ZM_DIR_EVENTS@' = '/var/cache/zoneminder/events', 'source @PKGDATADIR@/db/triggers.sql' = { file = 'CORPORA/zoneminder/db/triggers.sql' }, 'source @PKGDATADIR@/db/manufacturers.sql' = { file = 'CORPORA/zoneminder/db/manufacturers.sql' }, 'source @PKGDATADIR@/db/models.sql' = { file = 'CORPORA/zoneminder/db/models.sql' } }";

const GRAPHILE: &str = "order = 'order.txt'\n\
     placeholders = { ':DATABASE_NAME' = 'c_graphile_starter', ':DATABASE_OWNER' = 'gs_owner', ':DATABASE_AUTHENTICATOR' = 'gs_auth', ':DATABASE_VISITOR' = 'gs_visitor' }\n\
     session = 'set search_path = app_public, app_private, app_hidden, public'";
const GRAPHILE_ROLES: &str = "DO $$ DECLARE role text; BEGIN FOREACH role IN ARRAY ARRAY['gs_owner', 'gs_auth', 'gs_visitor'] LOOP \
     IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN EXECUTE format('CREATE ROLE %I', role); END IF; END LOOP; END $$";

/// What Java does is not part of the files; its `runAlways` only says to the session who it is.
const TERMX: &str = "liquibase = { changelog = 'termx-app/src/main/resources/changelog.xml', not-run = ['customChange', 'runAlways'] }\n\
     placeholders = { '${app-username}' = 'termx_app', '${viewer-username}' = 'termx_viewer' }\n\
     session = \"select set_config('core.client_identifier', 'liquibase', false)\"";
const TERMX_ROLES: &str = "DO $$ DECLARE role text; BEGIN FOREACH role IN ARRAY ARRAY['termx_app', 'termx_viewer'] LOOP \
     IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN EXECUTE format('CREATE ROLE %I', role); END IF; END LOOP; END $$";

pub static RUNS: &[Run] = &[
    run(
        "atuin-server",
        Postgres,
        "atuin/crates/atuin-server-postgres/migrations",
    )
    .tool("sqlx"),
    run(
        "atuin-server-sqlite",
        Sqlite,
        "atuin/crates/atuin-server-sqlite/migrations",
    )
    .tool("sqlx"),
    run("atuin-client", Sqlite, "atuin/crates/atuin-client/migrations").tool("sqlx"),
    run(
        "atuin-client-record-migrations",
        Sqlite,
        "atuin/crates/atuin-client/record-migrations",
    )
    .tool("sqlx"),
    run(
        "atuin-client-meta-migrations",
        Sqlite,
        "atuin/crates/atuin-client/meta-migrations",
    )
    .tool("sqlx"),
    run("atuin-scripts", Sqlite, "atuin/crates/atuin-scripts/migrations")
        .tool("sqlx")
        .down(Stops(0)),
    run("atuin-kv", Sqlite, "atuin/crates/atuin-kv/migrations")
        .tool("sqlx")
        .down(All),
    run("atuin-ai", Sqlite, "atuin/crates/atuin-ai/migrations").tool("sqlx"),
    run("authelia", Postgres, "authelia/internal/storage/migrations/postgres")
        .with(AUTHELIA)
        .layout("pattern")
        .down(All),
    run("authelia", MariaDb, "authelia/internal/storage/migrations/mysql")
        .with(AUTHELIA)
        .layout("pattern")
        .down(StopsForGood(19)),
    run("authelia", Sqlite, "authelia/internal/storage/migrations/sqlite")
        .with(AUTHELIA_SQLITE)
        .layout("pattern")
        .down(All),
    run("crates.io", Postgres, "crates.io/migrations")
        .layout("diesel")
        .tool("diesel")
        .down(Stops(50)),
    run("gitness", Postgres, "gitness/app/store/database/migrate/postgres")
        .with("layout = 'maragudk'")
        .layout("maragudk")
        .down(Stops(11)),
    run("gitness", Sqlite, "gitness/app/store/database/migrate/sqlite")
        .with("layout = 'maragudk'\nsession = 'PRAGMA foreign_keys = off'")
        .layout("maragudk")
        .down(Stops(8)),
    run("graph-node", Postgres, "graph-node/store/postgres/migrations")
        .layout("diesel")
        .tool("diesel")
        .down(Stops(13)),
    run(
        "hawkbit",
        Postgres,
        "hawkbit/hawkbit-repository/hawkbit-repository-jpa-flyway/src/main/resources/db/migration/POSTGRESQL",
    )
    .layout("flyway")
    .tool("flyway"),
    run(
        "hawkbit",
        MariaDb,
        "hawkbit/hawkbit-repository/hawkbit-repository-jpa-flyway/src/main/resources/db/migration/MYSQL",
    )
    .layout("flyway")
    .tool("flyway"),
    run("homarr", Postgres, "homarr/packages/db/migrations/postgresql")
        .layout("drizzle")
        .tool("drizzle"),
    run("homarr", MariaDb, "homarr/packages/db/migrations/mysql")
        .layout("drizzle")
        .tool("drizzle"),
    run("homarr", Sqlite, "homarr/packages/db/migrations/sqlite")
        .layout("drizzle")
        .tool("drizzle"),
    run("ncps", Postgres, "ncps/db/migrations/postgres")
        .layout("dbmate")
        .tool("dbmate")
        .down(All),
    run("ncps", MariaDb, "ncps/db/migrations/mysql")
        .layout("dbmate")
        .tool("dbmate")
        .down(All),
    run("ncps", Sqlite, "ncps/db/migrations/sqlite")
        .layout("dbmate")
        .tool("dbmate")
        .down(All),
    run("openfga", Postgres, "openfga/assets/migrations/postgres")
        .layout("goose")
        .tool("goose")
        .down(All),
    run("openfga", MariaDb, "openfga/assets/migrations/mysql")
        .layout("goose")
        .stops(8),
    run("openfga", Sqlite, "openfga/assets/migrations/sqlite")
        .layout("goose")
        .tool("goose")
        .down(All),
    run("rauthy", Postgres, "rauthy/migrations/postgres").tool("refinery"),
    run("rauthy", Sqlite, "rauthy/migrations/hiqlite")
        .with(r"pattern = '(?<version>[0-9]+)_(?<name>.+)\.sql'")
        .layout("pattern"),
    run("river", Postgres, "river/riverdriver/riverpgxv5/migration/main")
        .with("placeholders = { '/* TEMPLATE: schema */' = '' }")
        .down(All),
    run("river", Sqlite, "river/riverdriver/riversqlite/migration/main")
        .with("placeholders = { '/* TEMPLATE: schema */' = '' }")
        .down(All),
    run("sqitch-intro", MariaDb, "sqitch-intro/mysql")
        .after("DROP USER IF EXISTS flipr")
        .layout("sqitch")
        .tool("sqitch")
        .down(All),
    run("sqitch-intro", Sqlite, "sqitch-intro/sqlite")
        .layout("sqitch")
        .tool("sqitch")
        .down(All),
    run("supabase-auth", Postgres, "supabase-auth/migrations")
        .with("placeholders = { '{{ index .Options \"Namespace\" }}' = 'auth' }")
        .after("CREATE SCHEMA auth")
        .layout("pop"),
    run(
        "supabase-storage-tenant",
        Postgres,
        "supabase-storage/migrations/tenant",
    )
    .with(STORAGE)
    .after("CREATE SCHEMA storage")
    .layout("postgres-migrations"),
    run(
        "supabase-storage-multitenant",
        Postgres,
        "supabase-storage/migrations/multitenant",
    )
    .with(MULTITENANT)
    .layout("postgres-migrations"),
    run("zoneminder", MariaDb, "zoneminder/db")
        .with(ZONEMINDER)
        .from("zoneminder/base/zm_create-1.30.0.sql.in")
        .layout("pattern"),
    run("graphile-starter", Postgres, "graphile-starter/@app/db/migrations")
        .with(GRAPHILE)
        .after(GRAPHILE_ROLES)
        .listed("afterReset.sql\ncommitted/000001.sql\n")
        .layout("order"),
    run("termx", Postgres, "termx")
        .with(TERMX)
        .after(TERMX_ROLES)
        .layout("liquibase")
        .of(374, &["terminology.concept_name", "terminology.concept_order"]),
    run(
        "uaa",
        Postgres,
        "uaa/server/src/main/resources/org/cloudfoundry/identity/uaa/db/postgresql",
    )
    .layout("flyway")
    .tool("flyway"),
    run(
        "uaa",
        MariaDb,
        "uaa/server/src/main/resources/org/cloudfoundry/identity/uaa/db/mysql",
    )
    .layout("flyway")
    .stops(88),
    run("umami", Postgres, "umami/prisma/migrations")
        .layout("prisma")
        .tool("prisma"),
    run("vaultwarden", Sqlite, "vaultwarden/migrations/sqlite")
        .with(KEYS_OFF)
        .layout("diesel")
        .tool("diesel")
        .down(Lies),
    run("vaultwarden", MariaDb, "vaultwarden/migrations/mysql")
        .with("session = 'SET FOREIGN_KEY_CHECKS = 0'")
        .layout("diesel")
        .tool("diesel")
        .down(Lies),
    run("vaultwarden", Postgres, "vaultwarden/migrations/postgresql")
        .layout("diesel")
        .tool("diesel")
        .down(StopsForGood(26)),
];
