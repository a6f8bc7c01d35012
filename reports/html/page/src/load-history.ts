// Load runs night by night: how each figure went, and how the newest run stands.

import uPlot from "uplot";
import {chart} from "./chart";
import {breakable, foreign, h, replace, svg} from "./dom";
import {picker} from "./picker";
import {count, mark, moment, percent, rate, signed, throughput, time} from "./words";
import {Zoom} from "./zoom";
import type {Figure, LoadHistory, LoadTest, PageData, Verdict} from "./model";

const titles: Record<Figure, string> = {
  p50: "Median latency", p95: "95th percentile of latency", p99: "99th percentile of latency",
  "p99.9": "99.9th percentile of latency", rate: "Operations a second", throughput: "Bytes a second", errors: "Share of errors",
};

function shown(figure: Figure, value: number): string {
  if (figure === "rate") return rate(value);
  if (figure === "throughput") return throughput(value);
  return figure === "errors" ? percent(value) : time(value);
}

function change(figure: Figure, from: number, to: number): string {
  if (figure === "errors") return `${signed((to - from) * 100, 2)} points`;
  return from > 0 ? `${signed((to / from - 1) * 100, 1)} %` : "–";
}

function nameOf(name: string): string {
  return name === "" ? "all operations" : name;
}

function testName(test: LoadTest): string {
  return `${test.registry.replace(/^https?:\/\//, "")} ${test.workload} (${test.conditions})`;
}

/** Where the runs are that the newest is set beside: places from 0. */
function baseline(test: LoadTest): number[] {
  const valid = test.runs.map((_, at) => at).filter((at) => test.runs[at]?.invalid === undefined);
  return valid.slice(0, -1).slice(-90);
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function figureChart(test: LoadTest, zoom: Zoom, work: LoadTest["work"][number], figure: Figure): HTMLElement {
  const standing = test.standings.find((one) => one.of === work.name && one.is_step === work.is_step && one.figure === figure);
  const before = new Set(baseline(test));
  const least = figure === "errors" ? 1e-4 : 1e-9;
  return chart(() => ({
    title: titles[figure],
    description: `${titles[figure]} of ${nameOf(work.name)}, run by run; the table of runs has the numbers.`,
    nothing: "No run has enough samples.",
    scales: {x: {time: false}, y: {range: (_: uPlot, __: number, most: number) => [0, Math.max(most ?? 0, least) * 1.1]}},
    x: {values: (_: uPlot, splits: number[]) => splits.map((at) => Number.isInteger(at)
        ? (test.runs[at - 1]?.started ?? "").slice(0, 10) : ""), space: 90},
    y: {size: 80, values: (_: uPlot, splits: number[]) => splits.map((at) => shown(figure, at))},
    marks: test.runs.flatMap((one, at) => one.invalid === undefined ? [] : [at + 1]),
    series: [{label: "run", value: (_: uPlot, at: number | null) => {
               const run = at === null ? undefined : test.runs[at - 1];
               return run === undefined ? "" : `${moment(run.started)}${run.invalid === undefined ? "" : ", not valid"}`;
             }},
             {label: titles[figure], stroke: colourOf("--accent"), width: 2,
              value: (_: uPlot, value: number | null) => value === null ? "–" : shown(figure, value)},
             {label: "median before", stroke: colourOf("--muted"), width: 1.5, dash: [6, 4], spanGaps: true,
              points: {show: false}, value: (_: uPlot, value: number | null) => value === null ? "–" : shown(figure, value)}],
    data: [test.runs.map((_, at) => at + 1), work.figures[figure],
           test.runs.map((_, at) => standing && standing.runs > 0 && before.has(at) ? standing.median : null)] as uPlot.AlignedData,
  }), zoom);
}

const objectiveVerdicts: Record<string, [Verdict, string]> = {k: ["pass", "kept"], b: ["fail", "broken"], r: ["error", "refused"]};

/** The last of the objective's outcomes, a bar a run: low where it was kept, high where it was broken. */
function strip(letters: string, said: string): Element {
  const height: Record<string, number> = {k: 5, r: 10, b: 16};
  return svg("svg", {class: "strip", viewBox: `0 0 ${letters.length * 4} 16`, width: letters.length * 4, height: 16, role: "img", "aria-label": said},
    [...letters].map((letter, at) => letter === "." ? null
      : svg("rect", {class: objectiveVerdicts[letter]?.[0] ?? "", x: at * 4, y: 16 - (height[letter] ?? 0), width: 3, height: height[letter] ?? 0})));
}

function objectiveTable(test: LoadTest): HTMLElement | null {
  if (test.objectives.length === 0) return null;
  return h("div.scroll", {}, h("table.rules.numbers", {}, h("caption", {}, "Objectives in the last 90 runs, the latest to the right"),
    h("thead", {}, h("tr", {}, ["Objective", "Last outcome", "Last measured", "Outcomes"].map((one) => h("th", {scope: "col"}, one)),
      ["Kept", "Broken", "Refused"].map((one) => h("th.number", {scope: "col"}, one)))),
    h("tbody", {}, test.objectives.map((one) => {
      const letters = one.letters.slice(-90);
      const many = (letter: string) => [...letters].filter((other) => other === letter).length;
      const last = one.letters.replace(/\./g, "").slice(-1);
      const [verdict, word] = objectiveVerdicts[last] ?? ["skipped", "–"];
      return h("tr", {}, h("th.name", {scope: "row"}, foreign(one.objective)), h("td", {}, h(`span.badge.${verdict}`, {}, mark(verdict), word)),
        h("td", {}, h("span.note", {}, foreign(one.measured))),
        h("td", {}, strip(letters, `kept ${many("k")}, broken ${many("b")}, refused ${many("r")} of ${letters.length}`)),
        h("td.number", {}, many("k")), h(many("b") > 0 ? "td.number.fail.toned" : "td.number.zero", {}, many("b")),
        h("td.number.zero", {}, many("r")));
    }))));
}

/** Of fewer runs before it nothing is unusual, as plimsoll decides it. */
const fewRuns = 20;

function outstanding(test: LoadTest): HTMLElement {
  const judged = test.standings.filter((one) => one.runs >= fewRuns);
  if (judged.length === 0) {
    return h("p.note", {}, `With fewer than ${fewRuns} valid runs before the newest there is no saying what is unusual.`);
  }
  const unusual = judged.filter((one) => one.unusual);
  return h("div", {},
    h("p", {}, h("strong", {}, `${unusual.length} of ${count(judged.length, "figure")} ${unusual.length === 1 ? "is" : "are"} unusual. `),
      h("span.note", {}, "That is: worse than in nine of ten of the up to 90 valid runs before, and worse than their median by more than 5 %, 10 % "
        + "for percentiles above the median, 0.1 points for errors. Chance alone does that to one figure in ten at most.")),
    unusual.length === 0 ? null : h("ul.notes", {}, unusual.map((one) => h("li", {}, h("span.name", {}, foreign(nameOf(one.of))), " ",
      `${titles[one.figure].toLowerCase()}: ${shown(one.figure, one.newest)}, ${change(one.figure, one.median, one.newest)} `
      + `beside the median of ${shown(one.figure, one.median)}`))));
}

function standingTable(test: LoadTest, work: LoadTest["work"][number]): HTMLElement | null {
  const rows = test.standings.filter((one) => one.of === work.name && one.is_step === work.is_step);
  if (rows.length === 0) return null;
  return h("div.scroll", {}, h("table.rules.numbers.standing", {},
    h("caption", {}, `${nameOf(work.name)}: the newest valid run, beside those before it`,
      h("span.note.block", {}, "Median and range are of up to 90 valid runs before it. Single runs differ by chance too.")),
    h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Figure"),
      ["Newest", "Before it", "Change", "Median", "Change", "Least", "Most", "Worse than"].map((one) => h("th.number", {scope: "col"}, one)))),
    h("tbody", {}, rows.map((one) => {
      const cell = (value: number | undefined) => value === undefined ? h("td.number.zero", {}, "–") : h("td.number", {}, shown(one.figure, value));
      const from = (value: number | undefined, worse: boolean) =>
          h(worse ? "td.number.warn.toned" : "td.number", {}, value === undefined ? "–" : change(one.figure, value, one.newest));
      const any = (value: number) => one.runs > 0 ? value : undefined;
      return h("tr", {}, h("th", {scope: "row"}, titles[one.figure]), cell(one.newest), cell(one.before), from(one.before, false),
        cell(any(one.median)), from(any(one.median), one.worse), cell(any(one.least)), cell(any(one.most)),
        h(one.unusual ? "td.number.fail.toned" : "td.number", {}, one.runs > 0 ? `${one.worse_than} of ${one.runs}` : "–"));
    }))));
}

function outcomeOf(test: LoadTest, at: number): HTMLElement {
  const run = test.runs[at];
  if (run?.invalid !== undefined) {
    return h("td", {}, h("span.badge.error", {}, mark("error"), "not valid"), h("span.note", {}, foreign(run.invalid)));
  }
  const letters = test.objectives.map((one) => one.letters[at] ?? ".");
  const word = ["b", "r", "k"].find((one) => letters.includes(one));
  if (word === undefined) return h("td", {}, h("span.note", {}, "no objective"));
  const [verdict, name] = objectiveVerdicts[word] as [Verdict, string];
  return h("td", {}, h(`span.badge.${verdict}`, {}, mark(verdict), name));
}

function runTable(test: LoadTest, work: LoadTest["work"][number]): HTMLElement {
  const figures: Figure[] = ["rate", "p50", "p99", "errors"];
  const latest = test.runs.map((_, at) => at).reverse();
  const body = h("tbody");
  const fill = (most: number) => {
    body.replaceChildren(...latest.slice(0, most).map((at) => h("tr", {},
      h("td", {}, foreign(moment(test.runs[at]?.started ?? ""))), outcomeOf(test, at),
      figures.map((figure) => {
        const value = work.figures[figure][at];
        return value === null || value === undefined ? h("td.number.zero", {}, "–") : h("td.number", {}, shown(figure, value));
      }), h("td", {}, foreign(test.runs[at]?.suite_version ?? "")), h("td.name", {}, breakable(test.runs[at]?.file ?? "")))));
  };
  const most = 30;
  fill(most);
  const all = h("button.quiet", {type: "button", click: () => { fill(latest.length); all.remove(); }}, `Show all ${latest.length} runs`);
  return h("div", {}, h("div.scroll", {}, h("table.rules.numbers", {}, h("caption", {}, `${nameOf(work.name)}: runs, the latest first`),
    h("thead", {}, h("tr", {}, ["When", "Objectives"].map((one) => h("th", {scope: "col"}, one)),
      ["Rate", "p50", "p99", "Errors"].map((one) => h("th.number", {scope: "col"}, one)),
      ["Suite", "File"].map((one) => h("th", {scope: "col"}, one)))), body)), latest.length > most ? all : null);
}

function ofWork(test: LoadTest, work: LoadTest["work"][number]): HTMLElement {
  const zoom = new Zoom((from, to) => `runs ${Math.ceil(from)} to ${Math.floor(to)} of ${test.runs.length}`);
  const figures: Figure[] = ["p50", "p99", "p99.9", "rate", "throughput", "errors"];
  const invalid = test.runs.filter((one) => one.invalid !== undefined).length;
  return h("div", {}, standingTable(test, work), zoom.controls,
    invalid === 0 ? null : h("p.note", {}, `Dashed upright lines: ${count(invalid, "run")} that ${invalid === 1 ? "is no measurement" : "are no measurements"} `
      + "of the registry. What was measured there is not drawn."),
    h("div.charts", {}, figures.filter((figure) => work.figures[figure].some((value) => value !== null))
      .map((figure) => figureChart(test, zoom, work, figure))),
    runTable(test, work));
}

function newestNote(test: LoadTest): HTMLElement | null {
  const last = test.runs[test.runs.length - 1];
  if (last?.invalid === undefined) return null;
  return h("div.invalid", {role: "note"}, h("strong", {}, "The latest run is not a measurement of the registry"),
    h("p", {}, foreign(last.invalid)),
    h("p", {}, test.newest_valid === "" ? "Nor is any before it." : foreign(`The newest that is one is of ${moment(test.newest_valid)}.`)));
}

function ofTest(test: LoadTest): HTMLElement {
  const stage = h("div");
  const group = (label: string, steps: boolean) => {
    const options = test.work.map((one, at) => one.is_step === steps ? h("option", {value: at}, nameOf(one.name)) : null);
    return options.some((one) => one !== null) ? h("optgroup", {label}, options) : null;
  };
  const pick = h("select", {name: "operation"}, group("Operations", false), group("Steps", true)) as HTMLSelectElement;
  const show = () => {
    const work = test.work[Number(pick.value)];
    if (work) replace(stage, ofWork(test, work));
  };
  pick.addEventListener("change", show);
  show();
  return h("div", {}, newestNote(test), outstanding(test), objectiveTable(test),
    test.left_out === 0 ? null : h("p.note", {}, `${count(test.left_out, "earlier run")} did not find room in this page; plimsoll report --csv has them.`),
    h("div.filters", {}, h("div.fields", {}, h("label.field", {}, h("span", {}, "Operation or step"), pick))), stage);
}

export function loadTrends(data: PageData): HTMLElement {
  const history = data.load_history as LoadHistory;
  return h("div", {},
    picker("Test", history.tests.map(testName), (at) => ofTest(history.tests[at] as LoadTest)),
    history.left_out === 0 ? null : h("p.note", {}, `${count(history.left_out, "more test")} did not find room in this page.`));
}

function newestBadge(test: LoadTest): HTMLElement {
  const unusual = test.standings.filter((one) => one.unusual).length;
  const [verdict, said]: [Verdict, string] =
      test.runs[test.runs.length - 1]?.invalid !== undefined ? ["error", "not valid"]
      : unusual > 0 ? ["warn", `${count(unusual, "figure")} unusual`]
      : test.standings.some((one) => one.runs >= fewRuns) ? ["pass", "as usual"] : ["skipped", "too few runs to tell"];
  return h(`span.badge.${verdict}`, {}, mark(verdict), said);
}

/** The head of a page that shows a history of load runs only. */
export function loadHistoryOverview(history: LoadHistory): HTMLElement {
  const runs = history.tests.reduce((sum, one) => sum + one.runs.length + one.left_out, 0);
  const starts = history.tests.flatMap((one) => one.runs.map((run) => run.started)).sort();
  return h("section.overview.lone", {"aria-labelledby": "verdict"}, h("div", {},
    h("h1", {id: "verdict"}, `${count(runs, "load run")} of ${count(history.tests.length + history.left_out, "test")}`),
    h("p.note", {}, foreign(`${moment(starts[0] ?? "")} to ${moment(starts[starts.length - 1] ?? "")}`)),
    h("ul.runs", {}, history.tests.map((one) => h("li", {}, newestBadge(one), " ", h("span.name", {}, breakable(testName(one))), " ",
      h("span.note", {}, foreign(`last ${moment(one.runs[one.runs.length - 1]?.started ?? "")}`)))))));
}
