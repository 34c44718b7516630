// The choice between light and dark. It is kept in a cookie, so that the server writes it into the page.

import { all } from "./words.js";

const YEAR = 365 * 24 * 60 * 60;
const chosen = new BroadcastChannel("theme");

function show() {
  const { theme = "" } = document.documentElement.dataset;
  for (const item of all("[data-theme-choice]")) item.ariaChecked = String(item.dataset.themeChoice === theme);
}

function put(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  show();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-theme-choice]");
  if (!item) return;
  const { themeChoice: theme } = item.dataset;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
  put(theme);
  chosen.postMessage(theme);
});

chosen.onmessage = ({ data }) => put(data);
show();
