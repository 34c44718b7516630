// Puts new HTML in the place of old, without disturbing focus, scrolling or what is being typed.

// What the browser or this file sets on an element; the server knows nothing of it.
const OWN_ATTRIBUTES = new Set(["open", "style", "aria-busy", "aria-activedescendant", "data-away", "data-end"]);

export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  // What the scripts alone fill and change.
  if (old.hasAttribute("data-keep")) return;
  // A form that is the same view still keeps its errors and what is typed in it.
  if (old.dataset.hash && old.dataset.hash === fresh.dataset.hash) return;
  // What someone is choosing in at this moment is not taken from under their hands.
  if (old.dataset.isTelling || (old.dataset.value && old.querySelector("[aria-expanded=true]"))) return;
  for (const { name, value } of fresh.attributes) {
    if (!OWN_ATTRIBUTES.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OWN_ATTRIBUTES.has(name)) old.removeAttribute(name);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const staying = new Set([...fresh.children].map((child) => child.id));
  const known = new Map();
  for (const child of [...old.children]) {
    if (!child.id) continue;
    if (staying.has(child.id)) known.set(child.id, child);
    else child.remove();
  }
  let cursor = old.firstChild;
  const drop = () => {
    const gone = cursor;
    cursor = cursor.nextSibling;
    gone.remove();
  };
  for (const child of [...fresh.childNodes]) {
    const match = child.id ? known.get(child.id) : cursor && !cursor.id && cursor;
    if (!match || match.nodeName !== child.nodeName) {
      old.insertBefore(child, cursor);
      continue;
    }
    while (cursor !== match && cursor && !cursor.id) drop();
    if (cursor === match) cursor = cursor.nextSibling;
    else old.insertBefore(match, cursor);
    morph(match, child);
  }
  while (cursor) drop();
}
