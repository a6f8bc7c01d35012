// What part of the x axis is shown: by dragging across a chart, and by buttons for who has no mouse.

import uPlot from "uplot";
import {h} from "./dom";

type Range = [number, number];

function near(one: number, other: number, width: number): boolean {
  return Math.abs(one - other) <= width * 1e-9;
}

/** Shared by charts with the same x axis: what is done to one is done to all. */
export class Zoom {
  private charts = new Set<uPlot>();
  /** All that there is; known once a chart is drawn. */
  private whole: Range | undefined;
  /** Nothing where all is shown. */
  private part: Range | undefined;
  private readonly status = h("span.note", {role: "status"});
  private readonly buttons: HTMLButtonElement[];
  readonly controls: HTMLElement;

  /** @param say a range in words; @param logarithmic whether the axis is */
  constructor(private readonly say: (from: number, to: number) => string, private readonly logarithmic = false) {
    const button = (label: string, name: string, change: (from: number, width: number) => Range | undefined) =>
        h("button.quiet", {type: "button", "aria-label": name, title: name, click: () => { this.change(change); }},
          label) as HTMLButtonElement;
    this.buttons = [
      button("+", "Zoom in", (from, width) => [from + width / 4, from + width * 3 / 4]),
      button("−", "Zoom out", (from, width) => [from - width / 2, from + width * 3 / 2]),
      button("←", "Move left", (from, width) => [from - width / 2, from + width / 2]),
      button("→", "Move right", (from, width) => [from + width / 2, from + width * 3 / 2]),
      button("Show all", "Show all", () => undefined),
    ];
    this.controls = h("div.zoom", {role: "group", "aria-label": "Zoom"}, this.buttons,
                      h("span.note", {}, "Drag across a chart to zoom in, double-click it to show all."), this.status);
    this.tell();
  }

  /** For the chart's x scale. */
  scale(): {min?: number; max?: number} {
    return this.part ? {min: this.part[0], max: this.part[1]} : {};
  }

  join(chart: uPlot): void {
    this.charts.add(chart);
  }

  leave(chart: uPlot): void {
    this.charts.delete(chart);
  }

  /** The chart's x scale has changed. */
  follow(chart: uPlot): void {
    const {min, max} = chart.scales["x"] as uPlot.Scale;
    if (min === undefined || max === undefined || min === null || max === null) return;
    if (!this.whole) this.whole = [min, max];
    this.show([min, max]);
  }

  private show(range: Range): void {
    const [least, most] = this.whole as Range;
    const width = most - least;
    const all = range[0] <= least + width * 1e-9 && range[1] >= most - width * 1e-9;
    const shown: Range = all ? [least, most] : range;
    this.part = all ? undefined : range;
    for (const one of this.charts) {
      const {min, max} = one.scales["x"] as uPlot.Scale;
      if (near(min ?? NaN, shown[0], width) && near(max ?? NaN, shown[1], width)) continue;
      one.setScale("x", {min: shown[0], max: shown[1]});
    }
    this.tell();
  }

  private change(to: (from: number, width: number) => Range | undefined): void {
    if (!this.whole) return;
    const along = (at: number) => this.logarithmic ? Math.log10(at) : at;
    const back = (at: number) => this.logarithmic ? 10 ** at : at;
    const [least, most] = this.whole.map(along) as Range;
    const [from, until] = (this.part ?? this.whole).map(along) as Range;
    const wanted = to(from, until - from);
    if (!wanted) {
      this.show(this.whole);
      return;
    }
    // Moved back inside, as wide as it is; never so narrow that nothing is seen.
    const width = Math.min(Math.max(wanted[1] - wanted[0], (most - least) / 256), most - least);
    const start = Math.min(Math.max(wanted[0], least), most - width);
    this.show([back(start), back(start + width)]);
  }

  private tell(): void {
    this.status.textContent = this.part ? `Shown: ${this.say(...this.part)}` : "";
    // Not `disabled`: that would take the focus from who presses it.
    this.buttons.forEach((one, at) => { one.setAttribute("aria-disabled", String(at > 0 && !this.part)); });
  }
}
