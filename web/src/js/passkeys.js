/* Forms that a passkey fills in: the server asks, the browser signs, the form carries the answer. */
import { find, onArrival, within } from "./dom.js";
import { toast } from "./toast.js";

const able = "parseRequestOptionsFromJSON" in (window.PublicKeyCredential ?? {});

const acts = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

async function question(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.options, { method: "POST", headers });
  if (answer.redirected) location.reload(); // the password is asked for first
  if (answer.redirected || !answer.ok) throw new Error(answer.status);
  return answer.json();
}

/* Sent as the person sends it, without asking a second time. */
async function fill(event) {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    const credential = await acts[form.dataset.passkey](await question(form));
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    toast(form.dataset.failed);
  }
}

onArrival((root) => {
  within(root, "form[data-passkey]").forEach((form) => {
    form.hidden = !able; // it stands there from the start wherever scripts run, so that nothing jumps when this one does
    form.addEventListener("submit", fill);
  });
  find("[data-passkey-note]", root)?.toggleAttribute("data-needed", !able);
});
