// Goes to another place of the page without loading it anew.

import { PARTS, repaint } from "./painting.js";
import { byId } from "./words.js";

export async function go(href) {
  const hadThread = !byId("thread").hidden;
  const from = document.activeElement.closest("[data-ts]")?.id;
  history.pushState(null, "", href);
  await repaint("main", "thread", "top");
  const thread = byId("thread");
  if (!thread.hidden) thread.querySelector("textarea").focus();
  else if (hadThread) (byId(from?.replace(/^t-/, "m-")) ?? byId("main")).focus();
}

window.addEventListener("popstate", () => repaint(...PARTS));

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (!soft || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(soft.href);
});
