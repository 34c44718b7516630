// What is being written: sent, and until then kept.

import { act, say } from "./acting.js";
import { onPaint, repaint } from "./painting.js";
import { itemsOf } from "./menus.js";
import { _, all, byId } from "./words.js";

const shortcuts = () => byId("shortcuts");
const mainText = () => document.querySelector("[data-composer][data-thread=''] textarea");
let isOffered = false;

async function sendText(form) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  const thread = form.dataset.thread;
  const isCommand = /^\/\S/.test(text);
  if (!text) return;
  if (isCommand && thread) {
    say(_("Commands can only be sent outside of threads."), true);
    return;
  }
  keepDraft(area, "");
  const list = form.parentElement.querySelector("[data-bottom]");
  const answer = await act(isCommand ? "slash" : "post", { text, thread });
  if (answer.failure && !area.value) keepDraft(area, text);
  await repaint("main", "thread");
  list.scrollTop = list.scrollHeight;
}

function keepDraft(area, text) {
  area.value = text;
  sessionStorage.setItem(area.id, text);
}


function offerCommands(typed) {
  const menu = shortcuts();
  for (const item of all("[role=menuitem]", menu)) {
    item.hidden = !(item.dataset.command ?? "/").startsWith(typed);
  }
  isOffered = /^\/\S*$/.test(typed) && itemsOf(menu).length > 0;
  if (isOffered) menu.dataset.quiet = "";
  menu.togglePopover(isOffered);
}

export function takeCommand(item) {
  const area = mainText();
  const rest = area.value.startsWith("/") ? "" : area.value;
  keepDraft(area, `${item.dataset.command} ${rest}`);
  area.focus();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-command], [data-act=shortcut]");
  if (item?.matches("[data-command]")) takeCommand(item);
  else if (item && mainText()?.value === "/") keepDraft(mainText(), "");
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-composer]")) sendText(event.target);
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-composer] textarea")) return;
  sessionStorage.setItem(field.id, field.value);
  if (!field.form.dataset.thread) offerCommands(field.value);
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.matches("[data-composer] textarea")) return;
  if (event.key === "ArrowDown" && isOffered) {
    event.preventDefault();
    itemsOf(shortcuts())[0].focus();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (isOffered) shortcuts().hidePopover();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("toggle", (event) => {
  if (event.target.id === "shortcuts" && event.newState === "closed") isOffered = false;
}, true);

onPaint(() => {
  for (const area of all("[data-composer] textarea")) area.value ||= sessionStorage.getItem(area.id) ?? "";
});
