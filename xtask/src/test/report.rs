//! What ran, how it went and how long it took.

use super::child::{Ended, Printed};
use super::counts::Counts;
use anyhow::Result;
use std::time::{Duration, Instant};

/// The steps so far.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
    printed: Printed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Skipped { why: String },
}

impl Report {
    /// Runs a step and says how it went. Returns whether it passed.
    pub(super) fn step(&mut self, name: &'static str, run: impl FnOnce() -> Result<Ended>) -> bool {
        println!("\n=== {name}");
        let start = Instant::now();
        let ended = run().unwrap_or_else(|error| {
            let said = format!("{name}: {error:#}");
            println!("{said}");
            let mut printed = Printed::default();
            printed.trail.hear(&said);
            Ended { well: false, printed }
        });
        let outcome = if ended.well {
            Outcome::Passed
        } else {
            Outcome::Failed
        };
        let took = start.elapsed();
        println!("=== {name}: {} in {:.1} s", outcome.word(), took.as_secs_f64());
        self.steps.push(Step {
            name,
            outcome,
            took,
            printed: ended.printed,
        });
        ended.well
    }

    /// Notes that a step does not run, so that nobody takes silence for success.
    pub(super) fn skip(&mut self, name: &'static str, why: &str) {
        println!("\n=== {name}\nskipped: {name}: {why}");
        let outcome = Outcome::Skipped { why: why.to_owned() };
        self.steps.push(Step {
            name,
            outcome,
            took: Duration::ZERO,
            printed: Printed::default(),
        });
    }

    pub(super) fn all_passed(&self) -> bool {
        self.sum().failed == 0
    }

    /// Prints what failed once more, the table, and the sum as the last line.
    pub(super) fn print(&self) {
        for step in self.steps.iter().filter(|it| it.outcome == Outcome::Failed) {
            println!(
                "\n--- {}, what tells of its failure, and the last that it said",
                step.name
            );
            step.printed.trail.lines().for_each(|it| println!("{it}"));
        }
        println!("\n{:<14} {:<8} {:>9}   tests", "step", "result", "time");
        for step in &self.steps {
            println!("{}", step.row());
        }
        let sum = self.sum();
        println!("\n{} passed, {} failed", sum.passed, sum.failed);
    }

    /// Every test and every step counts as one.
    fn sum(&self) -> Counts {
        let mut sum = Counts::default();
        for step in &self.steps {
            sum += step.printed.counts;
            sum += match step.outcome {
                Outcome::Passed => Counts { passed: 1, failed: 0 },
                Outcome::Failed => Counts { passed: 0, failed: 1 },
                Outcome::Skipped { .. } => Counts::default(),
            };
        }
        sum
    }
}

impl Step {
    fn row(&self) -> String {
        let start = format!("{:<14} {:<8}", self.name, self.outcome.word());
        if let Outcome::Skipped { why } = &self.outcome {
            return format!("{start} {:>9}   {why}", "-");
        }
        let tests = match self.printed.counts {
            Counts { passed: 0, failed: 0 } => String::new(),
            Counts { passed, failed } => format!("{passed} passed, {failed} failed"),
        };
        format!("{start} {:>7.1} s   {tests}", self.took.as_secs_f64())
            .trim_end()
            .to_owned()
    }
}

impl Outcome {
    fn word(&self) -> &'static str {
        match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::Skipped { .. } => "skipped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::trail::Trail;
    use super::*;

    #[test]
    fn the_sum_has_every_test_and_every_step_and_no_skipped_one() {
        let mut report = Report::default();
        let counts = Counts {
            passed: 10,
            failed: 0,
        };
        let printed = Printed {
            counts,
            trail: Trail::default(),
        };
        assert!(report.step("tests", || Ok(Ended { well: true, printed })));
        report.skip("web", "there is none");
        assert!(report.all_passed());
        assert!(!report.step("deny", || anyhow::bail!("no")));
        assert_eq!(
            report.sum(),
            Counts {
                passed: 11,
                failed: 1
            }
        );
        assert!(!report.all_passed());
    }

    #[test]
    fn a_row_says_what_happened() {
        let mut report = Report::default();
        report.skip("web", "there is none");
        assert_eq!(
            report.steps[0].row(),
            "web            skipped          -   there is none"
        );
    }
}
