// Load runs: what was asked for and measured, and several runs beside one another.

import uPlot from "uplot";
import {chart, lineColour} from "./chart";
import {breakable, foreign, h, replace} from "./dom";
import {badge, count, duration, mark, moment, percent, rate, signed, size, time} from "./words";
import {Zoom} from "./zoom";
import type {Load, NamedValue, PageData, Second, Verdict, Work} from "./model";

const shares = [0.5, 0.9, 0.95, 0.99, 0.999];

function quantile(work: Work, share: number): number | undefined {
  return work.quantiles.find(([q]) => Math.abs(q - share) < 1e-9)?.[1];
}

function nameOf(load: Load, loads: Load[]): string {
  const same = loads.filter((one) => one.registry === load.registry && one.workload === load.workload).length > 1;
  return `${load.registry.replace(/^https?:\/\//, "")} ${load.workload}${same ? ` ${load.run_id}` : ""}`;
}

function workTable(caption: string, rows: Work[]): HTMLElement | null {
  if (rows.length === 0) return null;
  return h("div.scroll", {}, h("table.rules.numbers", {}, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Name"),
      ["Succeeded", "Rate", "Errors", ...shares.map((share) => `p${Number((share * 100).toPrecision(6))}`), "Longest", "Sent", "Received"]
          .map((one) => h("th.number", {scope: "col"}, one)))),
    h("tbody", {}, rows.map((work) => h("tr", {}, h("th.name", {scope: "row"}, foreign(work.name)),
      h("td.number", {}, work.succeeded.toLocaleString("en-US")), h("td.number", {}, rate(work.per_second)),
      h(work.error_share > 0 ? "td.number.fail.toned" : "td.number.zero",
        {title: Object.entries(work.failures).map(([kind, many]) => `${kind}: ${many}`).join(", ")}, percent(work.error_share)),
      shares.map((share) => {
        const at = quantile(work, share);
        return h(at === undefined ? "td.number.zero" : "td.number", {title: at === undefined ? "too few samples" : undefined},
                 at === undefined ? "–" : time(at));
      }),
      h("td.number", {}, time(work.max)), h("td.number", {}, size(work.bytes_sent)),
      h("td.number", {}, size(work.bytes_received)))))));
}

const objectiveVerdicts: Record<string, Verdict> = {kept: "pass", broken: "fail", refused: "error"};

function objectives(load: Load): HTMLElement | null {
  if (load.objectives.length === 0) return null;
  return h("div.scroll", {}, h("table.rules.lines", {}, h("caption", {}, "Objectives"),
    h("thead", {}, h("tr", {}, ["Outcome", "Objective", "Measured"].map((one) => h("th", {scope: "col"}, one)))),
    h("tbody", {}, load.objectives.map((one) => {
      const verdict = objectiveVerdicts[one.outcome] ?? "error";
      return h("tr", {}, h("td", {}, h(`span.badge.${verdict}`, {}, mark(verdict), one.outcome)),
               h("td.name", {}, foreign(one.objective)), h("td", {}, foreign(one.measured)));
    }))));
}

function pairs(caption: string, values: NamedValue[]): HTMLElement | null {
  if (values.length === 0) return null;
  return h("div", {}, h("h4", {}, caption), h("dl.facts", {}, values.map(({name, value}) =>
      h("div", {}, h("dt", {}, foreign(name)), h("dd", {}, foreign(value))))));
}

function oneRun(load: Load, loads: Load[]): HTMLElement {
  return h("section.load", {},
    h("h3", {}, foreign(nameOf(load, loads))),
    h("p.note", {}, foreign(`${moment(load.started)}, ${time(load.measured)} measured, plimsoll ${load.suite_version}`)),
    load.invalid.length === 0 ? null
        : h("div.invalid", {role: "note"}, h("strong", {}, "Not a measurement of the registry"),
            h("ul", {}, load.invalid.map((why) => h("li", {}, foreign(why))))),
    objectives(load), workTable("Operations", load.work), workTable("Steps, by what they ask for", load.steps),
    h("details.affected", {}, h("summary", {}, "Conditions, generator and failures"),
      pairs("Conditions", load.conditions),
      pairs("The generator", [...load.generator, {name: "starts given up", value: String(load.dropped)}]),
      pairs("OCI error codes", Object.entries(load.error_codes).map(([name, many]) => ({name, value: String(many)}))),
      pairs("The first of each failure", load.examples)));
}

function milliseconds(at: number): string {
  return duration(at * 1000);
}

const logarithmic: uPlot.Scale = {distr: 3, log: 10};
const timeAxis: uPlot.Axis = {size: 70, values: (_: uPlot, splits: number[]) => splits.map((at) => at === null ? "" : milliseconds(at))};

/** Which digits have their label on a logarithmic axis: the fewer, the more decades it has. */
function marked(drawn: uPlot, splits: number[]): (number | null)[] {
  const {min, max} = drawn.scales["x"] as uPlot.Scale;
  const span = (max ?? 1) / (min ?? 1);
  const digits = span <= 4 ? [1, 2, 3, 4, 5, 7] : span <= 1000 ? [1, 2, 5] : [1];
  return splits.map((at) => digits.includes(Math.round(at / 10 ** Math.floor(Math.log10(at * 1.000001)))) ? at : null);
}

/** Values of several runs over one set of places: what uPlot draws. */
function joined(tables: [number[], (number | null)[]][]): uPlot.AlignedData {
  return uPlot.join(tables.map((one) => one as uPlot.AlignedData));
}

function workOf(load: Load, name: string): Work | undefined {
  return load.work.find((one) => one.name === name);
}

function zoomed(zoom: Zoom, drawn: HTMLElement): HTMLElement {
  if (drawn.querySelector(".canvas")) drawn.append(zoom.controls);
  return drawn;
}

/** Where an axis of nines is marked: p75 only where there is room for it. */
function percentileMarks(least: number, most: number): number[] {
  return [.5, ...(most < 1.5 ? [.75] : []), .9, .99, .999, .9999, .99999]
      .map((share) => -Math.log10(1 - share)).filter((nines) => least <= nines && nines <= most);
}

function percentile(nines: number): string {
  return `p${((1 - 10 ** -nines) * 100).toFixed(3)}`;
}

function quantileChart(loads: Load[], name: string): HTMLElement {
  const zoom = new Zoom((from, to) => `${percentile(from)} to ${percentile(to)}`);
  return zoomed(zoom, chart(() => ({
    title: "Latency by percentile",
    description: `Latency of ${name} by percentile; the table of operations has the numbers.`,
    nothing: `Too few samples of ${name}.`,
    scales: {x: {time: false}, y: logarithmic},
    x: {splits: (_: uPlot, __: number, least: number, most: number) => percentileMarks(least, most),
        values: (_: uPlot, splits: number[]) => splits.map((nines) => `p${Number(((1 - 10 ** -nines) * 100).toPrecision(6))}`)},
    y: timeAxis,
    series: [{label: "percentile", value: (_: uPlot, nines: number | null) => nines === null ? "" : percentile(nines)},
             ...loads.map((one, at) => ({label: nameOf(one, loads), stroke: lineColour(at), width: 2, points: {show: false},
               spanGaps: true, value: (_: uPlot, ms: number | null) => ms === null ? "–" : milliseconds(ms)}))],
    data: joined(loads.map((one) => {
      const points = (workOf(one, name)?.quantiles ?? []).map(([q, ns]) => [-Math.log10(1 - q), ns / 1e6] as const);
      return [points.map(([x]) => Number(x.toFixed(6))), points.map(([, y]) => y)];
    })),
  }), zoom));
}

function histogramChart(loads: Load[], name: string): HTMLElement {
  const zoom = new Zoom((from, to) => `${milliseconds(from)} to ${milliseconds(to)}`, true);
  return zoomed(zoom, chart(() => ({
    title: "Histogram of latency",
    description: `How many of the operations ${name} took how long.`,
    nothing: `No operation ${name} succeeded.`,
    scales: {x: {...logarithmic, time: false, range: (_: uPlot, least: number, most: number) => [least, most]}, y: {range: (_: uPlot, __: number, most: number) => [0, Math.max(most, 1) * 1.1]}},
    x: {...timeAxis, size: 40, filter: marked},
    y: {size: 60, values: (_: uPlot, splits: number[]) => splits.map((many) => many.toLocaleString("en-US"))},
    series: [{label: "latency", value: (_: uPlot, ms: number | null) => ms === null ? "" : milliseconds(ms)},
             ...loads.map((one, at) => ({label: nameOf(one, loads), stroke: lineColour(at), fill: `${lineColour(at)}33`, width: 2,
               paths: uPlot.paths.stepped?.({align: 1}), points: {show: false}, spanGaps: true} as uPlot.Series))],
    data: joined(loads.map((one) => {
      const bars = workOf(one, name)?.bars ?? [];
      const last = bars[bars.length - 1];
      return [[...bars.map(([from]) => Math.max(from, 1) / 1e6), ...(last ? [last[1] / 1e6] : [])],
              [...bars.map(([, , many]) => many), ...(last ? [0] : [])]];
    })),
  }), zoom));
}

/** So few that a line between them needs its points to be seen. */
const fewSeconds = 30;

/** @param least what the axis reaches to at least */
function overTime(zoom: Zoom, title: string, loads: Load[], least: number, value: (second: Second) => number | null,
                  shown: (value: number) => string): HTMLElement {
  return chart(() => ({
    title,
    description: `${title}, second by second.`,
    nothing: "No second has enough samples.",
    scales: {x: {time: false}, y: {range: (_: uPlot, __: number, most: number) => [0, Math.max(most, least) * 1.1]}},
    x: {values: (_: uPlot, splits: number[]) => splits.map((at) => `${Number(at.toFixed(2))} s`)},
    y: {size: 70, values: (_: uPlot, splits: number[]) => splits.map((at) => shown(at))},
    series: [{label: "second"}, ...loads.map((one, at) => ({label: nameOf(one, loads), stroke: lineColour(at),
               width: 2, points: {show: one.series.length < fewSeconds}, value: (_: uPlot, at_: number | null) => at_ === null ? "–" : shown(at_)}))],
    data: joined(loads.map((one) => [one.series.map((_, at) => at + 1), one.series.map(value)])),
  }), zoom);
}

/** The runs beside the first of them, number by number. */
function comparison(loads: Load[], name: string): HTMLElement | null {
  const [base, ...others] = loads;
  const before = base && workOf(base, name);
  if (!base || !before || others.length === 0) return null;
  const numbers: [string, (work: Work) => number | undefined, (value: number) => string][] = [
    ["Rate", (work) => work.per_second, rate],
    ...shares.map((share): [string, (work: Work) => number | undefined, (value: number) => string] =>
        [`p${Number((share * 100).toPrecision(6))}`, (work) => quantile(work, share), time]),
    ["Errors", (work) => work.error_share, percent],
  ];
  const cell = (work: Work | undefined, read: (work: Work) => number | undefined, show: (value: number) => string) => {
    const now = work && read(work);
    const then = read(before);
    if (now === undefined) return h("td.number.zero", {}, "–");
    if (then === undefined || then === 0) return h("td.number", {}, show(now));
    const change = now / then - 1;
    return h("td.number", {}, show(now), " ", h("span.change", {}, `${signed(change * 100, 1)} %`));
  };
  return h("div.scroll", {}, h("table.rules.numbers", {},
    h("caption", {}, `${name}: beside the first run`, h("span.note.block", {}, "Single runs differ by chance too: only sets of runs can show that one is worse.")),
    h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Number"), loads.map((one) => h("th.number", {scope: "col"}, foreign(nameOf(one, loads)))))),
    h("tbody", {}, numbers.map(([label, read, show]) => h("tr", {}, h("th", {scope: "row"}, label),
      h("td.number", {}, (() => { const value = read(before); return value === undefined ? "–" : show(value); })()),
      others.map((one) => cell(workOf(one, name), read, show)))))));
}

export function loads(data: PageData): HTMLElement {
  const all = data.loads ?? [];
  const names = [...new Set(all.flatMap((one) => one.work.map((work) => work.name)))];
  const charts = h("div");
  const pick = h("select", {name: "operation"}, names.map((name) => h("option", {value: name}, name))) as HTMLSelectElement;
  const draw = () => {
    replace(charts, comparison(all, pick.value), h("div.charts", {}, quantileChart(all, pick.value), histogramChart(all, pick.value)));
  };
  pick.addEventListener("change", draw);
  draw();
  const zoom = new Zoom((from, to) => `${Number(from.toFixed(1))} s to ${Number(to.toFixed(1))} s`);
  return h("div", {}, zoom.controls,
    h("div.charts", {}, overTime(zoom, "Operations a second", all, 1, ([operations]) => operations, (value) => String(Number(value.toPrecision(3)))),
      overTime(zoom, "Failures a second", all, 1, ([, failures]) => failures, (value) => String(Number(value.toPrecision(3)))),
      overTime(zoom, "Median latency", all, 1e-6, ([, , , p50]) => p50 === null ? null : p50 / 1e6, milliseconds),
      overTime(zoom, "99th percentile of latency", all, 1e-6, ([, , , , p99]) => p99 === null ? null : p99 / 1e6, milliseconds)),
    h("div.filters", {}, h("div.fields", {}, h("label.field", {}, h("span", {}, "Operation"), pick))), charts,
    all.map((one) => oneRun(one, all)));
}

/** The head of a page that shows load runs only. */
export function loadOverview(all: Load[]): HTMLElement {
  const invalid = all.some((one) => one.invalid.length > 0);
  const outcomes = new Set(all.flatMap((one) => one.objectives.map((objective) => objective.outcome)));
  const [verdict, title]: [Verdict, string] =
      invalid ? ["error", "Not a measurement of the registry"]
      : outcomes.has("broken") ? ["fail", "An objective is broken"]
      : outcomes.has("refused") ? ["error", "An objective could not be judged"]
      : ["pass", outcomes.size > 0 ? "Every objective is kept" : "Measured, with no objective to keep"];
  return h(`section.overview.lone.${verdict}`, {"aria-labelledby": "verdict"},
    h("div.verdict", {}, h("div.seal", {}, mark(verdict)), h("div", {}, h("h1", {id: "verdict"}, title),
      h("ul.runs", {}, all.map((one) => h("li", {}, badge(one.invalid.length > 0 ? "error" : "pass"), " ",
        h("span.name", {}, breakable(one.registry)), " ", foreign(`${one.workload}, ${moment(one.started)}`)))),
      h("p.note", {}, count(all.length, "load run")))));
}
