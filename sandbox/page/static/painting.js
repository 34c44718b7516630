// Fetches parts of the page anew; the server renders everything.

import { morph } from "./morph.js";
import { all, byId, here } from "./words.js";

export const PARTS = ["top", "guide", "sidebar", "main", "thread", "modals"];
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
    query.set("seen", here.seen);
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
  const lists = all("[data-bottom]").map(placeOf);
  for (const dialog of all("#modals > dialog[open]")) {
    if (fresh.getElementById("modals") && !fresh.getElementById(dialog.id)) dialog.close();
  }
  for (const part of fresh.body.children) morph(byId(part.id), part);
  for (const list of all("[data-bottom]")) putBack(list, lists.find(({ id }) => id === list.id));
  for (const settle of settlers) settle();
  if (!focused.isConnected && !document.querySelector("dialog[open]")) byId(around ?? "main")?.focus();
}

// Remembers which message stands where in a list.
function placeOf(list) {
  const top = list.getBoundingClientRect().top;
  const anchor = all("[data-ts]", list).find((message) => message.getBoundingClientRect().bottom > top);
  return {
    id: list.id,
    isAtEnd: list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX,
    anchor: anchor?.id,
    offset: anchor && anchor.getBoundingClientRect().top - top,
  };
}

function putBack(list, before) {
  const anchor = before?.anchor && byId(before.anchor);
  if (!before || (before.isAtEnd && !list.matches("[data-older]"))) list.scrollTop = list.scrollHeight;
  else if (anchor) {
    const { top } = list.getBoundingClientRect();
    list.scrollTop += anchor.getBoundingClientRect().top - top - before.offset;
  }
}
