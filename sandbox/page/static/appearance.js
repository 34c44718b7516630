// The choice between light and dark.

import { keep, kept } from "./keeping.js";
import { all } from "./words.js";

function show() {
  const theme = kept("theme") ?? "";
  document.documentElement.dataset.theme = theme;
  for (const item of all("[data-theme-choice]")) item.ariaChecked = String(item.dataset.themeChoice === theme);
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-theme-choice]");
  if (!item) return;
  keep("theme", item.dataset.themeChoice);
  show();
});

window.addEventListener("storage", (event) => {
  if (event.key === "theme") show();
});

show();
