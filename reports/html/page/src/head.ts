// The top of the page: what was judged, the verdict, and the table of categories.

import {breakable, foreign, h, svg} from "./dom";
import {anchor} from "./place";
import {badge, count, displayName, duration, mark, moment, sentences, size} from "./words";
import {verdicts} from "./model";
import type {Category, Entry, NamedValue, Part, Run, Verdict} from "./model";

export function logo(): SVGElement {
  return svg("svg", {class: "logo", viewBox: "0 0 32 32", "aria-hidden": "true"},
             svg("circle", {cx: 16, cy: 16, r: 9.5}), svg("path", {d: "M1 16h30"}));
}

function bar(counts: Partial<Record<Verdict, number>>): HTMLElement {
  const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const parts = verdicts.filter((verdict) => (counts[verdict] ?? 0) > 0).map((verdict) => {
    const part = h(`span.part.${verdict}`);
    part.style.flexGrow = String((counts[verdict] ?? 0) / Math.max(total, 1));
    return part;
  });
  return h("span.bar", {"aria-hidden": "true"}, parts);
}

function numbers(counts: Partial<Record<Verdict, number>>, shown: Verdict[]): HTMLElement[] {
  return shown.map((verdict) => h(`td.number.${(counts[verdict] ?? 0) === 0 ? "zero" : verdict}`,
                                  {"data-name": displayName(verdict)}, counts[verdict] ?? 0));
}

function summed(categories: Category[]): Partial<Record<Verdict, number>> {
  const sum: Partial<Record<Verdict, number>> = {};
  for (const one of categories) {
    for (const verdict of verdicts) {
      const more = one.scenarios[verdict] ?? 0;
      if (more > 0) sum[verdict] = (sum[verdict] ?? 0) + more;
    }
  }
  return sum;
}

function categoryTable(run: Run, claims: NamedValue[]): HTMLElement {
  const total = summed(run.categories);
  const shown = (["pass", "warn", "fail", "blocked", "error", "unsupported", "skipped"] as Verdict[])
      .filter((verdict) => verdict === "pass" || verdict === "fail" || verdict === "warn" || (total[verdict] ?? 0) > 0);
  return h("div.scroll", {},
           h("table.categories", {},
             h("caption", {}, "Scenarios by category"),
             h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Category"), h("th", {scope: "col"}, "Verdict"),
                               h("th.wide", {scope: "col"}, h("span.for-readers", {}, "Share")),
                               shown.map((verdict) => h("th.number", {scope: "col"}, displayName(verdict))))),
             h("tbody", {}, run.categories.map((one) =>
                 h("tr", {},
                   h("th", {scope: "row"}, h("a", {href: anchor("scenarios") + `?category=${encodeURIComponent(one.category)}`},
                                             foreign(one.category))),
                   h("td", {}, badge(one.verdict), claims.filter((claim) => claim.name === one.category)
                     .map((claim) => h("p.note.claim", {}, foreign(`claimed: ${claim.value}`)))),
                   h("td.wide", {}, bar(one.scenarios)),
                   numbers(one.scenarios, shown)))),
             h("tfoot", {}, h("tr", {}, h("th", {scope: "row"}, "All"), h("td", {}, badge(run.verdict)),
                               h("td.wide", {}, bar(total)), numbers(total, shown)))));
}

function fact(name: string, value: string | Node): HTMLElement {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

/** How many of the registry's rules were judged, by level. */
function levels(catalogue: Entry[]): HTMLElement {
  const rows = ["MUST", "SHOULD", "MAY"].map((level) => {
    const rules = catalogue.filter((one) => one.actor === "registry" && one.level.startsWith(level));
    const judged = rules.filter((one) => one.verdict !== undefined);
    if (judged.length === 0) return h("li", {}, `No ${level} judged`, h("span.note", {}, `of ${rules.length}`));
    const broken = judged.filter((one) => one.verdict === "fail" || one.verdict === "warn").length;
    return h("li", {}, h("strong", {}, `${judged.length - broken} of ${judged.length}`), ` ${level} hold`,
             h("span.note", {}, `${rules.length - judged.length} more not judged`));
  });
  return h("ul.levels", {"aria-label": "The registry's rules"}, rows);
}

/** What was left out of the run, and by whom. */
function partNote(part: Part): HTMLElement {
  return h("div.part-note", {}, h("p", {}, `${part.scenarios_run} of ${part.scenarios_in_suite} scenarios run`),
           h("ul", {}, part.restrictions.map((one) => h("li", {}, foreign(
               `${one.setting} = ${one.value} (${one.origin}) leaves out ${one.leaves_out}`)))));
}

export function overview(run: Run, catalogue: Entry[], claims: NamedValue[]): HTMLElement {
  return h(`section.overview.${run.verdict}`, {"aria-labelledby": "verdict"},
           h("div.verdict", {},
             h("div.seal", {}, mark(run.verdict)),
             h("div", {},
               h("h1", {id: "verdict"}, sentences[run.verdict]),
               h("p.registry", {}, breakable(run.registry)),
               run.reason === "" ? null : h("p.trouble", {}, foreign(run.reason)),
               run.part === undefined ? null : partNote(run.part),
               levels(catalogue))),
           h("dl.facts", {},
             fact("Spec", foreign(`distribution-spec ${run.spec_version}`)), fact("Profile", foreign(run.profile)),
             fact("When", foreign(moment(run.started))), fact("Took", duration(run.took_us)),
             fact("Traffic", `${count(run.requests, "request")}, ${size(run.bytes_sent)} sent, ${size(run.bytes_received)} received`),
             fact("Suite", foreign(`plimsoll ${run.suite_version}`)), fact("Run", foreign(run.run_id)),
             fact("Seed", foreign(run.seed))),
           categoryTable(run, claims));
}
