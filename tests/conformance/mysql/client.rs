//! Somebody else's session, kept open: a new one for each question costs more than the question.

use sqlx::{AssertSqlSafe, Connection, MySqlConnection, Row, raw_sql};

use super::super::fixture::Bench;

pub(super) struct Client {
    connection: MySqlConnection,
    /// The name of the database, which `{}` stands for in what is executed.
    name: String,
}

impl Client {
    pub(super) async fn of(bench: &Bench) -> Self {
        let mut connection = MySqlConnection::connect(bench.url()).await.unwrap();
        // Programs keep what they were made with, and the driver has its own.
        let settings = raw_sql("SET sql_mode = DEFAULT, time_zone = DEFAULT");
        settings.execute(&mut connection).await.unwrap();
        Self {
            connection,
            name: bench.url().rsplit_once('/').unwrap().1.to_owned(),
        }
    }

    pub(super) fn text(&self, template: &str) -> String {
        template.replace("{}", &self.name)
    }

    pub(super) async fn execute(&mut self, template: &str) {
        let text = self.text(template);
        let executed = raw_sql(AssertSqlSafe(text)).execute(&mut self.connection).await;
        if let Err(error) = executed {
            panic!("`{template}`: {error}");
        }
    }

    /// The first column of all rows.
    pub(super) async fn query(&mut self, template: &str) -> Vec<String> {
        let text = self.text(template);
        let rows = raw_sql(AssertSqlSafe(text))
            .fetch_all(&mut self.connection)
            .await
            .unwrap();
        let first = |row| Row::get_unchecked::<Option<String>, _>(row, 0).unwrap_or_default();
        rows.iter().map(first).collect()
    }

    /// Makes the database empty.
    pub(super) async fn empty(&mut self) {
        self.execute("DROP DATABASE `{}`; CREATE DATABASE `{}`; USE `{}`").await;
    }
}
