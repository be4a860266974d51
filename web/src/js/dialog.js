/* Native dialogs: `[data-open=<id>]` opens, `[data-close]` and the backdrop close. */

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("py:open"));
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const closer = event.target.closest("[data-close]");
  if (opener) queueMicrotask(() => openDialog(opener.dataset.open));
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches("dialog")) event.target.close();
});
