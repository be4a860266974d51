/* Short messages in one polite live region. Text only: nothing here ever becomes markup. */
import { find, findAll, onArrival, within } from "./dom.js";

const SHOWN = 4000; // ms
const SHOWN_WITH_BUTTON = 8000; // ms
const SHOWN_AFTER_HOVER = 1500; // ms, at least
const MOST = 3;

/** Remove the item after a while, but never under the pointer. */
function expire(item, milliseconds) {
  let left = milliseconds;
  let startedAt = Date.now();
  let timer = setTimeout(() => item.remove(), left);
  item.addEventListener("mouseenter", () => {
    clearTimeout(timer);
    left -= Date.now() - startedAt;
  });
  item.addEventListener("mouseleave", () => {
    startedAt = Date.now();
    timer = setTimeout(() => item.remove(), Math.max(SHOWN_AFTER_HOVER, left));
  });
}

export function toast(text) {
  const box = find("#toasts");
  if (!box || !text) return;
  const item = document.createElement("div");
  item.className = "toast-item";
  item.textContent = text;
  box.append(item);
  expire(item, SHOWN);
  while (box.children.length > MOST) box.firstElementChild.remove();
}

/* What the server had to say is already there; putting it in again makes a screen reader say it. */
onArrival((root) => {
  within(root, "[data-flash]").forEach((item) => {
    item.removeAttribute("data-flash");
    const box = find("#toasts");
    findAll(":scope > :has(button)", box).forEach((older) => older !== item && older.remove()); // one act is taken back first
    box.append(item);
    expire(item, SHOWN_WITH_BUTTON);
    while (box.children.length > MOST) box.firstElementChild.remove();
  });
});
