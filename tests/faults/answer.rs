//! The answer to the program's question what became of a statement.

use serde_json::Value;

use crate::program::Running;
use crate::server::Server;
use crate::trial::Trial;

/// Says what became of a statement, with the command that was proposed, after a look into the database.
pub(crate) async fn answer(trial: &Trial<'_>, server: &mut Server, document: &Value) -> Result<(), String> {
    let wrong = |what: &str| format!("{what}: {document}");
    let error = &document["error"];
    if !["unknown-outcome", "partial"].contains(&error["code"].as_str().unwrap_or_default()) {
        return Err(wrong("not a question"));
    }
    let findings = document["findings"].as_array().into_iter().flatten();
    let proposed = findings.map(|finding| &finding["help"]).chain([&error["next"]]);
    let resolve: Vec<&str> = proposed
        .flat_map(|list| list.as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .filter(|line| line.starts_with("syncline repair resolve "))
        .collect();
    let [applied, not_applied] = resolve[..] else {
        return Err(wrong("there are not two answers"));
    };
    if !applied.contains(" --applied ") || !not_applied.contains(" --not-applied ") {
        return Err(wrong("the answers are others"));
    }
    let message = error["message"].as_str().unwrap_or_default();
    let statement: usize = message
        .split_once("statement ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| wrong("no statement is named"))?;
    let done = trial.scenario.done(&trial.checker(server).see().await);
    let is_last = message.starts_with("3 ");
    let before = if is_last { trial.scenario.before_last() } else { 1 };
    let is_done = |number: usize| done.contains(&number);
    let line = match (is_done(before + statement - 1), is_done(before + statement)) {
        (false, true) => applied,
        (true, false) => not_applied,
        _ => return Err(wrong(&format!("the statement is not the one, after {done:?}"))),
    };
    if is_last && line == not_applied {
        // Where there was no room MariaDB may have left a table that it does not know itself.
        let clear = "DROP TABLE IF EXISTS settings";
        server.session(&trial.database).await.query(clear).await;
    }
    let line = line.replace('…', "somebody looked");
    let said = Running::typed(&server.url(&trial.database), &line).end().await?;
    match said.exit {
        Some(0) => Ok(()),
        _ => Err(format!("{line}: {said:?}")),
    }
}
