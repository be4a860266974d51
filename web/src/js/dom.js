/* Small words that every module uses. */

export const find = (selector, root = document) => root.querySelector(selector);

export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

/** What this browser remembers; a browser that refuses to remember gets the fallback. */
export function recall(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`py:${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`py:${key}`, JSON.stringify(value));
  } catch {
    /* Private windows and full disks: the page works without it. */
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(`py:${key}`);
  } catch {
    /* As above. */
  }
}

const starters = [];

/** Run `start` on the page now, and on every fragment that htmx brings later. */
export function onArrival(start) {
  starters.push(start);
  start(document);
}

document.addEventListener("htmx:after:process", (event) => {
  if (event.target !== document.body) starters.forEach((start) => start(event.target));
});

/** The element itself when it matches, and every match below it. */
export function within(root, selector) {
  const below = findAll(selector, root);
  return root.matches?.(selector) ? [root, ...below] : below;
}
