/* The calm background: slow dots, hairlines between near ones, a soft pull toward the pointer.
   It draws ten times a second while the pointer moves, seven times soon after, eases out and sleeps 4 s after
   the last move. A frame costs the same whatever it draws, so there are few: a timer and one frame at a time,
   because a loop of frames costs even when it skips them. Still when motion is reduced, off with Save-Data or
   by choice. */
import { find } from "./dom.js";
import { isDark } from "./theme.js";

const STEP = 80; // ms between drawings
const CALM_STEP = 130; // the same when the last move was a while ago; a dot goes less than a pixel in it
const CALM = 600; // ms after the last move
const STRIDE_MAX = 0.2; // seconds that a dot moves at once
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
const isStill = () => reduced.matches || document.documentElement.dataset.motion === "off";

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

/** The dots and how they are drawn. */
class Sky {
  constructor() {
    this.pen = canvas.getContext("2d", { alpha: true });
    this.strength = canvas.dataset.neural === "bold" ? 1.9 : 1;
    this.pointer = null;
    this.fit();
  }

  fit() {
    const sharpness = Math.min(devicePixelRatio || 1, SHARPNESS_MAX);
    canvas.width = innerWidth * sharpness;
    canvas.height = innerHeight * sharpness;
    this.pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
    this.pen.lineWidth = 0.8;
    this.dots = scatter(innerWidth, innerHeight);
    this.colour();
  }

  colour() {
    this.opacity = (isDark() ? 0.34 : 0.26) * this.strength;
    this.pen.strokeStyle = this.pen.fillStyle = getComputedStyle(canvas).color;
    this.draw();
  }

  move(seconds) {
    for (const dot of this.dots) {
      dot.x = wrap(dot.x + dot.dx * seconds, innerWidth);
      dot.y = wrap(dot.y + dot.dy * seconds, innerHeight);
      if (this.pointer) this.pull(dot, seconds);
    }
  }

  pull(dot, seconds) {
    const x = this.pointer.x - dot.x;
    const y = this.pointer.y - dot.y;
    const distance = Math.hypot(x, y);
    if (distance < PULL.from || distance > PULL.to) return;
    dot.x += (x / distance) * PULL.speed * seconds;
    dot.y += (y / distance) * PULL.speed * seconds;
  }

  draw() {
    const { dots, pen } = this;
    pen.clearRect(0, 0, innerWidth, innerHeight);
    for (let i = 0; i < dots.length; i += 1) {
      for (let j = i + 1; j < dots.length; j += 1) this.line(dots[i], dots[j]);
    }
    pen.globalAlpha = this.opacity;
    for (const dot of dots) {
      pen.beginPath();
      pen.arc(dot.x, dot.y, dot.radius, 0, 2 * Math.PI);
      pen.fill();
    }
  }

  line(a, b) {
    const square = (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
    if (square >= LINK * LINK) return; // most of two thousand pairs end here, so no root is drawn before
    this.pen.globalAlpha = (1 - Math.sqrt(square) / LINK) * this.opacity * 0.62;
    this.pen.beginPath();
    this.pen.moveTo(a.x, a.y);
    this.pen.lineTo(b.x, b.y);
    this.pen.stroke();
  }
}

/** Decides when the sky moves: after a sign of life, for a while, ever slower. */
class Pulse {
  frame = 0;
  timer = 0;
  drawnAt = 0;
  wokenAt = 0;

  constructor(sky) {
    this.sky = sky;
  }

  wake() {
    this.wokenAt = performance.now();
    if (!this.frame && !this.timer) this.drawnAt = this.wokenAt;
    this.schedule();
  }

  sleep() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.frame = this.timer = 0;
  }

  schedule() {
    if (this.frame || this.timer || document.hidden || isStill()) return;
    const isCalm = performance.now() - this.wokenAt > CALM;
    this.timer = setTimeout(
      () => {
        this.timer = 0;
        this.frame = requestAnimationFrame((now) => this.beat(now));
      },
      isCalm ? CALM_STEP : STEP,
    );
  }

  beat(now) {
    this.frame = 0;
    const rest = AWAKE - (now - this.wokenAt);
    if (rest <= 0) return;
    const seconds = Math.min(STRIDE_MAX, (now - this.drawnAt) / 1000);
    this.sky.move(seconds * Math.min(1, rest / EASE_OUT));
    this.sky.draw();
    this.drawnAt = now;
    this.schedule();
  }
}

function follow(sky, pulse) {
  let resizing;
  const onMove = (event) => {
    if (event.pointerType === "touch") return;
    sky.pointer = { x: event.clientX, y: event.clientY };
    pulse.wake();
  };
  addEventListener("pointermove", onMove, { passive: true });
  addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => sky.fit(), 180);
  });
  document.addEventListener("py:theme", () => sky.colour());
  document.addEventListener("visibilitychange", () => (document.hidden ? pulse.sleep() : pulse.wake()));
  reduced.addEventListener("change", () => (isStill() ? pulse.sleep() : pulse.wake()));
}

if (canvas && document.documentElement.dataset.bg !== "off" && !navigator.connection?.saveData) {
  const sky = new Sky();
  const pulse = new Pulse(sky);
  follow(sky, pulse);
  pulse.wake();
}
