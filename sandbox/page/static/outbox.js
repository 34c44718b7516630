// Messages on their way: each is kept until the server has it, and sent again when the server is back.

import { ask, say } from "./acting.js";
import { keep, kept } from "./keeping.js";
import { onPaint } from "./painting.js";
import { _, all, byId, here } from "./words.js";

const NAME = "outbox";
const waiting = () => JSON.parse(kept(NAME) ?? "[]");
const write = (messages) => keep(NAME, messages.length ? JSON.stringify(messages) : "");
const freshId = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replaceAll(".", "");

export async function post(key, given) {
  const { person, channel } = here;
  write([...waiting(), { id: freshId(), key, person, channel, ...given }]);
  await flush();
}

// One after the other and one tab at a time; the server says what it already has no second time.
export async function flush() {
  if (navigator.locks) await navigator.locks.request(NAME, sendAll);
  else await sendAll();
  show();
}

async function sendAll() {
  for (let next = waiting()[0]; next; next = waiting()[0]) {
    const { key, isLate, ...message } = next;
    const answer = await ask("post", message);
    if (answer.isOffline) {
      write(waiting().map((one) => ({ ...one, isLate: true })));
      return;
    }
    write(waiting().filter(({ id }) => id !== next.id));
    if (answer.failure) {
      giveBack(next);
      say(answer.failure, true);
    }
  }
}

function giveBack({ key, text }) {
  const area = byId(`${key}-text`);
  if (!area) keep(`draft:${key}-text`, text);
  else {
    area.value = [area.value, text].filter(Boolean).join("\n");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function show() {
  const late = waiting().filter(({ isLate }) => isLate);
  for (const list of all("[data-outbox]")) {
    const own = late.filter(({ key }) => key === list.dataset.outbox);
    list.replaceChildren(...own.map(itemOf));
  }
}

function itemOf(message) {
  const item = document.createElement("li");
  const text = document.createElement("p");
  const note = document.createElement("p");
  const back = document.createElement("button");
  text.className = "text";
  text.textContent = message.text;
  note.className = "note";
  note.textContent = _("Not sent yet. This happens by itself as soon as the sandbox is back.");
  back.type = "button";
  back.className = "button";
  back.textContent = _("Take back");
  back.addEventListener("click", () => {
    write(waiting().filter(({ id }) => id !== message.id));
    giveBack(message);
    show();
  });
  item.append(text, note, back);
  return item;
}

window.addEventListener("storage", (event) => {
  if (event.key === NAME) show();
});

onPaint(show);
flush();
