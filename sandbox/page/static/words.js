// What the page is about, its sentences in the reader's language, and how to find its elements.

export const here = document.body.dataset;
const SENTENCES = JSON.parse(here.texts);

export const _ = (sentence, values = {}) =>
  (SENTENCES[sentence] ?? sentence).replace(/\{(\w+)\}/g, (mark, name) => values[name] ?? mark);

export const byId = (id) => document.getElementById(id);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
