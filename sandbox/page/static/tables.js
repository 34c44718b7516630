// Tables one sorts, filters and pages through. All rows are in the page; only some are shown.

import { onPaint } from "./painting.js";
import { _, all } from "./words.js";

const rowsOf = (table) => all("tbody > tr", table);

function turn(table, page) {
  const size = Number(table.dataset.table);
  const wanted = table.querySelector("[data-filter]").value.toLocaleLowerCase();
  const fitting = rowsOf(table).filter((row) => row.textContent.toLocaleLowerCase().includes(wanted));
  const last = Math.max(0, Math.ceil(fitting.length / size) - 1);
  const now = Math.max(0, Math.min(page, last));
  table.dataset.page = now;
  const shown = new Set(fitting.slice(now * size, (now + 1) * size));
  for (const row of rowsOf(table)) row.hidden = !shown.has(row);
  const foot = table.querySelector(".table-foot");
  foot.hidden = rowsOf(table).length <= size && !wanted;
  foot.querySelector("[role=status]").textContent = _("{from}–{to} of {n}", {
    from: fitting.length ? now * size + 1 : 0,
    to: Math.min((now + 1) * size, fitting.length),
    n: fitting.length,
  });
  foot.querySelector("[data-turn='-1']").disabled = now === 0;
  foot.querySelector("[data-turn='1']").disabled = now === last;
}

function sort(table, button) {
  const head = button.closest("th");
  const isUp = head.getAttribute("aria-sort") !== "ascending";
  for (const other of all("[aria-sort]", table)) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const cell = (row) => row.children[Number(button.dataset.sort)];
  const compare = (one, other) => {
    const numbers = [cell(one).dataset.number, cell(other).dataset.number];
    if (numbers.every((number) => number !== undefined)) return numbers[0] - numbers[1];
    return cell(one).textContent.trim().localeCompare(cell(other).textContent.trim(), document.documentElement.lang, {
      numeric: true,
    });
  };
  const rows = rowsOf(table).sort(compare);
  table.querySelector("tbody").append(...(isUp ? rows : rows.reverse()));
  turn(table, 0);
}

function settleTables() {
  for (const table of all("[data-table]:not([data-page])")) turn(table, 0);
}

document.addEventListener("click", (event) => {
  const table = event.target.closest("[data-table]");
  const button = event.target.closest("[data-turn], [data-sort]");
  if (!table || !button) return;
  if (button.dataset.sort) sort(table, button);
  else turn(table, Number(table.dataset.page) + Number(button.dataset.turn));
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-filter]")) turn(event.target.closest("[data-table]"), 0);
});

onPaint(settleTables);
