// Sends what people do.

import { valuesIn } from "./values.js";
import { _, all, byId, here } from "./words.js";

const TOAST_MS = 8000;

// Returns what the server answers; `isOffline` when it can't be asked.
export async function ask(deed, given = {}) {
  try {
    const response = await fetch(`/act/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person: here.person, channel: here.channel, ...given }),
    });
    return response.ok ? await response.json() : { failure: _("That did not work.") };
  } catch {
    return { failure: _("The sandbox can't be reached right now."), isOffline: true };
  }
}

export async function act(deed, given = {}) {
  const answer = await ask(deed, given);
  if (answer.failure) say(answer.failure, true);
  if (answer.said) say(answer.said);
  if (answer.go) location.assign(answer.go);
  return answer;
}

export function say(text, isFailure = false) {
  const notice = all("#modals > dialog[open]").at(-1)?.querySelector("[data-notice]");
  if (notice && isFailure) {
    notice.textContent = text;
    notice.hidden = false;
    return;
  }
  const toast = document.createElement("p");
  toast.className = isFailure ? "toast failure" : "toast";
  toast.textContent = text;
  byId("toasts").append(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}

export async function busily(element, work) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    element.removeAttribute("aria-busy");
  }
}

export async function click(element, value) {
  const surface = element.closest("[data-view], [data-ts]");
  const { block, action } = element.dataset;
  const { view, ts } = surface.dataset;
  await act("click", { view, ts, block, action, value, values: valuesIn(surface) });
}

export function isConfirmed(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export function press(element) {
  const { act: deed, confirm, value, callback, control, name, with: other } = element.dataset;
  return busily(element, async () => {
    if (confirm && !(await isConfirmed(byId(confirm)))) return;
    if (confirm && element.href) window.open(element.href, "_blank", "noopener,noreferrer");
    if (!deed) await click(element, value);
    else await act(deed, { callback, control, name, with: other, ts: element.closest("[data-ts]")?.dataset.ts });
  });
}

document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-click], [data-act], [data-close], [data-answer]");
  if (!element) return;
  const { answer, close, confirm } = element.dataset;
  if (confirm && element.href) event.preventDefault();
  if (element.matches("[data-close], [data-answer]")) element.closest("dialog").close(answer ?? close);
  else press(element);
});
