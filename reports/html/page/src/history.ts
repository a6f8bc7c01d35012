// Many runs: how they went over time, what changed between two, and registries side by side.

import uPlot from "uplot";
import {chart} from "./chart";
import {breakable, foreign, h, replace} from "./dom";
import {picker} from "./picker";
import {badge, count, moment} from "./words";
import {Zoom} from "./zoom";
import type {History, PageData, PastRun, Verdict} from "./model";

const verdictOf: Record<string, Verdict> =
    {p: "pass", f: "fail", w: "warn", u: "unsupported", s: "skipped", b: "blocked", e: "error"};

function registriesOf(history: History): string[] {
  return [...new Set(history.runs.map((one) => one.registry))];
}

function many(run: PastRun, letter: string): number {
  let sum = 0;
  for (const one of run.letters) if (one === letter) ++sum;
  return sum;
}

function broken(letter: string | undefined): boolean {
  return letter === "f" || letter === "w";
}

function label(run: PastRun): string {
  return `${moment(run.started)} ${run.file}`;
}

function colourOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function trend(runs: PastRun[]): HTMLElement {
  const zoom = new Zoom((from, to) => `runs ${Math.ceil(from)} to ${Math.floor(to)} of ${runs.length}`);
  const line = (name: string, variable: string): uPlot.Series =>
      ({label: name, stroke: colourOf(variable), width: 2});
  const chartOf = (title: string, lines: [string, string, string][]) => chart(() => ({
    title,
    description: `${title}, run by run; the table below has the numbers.`,
    nothing: "No run.",
    scales: {x: {time: false}, y: {range: (_: uPlot, __: number, most: number) => [0, Math.max(most, 1) * 1.1]}},
    x: {values: (_: uPlot, splits: number[]) => splits.map((at) => Number.isInteger(at)
        ? (runs[at - 1]?.started ?? "").slice(0, 10) : ""), space: 90},
    y: {size: 50, values: (_: uPlot, splits: number[]) => splits.map((at) => Number.isInteger(at) ? String(at) : "")},
    series: [{label: "run", value: (_: uPlot, at: number | null) => at === null ? "" : moment(runs[at - 1]?.started ?? "")},
             ...lines.map(([name, , variable]) => line(name, variable))],
    data: [runs.map((_, at) => at + 1), ...lines.map(([, letter]) => runs.map((one) => many(one, letter)))] as uPlot.AlignedData,
  }), zoom);
  return h("div", {}, zoom.controls, h("div.charts", {},
           chartOf("Requirements that did not hold", [["broken", "f", "--fail"], ["not followed", "w", "--warn"]]),
           chartOf("Requirements that held", [["held", "p", "--pass"]])));
}

function runTable(runs: PastRun[]): HTMLElement {
  const latest = [...runs].reverse();
  const body = h("tbody", {});
  const fill = (most: number) => {
    body.replaceChildren(...latest.slice(0, most).map((one) =>
        h("tr", {}, h("td", {}, badge(one.verdict)), h("td", {}, foreign(moment(one.started))),
          h("td.number", {}, many(one, "p")), h("td.number", {}, many(one, "f")), h("td.number", {}, many(one, "w")),
          h("td", {}, foreign(one.suite_version)), h("td.name", {}, breakable(one.file)))));
  };
  const most = 30;
  fill(most);
  const all = h("button.quiet", {type: "button", click: () => { fill(latest.length); all.remove(); }},
                `Show all ${latest.length} runs`);
  return h("div", {}, h("div.scroll", {}, h("table.rules.numbers", {}, h("caption", {}, "Runs, the latest first"),
    h("thead", {}, h("tr", {}, ["Verdict", "When"].map((one) => h("th", {scope: "col"}, one)),
      ["Held", "Broken", "Not followed"].map((one) => h("th.number", {scope: "col"}, one)),
      ["Suite", "File"].map((one) => h("th", {scope: "col"}, one)))), body)), latest.length > most ? all : null);
}

export function trends(data: PageData): HTMLElement {
  const history = data.history as History;
  const registries = registriesOf(history);
  return picker("Registry", registries, (at) => {
    const runs = history.runs.filter((one) => one.registry === registries[at]);
    // Beside whole runs a part looks as if rules had been lost.
    const whole = runs.filter((one) => one.verdict !== "partial");
    return h("div", {}, trend(whole.length > 0 ? whole : runs), runTable(runs));
  });
}

function changeList(title: string, verdict: Verdict, ids: string[]): HTMLElement {
  return h("section.changes", {}, h("h3", {}, badge(verdict), " ", `${title} (${ids.length})`),
           ids.length === 0 ? h("p.note", {}, "none") : h("ul.by", {}, ids.map((id) => h("li.name", {}, breakable(id)))));
}

function comparison(history: History, before: PastRun, after: PastRun): HTMLElement {
  const where = (holds: (then: string, now: string) => boolean) =>
      history.requirements.filter((_, at) => holds(before.letters[at] ?? ".", after.letters[at] ?? "."));
  return h("div.changed", {},
    changeList("Newly broken", "fail", where((then, now) => !broken(then) && broken(now))),
    changeList("Fixed", "pass", where((then, now) => broken(then) && now === "p")),
    changeList("Still broken", "warn", where((then, now) => broken(then) && broken(now))),
    // A part was never to judge the rest.
    changeList("No longer judged", "skipped",
               after.verdict === "partial" ? [] : where((then, now) => then !== "." && now === ".")));
}

export function changes(data: PageData): HTMLElement {
  const history = data.history as History;
  const last = history.runs.length - 1;
  const latest = history.runs[last];
  let earlier = -1;
  history.runs.forEach((one, at) => { if (at < last && one.registry === latest?.registry) earlier = at; });
  const options = (chosen: number) => history.runs.map((one, at) =>
      h("option", {value: at, selected: at === chosen}, `${registriesOf(history).length > 1 ? `${one.registry} ` : ""}${label(one)}`));
  const from = h("select", {name: "from"}, options(earlier < 0 ? 0 : earlier)) as HTMLSelectElement;
  const to = h("select", {name: "to"}, options(last)) as HTMLSelectElement;
  const stage = h("div", {role: "status"});
  const show = () => {
    const before = history.runs[Number(from.value)];
    const after = history.runs[Number(to.value)];
    if (before && after) replace(stage, comparison(history, before, after));
  };
  from.addEventListener("change", show);
  to.addEventListener("change", show);
  show();
  return h("div", {}, h("div.filters", {}, h("div.fields", {}, h("label.field", {}, h("span", {}, "From"), from),
    h("label.field", {}, h("span", {}, "To"), to))), stage);
}

export function matrix(data: PageData): HTMLElement {
  const history = data.history as History;
  const latest = registriesOf(history).map((name) => history.runs.filter((one) => one.registry === name).pop())
      .filter((one): one is PastRun => one !== undefined);
  const body = h("tbody");
  const shown = h("p.shown", {role: "status"});
  const all = h("input", {type: "checkbox", name: "all"}) as HTMLInputElement;
  const fill = () => {
    const rows = history.requirements.map((id, at) => ({id, letters: latest.map((one) => one.letters[at] ?? ".")}))
        .filter(({letters}) => all.checked || letters.some((one) => one !== "p" && one !== "."));
    replace(shown, `${rows.length} of ${count(history.requirements.length, "requirement")}`);
    body.replaceChildren(...rows.map(({id, letters}) => h("tr", {}, h("th.name", {scope: "row"}, breakable(id)),
      letters.map((letter) => {
        const verdict = verdictOf[letter];
        return h("td", {}, verdict === undefined ? h("span.note", {}, "not judged") : badge(verdict));
      }))));
  };
  all.addEventListener("change", fill);
  fill();
  return h("div", {}, h("p.note", {}, "The latest run of each registry."),
    h("label.check", {}, all, " also what every one of them keeps"), shown,
    h("div.scroll", {}, h("table.rules.matrix", {}, h("caption.for-readers", {}, "Requirements by registry"),
      h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Requirement"),
        latest.map((one) => h("th", {scope: "col"}, breakable(one.registry.replace(/^https?:\/\//, "")))))), body)));
}

export function historyOverview(history: History): HTMLElement {
  const registries = registriesOf(history);
  const first = history.runs[0];
  const last = history.runs[history.runs.length - 1];
  const worst = registries.map((name) => history.runs.filter((one) => one.registry === name).pop())
      .filter((one): one is PastRun => one !== undefined);
  return h("section.overview.lone", {"aria-labelledby": "verdict"}, h("div", {},
    h("h1", {id: "verdict"}, `${count(history.runs.length, "run")} of ${count(registries.length, "registry", "registries")}`),
    h("p.note", {}, foreign(`${moment(first?.started ?? "")} to ${moment(last?.started ?? "")}`)),
    h("ul.runs", {}, worst.map((one) => h("li", {}, badge(one.verdict), " ", h("span.name", {}, breakable(one.registry)), " ",
      h("span.note", {}, foreign(`last ${moment(one.started)}`)))))));
}
