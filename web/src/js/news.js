/* Ask for newer thoughts now and then, but only while somebody can see the page. What comes never moves what they read. */
import { find } from "./dom.js";

const EVERY = 45_000; // ms

const place = find("[data-news]");
let askedAt = Date.now();
let timer;

function ask() {
  askedAt = Date.now();
  window.htmx?.trigger(place, "news");
  wait();
}

function wait() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(ask, Math.max(0, askedAt + EVERY - Date.now()));
}

if (place) {
  wait();
  document.addEventListener("visibilitychange", wait);
}
