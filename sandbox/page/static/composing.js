// What is being written: kept until it is sent.

import { act, say } from "./acting.js";
import { keep, kept } from "./keeping.js";
import { post } from "./outbox.js";
import { onPaint, repaint } from "./painting.js";
import { go } from "./places.js";
import { _, all, byId } from "./words.js";

const AREAS = "[data-composer] textarea, [data-editor] textarea";
const known = new WeakSet();

export function write(area, text) {
  area.value = text;
  keep(`draft:${area.id}`, text);
}

async function send(form) {
  const area = form.querySelector("textarea");
  const text = area.value.trim();
  const thread = form.dataset.thread;
  const isCommand = /^\/\S/.test(text);
  if (!text) return;
  if (isCommand && thread) {
    say(_("Commands can only be sent outside of threads."), true);
    return;
  }
  write(area, "");
  if (isCommand) {
    const answer = await act("slash", { text });
    if (answer.failure && !area.value) write(area, text);
  } else {
    const broadcast = form.querySelector("[name=broadcast]:checked")?.value;
    await post(form.id, { text, thread, broadcast });
  }
  const { here: newest } = byId("main").dataset;
  if (form.parentElement.querySelector("[data-older]")) await go(newest);
  else await repaint("main", "thread");
  const list = form.parentElement.querySelector("[data-bottom]");
  list.scrollTop = list.scrollHeight;
}

function takeCommand(item) {
  const area = byId("main").querySelector("[data-composer] textarea");
  const rest = area.value.startsWith("/") ? "" : area.value;
  write(area, `${item.dataset.command} ${rest}`);
  area.focus();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest("[data-command]");
  if (item) takeCommand(item);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-composer]")) send(event.target);
});

document.addEventListener("input", (event) => {
  if (event.target.matches(AREAS)) keep(`draft:${event.target.id}`, event.target.value);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || !event.target.matches(AREAS)) return;
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// The same place may be open in another tab.
window.addEventListener("storage", ({ key, oldValue, newValue }) => {
  const area = key?.startsWith("draft:") && byId(key.slice("draft:".length));
  if (area && area !== document.activeElement && area.value === (oldValue ?? "")) area.value = newValue ?? "";
});

onPaint(() => {
  for (const area of all(AREAS)) {
    if (known.has(area)) continue;
    known.add(area);
    area.value = kept(`draft:${area.id}`) ?? area.value;
  }
});
