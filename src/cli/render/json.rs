//! The document as JSON: one object, on stdout, with everything.

use super::Output;
use super::escape::escape_json;
use crate::cli::document::Document;

/// Writes it. Somebody may look at it on a terminal.
pub fn render(document: &Document, output: &Output) {
    match serde_json::to_string_pretty(document) {
        Ok(text) => output.raw(&format!("{}\n", escape_json(&text))),
        Err(error) => output.keep(Err(error.into())),
    }
}
