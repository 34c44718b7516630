// Where one is in a list of messages, and what has come meanwhile.

import { onPaint } from "./painting.js";
import { _, all, byId, here } from "./words.js";

const AWAY_PX = 200;
const END_PX = 60;
const tsOf = (list) => all("[data-ts]", list).map((message) => message.dataset.ts);
let newestSeen = "";

function look(list) {
  const rest = list.scrollHeight - list.scrollTop - list.clientHeight;
  list.toggleAttribute("data-away", rest > AWAY_PX);
  list.toggleAttribute("data-end", rest < END_PX);
  if (list.closest("aside")) return;
  if (rest <= AWAY_PX) newestSeen = tsOf(list).at(-1) ?? "";
  const arrived = tsOf(list).filter((ts) => newestSeen && ts > newestSeen).length;
  const button = document.querySelector("[data-arrived]");
  if (!button) return;
  button.textContent = arrived === 1 ? _("1 new message") : arrived ? _("{n} new messages", { n: arrived }) : "";
  if (button.textContent) button.parentElement.removeAttribute("aria-label");
}

document.addEventListener(
  "scroll",
  (event) => {
    if (event.target.matches?.("[data-bottom]")) look(event.target);
  },
  true,
);

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-jump]")) return;
  const list = byId("main").querySelector("[data-bottom]");
  list.scrollTop = list.scrollHeight;
  byId("main").querySelector("[data-composer] textarea")?.focus();
});

// What comes while nobody looks is new when they are back.
document.addEventListener("visibilitychange", () => {
  const list = byId("main").querySelector("[data-bottom]");
  if (!list) return;
  if (document.visibilityState === "hidden") here.seen = tsOf(list).at(-1) ?? "";
  else if (!list.querySelector("[data-new]")) here.seen = "";
});

// What comes into sight takes its true size only then; who is at the end stays there.
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const list = target.closest("[data-bottom]");
    if (list?.dataset.end !== undefined && !list.matches("[data-older]")) list.scrollTop = list.scrollHeight;
  }
});

function begin() {
  for (const list of all("[data-bottom]")) {
    list.scrollTop = list.scrollHeight;
    list.dataset.end = "";
    if (list.closest("main")) newestSeen = tsOf(list).at(-1) ?? "";
    const line = list.querySelector("[data-new]");
    if (line && line.offsetTop < list.scrollTop) list.scrollTop = line.offsetTop - list.clientHeight / 4;
  }
  const meant = byId(location.hash.slice(1));
  if (!meant?.matches("[data-ts]")) return;
  meant.scrollIntoView({ block: "center" });
  meant.focus();
  meant.classList.add("is-meant");
}

begin();
onPaint(() => {
  for (const list of all("[data-bottom]")) look(list);
  for (const messages of all("[data-bottom] > .messages")) sizes.observe(messages);
  document.title = byId("top").dataset.title;
});
