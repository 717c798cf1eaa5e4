//! How long stays are elsewhere: what a house goes by until it has stays of its own.

/// Mean stay in minutes by covers, 1 to 7, and 8 and more: published restaurant figures.
pub(crate) const MEAN_MINUTES: [f64; 8] = [41.0, 47.0, 52.0, 54.0, 60.0, 63.0, 69.0, 75.0];

/// The standard deviation of a stay's natural logarithm. An assumption: the figures come without a spread. With it,
/// half of all stays are within about a quarter of the median, and one in twenty is 78 % longer than that, or more.
const SIGMA: f64 = 0.35;

/// The upper half of the standard normal distribution's quantiles at 1/40, 3/40 … 39/40. The lower half is its
/// mirror image.
const UPPER_QUANTILES: [f64; 10] = [
    0.0627, 0.1891, 0.3186, 0.4538, 0.5978, 0.7554, 0.9346, 1.1503, 1.4395, 1.9600,
];

/// How many stays [`typical`] gives.
pub(crate) const TYPICAL_STAYS: usize = 2 * UPPER_QUANTILES.len();

/// Stays in whole seconds, shortest first, that stand for the published distribution of one size of party: the
/// middles of 20 slices of equal probability.
///
/// Stays are log-normal: `exp(mu + sigma * z)` with `z` standard normal. Its mean is `exp(mu + sigma² / 2)`,
/// so that `mu = ln(mean) - sigma² / 2`.
pub(crate) fn typical(size: usize) -> Vec<i64> {
    let mu = (MEAN_MINUTES[size] * 60.0).ln() - SIGMA * SIGMA / 2.0;
    let below = UPPER_QUANTILES.iter().rev().map(|z| -z);
    let z = below.chain(UPPER_QUANTILES.iter().copied());
    z.map(|z| (mu + SIGMA * z).exp().round() as i64).collect()
}
