// The page's address: `#view`, `#view:id` for one thing in it, `?verdict=fail&text=...` for filters.
// Whoever has the file sees the same with the same address.

export interface Place {
  view: string;
  id: string;
  filters: URLSearchParams;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function here(): Place {
  const [path = "", query = ""] = location.hash.slice(1).split("?", 2);
  const colon = path.indexOf(":");
  return {
    view: decoded(colon < 0 ? path : path.slice(0, colon)),
    id: colon < 0 ? "" : decoded(path.slice(colon + 1)),
    filters: new URLSearchParams(query),
  };
}

export function anchor(view: string, id = ""): string {
  const kept = encodeURIComponent(id).replace(/%2F/g, "/").replace(/%3A/g, ":");
  return `#${view}${id === "" ? "" : `:${kept}`}`;
}

/** Filters go into the address without a step in the browser's history for each letter. */
export function keepFilters(view: string, filters: URLSearchParams): void {
  const query = filters.toString();
  history.replaceState(null, "", anchor(view) + (query === "" ? "" : `?${query}`));
}
