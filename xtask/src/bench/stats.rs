//! Percentiles of a handful of measured times.

use std::time::Duration;

/// Measured times, shortest first.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// None if nothing was measured, as then there is no percentile to tell.
    pub(crate) fn new(mut times: Vec<Duration>) -> Option<Times> {
        times.sort_unstable();
        (!times.is_empty()).then_some(Times(times))
    }

    /// The time that `percent` of all do not exceed (nearest rank).
    pub(crate) fn percentile(&self, percent: u32) -> Duration {
        let rank = (self.0.len() * percent as usize).div_ceil(100).max(1);
        self.0[rank.min(self.0.len()) - 1]
    }

    /// The middle one.
    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The longest.
    pub(crate) fn max(&self) -> Duration {
        self.percentile(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(millis: impl IntoIterator<Item = u64>) -> Option<Times> {
        Times::new(millis.into_iter().map(Duration::from_millis).collect())
    }

    #[test]
    fn nearest_rank_of_a_hundred() -> anyhow::Result<()> {
        let times = times((1..=100).rev()).ok_or_else(|| anyhow::anyhow!("empty"))?;
        assert_eq!(times.median(), Duration::from_millis(50));
        assert_eq!(times.percentile(99), Duration::from_millis(99));
        assert_eq!(times.max(), Duration::from_millis(100));
        Ok(())
    }

    #[test]
    fn one_time_is_every_percentile() -> anyhow::Result<()> {
        let times = times([7]).ok_or_else(|| anyhow::anyhow!("empty"))?;
        assert_eq!(times.percentile(1), times.max());
        Ok(())
    }

    #[test]
    fn nothing_measured_has_no_percentiles() {
        assert!(times([]).is_none());
    }
}
