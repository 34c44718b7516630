// What stands in fields, as it is sent.

import { all } from "./words.js";

// What has the focus in a field that consists of several elements.
export const controlOf = (field) => field.querySelector("[role=combobox], input[type=file]") ?? field;

export function valueOf(field) {
  if ("value" in field.dataset) return JSON.parse(field.dataset.value);
  if (field.matches("fieldset")) {
    const chosen = all("input:checked", field).map((input) => input.value);
    return field.querySelector("input[type=radio]") ? (chosen[0] ?? null) : chosen;
  }
  return field.matches("[data-number]") ? field.value.trim().replace(",", ".") : field.value;
}

export function valuesIn(root) {
  const values = {};
  for (const field of all("[data-field]", root)) {
    const { block, action } = field.dataset;
    (values[block] ??= {})[action] = valueOf(field);
  }
  return values;
}

export function make(name, attributes = {}, ...inner) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inner);
  return made;
}
