// Two sets of load runs, metric by metric: what is worse, and how sure that is.

import {foreign, h, svg} from "./dom";
import {count, mark, signed} from "./words";
import type {ComparedMetric, Comparison, PageData, Verdict} from "./model";

const verdictOf: Record<Comparison["verdict"], Verdict> = {"not worse": "pass", worse: "fail", inconclusive: "skipped"};

function outcome(of: Comparison["verdict"]): HTMLElement {
  const verdict = verdictOf[of];
  return h(`span.badge.${verdict}`, {}, mark(verdict), of);
}

function worseBy(one: ComparedMetric, value: number): number {
  const change = one.effect === "ratio" ? value - 1 : value;
  return one.less_is_better ? change : -change;
}

function change(one: ComparedMetric, value: number): string {
  const by = one.effect === "ratio" ? (value - 1) * 100 : value * 100;
  const unit = one.effect === "ratio" ? "%" : "points";
  return `${signed(by, one.effect === "ratio" ? 1 : 2)} ${unit}`;
}

const width = 200;
const height = 22;

/** The interval on a line that has no change in its middle, worse to the right, and the margin. */
function interval(one: ComparedMetric): Element {
  const ends = [worseBy(one, one.low), worseBy(one, one.high)];
  const from = Math.min(...ends);
  const to = Math.max(...ends);
  const most = Math.max(Math.abs(from), Math.abs(to), one.margin * 1.5, 1e-9);
  const at = (value: number) => (width / 2 + value / most * (width / 2 - 4)).toFixed(1);
  return svg("svg", {class: `interval ${verdictOf[one.verdict]}`, viewBox: `0 0 ${width} ${height}`, role: "img",
                     "aria-label": `${change(one, one.low)} to ${change(one, one.high)}`},
    svg("line", {class: "axis", x1: at(0), x2: at(0), y1: 1, y2: height - 1}),
    svg("line", {class: "margin", x1: at(one.margin), x2: at(one.margin), y1: 1, y2: height - 1}),
    svg("line", {class: "range", x1: at(from), x2: at(to), y1: height / 2, y2: height / 2}),
    svg("circle", {class: "middle", cx: at(worseBy(one, one.change)), cy: height / 2, r: 4}));
}

function row(one: ComparedMetric): HTMLElement {
  const decided = one.decided;
  return h("tr", {}, h("td", {}, outcome(one.verdict)), h("th.name", {scope: "row"}, foreign(one.metric)),
    h("td.number", {}, foreign(one.base)), h("td.number", {}, foreign(one.new)),
    h("td.number", {}, decided ? change(one, one.change) : "–"),
    h("td", {}, decided ? interval(one) : h("span.note", {}, foreign(one.reason))),
    h("td.number", {}, decided ? `${change(one, one.low)} to ${change(one, one.high)}` : "–"),
    h("td.number", {}, one.effect === "ratio" ? `${(one.margin * 100).toFixed(0)} %` : `${(one.margin * 100).toFixed(2)} points`),
    h("td.number", {title: `behind Holm's correction: ${one.p_adjusted.toFixed(4)}`}, one.p.toFixed(4)));
}

export function comparison(data: PageData): HTMLElement {
  const all = data.comparison as Comparison;
  const order = ["worse", "inconclusive", "not worse"];
  const rows = [...all.metrics].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return h("div", {},
    h("p.note", {}, "Base and new are medians over the runs, percentiles are of all their samples. The interval is of the change "
      + "between the sets of runs, worse to the right; it is worse where all of it is beyond the margin, which is dashed."),
    all.notes.length === 0 ? null : h("ul.notes", {}, all.notes.map((note) => h("li", {}, foreign(note)))),
    h("div.scroll", {}, h("table.rules.numbers.compared", {}, h("caption.for-readers", {}, "Metrics, what is worse first"),
      h("thead", {}, h("tr", {}, ["Verdict", "Metric"].map((one) => h("th", {scope: "col"}, one)),
        ["Base", "New", "Change"].map((one) => h("th.number", {scope: "col"}, one)),
        h("th", {scope: "col"}, "Better – worse"),
        ["Interval", "Margin", "p"].map((one) => h("th.number", {scope: "col"}, one)))),
      h("tbody", {}, rows.map(row)))));
}

/** The head of a page with a comparison. */
export function comparisonOverview(of: Comparison): HTMLElement {
  const verdict = verdictOf[of.verdict];
  const titles = {"not worse": "No worse than the base", worse: "Worse than the base", inconclusive: "Nothing is shown either way"};
  const worse = of.metrics.filter((one) => one.verdict === "worse").length;
  return h(`section.overview.lone.${verdict}`, {"aria-labelledby": "verdict"},
    h("div.verdict", {}, h("div.seal", {}, mark(verdict)), h("div", {}, h("h1", {id: "verdict"}, titles[of.verdict]),
      h("p.note", {}, `${count(of.base_runs, "run")} of the base, ${of.new_runs} new; `
        + `${worse} of ${count(of.metrics.length, "metric")} worse`))));
}
