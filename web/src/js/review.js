/* The review queue by keyboard: J and K walk along it, other letters press the button that shows them. */
import { find, findAll, onArrival, within } from "./dom.js";

const rowsOf = (desk) => findAll("[data-row]", desk);
const nothing = () => {};

function step(desk, by) {
  const rows = rowsOf(desk);
  const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
  rows[Math.max(0, Math.min(rows.length - 1, current + by))]?.click();
}

/** What `key` does in the queue; nothing while an answer is on its way: it would hit an item that nobody has seen. */
export function reviewCommand(key) {
  const desk = find("#review");
  if (!desk) return undefined;
  const walks = { j: 1, k: -1 }[key];
  const control = find(`[data-key="${CSS.escape(key)}"]`, desk);
  if (!walks && !control) return undefined;
  if (find("#load.htmx-request")) return nothing;
  if (walks) return () => step(desk, walks);
  return () => (control.matches("input") ? control.focus() : control.click());
}

/* A phone changes from the queue to the item; the list marks which one it is. */
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row]");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  rowsOf(document).forEach((each) => each.removeAttribute("aria-current"));
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
  row.closest("[data-review]").toggleAttribute("data-opened", true);
});

/* Letters are keys again once a field is done with. */
document.addEventListener("submit", (event) => event.target.closest("#review") && document.activeElement.blur());

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("#review input")) event.target.blur();
});

onArrival((root) => within(root, "[data-row][aria-current]").forEach((row) => row.scrollIntoView({ block: "nearest" })));
