// What the suite was shown to see, and shown not to complain of.

import {breakable, foreign, h} from "./dom";
import {anchor} from "./place";
import {badge, count, duration, moment} from "./words";
import type {Fault, PageData, Proof, Variant} from "./model";

function names(ids: string[], known: Set<string>): HTMLElement {
  return h("ul.by", {}, ids.map((id) => h("li", {}, known.has(id)
      ? h("a.name", {href: anchor("coverage", id)}, breakable(id)) : h("span.name", {}, breakable(id)))));
}

function faultRow(fault: Fault, known: Set<string>): HTMLElement {
  return h("tr", {}, h("td", {}, badge(fault.caught ? "pass" : "fail"), h("p.note", {}, fault.caught ? "caught" : "not caught")),
           h("td", {}, h("p.name", {}, breakable(fault.name)), h("p.statement", {}, foreign(fault.summary))),
           h("td", {}, names([fault.requirement], known)),
           h("td", {}, names(fault.failed.filter((id) => id !== fault.requirement), known)));
}

function variantRow(variant: Variant, known: Set<string>): HTMLElement {
  return h("tr", {}, h("td", {}, badge(variant.clean ? "pass" : "fail"),
                       h("p.note", {}, variant.clean ? "no complaint" : "complained of")),
           h("td", {}, h("p.name", {}, breakable(variant.name)), h("p.statement", {}, foreign(variant.summary))),
           h("td", {}, names(variant.complaints, known)));
}

function table(caption: string, columns: string[], rows: HTMLElement[]): HTMLElement {
  return h("div.scroll", {}, h("table.rules.lines", {}, h("caption", {}, caption),
           h("thead", {}, h("tr", {}, columns.map((one) => h("th", {scope: "col"}, one)))), h("tbody", {}, rows)));
}

export function proof(data: PageData): HTMLElement {
  const shown = data.proof as Proof;
  const known = new Set((data.catalogue ?? []).map((one) => one.id));
  const caught = shown.faults.filter((one) => one.caught).length;
  const clean = shown.variants.filter((one) => one.clean).length;
  const whole = caught === shown.faults.length && clean === shown.variants.length;
  return h("div", {},
           h("p.lead", {}, badge(whole ? "pass" : "fail"), " ",
             `${caught} of ${count(shown.faults.length, "fault")} caught, ` +
             `${clean} of ${count(shown.variants.length, "allowed variant")} without complaint`),
           h("p.note", {}, foreign(`plimsoll ${shown.suite_version}, distribution-spec ${shown.spec_version}, ` +
             `${moment(shown.started)}, ${duration(shown.took_us)}, seed ${shown.seed}`)),
           table("The reference registry breaks one rule at a time: the suite has to see it",
                 ["Caught", "Fault", "Breaks", "Also found"], shown.faults.map((one) => faultRow(one, known))),
           table("The reference registry makes a choice that the spec leaves open: the suite must not complain",
                 ["Clean", "Variant", "Complaints"], shown.variants.map((one) => variantRow(one, known))));
}
