// Pickers: one types to find options, people or channels. The server says what fits; the focus stays in the text,
// and the option that Enter takes is named by aria-activedescendant (the ARIA pattern of a combobox).

import { act, click } from "./acting.js";
import { isAgreed } from "./fields.js";
import { make, valueOf } from "./values.js";
import { _, all } from "./words.js";

const ASKING_MS = 200;
const EDGE = 8;
const textOf = (picker) => picker.querySelector("[role=combobox]");
const listOf = (picker) => picker.querySelector("[role=listbox]");
const offersOf = (picker) => picker.querySelector(".offers");
const optionsOf = (picker) => all("[role=option]", picker);
const isMulti = (picker) => "multi" in picker.dataset;
const isOpen = (picker) => textOf(picker).getAttribute("aria-expanded") === "true";
const chosenIn = (picker) => [valueOf(picker)].flat().filter(Boolean);

let latest = 0;
let asking = null;
// Whoever types faster than the server answers means what is not there yet.
let isPending = false;
let isTaken = false;

// ---- What is offered

async function offer(picker, query) {
  const number = ++latest;
  const surface = picker.closest("[data-view], [data-ts]");
  const { view, ts } = surface.dataset;
  const { block, action } = picker.dataset;
  const status = picker.querySelector("[role=status]");
  if ("external" in picker.dataset) status.textContent = _("Searching …");
  const answer = await act("offers", { view, ts, block, action, query });
  if (number !== latest || !isOpen(picker)) return;
  listOf(picker).replaceChildren(...(answer.groups ?? []).map((group, at) => groupOf(picker, group, at)));
  status.textContent = answer.say ?? "";
  mark(picker);
  const options = optionsOf(picker);
  const chosen = options.find((option) => option.getAttribute("aria-selected") === "true");
  activate(picker, (!query && !isMulti(picker) && chosen) || options[0]);
  lay(picker);
  isPending = false;
  if (isTaken && options.length) take(picker, options[0]);
  isTaken = false;
  if (!picker.contains(document.activeElement)) shutPicker(picker);
}

function groupOf(picker, group, at) {
  const id = `${picker.id}-group-${at}`;
  const options = group.options.map(({ value, text, note }, place) => {
    const option = make("div", { role: "option", id: `${id}-${place}`, "data-value": value, class: "offer" });
    option.append(make("span", { class: "offer-text" }, text));
    if (note) option.append(" ", make("span", { class: "note" }, note));
    return option;
  });
  if (!group.label) return make("div", { role: "presentation" }, ...options);
  const label = make("div", { id, class: "group-label", role: "presentation" }, group.label);
  return make("div", { role: "group", "aria-labelledby": id }, label, ...options);
}

function mark(picker) {
  const chosen = chosenIn(picker);
  const most = Number(picker.dataset.multi) || Infinity;
  for (const option of optionsOf(picker)) {
    const isChosen = chosen.includes(option.dataset.value);
    option.setAttribute("aria-selected", isChosen);
    if (!isChosen && isMulti(picker) && chosen.length >= most) option.setAttribute("aria-disabled", "true");
    else option.removeAttribute("aria-disabled");
  }
  if (isMulti(picker) && chosen.length >= most) {
    picker.querySelector("[role=status]").textContent = _("You can choose at most {n}.", { n: most });
  }
}

function activate(picker, option) {
  for (const other of all(".is-active", picker)) other.classList.remove("is-active");
  option?.classList.add("is-active");
  option?.scrollIntoView({ block: "nearest" });
  if (option) textOf(picker).setAttribute("aria-activedescendant", option.id);
  else textOf(picker).removeAttribute("aria-activedescendant");
}

function lay(picker) {
  const offers = offersOf(picker);
  const line = picker.querySelector(".picker-line").getBoundingClientRect();
  offers.style.width = `${Math.min(Math.max(line.width, 240), innerWidth - 2 * EDGE)}px`;
  const below = innerHeight - line.bottom - 2 * EDGE;
  const above = line.top - 2 * EDGE;
  const isAbove = below < Math.min(offers.scrollHeight, 200) && above > below;
  offers.style.maxHeight = `${Math.min(320, Math.max(isAbove ? above : below, 120))}px`;
  const { width, height } = offers.getBoundingClientRect();
  offers.style.left = `${Math.max(EDGE, Math.min(line.left, innerWidth - width - EDGE))}px`;
  offers.style.top = `${isAbove ? line.top - height - EDGE / 2 : line.bottom + EDGE / 2}px`;
}

// ---- Open and closed

function openPicker(picker, query = "") {
  if (!isOpen(picker)) {
    for (const other of all("[data-picker]").filter(isOpen)) shutPicker(other);
    textOf(picker).setAttribute("aria-expanded", "true");
    listOf(picker).replaceChildren();
    picker.querySelector("[role=status]").textContent = "";
    offersOf(picker).showPopover();
    lay(picker);
  }
  clearTimeout(asking);
  isPending = true;
  isTaken = false;
  if ("external" in picker.dataset && query) asking = setTimeout(() => offer(picker, query), ASKING_MS);
  else offer(picker, query);
}

// What is typed was only to look for something; what is chosen stands there again.
function shutPicker(picker, shown = textOf(picker).dataset.shown) {
  if (!isOpen(picker)) return;
  const text = textOf(picker);
  clearTimeout(asking);
  latest += 1;
  isTaken = false;
  text.setAttribute("aria-expanded", "false");
  text.removeAttribute("aria-activedescendant");
  text.value = isMulti(picker) ? "" : shown;
  offersOf(picker).hidePopover();
}

// ---- Choosing

async function choose(picker, value, label) {
  if (isMulti(picker)) {
    const chosen = chosenIn(picker);
    const isThere = chosen.includes(value);
    await put(picker, isThere ? chosen.filter((one) => one !== value) : [...chosen, value], () => {
      if (isThere) chipOf(picker, value)?.remove();
      else addChip(picker, value, label);
    });
    return;
  }
  shutPicker(picker, label);
  await put(picker, value, () => {
    textOf(picker).value = label;
  });
}

// Shows a choice at once and tells it; a question may come before.
async function put(picker, value, show) {
  const before = { value: picker.dataset.value, text: textOf(picker).dataset.shown };
  if (picker.dataset.confirm) {
    shutPicker(picker);
    if (!(await isAgreed(picker))) {
      textOf(picker).value = before.text;
      return;
    }
  }
  picker.dataset.value = JSON.stringify(value);
  show();
  textOf(picker).dataset.shown = textOf(picker).value;
  refresh(picker);
  textOf(picker).dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  picker.dataset.isTelling = "yes";
  await click(picker, value);
  delete picker.dataset.isTelling;
}

function refresh(picker) {
  const chips = picker.querySelector(".chips");
  if (chips) chips.hidden = !chips.children.length;
  const clear = picker.querySelector("[data-clear]");
  if (clear) clear.hidden = !chosenIn(picker).length;
  if (isOpen(picker)) {
    mark(picker);
    lay(picker);
  }
}

const chipOf = (picker, value) =>
  all("[data-remove]", picker)
    .find((button) => button.dataset.remove === value)
    ?.closest(".chip");

function addChip(picker, value, label) {
  const name = _("Remove {name}", { name: label });
  const button = make("button", { type: "button", "data-remove": value, "aria-label": name }, "×");
  picker.querySelector(".chips").append(make("li", { class: "chip" }, make("span", {}, label), button));
}

function take(picker, option) {
  if (option.getAttribute("aria-disabled")) return;
  choose(picker, option.dataset.value, option.querySelector(".offer-text").textContent);
}

// ---- What people do

document.addEventListener("input", (event) => {
  const picker = event.isTrusted && event.target.matches("[role=combobox]") && event.target.closest("[data-picker]");
  if (picker) openPicker(picker, event.target.value.trim());
});

document.addEventListener("mousedown", (event) => {
  // The focus stays in the text while something is chosen from its list.
  if (event.target.closest(".offers")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const picker = event.target.closest("[data-picker]");
  if (!picker) return;
  const option = event.target.closest("[role=option]");
  const chip = event.target.closest("[data-remove]");
  if (option) take(picker, option);
  else if (chip) {
    const { remove } = chip.dataset;
    textOf(picker).focus();
    choose(picker, remove, "");
  } else if (event.target.closest("[data-clear]")) {
    textOf(picker).focus();
    put(picker, "", () => {
      textOf(picker).value = "";
    });
  } else if (event.target.closest(".picker-line")) {
    const text = textOf(picker);
    text.focus();
    if (isOpen(picker) && event.target !== text) shutPicker(picker);
    else if (!isOpen(picker)) {
      text.select();
      openPicker(picker);
    }
  }
});

// Whoever types looks for something else, and does not add to what is chosen.
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[role=combobox]")) event.target.select();
});

document.addEventListener("focusout", (event) => {
  const picker = event.target.closest("[data-picker]");
  const isLeft = picker && !picker.contains(event.relatedTarget);
  if (isLeft && !(isPending && isTaken)) shutPicker(picker);
});

document.addEventListener("keydown", (event) => {
  const picker = event.target.matches("[role=combobox]") && event.target.closest("[data-picker]");
  if (!picker || event.isComposing) return;
  const options = optionsOf(picker);
  const at = options.findIndex((option) => option.classList.contains("is-active"));
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
  if (step) {
    event.preventDefault();
    if (!isOpen(picker)) openPicker(picker);
    else if (options.length) activate(picker, options[Math.max(0, Math.min(at + step, options.length - 1))]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!isOpen(picker)) openPicker(picker);
    else if (isPending) isTaken = true;
    else if (options[at]) take(picker, options[at]);
  } else if (event.key === "Escape" && isOpen(picker)) {
    event.preventDefault();
    event.stopPropagation();
    shutPicker(picker);
  } else if (event.key === "Backspace" && isMulti(picker) && !event.target.value) {
    const last = all("[data-remove]", picker).at(-1);
    if (last) choose(picker, last.dataset.remove, "");
  }
});

function follow(event) {
  const picker = document.querySelector("[role=combobox][aria-expanded=true]")?.closest("[data-picker]");
  if (picker && !offersOf(picker).contains(event.target)) lay(picker);
}

document.addEventListener("scroll", follow, true);
window.addEventListener("resize", follow);
