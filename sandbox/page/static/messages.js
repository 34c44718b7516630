// What one does with a message: put an emoji below it, copy its address, write it anew.

import { act, say } from "./acting.js";
import { write } from "./composing.js";
import { openerOf } from "./menus.js";
import { go } from "./places.js";
import { _, all, byId } from "./words.js";

async function copy(path) {
  const address = new URL(path, location.href).href;
  try {
    await navigator.clipboard.writeText(address);
    say(_("The link is copied."));
  } catch {
    say(_("The link: {address}", { address }));
  }
}

async function save(form) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  if (!text) return say(_("Write something, or delete the message."), true);
  const answer = await act("edit", { ts: form.dataset.ts, text });
  if (!answer.failure) await leave(form);
}

async function leave(form) {
  write(form.querySelector("textarea"), "");
  const message = form.closest("article").id;
  await go(form.querySelector("[data-cancel]").href);
  byId(message)?.focus();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-copy], [data-emoji]");
  if (item?.matches("[data-copy]")) copy(item.dataset.copy);
  else if (item) {
    const { ts } = openerOf(byId("emoji")).closest("[data-ts]").dataset;
    act("react", { ts, name: item.dataset.emoji });
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-editor]")) save(event.target);
});

document.addEventListener("keydown", (event) => {
  const area = event.target;
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape" && area.matches("[data-editor] textarea")) leave(area.form);
  // As in other chats: the arrow up begins to write the last message anew.
  else if (event.key === "ArrowUp" && area.matches("[data-composer] textarea") && !area.value) {
    const last = all("[data-edit]", area.closest("main, aside")).at(-1);
    if (!last) return;
    event.preventDefault();
    go(last.href);
  }
});

// The cancel link goes by itself; what was typed is not kept.
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-cancel]")?.closest("form");
  if (form) write(form.querySelector("textarea"), "");
});
