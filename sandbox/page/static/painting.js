// Fetches parts of the page anew; the server renders everything.

import { morph } from "./morph.js";
import { all, byId, here } from "./words.js";

export const PARTS = ["top", "sidebar", "main", "thread", "modals"];
const COALESCE_MS = 15;
const NEAR_END_PX = 60;
const settlers = [];

// Has something done for new elements that HTML alone can't: after each painting, and now.
export function onPaint(settler) {
  settlers.push(settler);
  settler();
}

const wanted = new Set();
let painting = null;

export function repaint(...parts) {
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
  for (const settle of settlers) settle();
  if (!focused.isConnected && !document.querySelector("dialog[open]")) byId(around)?.focus();
}
