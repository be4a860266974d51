"""The floor to compare with: a bare answer (L1), and the least that a real page needs (L2)."""

import os

from flask import Flask, render_template
from jinja2 import DictLoader
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool

NEWEST = """
select p.id, p.message, p.created_at, p.reply_count, u.username, u.name
from pythoughts p join "user" u on u.id = p.user_id
where p.state = 'live' and p.reply_to_id is null order by p.id desc limit 20
"""
FILLER = "".join(
    f'<i class="icon icon-{number} size-4 shrink-0 text-muted" aria-hidden="true"></i>' for number in range(13)
)
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>L2</title></head><body>
{{% for post in posts %}}<article class="post" id="post-{{{{ post.id }}}}">
<header><a href="/user/{{{{ post.username }}}}">{{{{ post.name }}}}</a>
<time>{{{{ post.created_at.isoformat() }}}}</time></header>
<p>{{{{ post.message }}}}</p><footer>{{{{ post.reply_count }}}} replies {FILLER}</footer>
</article>{{% endfor %}}
</body></html>"""

app = Flask(__name__)
app.jinja_loader = DictLoader({"page.html": PAGE})
pool = ConnectionPool(os.environ.get("DATABASE_URL", ""), min_size=1, max_size=8, open=False)


@app.get("/hello")
def hello() -> str:
    """L1: no database, no template."""
    return "hello"


@app.get("/page")
def page() -> str:
    """L2: one indexed query of 20 posts with their authors, one template, 24 KB of HTML."""
    pool.open()
    with pool.connection() as connection:
        connection.row_factory = namedtuple_row
        posts = connection.execute(NEWEST).fetchall()
    return render_template("page.html", posts=posts)
