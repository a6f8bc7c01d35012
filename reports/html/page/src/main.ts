// The page: its head, its views, and which of them is shown.

import {comparison, comparisonOverview} from "./compare";
import {coverage} from "./coverage";
import {h, replace} from "./dom";
import {findings} from "./findings";
import {logo, overview} from "./head";
import {changes, historyOverview, matrix, trends} from "./history";
import {loadOverview, loads} from "./load";
import {loadHistoryOverview, loadTrends} from "./load-history";
import {readData} from "./model";
import {anchor, here} from "./place";
import {proof} from "./proof";
import {scenarios} from "./scenarios";
import {settings} from "./settings";
import {themeButton} from "./theme";
import "./page.css";
import "./screens.css";
import type {PageData} from "./model";

interface View {
  name: string;
  title: string;
  /** How the elements that an address can name are called in this view. */
  element: string;
  number?: number | undefined;
  draw(data: PageData): HTMLElement;
}

function viewsOf(data: PageData): View[] {
  const views: View[] = [];
  if (data.run) {
    views.push({name: "findings", title: "Findings", element: "finding", number: data.causes?.length ?? 0, draw: findings},
               {name: "scenarios", title: "Scenarios", element: "scenario", number: data.run.scenarios.length, draw: scenarios},
               {name: "coverage", title: "Coverage", element: "requirement", number: data.catalogue?.length, draw: coverage});
  }
  if (data.history) {
    views.push({name: "trends", title: "Trends", element: "", draw: trends},
               {name: "changes", title: "What changed", element: "", draw: changes},
               {name: "matrix", title: "Side by side", element: "", draw: matrix});
  }
  if (data.load_history) {
    views.push({name: "load-trends", title: "Load over time", element: "", number: data.load_history.tests.length, draw: loadTrends});
  }
  if (data.comparison) views.push({name: "compare", title: "Compared", element: "", draw: comparison});
  if (data.loads) views.push({name: "load", title: "Load", element: "", number: data.loads.length, draw: loads});
  if (data.proof) views.push({name: "proof", title: "Proof of the suite", element: "", draw: proof});
  if (data.run) views.push({name: "run", title: "Run", element: "", draw: settings});
  return views;
}

function showOne(id: string): void {
  const found = document.getElementById(id);
  if (!found) return;
  if (found instanceof HTMLDetailsElement) found.open = true;
  found.hidden = false;
  for (const before of document.querySelectorAll(".target")) before.classList.remove("target");
  found.classList.add("target");
  found.scrollIntoView({block: "start"});
  found.focus({preventScroll: true});
}

function navigation(views: View[]): HTMLElement {
  return h("nav.views", {"aria-label": "Views"}, h("ul", {}, views.map((view) =>
      h("li", {}, h("a", {href: anchor(view.name), id: `to-${view.name}`}, view.title,
                    view.number === undefined ? null : h("span.number", {}, view.number))))));
}

function heads(data: PageData): (HTMLElement | null)[] {
  const lone = !data.run && !data.history && !data.load_history && !data.loads && !data.comparison;
  return [data.run ? overview(data.run, data.catalogue ?? [], data.claims ?? []) : null,
          data.history ? historyOverview(data.history) : null,
          data.load_history && !data.run && !data.history ? loadHistoryOverview(data.load_history) : null,
          data.comparison ? comparisonOverview(data.comparison) : null,
          data.loads && !data.run && !data.comparison && !data.load_history ? loadOverview(data.loads) : null,
          lone ? h("h1.lone", {id: "verdict"}, "The suite's own proof") : null];
}

function start(): void {
  const data = readData();
  const views = viewsOf(data);
  const drawn = new Map<string, HTMLElement>();
  const title = h("h2", {id: "view-title", tabindex: "-1"});
  const stage = h("div", {id: "stage"});

  const show = () => {
    const place = here();
    const view = views.find((one) => one.name === place.view) ?? views[0];
    if (!view) return;
    for (const one of views) {
      const link = document.getElementById(`to-${one.name}`);
      if (one === view) link?.setAttribute("aria-current", "page");
      else link?.removeAttribute("aria-current");
    }
    title.textContent = view.title;
    // Drawn anew where an address brings filters along: they are read while drawing.
    if (!drawn.has(view.name) || place.filters.toString() !== "") drawn.set(view.name, view.draw(data));
    replace(stage, drawn.get(view.name));
    if (place.id !== "") showOne(`${view.element}-${place.id}`);
  };

  document.title = data.run ? `${data.run.verdict}: ${data.run.registry} · Plimsoll` : "Plimsoll report";
  document.body.append(
      h("a.skip", {href: "#view-title", click: (event) => { event.preventDefault(); title.focus(); }}, "Skip to the findings"),
      h("header.top", {}, h("p.brand", {}, logo(), "Plimsoll"), themeButton()),
      h("main", {}, heads(data), navigation(views),
        h("section.view", {"aria-labelledby": "view-title"}, title, stage)));
  addEventListener("hashchange", show);
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll<HTMLDetailsElement>("details.affected, details.more")) one.open = true;
  });
  show();
  document.documentElement.dataset["ready"] = "true";
}

start();
