// Every scenario, with its checks and what was recorded of it.

import {breakable, foreign, h} from "./dom";
import {curlLine, exchange} from "./exchange";
import {filtersFor} from "./filters";
import {contrast} from "./findings";
import {anchor} from "./place";
import {badge, count, duration, level} from "./words";
import type {Filterable} from "./filters";
import type {Check, PageData, Run, Scenario} from "./model";

function checkItem(check: Check): HTMLElement {
  const broken = check.verdict === "fail" || check.verdict === "warn";
  return h("li", {}, h("div.line", {}, badge(check.verdict), " ",
                       h("a.name", {href: anchor("coverage", check.requirement)}, breakable(check.requirement)), " ",
                       level(check.binding)),
           h("p.statement", {}, foreign(check.statement)), broken ? contrast(check) : check.note === "" ? null : h("p.note", {}, foreign(check.note)), curlLine(check.curl));
}

function detail(scenario: Scenario): HTMLElement {
  const deciders = new Set(scenario.checks.filter((one) => one.verdict !== "pass").map((one) => one.exchange));
  return h("div.detail", {},
           scenario.reason === "" ? null : h("p.trouble", {}, foreign(scenario.reason)),
           scenario.blocked_by === "" ? null
               : h("p", {}, "Blocked by ", h("a.name", {href: anchor("findings", scenario.blocked_by)}, breakable(scenario.blocked_by))),
           scenario.checks.length === 0 ? null : h("ul.checks", {}, scenario.checks.map(checkItem)),
           scenario.transcript.length === 0
               ? h("p.note", {}, `${count(scenario.exchanges, "exchange")}; not recorded, since it passed`)
               : h("div.exchanges", {}, scenario.transcript.map((one) => exchange(one, deciders.has(one.index)))));
}

function row(scenario: Scenario): Filterable {
  const broken = scenario.checks.filter((one) => one.verdict === "fail" || one.verdict === "warn").length;
  const content = h("div");
  const element = h("details.scenario", {id: `scenario-${scenario.id}`, tabindex: "-1"},
                    h("summary", {}, badge(scenario.verdict),
                      h("span.heading", {}, h("span.name", {}, breakable(scenario.id)),
                        h("span.title", {}, foreign(scenario.title))),
                      h("span.facts", {}, broken > 0 ? `${broken} of ${count(scenario.checks.length, "check")}`
                                                     : count(scenario.checks.length, "check"),
                        ` · ${duration(scenario.took_us)}`)),
                    content) as HTMLDetailsElement;
  // Made when it is looked at: most never are.
  element.addEventListener("toggle", () => {
    if (element.open && content.childNodes.length === 0) content.append(detail(scenario));
  });
  return {
    verdict: scenario.verdict,
    categories: [scenario.category],
    requirements: [...new Set([...scenario.checks.map((one) => one.requirement), ...scenario.judges])],
    text: [scenario.id, scenario.title, scenario.reason, scenario.blocked_by, scenario.category,
           ...scenario.checks.flatMap((one) => [one.requirement, one.statement, one.expected, one.received])]
        .join(" ").toLowerCase(),
    element,
  };
}

export function scenarios(data: PageData): HTMLElement {
  const rows = (data.run as Run).scenarios.map(row);
  return h("div", {}, filtersFor("scenarios", rows, ["scenario", "scenarios"]),
           h("div.scenarios", {}, rows.map((one) => one.element)));
}
