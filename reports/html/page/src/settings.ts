// How the run was made, and what it left.

import {foreign, h} from "./dom";
import type {PageData, Run} from "./model";

export function settings(data: PageData): HTMLElement {
  const run = data.run as Run;
  return h("div", {},
           h("div.scroll", {}, h("table.settings", {}, h("caption", {}, "Configuration, without secrets"),
             h("thead", {}, h("tr", {}, h("th", {scope: "col"}, "Setting"), h("th", {scope: "col"}, "Value"))),
             h("tbody", {}, run.configuration.map(({name, value}) =>
                 h("tr", {}, h("th", {scope: "row"}, foreign(name)), h("td", {}, foreign(value))))))),
           run.stale.length === 0 ? null
               : h("section", {}, h("h3", {}, "Allowances to be removed"),
                   h("ul", {}, run.stale.map((one) => h("li", {}, foreign(one))))),
           run.left_behind.length === 0 ? null
               : h("section", {}, h("h3", {}, "Left behind in the registry"),
                   h("ul", {}, run.left_behind.map((one) => h("li.name", {}, foreign(one))))));
}
