// Menus and their keys.

import { all } from "./words.js";

export const itemsOf = (menu) => all("[role^=menuitem]:not([hidden], [disabled])", menu);

let opener = null;

// Many buttons may open one menu.
export const openerOf = (menu) =>
  opener?.isConnected && opener.getAttribute("popovertarget") === menu.id
    ? opener
    : document.querySelector(`[popovertarget="${menu.id}"]`);

document.addEventListener(
  "click",
  (event) => {
    opener = event.target.closest("[popovertarget]") ?? opener;
  },
  true,
);

function place(menu) {
  const opener = openerOf(menu);
  const anchor = (opener.closest("form[data-composer]") ?? opener).getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const edge = 8;
  const left = menu.dataset.at === "end" ? anchor.right - width : anchor.left;
  const isAbove = menu.dataset.at === "above" || anchor.bottom + height + edge > innerHeight;
  const top = isAbove ? anchor.top - height - edge / 2 : anchor.bottom + edge / 2;
  menu.style.left = `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`;
  menu.style.top = `${Math.max(edge, Math.min(top, innerHeight - height - edge))}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    if (event.newState === "open") {
      place(menu);
      if (menu.matches("[role=menu]")) itemsOf(menu)[0]?.focus();
    }
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest("[role=menu]");
  if (menu) moveInMenu(event, menu);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[role^=menuitem]")) event.target.closest("[popover].menu")?.hidePopover();
});

function moveInMenu(event, menu) {
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: at + 1,
    ArrowRight: at + 1,
    ArrowUp: at - 1,
    ArrowLeft: at - 1,
    Home: 0,
    End: -1,
  }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items.at(to % items.length).focus();
  } else if (event.key === "Tab") menu.hidePopover();
}
