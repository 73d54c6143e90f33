//! Tables without lines around them, one row a line, never wrapped.

use comfy_table::{ContentArrangement, Table};

use super::escape::escape_line;
use super::page::{Ink, Mark, Page};

/// Draws a table. Each row begins with its mark.
pub fn draw<const N: usize>(page: &mut Page, head: [&str; N], rows: impl IntoIterator<Item = (Mark, [String; N])>) {
    let mut table = Table::new();
    // A terminal that is too narrow wraps by itself; a file has no width at all.
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    let mut marks = Vec::new();
    for (mark, cells) in rows {
        marks.push(mark);
        table.add_row(cells.iter().map(|cell| escape_line(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut lines = table.lines();
    if let Some(head) = lines.next() {
        page.say("  ").put(Ink::Dim, head.trim_end()).end();
    }
    for (mark, line) in marks.into_iter().zip(lines) {
        page.mark(mark).say(line.trim_end()).end();
    }
}
