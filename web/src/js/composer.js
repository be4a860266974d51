/* The box for a thought: counts, keeps a draft, opens on focus, sends on Ctrl Enter. */
import { find, findAll, forget, onArrival, recall, remember, within } from "./dom.js";

const NEAR = 60; // characters left from which digits are shown
const DRAFT_AFTER = 300; // ms without typing

const segmenter = Intl.Segmenter ? new Intl.Segmenter() : null;

/** Characters as a reader sees them; the server counts the same way and decides. */
const lengthOf = (text) => (segmenter ? [...segmenter.segment(text)].length : [...text].length);

const draftOf = (form) => `draft:${form.dataset.draft}`;

function paint(form, box) {
  const most = Number(form.dataset.max);
  const length = lengthOf(box.value.trim());
  const left = most - length;
  form.dataset.level = left < 0 ? "over" : left <= NEAR ? "warn" : "";
  find(".ring-count .v", form).setAttribute("stroke-dashoffset", 100 - Math.min(100, (length / most) * 100));
  find("[data-left]", form).textContent = left <= NEAR ? String(left).replace("-", "−") : "";
  find("[type=submit]", form).disabled = length === 0 || left < 0;
  const status = find("[data-status]", form);
  status.dataset.hint ??= status.textContent;
  status.textContent = left < 0 ? `${-left} ${status.dataset.over}` : status.dataset.hint;
}

/** Whether an edit is still what the thought says already; what comes back refused is not. */
const isUntouched = (form, box) =>
  "edits" in form.dataset && !form.classList.contains("invalid") && box.value === box.defaultValue;

function keepDraft(form, box) {
  let timer;
  const save = () => {
    if (form.dataset.sent || isUntouched(form, box)) return;
    if (box.value) remember(draftOf(form), box.value);
    else forget(draftOf(form));
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, DRAFT_AFTER);
  });
  addEventListener("pagehide", () => box.isConnected && save());
}

function openOnFocus(form, box) {
  if (!form.classList.contains("rest")) return;
  if (box.value) form.classList.remove("rest");
  box.addEventListener("focus", () => form.classList.remove("rest"));
  form.addEventListener("focusout", () => {
    setTimeout(() => form.classList.toggle("rest", !box.value && !form.contains(document.activeElement)));
  });
}

/** Leave the editor; an empty reply box inside a list goes away and gives the focus back. */
function leave(form, box) {
  box.blur();
  const slot = form.closest('[id^="rf-"]');
  if (!slot || box.value.trim()) return;
  slot.replaceChildren();
  find(`[hx-target="#${slot.id}"]`)?.focus();
}

function listenToKeys(form, box) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave(form, box);
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!find("[type=submit]", form).disabled) form.requestSubmit();
  });
}

function start(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "true";
  const box = find("textarea", form);
  if (!box.value || isUntouched(form, box)) box.value = recall(draftOf(form), box.value);
  paint(form, box);
  box.addEventListener("input", () => {
    form.classList.remove("invalid");
    paint(form, box);
  });
  keepDraft(form, box);
  openOnFocus(form, box);
  listenToKeys(form, box);
  if (form.closest('[id^="rf-"]')) box.focus();
}

onArrival((root) => within(root, "[data-composer]").forEach(start));

document.addEventListener("htmx:after:request", (event) => {
  const { response, sourceElement } = event.detail.ctx;
  const form = sourceElement?.closest?.("[data-composer]");
  if (!form || response.status >= 400 || response.raw.redirected) return; // led away to sign in: not posted
  form.dataset.sent = "true";
  forget(draftOf(form));
});

/* Whoever signs in next on this machine does not read what was left unsent. */
document.addEventListener("submit", (event) => {
  if (!event.submitter?.matches("[data-sign-out]")) return;
  findAll("[data-composer]").forEach((form) => (form.dataset.sent = "true"));
  Object.keys(localStorage)
    .filter((key) => key.startsWith("py:draft:"))
    .forEach((key) => forget(key.slice(3)));
});
