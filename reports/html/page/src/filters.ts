// The row of filters above a list, and what each of its rows is compared with.

import {h, replace} from "./dom";
import {here, keepFilters} from "./place";
import {badge} from "./words";
import type {Verdict} from "./model";

/** What the filters see of one row. */
export interface Filterable {
  verdict: Verdict | "not judged";
  categories: string[];
  requirements: string[];
  level?: string | undefined;
  text: string;
  element: HTMLElement;
}

interface Choice { verdicts: Set<string>; category: string; requirement: string; text: string }

function matches(row: Filterable, chosen: Choice): boolean {
  const words = chosen.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return (chosen.verdicts.size === 0 || chosen.verdicts.has(row.verdict)) &&
         (chosen.category === "" || row.categories.includes(chosen.category)) &&
         (chosen.requirement === "" ||
          row.requirements.some((id) => id.toLowerCase().includes(chosen.requirement))) &&
         words.every((word) => row.text.includes(word));
}

function chosenAt(filters: URLSearchParams): Choice {
  return {
    verdicts: new Set(filters.getAll("verdict")),
    category: filters.get("category") ?? "",
    requirement: (filters.get("requirement") ?? "").toLowerCase(),
    text: filters.get("text") ?? "",
  };
}

function addressOf(chosen: Choice): URLSearchParams {
  const filters = new URLSearchParams();
  for (const verdict of chosen.verdicts) filters.append("verdict", verdict);
  if (chosen.category !== "") filters.set("category", chosen.category);
  if (chosen.requirement !== "") filters.set("requirement", chosen.requirement);
  if (chosen.text !== "") filters.set("text", chosen.text);
  return filters;
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h("label.field", {}, h("span", {}, label), control);
}

function unique(values: string[]): string[] {
  return [...new Set(values)].sort();
}

/** The filters of a view, applied at once; `noun` says what its rows are. */
export function filtersFor(view: string, rows: Filterable[], noun: [string, string]): HTMLElement {
  const chosen = here().view === view ? chosenAt(here().filters) : chosenAt(new URLSearchParams());
  const shown = h("p.shown", {role: "status"});
  const apply = () => {
    let visible = 0;
    for (const row of rows) {
      const hit = matches(row, chosen);
      row.element.hidden = !hit;
      if (hit) ++visible;
    }
    const [one, many] = noun;
    replace(shown, visible === rows.length
        ? `${rows.length} ${rows.length === 1 ? one : many}`
        : `${visible} of ${rows.length} ${rows.length === 1 ? one : many}`);
  };
  const change = () => {
    apply();
    keepFilters(view, addressOf(chosen));
  };

  const order = ["fail", "error", "blocked", "warn", "unsupported", "skipped", "pass", "not judged"];
  const present = order.filter((verdict) => rows.some((row) => row.verdict === verdict));
  const chips = present.map((verdict) => {
    const button = h("button.chip", {type: "button", "aria-pressed": String(chosen.verdicts.has(verdict))},
                     verdict === "not judged" ? h("span.badge.skipped", {}, verdict) : badge(verdict as Verdict),
                     h("span.number", {}, rows.filter((row) => row.verdict === verdict).length));
    button.addEventListener("click", () => {
      if (!chosen.verdicts.delete(verdict)) chosen.verdicts.add(verdict);
      button.setAttribute("aria-pressed", String(chosen.verdicts.has(verdict)));
      change();
    });
    return button;
  });

  const category = h("select", {name: "category"}, h("option", {value: ""}, "all"),
                     unique(rows.flatMap((row) => row.categories)).map((name) =>
                         h("option", {value: name, selected: name === chosen.category}, name))) as HTMLSelectElement;
  category.addEventListener("change", () => { chosen.category = category.value; change(); });

  const list = h("datalist", {id: `requirements-of-${view}`},
                 unique(rows.flatMap((row) => row.requirements)).map((id) => h("option", {value: id})));
  const requirement = h("input", {name: "requirement", type: "text", list: list.id, placeholder: "for example push.",
                                  autocomplete: "off", spellcheck: "false", value: chosen.requirement}) as HTMLInputElement;
  requirement.addEventListener("input", () => {
    chosen.requirement = requirement.value.trim().toLowerCase();
    change();
  });
  const text = h("input", {name: "text", type: "search", placeholder: "words that all occur", autocomplete: "off",
                           value: chosen.text}) as HTMLInputElement;
  text.addEventListener("input", () => { chosen.text = text.value; change(); });

  apply();
  return h("div.filters", {role: "search", "aria-label": "Filter"},
           h("div.chips", {role: "group", "aria-label": "Verdict"}, chips),
           h("div.fields", {}, field("Category", category), field("Requirement", requirement), list,
             field("Text", text)),
           shown);
}
