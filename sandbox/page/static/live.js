// Hears what has changed in the workspace.

import { act } from "./acting.js";
import { PARTS, repaint } from "./painting.js";
import { here } from "./words.js";

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

listen();
markRead();
