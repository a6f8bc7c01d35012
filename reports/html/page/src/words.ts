// How values are said: verdicts with their marks, times, sizes, counts.

import {h, svg} from "./dom";
import type {Verdict} from "./model";

const meanings: Record<Verdict, string> = {
  pass: "every check held",
  warn: "a SHOULD was not followed; no MUST is broken",
  partial: "nothing is broken, but a part of the suite was left out",
  fail: "a MUST is broken",
  unsupported: "an optional feature is absent, as the spec allows",
  blocked: "something that it stands on did not work",
  error: "could not be judged: no connection, or a limit of ours",
  skipped: "switched off, or not in the chosen version of the spec",
};

/** What a run's verdict says of the registry. */
export const sentences: Record<Verdict, string> = {
  pass: "Conformant",
  warn: "Conformant, with recommendations not followed",
  partial: "Nothing broken in a part of the suite",
  fail: "Not conformant",
  unsupported: "Conformant, without some optional features",
  blocked: "Could not be judged in full",
  error: "Could not be judged",
  skipped: "Nothing was judged",
};

const marks: Record<Verdict, string> = {
  pass: "M3.5 8.5l3 3 6-7",
  fail: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  warn: "M8 3v6M8 12v.8",
  partial: "M8 2.5a5.5 5.5 0 0 1 0 11zM8 2.5a5.5 5.5 0 0 0 0 11",
  error: "M9.5 2.5L5 8.5h3l-1.5 5L11.5 7.5h-3z",
  blocked: "M3.5 8h9",
  unsupported: "M8 4.2a3.8 3.8 0 1 0 .01 0",
  skipped: "M4 4.5L7.5 8 4 11.5M8.5 4.5L12 8l-3.5 3.5",
};

export function mark(verdict: Verdict): SVGElement {
  return svg("svg", {class: `mark ${verdict}`, viewBox: "0 0 16 16", "aria-hidden": "true"},
             svg("path", {d: marks[verdict]}));
}

/** What people are told of a verdict. */
export function displayName(verdict: Verdict): string {
  return verdict === "unsupported" ? "not offered" : verdict;
}

export function badge(verdict: Verdict): HTMLElement {
  return h(`span.badge.${verdict}`, {title: meanings[verdict]}, mark(verdict), displayName(verdict));
}

export function level(of: string): HTMLElement {
  const kind = of.includes("MUST") ? "must" : of.includes("SHOULD") ? "should" : "may";
  return h(`span.level.${kind}`, {}, of);
}

export function duration(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 1e6) return `${Number((microseconds / 1e3).toPrecision(3))} ms`;
  if (microseconds < 120e6) return `${(microseconds / 1e6).toFixed(1)} s`;
  return `${Math.floor(microseconds / 60e6)} min ${Math.round((microseconds % 60e6) / 1e6)} s`;
}

export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    ++unit;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export function time(nanoseconds: number): string {
  if (nanoseconds >= 1e9 && nanoseconds < 100e9) return `${Number((nanoseconds / 1e9).toPrecision(3))} s`;
  return duration(nanoseconds / 1000);
}

export function rate(perSecond: number): string {
  return `${perSecond >= 100 ? Math.round(perSecond).toLocaleString("en-US") : Number(perSecond.toPrecision(3))}/s`;
}

/** Decimal, as networks and objectives have it. */
export function throughput(bytesPerSecond: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const unit = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytesPerSecond, 1)) / 3), 0), units.length - 1);
  return `${Number((bytesPerSecond / 1000 ** unit).toPrecision(3))} ${units[unit]}/s`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function signed(value: number, digits: number): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** An RFC 3339 time as people read it; any other text as it is. */
export function moment(started: string): string {
  return started.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z$/, "$1 $2 UTC");
}
