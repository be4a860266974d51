/* Native dialogs: `[data-open=<id>]` opens, `[data-close]` and the backdrop close. */
import { onArrival, within } from "./dom.js";

function show(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("py:open"));
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog) show(dialog);
}

/** In a dialog, "Cancel" stays on the page; the same link on a page of its own leads back. */
function close(event, control) {
  const dialog = control.closest("dialog");
  if (!dialog) return;
  event.preventDefault();
  dialog.close();
}

/** A link opens the dialog instead of its page, unless a key asks for another tab. */
function openFor(event, opener) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  queueMicrotask(() => openDialog(opener.dataset.open));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const closer = event.target.closest("[data-close]");
  if (opener) openFor(event, opener);
  if (closer) close(event, closer);
  if (event.target.matches("dialog")) event.target.close();
});

/* One that comes as a fragment was asked for by the click that fetched it. */
onArrival((root) => {
  if (root !== document) within(root, "dialog").forEach(show);
});
