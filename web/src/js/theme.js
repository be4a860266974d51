/* Light, dark, or as the system has it. The server writes `data-theme` from the same cookie, so nothing flashes. */
import { find } from "./dom.js";

const YEAR = 31536000; // seconds
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () =>
  root.dataset.theme === "dark" || (root.dataset.theme !== "light" && systemIsDark.matches);

function announce() {
  document.dispatchEvent(new CustomEvent("py:theme"));
}

function show(theme) {
  if (root.dataset.theme === theme) return;
  root.dataset.theme = theme;
  announce();
}

function choose(theme) {
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
  show(theme);
}

/* A page out of the back/forward cache, or out of any cache, may be older than the choice. */
function catchUp() {
  const chosen = document.cookie.match(/(?:^|; )theme=(light|dark|system)/);
  if (chosen) show(chosen[1]);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) choose(isDark() ? "light" : "dark");
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-set]")) choose(event.target.value);
});

systemIsDark.addEventListener("change", announce);
addEventListener("pageshow", catchUp);
if (!find("[data-theme-set]")) catchUp();
