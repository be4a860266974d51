/* Small controls that stand alone: copying, revealing a password, folding, waiting. */
import { find, onArrival, remember, recall, within } from "./dom.js";
import { toast } from "./toast.js";

async function copy(button) {
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    toast(button.dataset.done);
  } catch {
    toast(button.dataset.copy);
  }
}

function reveal(button) {
  const input = document.getElementById(button.dataset.reveal);
  const hidden = input.type === "password";
  input.type = hidden ? "text" : "password";
  button.setAttribute("aria-pressed", hidden);
  button.setAttribute("aria-label", hidden ? button.dataset.hide : button.dataset.show);
}

function fold(button) {
  const folded = button.closest(".reply").toggleAttribute("data-folded");
  button.setAttribute("aria-expanded", !folded);
}

/** Lead to the composer that is on this page already; else the link opens its own page. */
function compose(event) {
  const box = find("#composer textarea");
  if (!box) return;
  event.preventDefault();
  box.closest("form").scrollIntoView({ block: "center" });
  box.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  if (on("[data-copy]")) copy(on("[data-copy]"));
  if (on("[data-reveal]")) reveal(on("[data-reveal]"));
  if (on(".fold")) fold(on(".fold"));
  if (on("[data-act=compose]")) compose(event);
});

/* Settings that belong to this browser rather than to the person. */
document.addEventListener("change", (event) => {
  const { pref } = event.target.dataset;
  if (pref) remember(pref, event.target.checked);
});

function count(control, note, left) {
  note.textContent = left > 0 ? ` ${left} s` : "";
  control.toggleAttribute("disabled", left > 0);
  control.setAttribute("aria-disabled", left > 0);
  if (left > 0) setTimeout(count, 1000, control, note, left - 1);
}

/* Without JavaScript the button works at once and the server says when it is too early. */
function waitFor(control) {
  const note = document.createElement("span");
  note.className = "num";
  control.append(note);
  count(control, note, Number(control.dataset.wait));
}

onArrival((root) => {
  within(root, "[data-wait]").forEach(waitFor);
  within(root, "[data-pref]").forEach((box) => (box.checked = recall(box.dataset.pref, box.checked)));
});
