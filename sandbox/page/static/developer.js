// The developer's view: goes on by itself, and fetches the JSON of what is opened.

import { say } from "./acting.js";
import "./appearance.js";
import { morph } from "./morph.js";
import { _, all, byId, here } from "./words.js";

const COALESCE_MS = 100;
const RETRY_MS = 1000;
const form = document.querySelector("form");
const hold = document.querySelector("[data-pause]");
let isWanted = false;
let painting = null;

function query() {
  return new URLSearchParams(new FormData(form));
}

function repaint() {
  isWanted = true;
  painting ??= paint().finally(() => {
    painting = null;
  });
  return painting;
}

async function paint() {
  while (isWanted) {
    isWanted = false;
    await new Promise((resolve) => setTimeout(resolve, COALESCE_MS));
    try {
      const response = await fetch(`/developer/exchanges?${query()}`);
      const html = new DOMParser().parseFromString(await response.text(), "text/html");
      morph(byId("exchanges"), html.body.firstElementChild);
      for (const details of all("#exchanges details[open][data-number]")) fill(details);
    } catch {
      return; // When the event stream is back, everything is fetched anew.
    }
  }
}

async function fill(details) {
  const { number, over } = details.dataset;
  const place = byId(`json-${number}`);
  if (place.dataset.shown === over) return;
  const response = await fetch(`/developer/${number}?person=${here.person}`);
  if (!response.ok) return;
  const html = new DOMParser().parseFromString(await response.text(), "text/html");
  place.replaceChildren(...html.body.childNodes);
  place.dataset.shown = over;
}

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches("details[open][data-number]")) fill(event.target);
  },
  true,
);

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => {
  history.replaceState(null, "", `?${query()}`);
  repaint();
});

hold.addEventListener("click", () => {
  const isHeld = hold.ariaPressed !== "true";
  hold.ariaPressed = String(isHeld);
  if (!isHeld) repaint();
});

document.querySelector("[data-forget]").addEventListener("click", async () => {
  const given = { person: here.person };
  const headers = { "Content-Type": "application/json" };
  await fetch("/act/forget", { method: "POST", headers, body: JSON.stringify(given) });
  repaint();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-json]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
  say(_("Copied."));
});

function listen() {
  const live = new EventSource("/live");
  live.onopen = () => {
    byId("offline").textContent = "";
    if (hold.ariaPressed !== "true") repaint();
  };
  live.onmessage = (event) => {
    if (JSON.parse(event.data).kind === "traffic" && hold.ariaPressed !== "true") repaint();
  };
  live.onerror = () => {
    byId("offline").textContent = _("The sandbox can't be reached right now. The page goes on by itself when it is back.");
    if (live.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  };
}

listen();
