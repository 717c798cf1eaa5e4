//! How many tests passed and failed, read from what the runners print.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
}

impl Counts {
    /// What one line of a runner's output adds. Most lines add nothing.
    pub(super) fn of_line(line: &str) -> Counts {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result: ") {
            return of_cargo(rest);
        }
        // Node's runner says `# pass 3` to a pipe; newer ones say it to everybody with a sign of their own.
        match line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            Some(rest) => of_node(rest),
            None => Counts::default(),
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads `ok. 27 passed; 0 failed; 0 ignored; …`.
fn of_cargo(rest: &str) -> Counts {
    let before = |word: &str| {
        let count = rest.split([';', '.']).find_map(|it| it.trim().strip_suffix(word));
        count.and_then(|it| it.trim().parse().ok()).unwrap_or_default()
    };
    Counts {
        passed: before(" passed"),
        failed: before(" failed"),
    }
}

/// Reads `pass 3`, `fail 1` and `cancelled 1`.
fn of_node(rest: &str) -> Counts {
    let Some((word, count)) = rest.split_once(' ') else {
        return Counts::default();
    };
    let count = count.parse().unwrap_or_default();
    match word {
        "pass" => Counts {
            passed: count,
            failed: 0,
        },
        "fail" | "cancelled" => Counts {
            passed: 0,
            failed: count,
        },
        _ => Counts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runners_counts_are_summed() {
        let output = "running 2 tests\n\
            test result: ok. 27 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n\
            # tests 9\n# pass 5\n# fail 1\n# cancelled 1\nℹ pass 2\n# pass the salt\n";
        let mut sum = Counts::default();
        output.lines().for_each(|it| sum += Counts::of_line(it));
        assert_eq!(
            sum,
            Counts {
                passed: 37,
                failed: 4
            }
        );
    }
}
