//! A second connection that reaches another server than the first says nothing of the first one's session, and ends none there.

use std::fs;

use crate::program::Running;
use crate::proxy::Proxy;
use crate::server::{Engine, Server};
use crate::session::Session;

#[tokio::test]
async fn mariadb_is_not_given_up_for_what_another_server_says() {
    // All of them have the same password.
    goes_on(Engine::MariaDb, "SELECT SLEEP(5)", "DO 0", "crash").await;
}

#[tokio::test]
async fn postgres_is_not_given_up_for_what_another_server_says() {
    goes_on(
        Engine::Postgres,
        "SELECT pg_sleep(5)",
        "ALTER ROLE tester PASSWORD 'same'",
        "same",
    )
    .await;
}

/// A statement takes longer than a server may keep silent, while whoever looks on comes to the other server.
async fn goes_on(engine: Engine, statement: &str, same: &str, password: &str) {
    let (mut first, mut other) = (Server::start(engine).await, Server::start(engine).await);
    for server in [&mut first, &mut other] {
        server.session("").await.query(same).await;
    }
    // Sessions of the other server, one of which has the number of ours.
    let url = other
        .url("")
        .replace(&format!(":{}@", other.password()), &format!(":{password}@"));
    let mut strangers = Vec::new();
    for _ in 0..20 {
        strangers.push(Session::open(&url).await.unwrap());
    }
    let proxy = Proxy::between(engine, [first.port, other.port], None).await;
    let files = tempfile::tempdir().unwrap();
    fs::write(files.path().join("1_a.sql"), format!("{statement};\n")).unwrap();
    let url = first.url_at(proxy.port, "");
    let url = url.replace(&format!(":{}@", first.password()), &format!(":{password}@"));
    let place = files.path().to_str().unwrap();
    let arguments = ["up", "--dir", place, "--format", "json", "--connect-timeout", "300ms"];
    let said = Running::syncline(&url, &arguments).end().await.unwrap();
    assert_eq!(said.exit, Some(0), "{said:?}");
    assert_eq!(said.json().unwrap()["applied"].as_array().unwrap().len(), 1);
    for stranger in &mut strangers {
        assert_eq!(stranger.query("SELECT 'here'").await, ["here"]);
    }
}
