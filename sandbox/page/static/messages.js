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

// The menu and the emoji are there once; they are about the message they were opened at.
document.addEventListener(
  "beforetoggle",
  (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches("#message-menu, #emoji")) return;
    const message = openerOf(menu).closest("[data-ts]");
    menu.dataset.ts = message.dataset.ts;
    for (const item of all("[data-edit], [data-delete]", menu)) item.hidden = !message.matches("[data-own]");
    const link = menu.querySelector("[data-copy]");
    if (link) link.dataset.copy = message.querySelector(".when").href;
  },
  true,
);

function edit(ts) {
  go(`${byId("main").dataset.href}&edit=${ts}`);
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-copy], [data-emoji], [data-edit]");
  if (!item) return;
  const { ts } = item.closest("[data-ts]").dataset;
  if (item.matches("[data-copy]")) copy(item.dataset.copy);
  else if (item.matches("[data-edit]")) edit(ts);
  else act("react", { ts, name: item.dataset.emoji });
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
    const last = all("[data-own]", area.closest("main, aside")).at(-1);
    if (!last) return;
    event.preventDefault();
    edit(last.dataset.ts);
  }
});

// The cancel link goes by itself; what was typed is not kept.
document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-cancel]")?.closest("form");
  if (form) write(form.querySelector("textarea"), "");
});
