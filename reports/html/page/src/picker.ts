// A choice of one thing to look at.

import {foreign, h, replace} from "./dom";

/** What `draw` makes of the chosen one; without a choice where there is but one. */
export function picker(label: string, names: string[], draw: (at: number) => HTMLElement): HTMLElement {
  const stage = h("div");
  const pick = h("select", {name: label.toLowerCase()}, names.map((name, at) => h("option", {value: at}, name))) as HTMLSelectElement;
  const show = () => { replace(stage, draw(Number(pick.value))); };
  pick.addEventListener("change", show);
  show();
  return h("div", {}, names.length < 2 ? h("p.name", {}, foreign(names[0] ?? ""))
      : h("div.filters", {}, h("div.fields", {}, h("label.field.wide", {}, h("span", {}, label), pick))), stage);
}
