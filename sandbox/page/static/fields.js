// Fields of messages, forms and Home: when the app is told what is chosen and typed in them.

import { act, click, isConfirmed } from "./acting.js";
import { valueOf, valuesIn } from "./values.js";
import { all, byId } from "./words.js";

const TEXTS = "input[type=text], input[type=url], input[type=email], textarea";
const TIMES = "input[type=date], input[type=time], input[type=datetime-local]";

function restore(field) {
  const sent = JSON.parse(field.dataset.sent);
  if (!field.matches("fieldset")) {
    field.value = sent;
    return;
  }
  for (const input of all("input", field)) input.checked = [sent].flat().includes(input.value);
}

// ---- Telling the app

export async function isAgreed(element) {
  const dialog = byId(element.dataset.confirm);
  return !dialog || isConfirmed(dialog);
}

// What is chosen while the app is still answering is told next.
async function tell(field) {
  const value = valueOf(field);
  if (JSON.stringify(value) === field.dataset.sent || field.dataset.isTelling) return;
  field.dataset.isTelling = "yes";
  if (await isAgreed(field)) {
    field.dataset.sent = JSON.stringify(value);
    await click(field, value);
  } else restore(field);
  delete field.dataset.isTelling;
  if (field.isConnected && field.matches("[data-letters], fieldset")) tell(field);
}

// Nothing typed in a form is lost when the page is left.
export function save(field) {
  const view = field.closest("#modals [data-view]")?.dataset.view;
  if (view) act("fill", { view, values: valuesIn(field.closest("[data-view]")) });
}

// Someone typing a date passes through many that are not meant: it is told when they go on.
let typedIn = null;

document.addEventListener("change", (event) => {
  const field = event.target.closest("[data-field]");
  if (!field || field.matches("[data-picker], [data-files]")) return;
  if (!("sent" in field.dataset)) save(field);
  else if (field.matches(TEXTS)) save(field);
  else if (typedIn !== field) tell(field);
});

document.addEventListener("focusout", (event) => {
  if (typedIn === event.target) {
    typedIn = null;
    if (event.target.matches("[data-sent]")) tell(event.target);
  }
});

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches("[data-letters]")) tell(field);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.matches(TIMES) && event.key !== "Tab" && event.key !== "Enter") typedIn = field;
  if (event.key !== "Enter" || event.isComposing || !field.matches("[data-change]:not([data-letters])")) return;
  if (field.matches("textarea") && !event.ctrlKey && !event.metaKey) return;
  if (field.matches("fieldset")) return;
  event.preventDefault();
  typedIn = null;
  tell(field);
});
