// Every statement of the specs, and what became of it.

import {breakable, foreign, h} from "./dom";
import {filtersFor} from "./filters";
import {scenarioLink, specLink} from "./findings";
import {anchor} from "./place";
import {badge, count, level} from "./words";
import type {Filterable} from "./filters";
import type {Entry, PageData, Run, Scenario} from "./model";

function row(entry: Entry, run: Run): Filterable {
  const by = entry.scenarios.map((at) => run.scenarios[at]).filter((one): one is Scenario => one !== undefined);
  const element = h("tr", {id: `requirement-${entry.id}`, tabindex: "-1"},
      h("td", {}, entry.verdict === undefined ? h("span.badge.none", {}, "not judged") : badge(entry.verdict)),
      h("td", {}, h("div.line", {}, h("a.name", {href: anchor("coverage", entry.id)}, breakable(entry.id)), " ", level(entry.level)),
        h("p.statement", {}, foreign(entry.statement)), h("p.where", {}, specLink(entry, run.spec_version))),
      h("td", {}, entry.reason === "" ? null : h("p.note", {}, foreign(entry.reason)),
        entry.faults.length === 0 ? null : h("p.note.faults", {}, `proven by ${count(entry.faults.length, "fault")}: `,
          foreign(entry.faults.join(", "))),
        by.length === 0 ? null : h("ul.by", {}, by.map((one) => h("li", {}, scenarioLink(one))))));
  return {
    verdict: entry.verdict ?? "not judged",
    categories: [entry.category],
    requirements: [entry.id],
    text: [entry.id, entry.statement, entry.section, entry.level, entry.reason, entry.actor, entry.state,
           ...entry.faults, ...by.map((one) => one.id)]
        .join(" ").toLowerCase(),
    element,
  };
}

/** By level: what the suite does about the rules, and what this run saw of them. */
function byLevel(catalogue: Entry[]): HTMLElement {
  const rows = (["MUST", "SHOULD", "MAY"] as const).flatMap((level) => (["registry", "client"] as const).map((actor) => {
    const rules = catalogue.filter((one) => one.level.startsWith(level) && one.actor === actor);
    const cell = (many: number) => h(many === 0 ? "td.number.zero" : "td.number", {}, many);
    const states = (["proven", "judged", "not judged"] as const).map((state) =>
        cell(rules.filter((one) => one.state === state).length));
    return h("tr", {}, h("th", {scope: "row"}, `${level}, ${actor === "registry" ? "registries" : "clients"}`), cell(rules.length), ...states,
             cell(rules.filter((one) => one.verdict !== undefined).length));
  }));
  const heads = ["Rules", "Judged and proven", "Judged", "Not judged, and why", "Judged in this run"];
  return h("table.coverage-summary.by-level", {},
           h("caption", {}, "Every rule of the specs, by level and by whom it binds"),
           h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Level"), heads.map((one) => h("th.number", {scope: "col"}, one)))),
           h("tbody", {}, rows));
}

/** By category: of the rules that bind registries, how many this run judged. */
function summary(catalogue: Entry[]): HTMLElement {
  const names = [...new Set(catalogue.filter((one) => one.actor === "registry").map((one) => one.category))];
  return h("table.coverage-summary", {},
           h("caption", {}, "Rules for registries, by category"),
           h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Category"), h("th.number", {scope: "col"}, "MUST judged"),
                             h("th.number", {scope: "col"}, "SHOULD judged"), h("th.number", {scope: "col"}, "MAY judged"))),
           h("tbody", {}, names.map((name) =>
               h("tr", {}, h("th", {scope: "row"}, name), ["MUST", "SHOULD", "MAY"].map((strength) => {
                 const rules = catalogue.filter((one) => one.category === name && one.actor === "registry" &&
                                                one.level.startsWith(strength));
                 const judged = rules.filter((one) => one.verdict !== undefined).length;
                 return h(rules.length === 0 ? "td.number.zero" : "td.number", {},
                          rules.length === 0 ? "none" : `${judged} of ${rules.length}`);
               })))));
}

export function coverage(data: PageData): HTMLElement {
  const run = data.run as Run;
  const catalogue = data.catalogue ?? [];
  const rows = catalogue.map((one) => row(one, run));
  return h("div", {}, h("div.summaries", {}, h("div.scroll", {}, byLevel(catalogue)), h("div.scroll", {}, summary(catalogue))), filtersFor("coverage", rows, ["rule", "rules"]),
           h("div.scroll", {}, h("table.rules.lines", {}, h("caption.for-readers", {}, "Every rule of the catalogue"),
             h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Verdict"), h("th", {scope: "col"}, "Rule"),
                               h("th", {scope: "col"}, "Judged by, or why not"))),
             h("tbody", {}, rows.map((one) => one.element)))));
}
