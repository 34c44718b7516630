// Offers commands, people, channels and emoji while something is typed: a listbox that the field points into.

import { act } from "./acting.js";
import { write } from "./composing.js";
import { all, byId, here } from "./words.js";

const COMMAND = /^\/\S*$/;
const NAME = /(?:^|[\s(])([@#][\p{L}\p{N}._+'-]*|:[\p{L}\p{N}_+'-]{2,})$/u;
let asking = null;

const listOf = (area) => byId(area.getAttribute("aria-controls"));
const isWritten = (element) => element.matches("textarea[aria-controls]");

// What is being typed right before the cursor, if it is something to suggest for.
function typedIn(area) {
  const before = area.value.slice(0, area.selectionStart);
  const isCommand = COMMAND.test(area.value) && area.form.dataset.thread === "";
  return isCommand ? area.value : (NAME.exec(before)?.[1] ?? "");
}

async function offer(area) {
  asking?.abort();
  const typed = typedIn(area);
  if (!typed) return close(area);
  asking = new AbortController();
  const query = new URLSearchParams({ person: here.person, channel: here.channel, typed });
  try {
    const response = await fetch(`/suggest?${query}`, { signal: asking.signal });
    const html = new DOMParser().parseFromString(await response.text(), "text/html");
    if (typedIn(area) === typed) show(area, [...html.body.children]);
  } catch {
    close(area);
  }
}

function show(area, options) {
  const list = listOf(area);
  for (const option of options) option.id = `${list.id}-${option.id}`;
  list.replaceChildren(...options);
  list.hidden = options.length === 0;
  if (options.length) choose(area, options[0]);
  else close(area);
}

function choose(area, option) {
  for (const other of all("[role=option]", listOf(area))) other.ariaSelected = String(other === option);
  area.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function close(area) {
  listOf(area).hidden = true;
  area.removeAttribute("aria-activedescendant");
}

function take(area, option) {
  close(area);
  if (option.dataset.shortcut) {
    write(area, "");
    act("shortcut", { callback: option.dataset.shortcut });
    return;
  }
  const typed = typedIn(area);
  const at = area.selectionStart;
  const inserted = `${option.dataset.insert} `;
  write(area, area.value.slice(0, at - typed.length) + inserted + area.value.slice(at));
  area.setSelectionRange(at - typed.length + inserted.length, at - typed.length + inserted.length);
  area.focus();
}

document.addEventListener("input", (event) => {
  if (isWritten(event.target)) offer(event.target);
});

document.addEventListener("focusout", (event) => {
  if (isWritten(event.target)) close(event.target);
});

// Before anyone else: Enter takes a suggestion and sends nothing.
document.addEventListener(
  "keydown",
  (event) => {
    const area = event.target;
    if (!isWritten(area) || listOf(area).hidden || event.isComposing) return;
    const options = all("[role=option]", listOf(area));
    const at = options.findIndex((option) => option.ariaSelected === "true");
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined) choose(area, options.at(to % options.length));
    else if (event.key === "Enter" || event.key === "Tab") take(area, options[at]);
    else if (event.key === "Escape") close(area);
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest(".suggestions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest("form").querySelector("textarea"), option);
});
