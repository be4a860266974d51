/* Small controls that stand alone: copying, revealing a password, folding, waiting. */
import { find, onArrival, within } from "./dom.js";
import { toast } from "./toast.js";

async function copy(button) {
  try {
    await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
    toast(find("#toasts").dataset.copied);
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

/* The moment itself, in the reader's own time zone; made when somebody asks, not for each post of each page. */
function tellMoment(event) {
  const time = event.target.closest?.("time[datetime]:not([title])");
  if (!time) return;
  const shape = { dateStyle: "full", timeStyle: "short" };
  time.title = new Intl.DateTimeFormat(document.documentElement.lang, shape).format(new Date(time.dateTime));
}

document.addEventListener("pointerover", tellMoment);
document.addEventListener("focusin", tellMoment);

/** Call `show` with the seconds that are left, once a second, down to nothing. */
function countDown(left, show) {
  show(left);
  if (left > 0) setTimeout(countDown, 1000, left - 1, show);
}

/* Without JavaScript the button works at once and the server says when it is too early. */
function holdBack(button) {
  const note = document.createElement("span");
  note.className = "num";
  button.append(note);
  countDown(Number(button.dataset.wait), (left) => {
    note.textContent = left ? ` ${left} s` : "";
    button.disabled = left > 0;
  });
}

function tell(place) {
  countDown(Number(place.dataset.countdown), (left) => (place.textContent = `${left} s`));
}

/* Where the tabs are wider than the screen, the current one must not be off it. */
function centre(tab) {
  const row = tab.parentElement;
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

onArrival((root) => {
  within(root, ".tabs > [aria-current]").forEach(centre);
  within(root, "button[data-wait]").forEach(holdBack);
  within(root, "[data-countdown]").forEach(tell);
});
