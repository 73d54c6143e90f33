//! The document as JSON: one object, on stdout, with everything.

use super::Output;
use crate::cli::document::Document;

/// Writes it.
pub fn render(document: &Document, output: &Output) {
    match serde_json::to_string_pretty(document) {
        Ok(text) => output.raw(&format!("{text}\n")),
        Err(error) => output.keep(Err(error.into())),
    }
}
