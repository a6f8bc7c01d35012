// What did not hold, by root cause.

import {breakable, foreign, h} from "./dom";
import {curlLine, neighbourhood} from "./exchange";
import {filtersFor} from "./filters";
import {anchor} from "./place";
import {badge, count, level} from "./words";
import type {Filterable} from "./filters";
import type {Cause, Check, PageData, Run, Scenario} from "./model";

export function causeId(cause: Cause): string {
  return cause.requirement === "" ? cause.reason : cause.requirement;
}

export function specLink(one: {link?: string; spec?: string; section?: string}, version: string): HTMLElement | null {
  if (one.link === undefined) return null;
  return h("a.spec", {href: one.link, rel: "noreferrer noopener", target: "_blank"},
           foreign(`${one.spec ?? ""}-spec ${one.spec === "distribution" ? version : ""} § ${one.section ?? ""}`));
}

export function contrast(check: Check): HTMLElement {
  return h("dl.contrast", {},
           h("div.expected", {}, h("dt", {}, "Expected"), h("dd", {}, foreign(check.expected || "(not said)"))),
           h("div.received", {}, h("dt", {}, "Received"), h("dd", {}, foreign(check.received || "(not said)"))));
}

export function scenarioLink(scenario: Scenario): HTMLElement {
  return h("a", {href: anchor("scenarios", scenario.id)}, breakable(scenario.id));
}

function occurrence(scenario: Scenario, check: Check): HTMLElement {
  return h("article.occurrence", {},
           h("h4", {}, scenarioLink(scenario), h("span.title", {}, foreign(scenario.title))),
           check.capped === "" ? null : h("p.note", {}, "Only a warning: ", foreign(check.capped)),
           check.allowed === "" ? null : h("p.note", {}, "Known, and allowed for now: ", foreign(check.allowed)),
           contrast(check), curlLine(check.curl), neighbourhood(scenario.transcript, check.exchange));
}

function affected(cause: Cause, run: Run): HTMLElement | null {
  if (cause.affected.length === 0) return null;
  const many = count(cause.affected.length, "scenario");
  return h("details.affected", {open: cause.occurrences.length === 0},
           h("summary", {}, cause.verdict === "error" ? `${many} could not be judged` : `${many} not judged because of it`),
           h("ul", {}, cause.affected.map((at) => {
             const scenario = run.scenarios[at];
             return scenario && h("li", {}, badge(scenario.verdict), " ", scenarioLink(scenario), " ",
                                  h("span.note", {}, foreign(scenario.reason)));
           })));
}

function lasting(cause: Cause, run: Run): HTMLElement[] {
  const cards = cause.occurrences.map(([at, which]) => {
    const scenario = run.scenarios[at];
    const check = scenario?.checks[which];
    return scenario && check ? occurrence(scenario, check) : null;
  }).filter((one): one is HTMLElement => one !== null);
  if (cards.length <= 3) return cards;
  const more = cards.slice(3);
  return [...cards.slice(0, 3), h("details.more", {}, h("summary", {}, `${more.length} more scenarios broke it too`), more)];
}

function card(cause: Cause, run: Run): HTMLElement {
  const id = causeId(cause);
  const title = cause.requirement === "" ? foreign(cause.reason) : breakable(cause.requirement);
  return h(`article.cause.${cause.verdict}`, {id: `finding-${id}`, tabindex: "-1"},
           h("header", {},
             h("h3", {}, badge(cause.verdict), h("span.name", {}, title),
               cause.level === undefined ? null : level(cause.level),
               h("a.anchor", {href: anchor("findings", id), "aria-label": `Link to the finding ${id}`}, "#")),
             cause.statement === undefined ? null : h("p.statement", {}, foreign(cause.statement)),
             h("p.where", {}, specLink(cause, run.spec_version))),
           lasting(cause, run), affected(cause, run));
}

function row(cause: Cause, run: Run): Filterable {
  const scenarios = [...cause.occurrences.map(([at]) => at), ...cause.affected]
      .map((at) => run.scenarios[at]).filter((one): one is Scenario => one !== undefined);
  const checks = cause.occurrences.map(([at, which]) => run.scenarios[at]?.checks[which]);
  return {
    verdict: cause.verdict,
    categories: scenarios.map((one) => one.category),
    requirements: cause.requirement === "" ? [] : [cause.requirement],
    text: [cause.requirement, cause.reason, cause.statement, cause.section, cause.level, cause.verdict,
           ...scenarios.flatMap((one) => [one.id, one.title, one.reason]),
           ...checks.flatMap((one) => [one?.expected, one?.received, one?.curl])].join(" ").toLowerCase(),
    element: card(cause, run),
  };
}

/** What is neither a finding nor a pass: shown, so that it does not look like one. */
function notJudged(run: Run): HTMLElement | null {
  const rest = run.scenarios.filter((one) => one.verdict === "unsupported" || one.verdict === "skipped");
  if (rest.length === 0) return null;
  return h("section.rest", {}, h("h3", {}, "Not supported, or not asked for"),
           h("ul", {}, rest.map((one) => h("li", {}, badge(one.verdict), " ", scenarioLink(one), " ",
                                           h("span.note", {}, foreign(one.reason))))));
}

export function findings(data: PageData): HTMLElement {
  const run = data.run as Run;
  const rows = (data.causes ?? []).map((one) => row(one, run));
  if (rows.length === 0) {
    return h("div", {}, h("p.empty", {}, "Every check held."), notJudged(run));
  }
  return h("div", {}, filtersFor("findings", rows, ["finding", "findings"]),
           h("div.causes", {}, rows.map((one) => one.element)), notJudged(run));
}
