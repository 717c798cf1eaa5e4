//! What is worth reading again of what a program printed, for a step that failed: whoever sees only the
//! end of a long run has it there.

use std::collections::VecDeque;

/// Lines from a runner's first words about a failure on: its message, or its place in a test's YAML.
const BEHIND: usize = 14;
/// Most lines that are kept because they tell of a failure.
const TELLING_MAX: usize = 120;
/// Lines that are kept because they were the last: where it hung, or what ended it.
const LAST_MAX: usize = 30;
/// Longer lines are cut.
const CHARS_MAX: usize = 400;

/// The lines that tell of failures, and the last ones.
#[derive(Default)]
pub(super) struct Trail {
    telling: Vec<String>,
    last: VecDeque<String>,
    n_behind: usize,
}

impl Trail {
    /// Takes in a line.
    pub(super) fn hear(&mut self, line: &str) {
        let line: String = line.trim_end().chars().take(CHARS_MAX).collect();
        if tells_of_failure(&line) {
            self.n_behind = BEHIND;
        }
        if self.n_behind > 0 && self.telling.len() < TELLING_MAX {
            self.n_behind -= 1;
            self.telling.push(line);
            return;
        }
        if self.last.len() == LAST_MAX {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    /// The lines to show: in the order in which they came, within either kind.
    pub(super) fn lines(&self) -> impl Iterator<Item = &str> {
        let telling = self.telling.iter();
        telling.chain(&self.last).map(String::as_str)
    }
}

/// Whether cargo, its test runner or Node's begins to tell of a failure with this line.
fn tells_of_failure(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("not ok ")
        || line.starts_with("error: ")
        || line.starts_with("error[")
        || line.ends_with(" ... FAILED")
        || line.contains("panicked at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(lines: impl IntoIterator<Item = String>) -> Vec<String> {
        let mut trail = Trail::default();
        lines.into_iter().for_each(|it| trail.hear(&it));
        trail.lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_failure_is_kept_however_much_comes_behind_it() {
        let told = [
            "not ok 3 - a table\n".to_owned(),
            "  error: '1 is not 2'\n".to_owned(),
        ];
        let noise = (0..1_000).map(|it| format!("ok {it}\n"));
        let kept = trail(told.into_iter().chain(noise));
        assert_eq!(kept[..3], ["not ok 3 - a table", "  error: '1 is not 2'", "ok 0"]);
        assert_eq!(kept.last().map(String::as_str), Some("ok 999"));
        assert!(kept.len() <= 2 * BEHIND + LAST_MAX, "{}", kept.len());
    }

    #[test]
    fn a_program_that_fails_without_end_is_kept_in_bounds() {
        let kept = trail((0..10_000).map(|it| format!("error: {it}{}", "x".repeat(10_000))));
        assert_eq!(kept.len(), TELLING_MAX + LAST_MAX);
        assert!(kept.iter().all(|it| it.len() <= CHARS_MAX));
    }
}
