/* Shortcuts. Single letters can be turned off (WCAG 2.1.4) and never fire while somebody types or a menu is open. */
import { find, findAll } from "./dom.js";
import { openDialog } from "./dialog.js";
import { reviewCommand } from "./review.js";

const SECOND_KEY_WITHIN = 900; // ms after G
const TOP_BAR = 72; // px
const BUSY = "input, textarea, select, [contenteditable], dialog[open], .menu";

let current = null;
let goUntil = 0;

function focusPost(post) {
  current?.removeAttribute("data-focus");
  current = post;
  post.dataset.focus = "true";
  post.focus({ preventScroll: true });
  const { top, bottom } = post.getBoundingClientRect();
  if (top < TOP_BAR || bottom > innerHeight) scrollBy({ top: top - TOP_BAR - 16, behavior: "auto" });
}

function step(by) {
  const posts = findAll("[data-post]");
  const next = posts[Math.max(0, Math.min(posts.length - 1, posts.indexOf(current) + by))];
  if (next) focusPost(next);
}

function openCurrent() {
  if (current?.dataset.href && current === document.activeElement) location.assign(current.dataset.href);
}

const commands = {
  g: () => (goUntil = Date.now() + SECOND_KEY_WITHIN),
  j: () => step(1),
  k: () => step(-1),
  n: () => find("[data-act=compose]")?.click(),
  r: () => current && find("[data-key=r]", current)?.click(),
  ".": () => find(".new-pill")?.click(),
  "/": () => (find("[data-slash]") ? find("[data-slash]").focus() : openDialog("palette")),
  "?": () => openDialog("keys"),
};

function go(key) {
  goUntil = 0;
  find(`#palette [data-go="${CSS.escape(key)}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  const held = event.ctrlKey || event.metaKey;
  if (held && key === "k") {
    event.preventDefault();
    return openDialog("palette");
  }
  const isOff = document.documentElement.dataset.keys === "off";
  if (held || event.altKey || isOff || event.target.closest(BUSY)) return;
  if (event.key === "Enter") return openCurrent();
  const command = Date.now() < goUntil ? () => go(key) : (reviewCommand(key) ?? commands[key]);
  if (!command) return;
  event.preventDefault();
  command();
});
