// Modals and their fields.

import { act, busily, say } from "./acting.js";
import { onPaint, repaint } from "./painting.js";
import { controlOf, valuesIn } from "./values.js";
import { all, byId } from "./words.js";

export function focusField(field) {
  (field?.matches("fieldset") ? field.querySelector("input") : field && controlOf(field))?.focus();
}

function count(field) {
  const counter = document.querySelector(`[data-counter="${field.id}"]`);
  const most = Number(field.dataset.most);
  if (!counter) return;
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
    const field = place.querySelector("[data-field]");
    if (!field.matches("fieldset")) controlOf(field).setAttribute("aria-invalid", "true");
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

document.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.matches("[data-form]")) busily(event.submitter ?? form, () => submitForm(form.closest("dialog")));
});

// Escape and the close buttons end up here alike; a dialog that the server took away is not in the page any more.
document.addEventListener(
  "close",
  async (event) => {
    const dialog = event.target;
    if (!dialog.matches("#modals > dialog")) return;
    dialog.dataset.isClosing = "yes";
    await act("close", { view: dialog.id, all: dialog.returnValue });
    repaint("modals");
  },
  true,
);

document.addEventListener("input", (event) => {
  const field = event.target;
  field.closest("form")?.querySelector("[data-until-changed]")?.removeAttribute("disabled");
  if (field.dataset.most) count(field);
});

onPaint(() => {
  for (const dialog of all("#modals > dialog:not([open])")) {
    if (dialog.dataset.isClosing) continue;
    dialog.showModal();
    const field = dialog.querySelector("[data-focus]") ?? dialog.querySelector("[data-field]");
    if (field) focusField(field);
  }
  for (const counter of all("[data-counter]")) count(byId(counter.dataset.counter));
});
