"use strict";

// Keeps the page up to date while it is looked at. Without this script it stays as it was when it was opened.

const GROWTH = 1.3;
const LONGEST_S = 300;
const SAID_MS = 8000;
const news = document.getElementById("renewed");
const { dataset } = document.body;
let timer = null;
let waitS = null;
let isAsking = false;

// ---- New content in the place of old: what is the same stays, with its focus, selection and typed words.

const html = (node) => node.outerHTML ?? node.data;
const parts = (node) =>
  [...node.childNodes].filter((child) => child.nodeType === Node.ELEMENT_NODE || child.data?.trim());

// Returns the longest row of pairs of equal nodes, in their order.
function same(before, after) {
  const [left, right] = [before.map(html), after.map(html)];
  const longest = left.map(() => new Array(right.length + 1).fill(0));
  longest.push(new Array(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const skipped = Math.max(longest[i + 1][j], longest[i][j + 1]);
      longest[i][j] = left[i] === right[j] ? longest[i + 1][j + 1] + 1 : skipped;
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (longest[i + 1][j] >= longest[i][j + 1]) i += 1;
    else j += 1;
  }
  return pairs;
}

function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const [before, after] = [parts(old), parts(fresh)];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...same(before, after), [before.length, after.length]]) {
    fill(old, before.slice(i, nextI), after.slice(j, nextJ), before[nextI] ?? null);
    [i, j] = [nextI + 1, nextJ + 1];
  }
}

// Between two nodes that stay: what is of the same kind is changed, the rest goes and comes.
function fill(parent, olds, freshes, end) {
  const left = [...olds];
  for (const fresh of freshes) {
    const at = left.findIndex((old) => old.nodeName === fresh.nodeName && old.id === fresh.id);
    for (const gone of left.splice(0, at)) gone.remove();
    if (at >= 0) morph(left.shift(), fresh);
    else {
      parent.insertBefore(fresh, left[0] ?? end);
      fresh.classList?.add("is-fresh");
    }
  }
  for (const gone of left) gone.remove();
}

// ---- The page as it is now

function renew(fresh) {
  const [old, content] = [document.getElementById("content"), fresh.getElementById("content")];
  dataset.stamp = fresh.body.dataset.stamp;
  if (!content || content.innerHTML === old.innerHTML) return;
  const focused = document.activeElement;
  const point = document.elementFromPoint(innerWidth / 2, Math.min(120, innerHeight / 2));
  const anchor = scrollY > 0 && old.contains(point) && point !== old ? point : null;
  const top = anchor?.getBoundingClientRect().top;
  // The browser's own way of holding still would come on top of ours.
  document.documentElement.style.overflowAnchor = "none";
  morph(old, content);
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  requestAnimationFrame(() => document.documentElement.style.removeProperty("overflow-anchor"));
  if (!focused.isConnected) old.focus({ preventScroll: true });
  document.title = fresh.title;
  news.textContent = dataset.renewed;
  setTimeout(() => news.replaceChildren(), SAID_MS);
}

async function look() {
  const asked = await fetch("/api/v1/revision", { cache: "no-cache" });
  if (!asked.ok) throw new Error(asked.status);
  const newest = await asked.json();
  waitS = Math.min(newest.at_most_s, waitS === null ? newest.again_in_s : waitS * GROWTH);
  if (newest.stamp === dataset.stamp) return;
  waitS = newest.again_in_s;
  const answer = await fetch(location.href, { cache: "no-cache" });
  // A page that is gone stays readable where it is open.
  if (answer.ok) renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

async function watch() {
  clearTimeout(timer);
  if (isAsking || document.visibilityState !== "visible") return;
  isAsking = true;
  try {
    await look();
  } catch {
    waitS = Math.min(LONGEST_S, (waitS ?? 10) * 2);
  }
  isAsking = false;
  // Not all readers at the same moment.
  timer = setTimeout(watch, waitS * 1000 * (0.8 + 0.4 * Math.random()));
}

document.addEventListener("visibilitychange", watch);
addEventListener("online", watch);
watch();
