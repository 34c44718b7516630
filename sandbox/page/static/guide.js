// Puts the guide away and brings it back.

import { act } from "./acting.js";
import { repaint } from "./painting.js";
import { byId } from "./words.js";

document.addEventListener("click", async (event) => {
  // Read now: what is painted anew may make another button of it.
  const wish = event.target.closest("[data-guide]")?.dataset.guide;
  if (!wish) return;
  await act("guide", { control: wish });
  await repaint("guide", "sidebar");
  if (byId("sidebar").matches(":popover-open")) byId("sidebar").hidePopover();
  byId(wish === "show" ? "guide-title" : "main").focus();
});
