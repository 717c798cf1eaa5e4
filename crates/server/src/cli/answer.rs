//! What a command prints: sentences, aligned tables, one JSON object a line.

use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// Characters of a line that every terminal shows.
const LINE: usize = 80;
/// Characters that no cell is cut below.
const CELL_MIN: usize = 8;
/// Characters of the last cell that the others make room for. It is never cut itself: a longer one runs on
/// into the next line.
const LAST_CELL: usize = 20;

/// Says something on standard output.
pub(super) fn say(text: &str) -> Result<()> {
    is_read(writeln!(io::stdout(), "{text}")).map(drop)
}

/// Whether somebody still reads what was written of an answer. They may have left, as `head` does when it has enough:
/// what was done stands.
pub(super) fn is_read(written: io::Result<()>) -> Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("write the answer"),
    }
}

/// Says something to the person at the terminal, while standard output is for another program.
#[expect(clippy::print_stderr, reason = "standard output is for another program")]
pub(super) fn say_aside(text: &str) {
    eprintln!("{text}");
}

/// Prints a list: as one JSON object a line, or as a table whose rows `cells` makes.
pub(super) fn list<const N: usize>(
    entries: &[Value],
    is_json: bool,
    head: [&str; N],
    cells: impl Fn(&Value) -> [String; N],
) -> Result<()> {
    if is_json {
        for entry in entries {
            say(&serde_json::to_string(entry)?)?;
        }
        return Ok(());
    }
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(entries.iter().map(cells));
    say(table(&rows).trim_end())
}

/// A cell for a text, or for nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A cell for several texts.
pub(super) fn texts(values: &Value) -> String {
    let all = values.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(text).collect::<Vec<_>>().join(",")
}

/// A cell for a time: in UTC, to the second.
pub(super) fn time(value: &Value) -> String {
    let text = text(value);
    text.get(..19).map_or(text.clone(), |it| it.replace('T', " "))
}

/// The entries of a list in an answer.
pub(super) fn entries<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |n: usize| rows.iter().map(|it| it[n].chars().count()).max();
    let mut widths: Vec<usize> = (0..N).map(|n| width(n).unwrap_or_default()).collect();
    if let Some(last) = widths.last_mut().filter(|it| **it > LAST_CELL) {
        *last = CELL_MIN;
    }
    let cut = N.saturating_sub(1);
    while widths.iter().sum::<usize>() + 2 * cut > LINE {
        match widths[..cut].iter_mut().max().filter(|it| **it > CELL_MIN) {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    let mut lines = String::new();
    for row in rows {
        let mut line = String::new();
        for (n, cell) in row.iter().enumerate() {
            let cell = plain(cell);
            let shown = if n < cut {
                shortened(&cell, widths[n])
            } else {
                cell
            };
            let width = widths[n];
            write!(line, "{shown:width$}  ").expect("writing to a string cannot fail");
        }
        lines += line.trim_end();
        lines.push('\n');
    }
    lines
}

/// Without what would move a terminal's cursor: names and logins are other people's texts.
fn plain(cell: &str) -> String {
    let shown = |it: char| if it.is_control() { '\u{fffd}' } else { it };
    cell.chars().map(shown).collect()
}

fn shortened(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    let kept = cell.chars().take(width.saturating_sub(1));
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_stand_below_each_other_and_fit_a_terminal() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let long = "n".repeat(200);
        let text = table(&[row(["ID", "NAME", "STATE"]), row(["1", &long, "active"])]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines.iter().all(|it| it.chars().count() <= 80), "{text}");
        let shown = |line: &str, word: char| line.chars().position(|it| it == word);
        assert_eq!(shown(lines[0], 'S'), shown(lines[1], 'a'), "{text}");
        assert!(lines[1].contains('…'), "{text}");
    }

    #[test]
    fn what_others_typed_does_not_move_the_cursor() {
        let text = table(&[["a\u{1b}[2Jb".to_owned(), "c".to_owned()]]);
        assert_eq!(text, "a\u{fffd}[2Jb  c\n");
    }
}
