/* Everything here is a comfort: each page and each form works without it. */
import "./fragments.js";
import "./theme.js";
import "./menu.js";
import "./dialog.js";
import "./controls.js";
import "./composer.js";
import "./news.js";
import "./passkeys.js";
import "./palette.js";
import "./review.js";
import "./keyboard.js";
import "./bulk.js";
import "./neural.js";
