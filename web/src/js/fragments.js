/* htmx under the content security policy, and what happens when an answer is not a fragment. */
import { find } from "./dom.js";
import { toast } from "./toast.js";

const refuse = () => {
  throw new Error("eval is off");
};

const noFunction = function () {
  return { call: refuse };
};

/* HTML of our own origin passes; text that would become script never does. */
window.htmx?.registerExtension("trusted-html", {
  init(api) {
    const rules = { createHTML: (html) => html, createScript: () => "" };
    const policy = window.trustedTypes ? trustedTypes.createPolicy("htmx", rules) : null;
    api.initSecurity(policy, noFunction, noFunction);
  },
});

const isWholePage = (text) => /^\s*<!doctype/i.test(text ?? "");

function sayWhatFailed(status) {
  const words = find("#toasts")?.dataset ?? {};
  toast(status === 429 ? words.slow : words.failed);
}

/* A whole page in place of a fragment is a redirect that was followed, or an error page: neither belongs inside this one. */
document.addEventListener("htmx:after:request", (event) => {
  const { response, text } = event.detail.ctx;
  if (!isWholePage(text)) return;
  event.preventDefault();
  if (isQuiet(event.detail.ctx)) return;
  if (response.status < 400) location.assign(response.raw.url);
  else sayWhatFailed(response.status);
});

/** What nobody asked for may fail without a word. */
const isQuiet = (ctx) => ctx.sourceElement?.matches?.("[data-news]");

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response && !isQuiet(event.detail.ctx)) toast(find("#toasts")?.dataset.offline);
});
