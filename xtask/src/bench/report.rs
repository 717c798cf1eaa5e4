//! What a run has found: a table to read and JSON to keep.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

/// A measured value in a unit that suits it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    value: f64,
    unit: &'static str,
}

impl Figure {
    /// In microseconds.
    pub(crate) fn micros(time: Duration) -> Figure {
        Figure {
            value: time.as_secs_f64() * 1e6,
            unit: "us",
        }
    }

    /// In milliseconds.
    pub(crate) fn millis(time: Duration) -> Figure {
        Figure {
            value: time.as_secs_f64() * 1e3,
            unit: "ms",
        }
    }

    /// In seconds.
    pub(crate) fn seconds(time: Duration) -> Figure {
        Figure {
            value: time.as_secs_f64(),
            unit: "s",
        }
    }

    /// How often in a second.
    pub(crate) fn per_second(value: f64) -> Figure {
        Figure { value, unit: "/s" }
    }

    /// In KiB.
    pub(crate) fn kibibytes(bytes: f64) -> Figure {
        Figure {
            value: bytes / 1024.0,
            unit: "KiB",
        }
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = match self.value.abs() {
            100.0.. => 0,
            10.0..100.0 => 1,
            0.1..10.0 => 2,
            _ => 3,
        };
        let space = if self.unit == "/s" { "" } else { " " };
        write!(f, "{:.decimals$}{space}{}", self.value, self.unit)
    }
}

/// What the figure should be, in the figure's unit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Budget {
    /// Smaller is better.
    AtMost(f64),
    /// Larger is better.
    AtLeast(f64),
}

impl Budget {
    fn holds(self, value: f64) -> bool {
        match self {
            Budget::AtMost(limit) => value <= limit,
            Budget::AtLeast(limit) => value >= limit,
        }
    }
}

/// One line of the report.
#[derive(Debug)]
pub(crate) struct Row {
    name: String,
    figure: Figure,
    budget: Option<Budget>,
    beside: Vec<(String, Figure)>,
    notes: Vec<String>,
}

impl Row {
    /// A figure without a budget.
    pub(crate) fn new(name: impl Into<String>, figure: Figure) -> Row {
        Row {
            name: name.into(),
            figure,
            budget: None,
            beside: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What it should be.
    pub(crate) fn budget(mut self, budget: Budget) -> Row {
        self.budget = Some(budget);
        self
    }

    /// What the machine allowed in the same run, in the same unit.
    pub(crate) fn beside(mut self, name: impl Into<String>, limit: Figure) -> Row {
        self.beside.push((name.into(), limit));
        self
    }

    /// What a reader must know to judge the figure.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Row {
        self.notes.push(note.into());
        self
    }

    fn met(&self) -> Option<bool> {
        self.budget.map(|budget| budget.holds(self.figure.value))
    }

    fn ratio(&self, limit: Figure) -> f64 {
        self.figure.value / limit.value
    }

    /// One line of cells, and one more for each further limit.
    fn cells(&self) -> Vec<[String; 6]> {
        let budget = match self.budget {
            Some(Budget::AtMost(value)) => format!("<= {}", Figure { value, ..self.figure }),
            Some(Budget::AtLeast(value)) => format!(">= {}", Figure { value, ..self.figure }),
            None => String::new(),
        };
        let met = self.met().map_or("", |met| if met { "met" } else { "over" });
        let mut lines = vec![[
            self.name.clone(),
            self.figure.to_string(),
            budget,
            met.into(),
            "".into(),
            "".into(),
        ]];
        for (i, (name, limit)) in self.beside.iter().enumerate() {
            if i > 0 {
                lines.push(Default::default());
            }
            lines[i][4] = format!("{name}: {limit}");
            lines[i][5] = format!("{:.2}", self.ratio(*limit));
        }
        lines
    }

    fn json(&self) -> Value {
        let budget = self.budget.map(|budget| match budget {
            Budget::AtMost(value) => json!({"at_most": value}),
            Budget::AtLeast(value) => json!({"at_least": value}),
        });
        let beside = self
            .beside
            .iter()
            .map(|(name, limit)| json!({"name": name, "value": limit.value, "ratio": self.ratio(*limit)}));
        json!({
            "name": self.name,
            "value": self.figure.value,
            "unit": self.figure.unit,
            "budget": budget,
            "met": self.met(),
            "beside": beside.collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }
}

const TITLES: [&str; 6] = [
    "name",
    "figure",
    "budget",
    "met?",
    "beside it in this run",
    "ratio",
];

/// All `rows` as a table, which is Markdown too, then their notes.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut lines = vec![TITLES.map(str::to_owned)];
    lines.extend(rows.iter().flat_map(Row::cells));
    let width = |column: usize| {
        lines
            .iter()
            .map(|line| line[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..TITLES.len()).map(width).collect();
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text.push_str("|\n");
        if i == 0 {
            for width in &widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text.push_str("|\n");
        }
    }
    for row in rows {
        for note in &row.notes {
            let _ = write!(text, "\n- {}: {note}", row.name);
        }
    }
    text
}

/// All `rows` with what ran them and where.
pub(crate) fn to_json(machine: &Value, quick: bool, rows: &[Row], failures: &[String]) -> Value {
    json!({
        "machine": machine,
        "quick": quick,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
        "failures": failures,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_budget_is_met_and_how_near_the_limits_it_is() {
        let row = Row::new("fan-out", Figure::micros(Duration::from_nanos(1500)))
            .budget(Budget::AtMost(1.1))
            .beside("one write each", Figure::micros(Duration::from_micros(3)))
            .beside("piled up", Figure::micros(Duration::from_micros(1)))
            .note("500 screens");
        let expected = "\
| name    | figure  | budget     | met? | beside it in this run   | ratio |
|---------|---------|------------|------|-------------------------|-------|
| fan-out | 1.50 us | <= 1.10 us | over | one write each: 3.00 us | 0.50  |
|         |         |            |      | piled up: 1.00 us       | 1.50  |

- fan-out: 500 screens";
        assert_eq!(table(&[row]), expected);
    }

    #[test]
    fn more_is_better_for_a_rate() {
        let row = Row::new("writes", Figure::per_second(12_000.0)).budget(Budget::AtLeast(10_000.0));
        assert_eq!(row.json()["met"], json!(true));
        assert_eq!(row.json()["budget"], json!({"at_least": 10_000.0}));
        assert_eq!(row.figure.to_string(), "12000/s");
    }

    #[test]
    fn a_figure_without_a_budget_is_neither_met_nor_over() {
        let row = Row::new("raw", Figure::seconds(Duration::from_millis(70)));
        assert_eq!(row.json()["met"], Value::Null);
        assert_eq!(row.figure.to_string(), "0.070 s");
    }
}
