// The share of a whole that is done, against a target.

const schema = {
  type: "object",
  description: "The share of the whole that must be done.",
  properties: {
    at_least: { description: "The share to reach or exceed.", type: ["number", "string"], "x-quantity": "share" },
    min_n: { description: "A smaller whole is not judged.", type: "integer", minimum: 0, maximum: 4294967295 },
  },
  required: ["at_least"],
  additionalProperties: false,
};

/** 60% as 0.6. */
const share = (text) => (typeof text === "string" ? Number(text.slice(0, -1)) / 100 : text);

/** Wilson's interval with 95 % coverage (E. B. Wilson, 1927). */
function wilson(done, of) {
  const z = 1.959963984540054;
  const centre = (done + (z * z) / 2) / (of + z * z);
  const half = (z / (of + z * z)) * Math.sqrt((done * (of - done)) / of + (z * z) / 4);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** The sum in the only row; null where there is none or days of the window are missing. */
function total(frame) {
  const [sum, buckets, expected] = ["sum", "buckets", "expected"].map(
    (name) => frame.f64s(frame.columns().indexOf(name), 0n, 1)[0],
  );
  return Number.isNaN(sum) || buckets < expected ? null : sum;
}

const count = (number) => String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
const percent = (number) => (100 * number).toFixed(1);
const undecided = (reason, code) => ({ tag: "undecided", val: { reason, code } });

export const guest = {
  describe() {
    return {
      summary: "Share of a whole that is done",
      paramsSchema: JSON.stringify(schema),
      metrics: [
        { name: "done", about: "how many are done", kinds: ["sum"], optional: false, more: [] },
        { name: "all", about: "how many there are", kinds: ["sum"], optional: false, more: [] },
      ],
      more: [],
    };
  },

  plan(criterion) {
    const query = { shape: "totals", window: criterion.window, filters: [], splits: [], maxRows: 1n, more: [] };
    return ["done", "all"].map((name) => ({ key: name, metric: name, ...query }));
  },

  evaluate(criterion, frames) {
    const asked = JSON.parse(criterion.params);
    const target = share(asked.at_least);
    const least = asked.min_n ?? 0;
    const totals = Object.fromEntries(frames.map(([key, frame]) => [key, total(frame)]));
    const { done, all } = totals;
    const finding = {
      outcome: undecided("untrusted-data", "gap"),
      headline: "Days of the window are missing",
      method: "Wilson 95 %",
      grade: "target-only",
      target,
      others: [],
      warnings: [],
      tables: [],
      more: [],
    };
    if (done === null || all === null) return finding;
    if (all < Math.max(least, 1)) {
      const headline = `${count(all)} in all are fewer than the ${count(least)} that are asked for`;
      return { ...finding, outcome: undecided("insufficient-data", "too-few"), headline };
    }
    if (done > all) throw `${done} of ${all} are done`;
    const [low, high] = wilson(done, all);
    const outcome =
      low >= target ? { tag: "pass" } : high < target ? { tag: "fail" } : undecided("inconclusive", "straddles");
    const primary = { name: "share", unit: "share", value: done / all, low, high, confidence: 0.95, n: BigInt(all), more: [] };
    const headline = `${count(done)} of ${count(all)} are done: ${percent(done / all)} % [${percent(low)}, ${percent(high)}]`;
    return { ...finding, outcome, primary, headline };
  },
};
