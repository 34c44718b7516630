// Fields for formatted text: buttons and keys put the marks.

import { save } from "./fields.js";
import { all } from "./words.js";

function format(button) {
  const area = button.closest(".formatted").querySelector("textarea");
  const { selectionStart: start, selectionEnd: end, value } = area;
  const mark = button.dataset.format;
  let from = start;
  let chosen = value.slice(start, end);
  if ("lines" in button.dataset) {
    from = value.lastIndexOf("\n", start - 1) + 1;
    const lines = value.slice(from, end).split("\n");
    chosen = lines.map((line, at) => (mark === "1. " ? `${at + 1}. ` : mark) + line).join("\n");
  } else chosen = mark + chosen + mark;
  area.setRangeText(chosen, from, end, "end");
  if (start === end && !("lines" in button.dataset)) area.selectionEnd = area.selectionStart -= mark.length;
  area.focus();
  save(area);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-format]");
  if (button) format(button);
});

document.addEventListener("keydown", (event) => {
  const toolbar = event.target.closest("[role=toolbar]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (toolbar && step) {
    event.preventDefault();
    const buttons = all("button", toolbar);
    const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
  const mark = { b: "*", i: "_" }[event.key.toLowerCase()];
  if (mark && (event.ctrlKey || event.metaKey) && event.target.matches("[data-rich]")) {
    event.preventDefault();
    format(event.target.closest(".formatted").querySelector(`[data-format="${mark}"]`));
  }
});
