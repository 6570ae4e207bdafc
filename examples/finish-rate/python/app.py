"""The share of a whole that is done, against a target."""

import json
import math

from wit_world import exports
from wit_world.exports.guest import Description, ExpectedMetric, Query
from wit_world.imports.types import (
    Estimate, Finding, Grade, Outcome_Fail, Outcome_Pass, Outcome_Undecided, Reason, Shape, Why,
)
from componentize_py_types import Err

SCHEMA = {
    "type": "object",
    "description": "The share of the whole that must be done.",
    "properties": {
        "at_least": {"description": "The share to reach or exceed.", "type": ["number", "string"], "x-quantity": "share"},
        "min_n": {"description": "A smaller whole is not judged.", "type": "integer", "minimum": 0, "maximum": 4294967295},
    },
    "required": ["at_least"],
    "additionalProperties": False,
}


def share(text):
    """60% as 0.6."""
    return float(text[:-1]) / 100 if isinstance(text, str) else float(text)


def wilson(done, of):
    """Wilson's interval with 95 % coverage (E. B. Wilson, 1927)."""
    z = 1.959963984540054
    centre = (done + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(done * (of - done) / of + z * z / 4)
    return max(0.0, centre - half), min(1.0, centre + half)


def total(frame):
    """The sum in the only row; None where it is null or days of the window are missing."""
    value, buckets, expected = (
        frame.f64s(frame.columns().index(name), 0, 1)[0] for name in ("sum", "buckets", "expected")
    )
    return None if math.isnan(value) or buckets < expected else value


class Guest(exports.Guest):
    def describe(self):
        return Description(
            summary="Share of a whole that is done",
            params_schema=json.dumps(SCHEMA),
            metrics=[
                ExpectedMetric("done", "how many are done", ["sum"], False, []),
                ExpectedMetric("all", "how many there are", ["sum"], False, []),
            ],
            more=[],
        )

    def plan(self, criterion):
        return [
            Query(name, name, Shape.TOTALS, criterion.window, None, [], [], 1, []) for name in ("done", "all")
        ]

    def evaluate(self, criterion, frames):
        asked = json.loads(criterion.params)
        target, least = share(asked["at_least"]), asked.get("min_n", 0)
        totals = {key: total(frame) for key, frame in frames}
        done, of = totals["done"], totals["all"]
        finding = Finding(
            Outcome_Undecided(Why(Reason.UNTRUSTED_DATA, "gap")), "Days of the window are missing",
            "Wilson 95 %", Grade.TARGET_ONLY, target, None, [], None, [], [], None, [],
        )
        if done is None or of is None:
            return finding
        if of < max(least, 1):
            finding.outcome = Outcome_Undecided(Why(Reason.INSUFFICIENT_DATA, "too-few"))
            finding.headline = f"{of:,.0f} in all are fewer than the {least:,} that are asked for"
            return finding
        if done > of:
            raise Err(f"{done} of {of} are done")
        low, high = wilson(done, of)
        finding.primary = Estimate("share", "share", done / of, low, high, 0.95, int(of), None, [])
        finding.headline = f"{done:,.0f} of {of:,.0f} are done: {100 * done / of:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
        if low >= target:
            finding.outcome = Outcome_Pass()
        elif high < target:
            finding.outcome = Outcome_Fail()
        else:
            finding.outcome = Outcome_Undecided(Why(Reason.INCONCLUSIVE, "straddles"))
        return finding
