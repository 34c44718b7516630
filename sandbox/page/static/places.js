// Goes to another place of the page without loading it anew.

import { PARTS, repaint } from "./painting.js";
import { byId } from "./words.js";

export async function go(href) {
  const hadThread = !byId("thread").hidden;
  const from = document.activeElement.closest("[data-ts]")?.id;
  history.pushState(null, "", href);
  await repaint("main", "thread", "top");
  const thread = byId("thread");
  const editor = document.querySelector("[data-editor] textarea");
  if (editor) editor.focus();
  else if (!thread.hidden && !hadThread) thread.querySelector("textarea")?.focus();
  else if (thread.hidden && hadThread) (byId(from?.replace(/^t-/, "m-")) ?? byId("main")).focus();
}

window.addEventListener("popstate", () => repaint(...PARTS));

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (!soft || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(soft.href);
});
