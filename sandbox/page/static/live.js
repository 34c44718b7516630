// Hears what has changed in the workspace. A browser keeps few connections to one server, so of all tabs one
// listens and tells the others; when it is closed, the next one does.

import { act } from "./acting.js";
import { flush } from "./outbox.js";
import { PARTS, repaint } from "./painting.js";
import { _, byId, here } from "./words.js";

const PATIENCE_MS = 1000;
const tabs = new BroadcastChannel("sandbox");
let isStale = false;
let losing = 0;

const isSeen = () => document.visibilityState === "visible";

function partsOf({ kind, channel, person }) {
  if (kind === "traffic") return [];
  if (kind === "guide") return ["guide", "sidebar"];
  if (kind === "clock") return PARTS;
  if (kind === "view") return person === here.person ? ["modals", "main"] : [];
  if (kind !== "read" && channel === here.channel) return ["top", "sidebar", "main", "thread"];
  return ["top", "sidebar"];
}

function markRead() {
  if (isSeen() && here.tab !== "home") act("read");
}

function hear(change) {
  if (change.kind === "lost") return lost();
  const isKnown = change.revision === here.revision;
  here.revision = change.revision ?? here.revision;
  if (change.kind === "hello") back(isKnown);
  else {
    if (isSeen()) repaint(...partsOf(change));
    else isStale = true;
    if (change.kind === "message" && change.channel === here.channel) markRead();
  }
}

function tell(change) {
  tabs.postMessage(change);
  hear(change);
}

// Painted anew only if something has changed since the server wrote this page, or since one last heard of it.
function back(isKnown) {
  clearTimeout(losing);
  losing = 0;
  byId("offline").textContent = "";
  if (!isKnown) repaint(...PARTS);
  flush();
}

function lost() {
  losing ||= setTimeout(() => {
    byId("offline").textContent = _("The sandbox can't be reached right now. The page goes on by itself when it is back.");
  }, PATIENCE_MS);
}

function listen() {
  const live = new EventSource("/live");
  live.onmessage = (event) => tell(JSON.parse(event.data));
  live.onerror = () => {
    tell({ kind: "lost" });
    if (live.readyState === EventSource.CLOSED) setTimeout(listen, PATIENCE_MS);
  };
  return new Promise(() => {});
}

async function takeTurns() {
  const { locks } = navigator;
  if (!locks) return listen();
  const isFirst = await new Promise((resolve) => {
    locks.request("live", { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && listen();
    });
  });
  if (isFirst) return;
  // What changed since the server wrote this page, nobody has told it.
  repaint(...PARTS);
  locks.request("live", listen);
}

tabs.onmessage = ({ data }) => hear(data);

document.addEventListener("visibilitychange", () => {
  if (!isSeen()) return;
  if (isStale) repaint(...PARTS);
  isStale = false;
  markRead();
});

// A page that the browser kept aside and shows again has missed everything.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) repaint(...PARTS);
});

takeTurns();
markRead();
