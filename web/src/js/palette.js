/* Ctrl K: a combobox over the pages and commands that stand in the dialog. */
import { find, findAll } from "./dom.js";

const dialog = find("#palette");
const field = find("#pal-q");
let current = 0;

const options = () => findAll('[role="option"]', dialog).filter((option) => !option.hidden);

function paint() {
  const shown = options();
  current = Math.max(0, Math.min(current, shown.length - 1));
  shown.forEach((option, index) => option.setAttribute("aria-selected", index === current));
  if (!shown.length) return field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-activedescendant", shown[current].id);
  shown[current].scrollIntoView({ block: "nearest" });
}

/** The way to the search page with the words that were typed. */
function offerSearch(words) {
  const option = find("[data-search]", dialog);
  if (!option) return;
  option.hidden = !words;
  option.search = new URLSearchParams({ q: words });
  find("span", option).textContent = option.dataset.search.replace("…", () => words);
}

function filter() {
  const words = field.value.trim();
  const wanted = words.toLowerCase();
  findAll('[role="option"]:not([data-search])', dialog).forEach((option) => {
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  });
  offerSearch(words);
  findAll('[role="group"]', dialog).forEach((group) => {
    group.hidden = !find('[role="option"]:not([hidden])', group);
  });
  current = 0;
  paint();
}

function move(event) {
  if (event.key === "ArrowDown") current += 1;
  else if (event.key === "ArrowUp") current -= 1;
  else if (event.key === "Enter") options()[current]?.click();
  else return;
  event.preventDefault();
  paint();
}

function follow(event) {
  const index = options().indexOf(event.target.closest('[role="option"]'));
  if (index < 0 || index === current) return;
  current = index;
  paint();
}

if (dialog) {
  findAll('[role="option"]', dialog).forEach((option, index) => (option.id = `pal-o${index}`));
  dialog.addEventListener("py:open", () => {
    field.value = "";
    filter();
    field.focus();
  });
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("mousemove", follow);
  dialog.addEventListener("click", (event) => event.target.closest('[role="option"]') && dialog.close());
  field.addEventListener("input", filter);
}
