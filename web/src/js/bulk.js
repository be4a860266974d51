/* Rows of a table that are ticked for one action together; the bar itself appears by CSS. */
import { find, findAll, recall, remember } from "./dom.js";

const boxes = () => findAll(".row-check");
let last = null;

function sync() {
  const all = boxes();
  const ticked = all.filter((box) => box.checked).length;
  findAll("[data-count]").forEach((place) => (place.textContent = ticked));
  const master = find("[data-check-all]");
  if (!master) return;
  master.checked = ticked > 0 && ticked === all.length;
  master.indeterminate = ticked > 0 && ticked < all.length;
}

function tick(list, on) {
  list.forEach((box) => (box.checked = on));
  sync();
}

function tickRange(event) {
  const all = boxes();
  if (event.shiftKey && last) {
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    tick(all.slice(from, to + 1), event.target.checked);
  }
  last = event.target;
}

function toggleDensity(button) {
  const rows = document.documentElement.dataset.rows === "compact" ? "" : "compact";
  document.documentElement.dataset.rows = rows;
  button.setAttribute("aria-pressed", rows === "compact");
  remember("rows", rows);
}

document.addEventListener("click", (event) => {
  const density = event.target.closest("[data-density]");
  if (event.target.matches(".row-check")) tickRange(event);
  if (event.target.closest("[data-uncheck]")) tick(boxes(), false);
  if (density) toggleDensity(density);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-check-all]")) tick(boxes(), event.target.checked);
  if (event.target.matches(".row-check")) sync();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.target.closest("dialog, .menu, input:not(.check)")) tick(boxes(), false);
});

document.documentElement.dataset.rows = recall("rows", "");
findAll("[data-density]").forEach((button) => button.setAttribute("aria-pressed", recall("rows", "") === "compact"));
