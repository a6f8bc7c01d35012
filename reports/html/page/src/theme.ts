// Light or dark: as the system has it until the reader chooses, and light on paper.

import {h} from "./dom";

type Theme = "light" | "dark";

const root = document.documentElement;

function use(theme: Theme): void {
  root.dataset["theme"] = theme;
  dispatchEvent(new Event("themechange"));
}

export function themeButton(): HTMLElement {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen: Theme | undefined;
  const current = (): Theme => chosen ?? (system.matches ? "dark" : "light");
  const button = h("button.quiet.theme", {type: "button"});
  const apply = () => {
    use(current());
    button.textContent = current() === "dark" ? "Light colours" : "Dark colours";
  };
  button.addEventListener("click", () => {
    chosen = current() === "dark" ? "light" : "dark";
    apply();
  });
  system.addEventListener("change", apply);
  addEventListener("beforeprint", () => { use("light"); });
  addEventListener("afterprint", apply);
  apply();
  return button;
}
