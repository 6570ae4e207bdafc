"""Two proportions compared by gbstats, driven over standard input: a line with the task, then lines with
commands. `answer` is answered by the answer as JSON, `time COUNT` by as many durations in nanoseconds, a JSON
array, `versions` by what it runs on.

The task is the totals of two groups, {"control": [n, hits], "treated": [n, hits]}. Timed is what a service
that holds such totals does: statistics from them, the test, and the result's numbers taken out.
"""

import json
import platform
import sys
import time
from importlib.metadata import version

from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest
from gbstats.models.statistics import ProportionStatistic


def compare(task):
    control, treated = task["control"], task["treated"]
    result = TwoSidedTTest(
        ProportionStatistic(n=control[0], sum=control[1]),
        ProportionStatistic(n=treated[0], sum=treated[1]),
        FrequentistConfig(difference_type="absolute", alpha=0.05),
    ).compute_result()
    low, high = result.ci
    return {"difference": float(result.expected), "low": float(low), "high": float(high), "p": float(result.p_value)}


def timed(task, count):
    samples = []
    for _ in range(count):
        start = time.perf_counter_ns()
        compare(task)
        samples.append(time.perf_counter_ns() - start)
    return samples


def versions():
    packages = ", ".join(f"{name} {version(name)}" for name in ("gbstats", "scipy", "numpy", "pydantic"))
    return f"{packages}, Python {platform.python_version()}"


def main():
    task = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        match line.split():
            case ["answer"]:
                said = compare(task)
            case ["time", count]:
                said = timed(task, int(count))
            case ["versions"]:
                said = versions()
            case _:
                sys.exit(f"there is no command {line!r}")
        print(json.dumps(said), flush=True)


main()
