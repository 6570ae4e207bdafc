//! Published and independently computed values (see `meta` of `reference.json`).

use serde_json::Value;
use yardstick_stats::before_after::{Effect, Period, compare_given};
use yardstick_stats::daily::Day;
use yardstick_stats::delta::{self, Pair};
use yardstick_stats::two_arms::difference;
use yardstick_stats::{
    Alternative, Degenerate, Interval, Sample, Share, Welch, beta_cdf, clopper_pearson, holm_log10,
    ln_chi_square_sf, log10_p_of_z, moments, normal, pooled_z, quantile_type7, sample_ratio, student,
    unpooled_z, welch, wilson,
};

/// A number of the file, where non-finite ones are texts.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.replace("Infinity", "inf").parse().expect("a number as text"),
        other => other.as_f64().expect("a number"),
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(list) => list.iter().map(number).collect(),
        None => vec![number(value)],
    }
}

/// What a method answers, by the names of what the case expects; or why it does not.
type Answer = Result<Vec<(&'static str, Vec<f64>)>, Degenerate>;

fn bounds(interval: Interval) -> Vec<f64> {
    vec![interval.low, interval.high]
}

fn answer(method: &str, inputs: &Value) -> Option<Answer> {
    let input = |name: &str| number(&inputs[name]);
    let one = |name: &'static str, result: Result<f64, Degenerate>| result.map(|x| vec![(name, vec![x])]);
    Some(match method {
        "norm_sf" => one("sf", Ok(normal::sf(input("x")))),
        "norm_ppf" => one("x", normal::ppf(input("p"))),
        "student_t_sf" => one("sf", student::sf(input("t"), input("df"))),
        "student_t_ppf" => one("t", student::ppf(input("p"), input("df"))),
        "beta_cdf" => one("cdf", beta_cdf(input("a"), input("b"), input("x"))),
        "one_proportion_ci95" => {
            let (x, n) = (input("x"), input("n"));
            let exact = clopper_pearson(x, n, 0.95).map(bounds);
            wilson(x, n, 0.95)
                .and_then(|score| Ok(vec![("wilson", bounds(score)), ("clopper_pearson", exact?)]))
        }
        "two_proportion" => two_proportions(inputs),
        "non_inferiority_proportion" => non_inferiority(inputs),
        "chi2_sf" => one("sf", ln_chi_square_sf(input("x"), input("df")).map(libm::exp)),
        "srm_chi_square" => {
            let groups = numbers(&inputs["observed"]).into_iter().zip(numbers(&inputs["weights"]));
            sample_ratio(&groups.collect::<Vec<_>>()).map(|found| {
                let p = libm::exp10(found.log10_p);
                let log10_p = vec![found.log10_p];
                let chi2 = vec![found.chi_square];
                vec![("chi2", chi2), ("df", vec![found.df]), ("p", vec![p]), ("log10_p", log10_p)]
            })
        }
        "multiple_testing" => {
            let log10_p: Vec<f64> = numbers(&inputs["p_values"]).into_iter().map(libm::log10).collect();
            Ok(vec![("holm", holm_log10(&log10_p).into_iter().map(libm::exp10).collect())])
        }
        "mean_variance" => {
            let found = moments(&numbers(&inputs["values"]));
            let variance = found.variance().expect("two values");
            Ok(vec![("mean", vec![found.mean]), ("variance_ddof1", vec![variance])])
        }
        "quantile_type7" => {
            let values = numbers(&inputs["values"]);
            let quantile = |q: &f64| quantile_type7(&values, *q).expect("a quantile");
            Ok(vec![("values", numbers(&inputs["q"]).iter().map(quantile).collect())])
        }
        "ratio_metric" => two_ratios(inputs),
        "engagement_ratio" => {
            let days = numbers(&inputs["daily_active"]);
            let daily = |day: &f64| Pair { numerator: *day, denominator: input("mau") };
            delta::value(&days.iter().map(daily).collect::<Vec<_>>()).map(|ratio| {
                let average = vec![ratio * input("mau")];
                vec![
                    ("avg_dau", average),
                    ("dau_mau", vec![ratio]),
                    ("days_per_month_30", vec![30.0 * ratio]),
                ]
            })
        }
        "saturation" => {
            let users = Pair { numerator: input("feature_users"), denominator: input("users_with_access") };
            one("saturation", delta::value(&[users]))
        }
        "welch_t_summary" => {
            let sample = |arm: &str| {
                let input = |name: &str| number(&inputs[format!("{name}_{arm}")]);
                let (n, sd) = (input("n"), input("sd"));
                Sample { n, mean: input("mean"), m2: sd * sd * (n - 1.0) }
            };
            welch(&sample("t"), &sample("c")).and_then(|found| of_welch(&found))
        }
        "welch_t_raw" => {
            let [treatment, control] = ["treatment", "control"].map(|arm| moments(&numbers(&inputs[arm])));
            welch(&Sample::from(&treatment), &Sample::from(&control)).and_then(|found| {
                let mut answer = of_welch(&found)?;
                answer.push(("mean_t", vec![treatment.mean]));
                answer.push(("mean_c", vec![control.mean]));
                answer.extend(treatment.variance().map(|variance| ("var_t", vec![variance])));
                answer.extend(control.variance().map(|variance| ("var_c", vec![variance])));
                Ok(answer)
            })
        }
        "week_over_week_paired" => {
            let [after, before] = ["after", "before"].map(|name| {
                numbers(&inputs[name]).into_iter().map(|sum| Day { n: 1.0, sum }).collect::<Vec<_>>()
            });
            let period = |days| Period { days, first_weekday: 0 };
            compare_given(period(&after), period(&before), Effect::Additive, 0.0).and_then(|found| {
                let welch = found.difference()?;
                Ok(vec![
                    ("ratio", vec![found.relative(0.95)?.value + 1.0]),
                    ("mean_diff", vec![welch.difference]),
                    ("t", vec![welch.t(0.0)]),
                    ("p", vec![libm::exp10(welch.log10_p(0.0, Alternative::TwoSided)?)]),
                ])
            })
        }
        "tost_means" => {
            let [x, y] = ["x", "y"].map(|name| Sample::from(&moments(&numbers(&inputs[name]))));
            let (low, high) = (input("low"), input("high"));
            welch(&x, &y).and_then(|found| {
                let p_low = libm::exp10(found.log10_p(low, Alternative::Greater)?);
                let p_high = libm::exp10(found.log10_p(high, Alternative::Less)?);
                Ok(vec![
                    ("p", vec![p_low.max(p_high)]),
                    ("t_low", vec![found.t(low)]),
                    ("p_low", vec![p_low]),
                    ("t_high", vec![found.t(high)]),
                    ("p_high", vec![p_high]),
                    ("df", vec![found.df]),
                ])
            })
        }
        _ => return None,
    })
}

/// Users whose sums are the case's: 200 active ones, half of them above and half below the average of either
/// number, and the rest without any.
fn users(arm: &Value) -> Vec<Pair> {
    const ACTIVE: usize = 200;
    let of = |name: &str| number(&arm[name]) / ACTIVE as f64;
    let (m, d) = (of("m_sum"), of("d_sum"));
    let spread = libm::sqrt(of("d_sum_sq") - d * d);
    let slope = (of("md_sum") - m * d) / spread;
    let rest = libm::sqrt(of("m_sum_sq") - m * m - slope * slope);
    let user = |index: usize| {
        if index >= ACTIVE {
            return Pair { numerator: 0.0, denominator: 0.0 };
        }
        let (x, y) = [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)][index % 4];
        Pair { numerator: m + slope * x + rest * y, denominator: d + spread * x }
    };
    (0..number(&arm["n"]) as usize).map(user).collect()
}

fn two_ratios(inputs: &Value) -> Answer {
    let ratio = |arm: &str| {
        let found = delta::independent(&users(&inputs[arm]))?;
        let n = found.units as f64;
        let variance = found.linearised_error * found.linearised_error * n;
        Ok((found.value, variance, Sample { n, mean: found.value, m2: variance * (n - 1.0) }))
    };
    let (ratio_c, var_c, control) = ratio("control")?;
    let (ratio_t, var_t, treatment) = ratio("treatment")?;
    let found = welch(&treatment, &control)?;
    Ok(vec![
        ("ratio_c", vec![ratio_c]),
        ("ratio_t", vec![ratio_t]),
        ("var_c", vec![var_c]),
        ("var_t", vec![var_t]),
        ("diff", vec![found.difference]),
        ("ci95", bounds(found.interval(0.95)?)),
        ("p", vec![libm::exp10(found.log10_p(0.0, Alternative::TwoSided)?)]),
    ])
}

fn shares(inputs: &Value) -> Result<(Share, Share), Degenerate> {
    let share = |arm: &str| {
        let input = |name: &str| number(&inputs[format!("{name}_{arm}")]);
        Share::new(input("x"), input("n"))
    };
    Ok((share("t")?, share("c")?))
}

fn two_proportions(inputs: &Value) -> Answer {
    let (treatment, control) = shares(inputs)?;
    let interval = difference(&treatment.wilson(0.95)?, &control.wilson(0.95)?)?;
    let mut answer = vec![
        ("diff", vec![treatment.value() - control.value()]),
        ("rate_t", vec![treatment.value()]),
        ("rate_c", vec![control.value()]),
        ("newcombe_ci95", bounds(interval)),
    ];
    // Without any doubt in either there is no z; the file writes NaN for it, and the interval stays.
    let Ok(z) = pooled_z(&treatment, &control) else { return Ok(answer) };
    let log10_p = |alternative| log10_p_of_z(z, alternative);
    answer.extend([
        ("z_pooled", vec![z]),
        ("log10_p_two_sided", vec![log10_p(Alternative::TwoSided)?]),
        ("p_two_sided", vec![libm::exp10(log10_p(Alternative::TwoSided)?)]),
        ("p_greater", vec![libm::exp10(log10_p(Alternative::Greater)?)]),
        ("p_less", vec![libm::exp10(log10_p(Alternative::Less)?)]),
    ]);
    Ok(answer)
}

fn non_inferiority(inputs: &Value) -> Answer {
    let (treatment, control) = shares(inputs)?;
    let z = unpooled_z(&treatment, &control, 1.0, -number(&inputs["margin"]))?;
    let p = libm::exp10(log10_p_of_z(z, Alternative::Greater)?);
    // The file has the Wald bound; what its error is follows from z.
    let error = (treatment.value() - control.value() + number(&inputs["margin"])) / z;
    let confidence = Alternative::Greater.interval_confidence(0.95);
    let low = treatment.value() - control.value() - normal::two_sided(confidence)? * error;
    Ok(vec![("z", vec![z]), ("p", vec![p]), ("lower_ci95_one_sided", vec![low])])
}

fn of_welch(found: &Welch) -> Answer {
    let log10_p = found.log10_p(0.0, Alternative::TwoSided)?;
    Ok(vec![
        ("diff", vec![found.difference]),
        ("se", vec![found.standard_error]),
        ("t", vec![found.t(0.0)]),
        ("df", vec![found.df]),
        ("log10_p_two_sided", vec![log10_p]),
        ("p_two_sided", vec![libm::exp10(log10_p)]),
        ("ci95", bounds(found.interval(0.95)?)),
    ])
}

/// The file's words for an input without an answer.
fn policy(why: Degenerate) -> &'static str {
    match why {
        Degenerate::NoData | Degenerate::OneValue | Degenerate::ZeroDenominator => "insufficient_sample",
        Degenerate::ZeroVariance => "insufficient_variance",
        _ => "refused",
    }
}

#[test]
fn every_case_is_met_within_its_tolerance() {
    let file: Value = serde_json::from_str(include_str!("reference.json")).expect("the file is JSON");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert_eq!(file["meta"]["count"].as_u64(), Some(cases.len() as u64));
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let method = case["method"].as_str().expect("a method");
        let answer = answer(method, &case["inputs"]).unwrap_or_else(|| panic!("{id}: unknown {method}"));
        let expected = case["expected"].as_object().expect("an object");
        if let (Some(wanted), Err(why)) = (expected.get("policy"), &answer) {
            assert_eq!(wanted.as_str(), Some(policy(*why)), "{id}");
            continue;
        }
        let answer = answer.unwrap_or_else(|why| panic!("{id}: {why}"));
        let undefined = expected.values().any(|value| value.as_str() == Some("NaN"));
        assert!(undefined || !expected.contains_key("policy"), "{id}: answered");
        let (absolute, relative) = (number(&case["tolerance"]["abs"]), number(&case["tolerance"]["rel"]));
        for (name, expected) in expected {
            // What is undefined is not answered; the rest of the case may be.
            if name == "policy" || expected.as_str() == Some("NaN") {
                assert!(answer.iter().all(|(known, _)| known != name), "{id} {name}: answered");
                continue;
            }
            let found = answer.iter().find(|(known, _)| known == name);
            let (_, found) = found.unwrap_or_else(|| panic!("{id}: no answer for {name}"));
            let expected = numbers(expected);
            assert_eq!(found.len(), expected.len(), "{id} {name}");
            for (found, expected) in found.iter().zip(&expected) {
                let off = (found - expected).abs();
                assert!(off <= absolute + relative * expected.abs(), "{id} {name}: {found}, not {expected}");
            }
        }
    }
}
