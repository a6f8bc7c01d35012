// Requests and answers, as they were recorded.

import {copyButton, foreign, breakable, h} from "./dom";
import {duration, size} from "./words";
import type {Exchange, NamedValue} from "./model";

function fields(headers: NamedValue[]): HTMLElement {
  return h("div.headers", {}, headers.map(({name, value}) =>
      h("div", {}, h("span.header-name", {}, foreign(name), ": "), foreign(value))));
}

function body(text: string, bytes: number): HTMLElement | null {
  if (bytes === 0 && text === "") return null;
  const whole = new TextEncoder().encode(text).length >= bytes;
  const shown = text === "" ? null : h("pre.body", {tabindex: "0"}, foreign(text));
  return h("div", {}, shown, h("p.note", {},
      text === "" ? `${size(bytes)}, not shown` : whole ? size(bytes) : `the beginning of ${size(bytes)}`));
}

function path(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, "");
}

function statusClass(status: number): string {
  return status === 0 ? "none" : `s${Math.floor(status / 100)}`;
}

function summaryOf(one: Exchange, decided: boolean): HTMLElement {
  return h("summary", {},
           h("span.index", {}, `#${one.index}`),
           h("span.method", {}, foreign(one.method)),
           h("span.path", {}, breakable(path(one.url))),
           one.purpose === "" ? null : h("span.purpose", {}, foreign(one.purpose)),
           decided ? h("span.decided", {}, "decided it") : null,
           h(`span.status.${statusClass(one.status)}`, {}, one.status === 0 ? "no answer" : one.status),
           h("span.took", {}, duration(one.took_us)));
}

export function exchange(one: Exchange, decided = false): HTMLElement {
  return h(decided ? "details.exchange.deciding" : "details.exchange", {open: decided}, summaryOf(one, decided),
           h("div.sides", {},
             h("section", {}, h("p.side", {}, "Request"),
               h("p.start-line", {}, foreign(one.method), " ", breakable(one.url)),
               fields(one.request_headers), body(one.request_body, one.request_body_bytes)),
             h("section", {}, h("p.side", {}, "Response"),
               one.status === 0 ? null : h("p.start-line", {}, `HTTP ${one.status}`),
               fields(one.response_headers), body(one.response_body, one.response_body_bytes),
               one.error === "" ? null : h("p.trouble", {}, foreign(one.error)))));
}

/** The exchange that decided a check, among the two before it and the one behind. */
export function neighbourhood(transcript: Exchange[], decided: number | undefined): HTMLElement | null {
  if (transcript.length === 0) return null;
  const at = transcript.findIndex((one) => one.index === decided);
  const from = at < 0 ? Math.max(transcript.length - 3, 0) : Math.max(at - 2, 0);
  const to = at < 0 ? transcript.length : Math.min(at + 2, transcript.length);
  const list = h("div.exchanges", {});
  const fill = (first: number, last: number) => {
    list.replaceChildren(...transcript.slice(first, last).map((one) => exchange(one, one.index === decided)));
  };
  fill(from, to);
  const hidden = transcript.length - (to - from);
  if (hidden === 0) return list;
  const all = h("button.quiet", {type: "button", click: () => {
    fill(0, transcript.length);
    all.remove();
  }}, `Show all ${transcript.length} exchanges`);
  return h("div", {}, list, all);
}

export function curlLine(curl: string): HTMLElement | null {
  if (curl === "") return null;
  return h("div.curl", {}, h("pre", {tabindex: "0", "aria-label": "The request as a command"}, foreign(curl)),
           copyButton("Copy", curl));
}
