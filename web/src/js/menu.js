/* Menus are native popovers; this adds roving focus and, where anchors are missing, a place. */
import { findAll } from "./dom.js";

const GAP = 4; // px between button and menu
const MARGIN = 8; // px kept free at the window's edge
const anchored = CSS.supports("position-area", "block-end span-inline-start");

const itemsOf = (menu) => findAll('[role^="menuitem"]', menu).filter((item) => !item.disabled);
const buttonOf = (menu) => document.getElementById(menu.getAttribute("aria-labelledby"));

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const fitsBelow = box.bottom + height + MARGIN <= innerHeight;
  const top = fitsBelow ? box.bottom : Math.max(MARGIN, box.top - height - 2 * GAP);
  menu.style.left = `${Math.max(MARGIN, Math.min(innerWidth - width - MARGIN, box.right - width))}px`;
  menu.style.top = `${top}px`;
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu")) return;
    const button = buttonOf(menu);
    const isOpen = event.newState === "open";
    button?.setAttribute("aria-expanded", isOpen);
    if (!isOpen) return;
    if (!anchored && button) place(menu, button);
    itemsOf(menu)[0]?.focus({ preventScroll: true });
  },
  true,
);

/** The item that the typed letter leads to: the next one that begins with it, else the first. */
function startingWith(letter, items, current) {
  const begins = (item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase());
  const next = items.findIndex((item, index) => index > current && begins(item));
  return next >= 0 ? next : items.findIndex(begins);
}

function target(key, items, current) {
  const steps = {
    ArrowDown: (current + 1) % items.length,
    ArrowUp: (current - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  if (key in steps) return steps[key];
  return key.length === 1 && /\S/.test(key) ? startingWith(key, items, current) : -1;
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  if (!menu) return;
  if (event.key === "Tab") menu.hidePopover();
  const items = itemsOf(menu);
  const next = target(event.key, items, items.indexOf(document.activeElement));
  if (next >= 0) {
    event.preventDefault();
    items[next].focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !event.target.matches?.("[aria-haspopup=menu]")) return;
  event.preventDefault();
  document.getElementById(event.target.getAttribute("popovertarget"))?.showPopover({ source: event.target });
});

document.addEventListener("click", (event) => {
  const menu = event.target.closest('.menu [role^="menuitem"]')?.closest(".menu");
  if (menu) queueMicrotask(() => menu.matches(":popover-open") && menu.hidePopover());
});
