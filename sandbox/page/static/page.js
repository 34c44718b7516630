"use strict";

// Sends what people do and keeps the page up to date. The server renders everything; this file puts the parts it
// renders anew in the place of the old ones, without disturbing focus, scrolling or what is being typed.

const here = document.body.dataset;
const PARTS = ["top", "sidebar", "main", "thread", "modals"];
const COALESCE_MS = 15;
const TOAST_MS = 8000;
const NEAR_END_PX = 60;
// The sentences stand in the page in its reader's language, by their English ones.
const SENTENCES = JSON.parse(here.texts);
const _ = (sentence, values = {}) =>
  (SENTENCES[sentence] ?? sentence).replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);
const byId = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// ---- New HTML in the place of old

// What the browser or this file sets on an element; the server knows nothing of it.
const OWN_ATTRIBUTES = new Set(["open", "style", "aria-busy"]);

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  // A form that is the same view still keeps its errors and what is typed in it.
  if (old.dataset.hash && old.dataset.hash === fresh.dataset.hash) return;
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OWN_ATTRIBUTES.has(name)) old.removeAttribute(name);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const staying = new Set([...fresh.children].map((child) => child.id));
  const known = new Map();
  for (const child of [...old.children]) {
    if (!child.id) continue;
    if (staying.has(child.id)) known.set(child.id, child);
    else child.remove();
  }
  let cursor = old.firstChild;
  const drop = () => {
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  };
  for (const child of [...fresh.childNodes]) {
    const match = child.id ? known.get(child.id) : cursor && !cursor.id && cursor;
    if (!match || match.nodeName !== child.nodeName) {
      old.insertBefore(child, cursor);
      continue;
    }
    while (cursor !== match && cursor && !cursor.id) drop();
    if (cursor === match) cursor = cursor.nextSibling;
    else old.insertBefore(match, cursor);
    morph(match, child);
  }
  while (cursor) drop();
}

// ---- Keeping up to date

const wanted = new Set();
let painting = null;

function repaint(...parts) {
  for (const part of parts) wanted.add(part);
  painting ??= paintWanted().finally(() => {
    painting = null;
  });
  return painting;
}

async function paintWanted() {
  while (wanted.size) {
    await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    const query = new URLSearchParams(location.search);
    query.set("person", here.person);
    query.set("only", [...wanted].join());
    wanted.clear();
    try {
      const response = await fetch(`/parts?${query}`);
      if (response.ok) paint(await response.text());
    } catch {
      return; // The sandbox is gone for now; when the event stream is back everything is painted anew.
    }
  }
}

function paint(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement;
  const around = focused.closest("[data-ts], [data-view], main")?.id;
  const lists = all("[data-bottom]").map((list) => ({
    id: list.id,
    fromEnd: list.scrollHeight - list.scrollTop,
    isAtEnd: list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX,
    first: list.querySelector("[data-ts]")?.id,
  }));
  for (const dialog of all("#modals > dialog[open]")) {
    if (fresh.getElementById("modals") && !fresh.getElementById(dialog.id)) dialog.close();
  }
  for (const part of fresh.body.children) morph(byId(part.id), part);
  for (const list of all("[data-bottom]")) {
    const before = lists.find(({ id }) => id === list.id);
    if (!before || before.isAtEnd) list.scrollTop = list.scrollHeight;
    else if (before.first !== list.querySelector("[data-ts]")?.id) {
      list.scrollTop = list.scrollHeight - before.fromEnd;
    }
  }
  settle();
  if (!focused.isConnected && !document.querySelector("dialog[open]")) byId(around)?.focus();
}

// Does for new elements what HTML alone can't.
function settle() {
  for (const dialog of all("#modals > dialog:not([open])")) {
    if (dialog.dataset.isClosing) continue;
    dialog.showModal();
    const field = dialog.querySelector("[data-focus]") ?? dialog.querySelector("[data-field]");
    if (field) focusField(field);
  }
  for (const area of all("[data-composer] textarea")) {
    area.value ||= sessionStorage.getItem(area.id) ?? "";
  }
  for (const counter of all("[data-counter]")) count(byId(counter.dataset.counter));
}

function partsOf(change) {
  if (change.kind === "view") return change.own ? ["modals", "main"] : [];
  if (change.kind !== "read" && change.channel === here.channel) return PARTS.slice(0, 4);
  return ["top", "sidebar"];
}

function markRead() {
  if (document.visibilityState === "visible" && here.tab !== "home") act("read");
}

let live = null;

// A browser keeps few connections to one server: only the pages that are looked at hold one.
function listen() {
  live?.close();
  if (document.visibilityState !== "visible") return;
  live = new EventSource(`/live?person=${here.person}`);
  live.onopen = () => repaint(...PARTS);
  live.onmessage = (event) => {
    const change = JSON.parse(event.data);
    repaint(...partsOf(change));
    if (change.kind === "message" && change.channel === here.channel) markRead();
  };
}

document.addEventListener("visibilitychange", () => {
  listen();
  markRead();
});

// ---- Acting

async function act(deed, given = {}) {
  let answer = { failure: _("The sandbox can't be reached right now.") };
  try {
    const response = await fetch(`/act/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person: here.person, channel: here.channel, ...given }),
    });
    answer = response.ok ? await response.json() : { failure: _("That did not work.") };
  } catch {
    // The answer above says it.
  }
  if (answer.failure) say(answer.failure, true);
  if (answer.said) say(answer.said);
  if (answer.go) location.assign(answer.go);
  return answer;
}

function say(text, isFailure = false) {
  const notice = all("#modals > dialog[open]").at(-1)?.querySelector("[data-notice]");
  if (notice && isFailure) {
    notice.textContent = text;
    notice.hidden = false;
    return;
  }
  const toast = document.createElement("p");
  toast.className = isFailure ? "toast failure" : "toast";
  toast.textContent = text;
  byId("toasts").append(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}

async function busily(element, work) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

function valueOf(field) {
  if (field.matches("fieldset")) {
    const chosen = all("input:checked", field).map((input) => input.value);
    return field.querySelector("input[type=radio]") ? (chosen[0] ?? null) : chosen;
  }
  return field.matches("[data-number]") ? field.value.trim().replace(",", ".") : field.value;
}

function valuesIn(root) {
  const values = {};
  for (const field of all("[data-field]", root)) {
    const { block, action } = field.dataset;
    (values[block] ??= {})[action] = valueOf(field);
  }
  return values;
}

async function click(element, value) {
  const surface = element.closest("[data-view], [data-ts]");
  const { block, action } = element.dataset;
  const { view, ts } = surface.dataset;
  await act("click", { view, ts, block, action, value, values: valuesIn(surface) });
}

function isConfirmed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function press(element) {
  const { act: deed, confirm, value, callback, control, with: other } = element.dataset;
  return busily(element, async () => {
    if (confirm && !(await isConfirmed(byId(confirm)))) return;
    if (!deed) await click(element, value);
    else await act(deed, { callback, control, with: other, ts: element.closest("[data-ts]")?.dataset.ts });
  });
}

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (soft && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(soft.href);
    return;
  }
  const element = event.target.closest("[data-click], [data-act], [data-close], [data-answer], [data-command]");
  if (!element) return;
  element.closest("[popover].menu")?.hidePopover();
  if (element.matches("[data-close], [data-answer]")) element.closest("dialog").close(element.dataset.answer);
  else if (element.matches("[data-command]")) takeCommand(element);
  else {
    if (element.dataset.act === "shortcut") forgetSlash();
    press(element);
  }
});

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-change]");
  // Text is sent with Enter, not when the field is left.
  if (field && !field.matches("textarea, [type=text], [type=url], [type=email]")) click(field, valueOf(field));
});

// ---- Places within the page

async function go(href) {
  const hadThread = !byId("thread").hidden;
  const from = document.activeElement.closest("[data-ts]")?.id;
  history.pushState(null, "", href);
  await repaint("main", "thread", "top");
  const thread = byId("thread");
  if (!thread.hidden) thread.querySelector("textarea").focus();
  else if (hadThread) (byId(from?.replace(/^t-/, "m-")) ?? byId("main")).focus();
}

window.addEventListener("popstate", () => repaint(...PARTS));

// ---- Forms

function focusField(field) {
  (field.matches("fieldset") ? field.querySelector("input") : field)?.focus();
}

function count(field) {
  const counter = document.querySelector(`[data-counter="${field.id}"]`);
  const most = Number(field.dataset.most);
  counter.textContent = `${field.value.length} / ${most}`;
  counter.classList.toggle("is-over", field.value.length > most);
}

function showErrors(dialog, errors) {
  for (const place of all(".error, [data-notice]", dialog)) place.hidden = true;
  for (const field of all("[aria-invalid]", dialog)) field.removeAttribute("aria-invalid");
  const wrong = all("[data-input]", dialog).filter((place) => place.dataset.input in errors);
  for (const place of wrong) {
    const error = place.querySelector(".error");
    error.textContent = errors[place.dataset.input];
    error.hidden = false;
    place.querySelector("[data-field]:not(fieldset)")?.setAttribute("aria-invalid", "true");
  }
  if (wrong.length) focusField(wrong[0].querySelector("[data-field]"));
  else if (Object.keys(errors).length) say(Object.values(errors).join(" "), true);
}

async function submitForm(dialog) {
  showErrors(dialog, {});
  const answer = await act("submit", { view: dialog.id, values: valuesIn(dialog) });
  if (!answer.failure) showErrors(dialog, answer.errors);
  repaint("modals");
}

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

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.matches("[data-composer]")) sendText(form);
  else busily(event.submitter ?? form, () => submitForm(form.closest("dialog")));
});

// Escape and the close buttons end up here alike; a dialog that the server took away is not in the page any more.
document.addEventListener(
  "close",
  async (event) => {
    const dialog = event.target;
    if (!dialog.matches("#modals > dialog")) return;
    dialog.dataset.isClosing = "yes";
    await act("close", { view: dialog.id });
    repaint("modals");
  },
  true,
);

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.dataset.most) count(field);
  if (!field.matches("[data-composer] textarea")) return;
  sessionStorage.setItem(field.id, field.value);
  if (!field.form.dataset.thread) offerCommands(field.value);
});

// ---- Menus

const itemsOf = (menu) => all("[role=menuitem]:not([hidden])", menu);
const shortcuts = () => byId("shortcuts");
const mainText = () => document.querySelector("[data-composer][data-thread=''] textarea");
let isOffered = false;

function offerCommands(typed) {
  const menu = shortcuts();
  const isCommand = /^\/\S*$/.test(typed);
  for (const item of all("[role=menuitem]", menu)) {
    item.hidden = !(item.dataset.command ?? "/").startsWith(typed);
  }
  isOffered = isCommand && itemsOf(menu).length > 0;
  menu.togglePopover(isOffered);
}

function takeCommand(item) {
  const area = mainText();
  const rest = area.value.startsWith("/") ? "" : area.value;
  keepDraft(area, `${item.dataset.command} ${rest}`);
  area.focus();
}

function forgetSlash() {
  const area = mainText();
  if (area?.value === "/") keepDraft(area, "");
}

function place(menu) {
  const opener = document.querySelector(`[popovertarget="${menu.id}"]`);
  const anchor = (opener.closest("form[data-composer]") ?? opener).getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const edge = 8;
  const left = menu.dataset.at === "end" ? anchor.right - width : anchor.left;
  const isAbove = menu.dataset.at === "above" || anchor.bottom + height + edge > innerHeight;
  const top = isAbove ? anchor.top - height - edge / 2 : anchor.bottom + edge / 2;
  menu.style.left = `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`;
  menu.style.top = `${Math.max(edge, Math.min(top, innerHeight - height - edge))}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    if (event.newState === "open") {
      place(menu);
      if (menu.matches("[role=menu]") && !isOffered) itemsOf(menu)[0]?.focus();
    } else {
      isOffered = false;
      for (const item of all("[role=menuitem][hidden]", menu)) item.hidden = false;
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest("[role=menu]");
  if (menu) return moveInMenu(event, menu);
  if (event.isComposing) return;
  if (event.target.matches("[data-composer] textarea")) {
    if (event.key === "ArrowDown" && isOffered) {
      event.preventDefault();
      itemsOf(shortcuts())[0].focus();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (isOffered) shortcuts().hidePopover();
      event.target.form.requestSubmit();
    }
  } else if (event.key === "Enter" && event.target.matches("input[data-change]")) {
    event.preventDefault();
    click(event.target, valueOf(event.target));
  }
});

function moveInMenu(event, menu) {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length).focus();
  } else if (event.key === "Tab") menu.hidePopover();
}

// ---- The beginning

for (const list of all("[data-bottom]")) list.scrollTop = list.scrollHeight;
settle();
listen();
markRead();
if (here.tab) act("home", { tab: here.tab });
