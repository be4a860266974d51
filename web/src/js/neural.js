/* The calm background: slow dots, hairlines between near ones, a soft pull toward the pointer.
   It draws 12 times a second, eases out and sleeps 4 s after the last move; a timer and one frame at a
   time, because a loop of frames costs even when it skips them. Still when motion is reduced, off with
   Save-Data or by choice. */
import { find, recall } from "./dom.js";
import { isDark } from "./theme.js";

const STEP = 80; // ms between drawings
const AWAKE = 4000; // ms after the last move
const EASE_OUT = 1500; // ms
const LINK = 118; // px, the longest line
const PULL = { from: 30, to: 180, speed: 4.5 }; // px, px, px per second
const AREA_PER_DOT = 24000; // px²
const DOTS_MAX = 64;
const SHARPNESS_MAX = 1.25; // device pixels per CSS pixel
const EDGE = 20; // px beyond the window before a dot comes in on the other side

const canvas = find("[data-neural]");
const reduced = matchMedia("(prefers-reduced-motion: reduce)");

/** The same sky on every page (Park and Miller's generator, seed 7). */
function scatter(width, height) {
  let seed = 7;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const count = Math.min(DOTS_MAX, Math.round((width * height) / AREA_PER_DOT));
  return Array.from({ length: count }, () => ({
    x: next() * width,
    y: next() * height,
    dx: (next() - 0.5) * 5,
    dy: (next() - 0.5) * 5,
    radius: 1 + next() * 1.4,
  }));
}

const wrap = (value, size) => (value < -EDGE ? size + EDGE : value > size + EDGE ? -EDGE : value);

function background() {
  const pen = canvas.getContext("2d", { alpha: true });
  const strength = canvas.dataset.neural === "bold" ? 1.9 : 1;
  const pointer = { x: -1, y: -1 };
  let dots = [];
  let opacity = 0;
  let frame = 0;
  let timer = 0;
  let drawnAt = 0;
  let movedAt = 0;

  function pull(dot, seconds) {
    const x = pointer.x - dot.x;
    const y = pointer.y - dot.y;
    const distance = Math.hypot(x, y);
    if (pointer.x < 0 || distance < PULL.from || distance > PULL.to) return;
    dot.x += (x / distance) * PULL.speed * seconds;
    dot.y += (y / distance) * PULL.speed * seconds;
  }

  function move(seconds) {
    for (const dot of dots) {
      dot.x = wrap(dot.x + dot.dx * seconds, innerWidth);
      dot.y = wrap(dot.y + dot.dy * seconds, innerHeight);
      pull(dot, seconds);
    }
  }

  function line(a, b) {
    const distance = Math.hypot(a.x - b.x, a.y - b.y);
    if (distance >= LINK) return;
    pen.globalAlpha = (1 - distance / LINK) * opacity * 0.62;
    pen.beginPath();
    pen.moveTo(a.x, a.y);
    pen.lineTo(b.x, b.y);
    pen.stroke();
  }

  function draw() {
    pen.clearRect(0, 0, innerWidth, innerHeight);
    dots.forEach((dot, index) => dots.slice(index + 1).forEach((other) => line(dot, other)));
    pen.globalAlpha = opacity;
    for (const dot of dots) {
      pen.beginPath();
      pen.arc(dot.x, dot.y, dot.radius, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  function colour() {
    opacity = (isDark() ? 0.34 : 0.26) * strength;
    pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color;
    draw();
  }

  function fit() {
    const sharpness = Math.min(devicePixelRatio || 1, SHARPNESS_MAX);
    canvas.width = innerWidth * sharpness;
    canvas.height = innerHeight * sharpness;
    pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    pen.lineWidth = 0.8;
    dots = scatter(innerWidth, innerHeight);
    colour();
  }

  function schedule() {
    if (frame || timer || document.hidden || reduced.matches) return;
    timer = setTimeout(() => {
      timer = 0;
      frame = requestAnimationFrame(tick);
    }, STEP);
  }

  function tick(now) {
    frame = 0;
    const rest = AWAKE - (now - movedAt);
    if (rest <= 0) return;
    move(Math.min(0.1, (now - drawnAt) / 1000) * Math.min(1, rest / EASE_OUT));
    draw();
    drawnAt = now;
    schedule();
  }

  function wake() {
    movedAt = performance.now();
    if (!frame && !timer) drawnAt = movedAt;
    schedule();
  }

  function sleep() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = timer = 0;
  }

  addEventListener(
    "pointermove",
    (event) => {
      if (event.pointerType === "touch") return;
      pointer.x = event.clientX;
      pointer.y = event.clientY;
      wake();
    },
    { passive: true },
  );
  let resizing;
  addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(fit, 180);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? sleep() : wake()));
  reduced.addEventListener("change", () => (reduced.matches ? sleep() : wake()));
  document.addEventListener("py:theme", colour);
  fit();
  wake();
}

if (canvas && recall("bg", true) && !navigator.connection?.saveData) background();
