// Charts in the page's colours, drawn anew when these change.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {h} from "./dom";

/** Apart from one another for most kinds of colour blindness, in light and in dark. */
const lines = {
  light: ["#0b57a4", "#b8460b", "#11663a", "#7a2f8f", "#7a5c00", "#a3174a"],
  dark: ["#82b9ff", "#ffab70", "#74d69e", "#dba1ec", "#ecc94b", "#ff94b8"],
};

export function lineColour(at: number): string {
  const theme = document.documentElement.dataset["theme"] === "dark" ? lines.dark : lines.light;
  return theme[at % theme.length] as string;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(of: uPlot.Axis): uPlot.Axis {
  return {stroke: colour("--muted"), grid: {stroke: colour("--line"), width: 1},
          ticks: {stroke: colour("--line"), width: 1}, font: "12px system-ui, sans-serif", ...of};
}

export interface ChartOptions {
  title: string;
  /** What a reader who cannot see it is told. */
  description: string;
  /** What stands there where no series has a value. */
  nothing: string;
  x: uPlot.Axis;
  y: uPlot.Axis;
  scales: uPlot.Scales;
  series: uPlot.Series[];
  data: uPlot.AlignedData | null[][];
}

/** A chart as wide as what it stands in. `make` is called for each drawing: it reads the colours. */
export function chart(make: () => ChartOptions): HTMLElement {
  const options = make();
  const values = (options.data as (number | null | undefined)[][]).slice(1);
  if (values.every((one) => one.every((value) => value === null || value === undefined))) {
    return h("figure.chart", {}, h("figcaption", {}, options.title), h("p.empty", {}, options.nothing));
  }
  const canvas = h("div.canvas", {role: "img", "aria-label": options.description});
  const figure = h("figure.chart", {}, h("figcaption", {}, options.title), canvas);
  let drawn: uPlot | undefined;
  let width = 0;
  const draw = () => {
    if (width === 0) return;
    const now = make();
    drawn?.destroy();
    drawn = new uPlot({
      width, height: 260, scales: now.scales, series: now.series, axes: [axis(now.x), axis(now.y)],
      legend: {live: true}, cursor: {drag: {x: false, y: false}},
    }, now.data as uPlot.AlignedData, canvas);
  };
  new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    draw();
  }).observe(canvas);
  addEventListener("themechange", draw);
  return figure;
}
