// Elements from values. Text comes in as text nodes only: there is no way here to make markup.

export type Child = Node | string | number | null | undefined | false | Child[];
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

function append(to: Node, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  if (Array.isArray(child)) {
    for (const one of child) append(to, one);
  } else {
    to.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

function set(on: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") {
      on.addEventListener(name, value);
    } else {
      on.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/** `h("td.number", {title: "..."}, "7")`: a tag with classes, attributes and listeners, children. */
export function h(what: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const [tag = "div", ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(" ");
  set(made, attributes);
  append(made, children);
  return made;
}

export function svg(tag: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(made, attributes);
  append(made, children);
  return made;
}

/** Characters that hide, move or reorder what a reader sees. */
const deceiving =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Foreign text, with what cannot be seen made visible: U+202E in a mark of its own. */
export function foreign(text: string): Node {
  const out = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(deceiving)) {
    out.append(text.slice(from, found.index));
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    out.append(h("span.unseen", {title: "a character that cannot be seen"}, `U+${code}`));
    from = found.index + 1;
  }
  out.append(text.slice(from));
  return out;
}

/** A long id or URL, which may be broken after its separators. */
export function breakable(text: string): Node {
  const out = document.createDocumentFragment();
  for (const part of text.split(/(?<=[./?&=_-])/)) out.append(foreign(part), h("wbr"));
  return out;
}

export function replace(inside: Element, ...children: Child[]): void {
  inside.replaceChildren();
  append(inside, children);
}

export function copyButton(label: string, text: string): HTMLElement {
  const said = h("span", {"aria-live": "polite"}, label);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Select it and copy by hand";
    }
    setTimeout(() => { said.textContent = label; }, 2000);
  };
  return h("button.quiet.copy", {type: "button", click: () => { void copy(); }}, said);
}
