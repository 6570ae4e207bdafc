//! Several tests at once.

/// Holm's adjusted p-values, in the order of the given ones; all as decimal logarithms, so that nothing
/// underflows. Rejecting what is at most the error rate keeps the chance of any false rejection to that rate,
/// however the tests depend on each other. NaN counts as 1.
///
/// S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6
/// (1979).
#[must_use]
pub fn holm_log10(log10_p: &[f64]) -> Vec<f64> {
    let known = |index: usize| if log10_p[index].is_nan() { 0.0 } else { log10_p[index].min(0.0) };
    let mut ascending: Vec<usize> = (0..log10_p.len()).collect();
    ascending.sort_by(|&a, &b| known(a).total_cmp(&known(b)));
    let mut adjusted = vec![0.0; log10_p.len()];
    let mut largest = f64::NEG_INFINITY;
    for (rank, &index) in ascending.iter().enumerate() {
        let times = (log10_p.len() - rank) as f64;
        largest = (known(index) + libm::log10(times)).clamp(largest, f64::MAX).min(0.0);
        adjusted[index] = largest;
    }
    adjusted
}
