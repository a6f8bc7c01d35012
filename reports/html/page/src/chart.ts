// Charts in the page's colours, drawn anew when these change.

import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import {h} from "./dom";
import type {Zoom} from "./zoom";

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
  /** Where on the x axis a dashed line is drawn behind the series. */
  marks?: number[];
}

function drawMarks(drawn: uPlot, marks: number[]): void {
  const {ctx, bbox} = drawn;
  ctx.save();
  ctx.strokeStyle = colour("--muted");
  ctx.setLineDash([3, 5]);
  for (const one of marks) {
    const x = Math.round(drawn.valToPos(one, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * A chart as wide as what it stands in. `make` is called for each drawing: it reads the colours.
 * Whoever makes the zoom shows its controls.
 */
export function chart(make: () => ChartOptions, zoom: Zoom): HTMLElement {
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
    if (drawn) {
      zoom.leave(drawn);
      drawn.destroy();
    }
    drawn = new uPlot({
      width, height: 260, scales: {...now.scales, x: {...now.scales["x"], ...zoom.scale()}}, series: now.series,
      axes: [axis(now.x), axis(now.y)], padding: [null, 34, null, null],
      legend: {live: true}, cursor: {drag: {x: true, y: false, dist: 5}},
      hooks: {setScale: [(of, key) => { if (key === "x") zoom.follow(of); }],
              drawAxes: [(of) => { drawMarks(of, now.marks ?? []); }]},
    }, now.data as uPlot.AlignedData, canvas);
    zoom.join(drawn);
  };
  new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    draw();
  }).observe(canvas);
  addEventListener("themechange", draw);
  return figure;
}
