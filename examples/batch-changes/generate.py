#!/usr/bin/env python3
"""Writes the simulated data of this example into data/, or into the folder named on the command line.

The same bytes come out on every machine and every Python from 3.9 on: the only source of chance is
random.Random(seed).random(), whose sequence the standard library promises to keep, and the only arithmetic on
it is + - * / and sqrt, which IEEE 754 rounds correctly everywhere. No exp, no log, no dictionary order.
"""

import csv
import sys
from datetime import date, timedelta
from math import sqrt
from pathlib import Path
from random import Random

SEED = 20260310
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent / "data"

FIRST = date(2025, 4, 1)  # first day in the files
LAST = date(2026, 4, 20)  # last day in the files
WARM_UP = date(2025, 2, 1)  # people are simulated from here, so that the first trailing windows are full

BETA = date(2025, 11, 12)
GA = date(2026, 3, 10)  # batch-changes-ga launches, 16:00 UTC
BANNER = date(2026, 3, 17)  # the banner inside the product starts
TEMPLATES = date(2026, 2, 17)  # batch-changes-templates launches, 10:00 UTC
TEMPLATES_FIXED = date(2026, 3, 20)  # the fault that came with the templates is gone from this day on

EASTER_EXPORT = (date(2026, 4, 5), date(2026, 4, 6))  # delivered late
WEBHOOK_DOWN = (date(2026, 3, 12), date(2026, 3, 13))  # merges were lost, corrected a week later
SHORT_DAY = date(2026, 3, 29)  # clocks went forward; searches were never collected

DEPLOYMENTS = ("cloud", "self_hosted", "managed")
WEEK = (1.00, 1.06, 1.08, 1.04, 0.92, 0.20, 0.17)  # Monday to Sunday, share of a usual working day
HOLIDAYS = {
    date(2025, 4, 18), date(2025, 4, 21), date(2025, 5, 1), date(2025, 12, 24), date(2025, 12, 25),
    date(2025, 12, 26), date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6),
}


def days(first, last):
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def usual(day):
    """How busy a day is, as a share of a usual working day."""
    return 0.25 if day in HOLIDAYS and day.weekday() < 5 else WEEK[day.weekday()]


def trials(rng, n, p):
    """How many of n independent trials succeed: counted when few, else by a sum of twelve uniforms."""
    if n < 2_000:
        return sum(rng.random() < p for _ in range(n))
    spread = sqrt(n * p * (1 - p))
    deviate = sum(rng.random() for _ in range(12)) - 6.0
    return max(0, min(n, round(n * p + spread * deviate)))


def about(rng, mean, spread):
    """A whole number around a mean, uniform within +- spread (a share of the mean)."""
    return max(0, round(mean * (1 + spread * (2 * rng.random() - 1))))


# People ------------------------------------------------------------------------------------------------


def new_people(rng, day):
    """People who find the feature on a day."""
    if day < BETA:
        mean = 2.2
    elif day < GA:
        mean = 22.0
    elif day < BANNER:
        mean = 78.0
    else:
        mean = 142.0
    return about(rng, mean * usual(day), 0.25)


class Person:
    """Somebody who has found the feature: where they work, how often they use it, when they stop."""

    def __init__(self, rng, day):
        home = rng.random()
        self.home = 0 if home < 0.52 else 1 if home < 0.86 else 2
        other = rng.random()
        self.other = (self.home + 1) % 3 if other < 0.05 else self.home
        self.rate = 0.06 + 0.34 * rng.random()
        self.first = day
        self.stays = rng.random() < 0.72
        self.leaves = day + timedelta(5 + int(30 * rng.random()))

    def deployment_on(self, rng, day):
        """Where they use it on a day; None: not at all."""
        if not self.stays and day > self.leaves:
            return None
        if day != self.first and rng.random() >= self.rate * usual(day):
            return None
        return self.other if rng.random() < 0.3 else self.home


def simulate_people(rng):
    """Per day: last active day per person and deployment, and person-days of use."""
    people, active = [], {}
    for day in days(WARM_UP, LAST):
        people.extend(Person(rng, day) for _ in range(new_people(rng, day)))
        today = []
        for number, person in enumerate(people):
            where = person.deployment_on(rng, day)
            if where is not None:
                today.append((number, where))
        active[day] = today
    return active


def monthly_active(active, day):
    """Distinct people of the 28 days that end with this one: in all, then per deployment."""
    seen = [set(), set(), set()]
    for back in range(28):
        for number, where in active[day - timedelta(back)]:
            seen[where].add(number)
    return [len(seen[0] | seen[1] | seen[2])] + [len(people) for people in seen]


# Files -------------------------------------------------------------------------------------------------


def write(name, header, rows):
    with open(FOLDER / name, "w", newline="", encoding="ascii") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(f"{name:<20} {len(rows):>5} rows")


def usage(rng, active):
    """MAU, people with access, and their quotient, per deployment and in all."""
    rows = []
    access = [19_800.0, 15_600.0, 6_900.0]
    for day in days(FIRST, LAST):
        access = [level * (1 + growth) for level, growth in zip(access, (0.00045, 0.0001, 0.00035))]
        each = [about(rng, level, 0.002) for level in access]
        # Some have access through two deployments, so the total is less than the sum.
        eligible = [round(sum(each) * 0.972)] + each
        for name, users, able in zip(("all",) + DEPLOYMENTS, monthly_active(active, day), eligible):
            rows.append((day, name, users, able, f"{users / able:.6f}"))
    write("usage.csv", ("day", "deployment", "mau", "eligible", "saturation"), rows)


def changesets(rng, active):
    """Published and merged, with two days late and two days corrected later."""
    rows, late, corrections = [], [], []
    for day in days(FIRST, LAST):
        published = 0
        for _ in active[day]:
            share = rng.random()
            published += 0 if share < 0.62 else 1 if share < 0.80 else 2 if share < 0.92 else 3
        merged = trials(rng, published, 0.643)
        row = (day, published, merged)
        if day in EASTER_EXPORT:
            late.append(row)
        elif day in WEBHOOK_DOWN:
            rows.append((day, published, round(merged * 0.6)))
            corrections.append(row)
        else:
            rows.append(row)
    header = ("day", "published", "merged")
    write("changesets.csv", header, rows)
    write("late.csv", header, late)
    write("corrections.csv", header, corrections)


def searches(rng):
    """Searches and those that failed; one day was never collected."""
    rows = []
    for number, day in enumerate(days(FIRST, LAST)):
        count = about(rng, (260_000 + 190 * number) * usual(day), 0.04)
        rate = 0.0112 * (1 + 0.01 * (2 * rng.random() - 1))
        errors = trials(rng, count, rate)
        if day != SHORT_DAY:
            rows.append((day, count, errors))
    write("searches.csv", ("day", "searches", "errors"), rows)


def runs(rng):
    """Runs on the server and those that failed: more of them until the templates are fixed."""
    rows = []
    for number, day in enumerate(days(FIRST, LAST)):
        count = about(rng, (900 + 5 * number) * usual(day), 0.08)
        broken = TEMPLATES <= day < TEMPLATES_FIXED
        rate = (0.0365 if broken else 0.0088) * (1 + 0.15 * (2 * rng.random() - 1))
        rows.append((day, count, trials(rng, count, rate)))
    write("runs.csv", ("day", "runs", "errors"), rows)


def template_runs(rng):
    """Runs started from a template; before there are templates there are no rows, which means zero."""
    rows = []
    for day in days(TEMPLATES, LAST):
        rows.append((day, about(rng, (70 + 2.5 * (day - TEMPLATES).days) * usual(day), 0.2)))
    write("template-runs.csv", ("day", "runs"), rows)


def nps(rng):
    """Answers per day to "would you recommend it?": a promoter counts 100, a detractor -100, others 0."""
    rows = []
    for day in days(BETA, LAST):
        answers = [
            100 if answer < 0.66 else 0 if answer < 0.9 else -100
            for answer in (rng.random() for _ in range(about(rng, 1.7 * usual(day), 0.9)))
        ]
        rows.append((day, len(answers), sum(answers), sum(answer * answer for answer in answers)))
    write("nps.csv", ("day", "n", "sum", "sum_sq"), rows)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    active = simulate_people(Random(SEED))
    # A sequence of its own for each file, so that a change to one leaves the others alone.
    usage(Random(SEED + 1), active)
    changesets(Random(SEED + 2), active)
    searches(Random(SEED + 3))
    runs(Random(SEED + 4))
    template_runs(Random(SEED + 5))
    nps(Random(SEED + 6))


if __name__ == "__main__":
    main()
