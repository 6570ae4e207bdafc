//! Two simulated years: every checkpoint at its instant, through changes to and from daylight-saving time, a leap day
//! and ends of months.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};

use super::{SMALL, World, both};

/// The first instant of a day in Berlin, by the calendar alone.
fn midnight(day: Date) -> Timestamp {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    day.to_zoned(zone).unwrap().timestamp()
}

/// The fiscal quarter of a day, by the calendar alone: a year from 1 February is called by the one that it ends in.
fn quarter(day: Date) -> String {
    let months = i32::from(day.year()) * 12 + i32::from(day.month()) - 2;
    format!("FY{:02}-Q{}", (months / 12 + 1) % 100, months % 12 / 3 + 1)
}

fn days(count: i64) -> Span {
    count.days()
}

impl World {
    fn clock_at(&self, instant: Timestamp) {
        self.clock.set(instant);
    }

    /// Values of every day since `from`; `day` has only begun, so that they are complete up to it.
    async fn nightly(&self, from: Date, day: Date) {
        let mut csv = "day,value\n".to_owned();
        let mut on = from;
        while on <= day {
            csv.push_str(&format!("{on},9\n"));
            on = on.checked_add(days(1)).unwrap();
        }
        self.import("app.uses", &csv).await.unwrap();
    }
}

both! {
    async fn every_checkpoint_of_two_years_is_judged_at_its_instant(database: Database) {
        let world = World::new(&database);
        let first: Date = "2027-01-04".parse().unwrap();
        let last: Date = "2028-12-31".parse().unwrap();
        world.clock_at(midnight(first));
        // Its fiscal year is not the organisation's.
        let small = SMALL.replace("name: Growth\n", "name: Growth\nfiscal_year_starts: 02-01\n");
        let (declared, release) = small.split_at(small.find("---\nrelease:").unwrap());
        // Counted where the team is, so that the ends of its days are the ends of the metric's.
        world.apply(&declared.replace("time_zone: UTC", "time_zone: Europe/Berlin")).await.unwrap();
        // A launch every 23 days, at another hour each time: all weekdays, ends of months, and the nights in which the
        // clocks change, which have 23 or 25 hours.
        let mut launches = Vec::new();
        let mut day = first;
        while day <= last {
            launches.push((day, 1 + (launches.len() * 7) % 23));
            day = day.checked_add(days(23)).unwrap();
        }
        for special in ["2027-03-26", "2027-03-28", "2027-10-29", "2027-10-31", "2028-02-27", "2028-02-29", "2028-03-25"] {
            launches.push((special.parse().unwrap(), 2));
        }
        launches.sort_unstable();
        // What is to happen: launches, and the end of each checkpoint by the calendar.
        let mut events = Vec::new();
        for (index, (day, hour)) in launches.iter().enumerate() {
            let at = midnight(*day).checked_add((*hour as i64).hours()).unwrap();
            events.push((at, index, None));
            for checkpoint in [2, 7] {
                let end = midnight(day.checked_add(days(checkpoint + 1)).unwrap());
                events.push((end, index, Some(checkpoint)));
            }
        }
        events.sort_unstable();
        let mut imported = first;
        for same in events.chunk_by(|one, other| one.0 == other.0) {
            let at = same[0].0;
            if let [(_, index, None)] = same {
                world.clock_at(at);
                let slug = format!("start-{index}");
                world.apply(&release.replace("---\n", "").replace("quick-start", &slug)).await.unwrap();
                world.launch(&slug, None).await.unwrap();
                continue;
            }
            let due: Vec<(String, i64)> = same
                .iter()
                .map(|(_, index, checkpoint)| {
                    let checkpoint = checkpoint.unwrap();
                    (format!("start-{index}/d{checkpoint}"), checkpoint)
                })
                .collect();
            // An instant too early nothing is due; at the instant it waits for its data, and with them it is given.
            world.clock_at(at.checked_sub(1.millisecond()).unwrap());
            assert_eq!(world.work().await, Vec::<String>::new(), "{due:?} before {at}");
            world.clock_at(at);
            let came = world.work().await;
            assert_eq!(came.len(), due.len(), "{due:?}: {came:?}");
            if due.iter().any(|(_, checkpoint)| *checkpoint == 7) {
                assert!(came.iter().any(|came| came.contains("is not complete up to the end of d7")), "{came:?}");
                let day = at.to_zoned(TimeZone::get("Europe/Berlin").unwrap()).date();
                world.nightly(imported, day).await;
                imported = imported.max(day.checked_sub(days(3)).unwrap());
                world.work().await;
            }
            for (address, checkpoint) in due {
                let document = world.document(&address).await;
                assert_eq!(document.judged_at, at.to_string(), "{address}");
                assert_eq!(document.revision, Some(1), "{address}");
                assert_eq!(document.outcome, if checkpoint == 7 { "pass" } else { "undecided" }, "{address}");
            }
        }
        world.clock_at(midnight("2029-06-01".parse().unwrap()));
        world.work().await;
        let counts = world.app.job_counts(world.clock.now()).await.unwrap();
        assert_eq!((counts.waiting, counts.running, counts.dead), (0, 0, 0));
        for (index, (day, _)) in launches.iter().enumerate() {
            let slug = format!("start-{index}").parse().unwrap();
            let detail = world.app.release_detail(&world.caller(), &slug).await.unwrap();
            assert_eq!(detail.quarter.to_string(), quarter(*day), "{day}");
            for checkpoint in ["d2", "d7"] {
                let document = world.document(&format!("start-{index}/{checkpoint}")).await;
                assert_eq!(document.revision, Some(1), "start-{index}/{checkpoint}: once, and never again");
            }
        }
        assert_eq!(world.app.check_audit(&world.caller_of("local"), None).await.unwrap().problems, Vec::<String>::new());
    }
}
