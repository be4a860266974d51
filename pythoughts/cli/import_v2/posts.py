"""Posts: brought into our form one by one, then put into their threads by the database all at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from psycopg import Cursor

from pythoughts.cli.import_v2.report import Report, Verdict
from pythoughts.clock import now
from pythoughts.db import id_at
from pythoughts.feed.models import MESSAGE_BYTES_MAX, MESSAGE_MAX
from pythoughts.text import grapheme_count, normalise

Values = tuple[Any, ...]

SLOW_CLOCK = timedelta(days=1)  # later than now by more is no time at which somebody has written
CUT = "…"
STAGE_COLUMNS = ("old_id", "id", "message", "user_id", "answered", "created_at")

STAGE = """
create temporary table v2_post (
    old_id text not null, id text collate "C" not null, message text not null, user_id text, answered text,
    created_at timestamptz not null, parent text collate "C", is_here boolean not null default false
) on commit drop
"""
READY = """
create index on v2_post (old_id); create index on v2_post (id); analyze v2_post;
update v2_post as s set is_here = true from pythoughts as p where p.id = s.id;
"""
REFUSE = """
delete from v2_post as s where not is_here and not exists (
    select from "user" as u where u.id = s.user_id and u.delete_after is null and u.deleted_at is null
) returning s.old_id
"""
LINK = """
update v2_post as s set parent = a.id from v2_post as a where a.old_id = s.answered and a.id < s.id;
create index on v2_post (parent); analyze v2_post;
"""
NEW = "select old_id from v2_post where not is_here and old_id = any(%s) order by id"
UNLINKED = """
select s.old_id, a.old_id is not null from v2_post as s left join v2_post as a on a.old_id = s.answered
where s.answered is not null and s.parent is null and not s.is_here order by s.id
"""
INSERT = """
with recursive placed (id, root_id, depth) as (
    select p.id, p.root_id, p.depth from pythoughts as p join v2_post as s on s.id = p.id
    union all
    select s.id, null::text collate "C", 0 from v2_post as s where s.parent is null and not s.is_here
    union all
    select s.id, coalesce(a.root_id, a.id), a.depth + 1 from v2_post as s join placed as a on s.parent = a.id
    where not s.is_here
), answered (id, replies) as (select parent, count(*) from v2_post where not is_here group by parent)
insert into pythoughts (id, message, user_id, reply_to_id, root_id, depth, reply_count, created_at, updated_at)
select s.id, s.message, s.user_id, s.parent, p.root_id, p.depth, coalesce(a.replies, 0), s.created_at, s.created_at
from v2_post as s join placed as p on p.id = s.id left join answered as a on a.id = s.id
where not s.is_here order by s.id
"""
RECOUNT = """
update pythoughts as p set reply_count = counted.live from (
    select r.reply_to_id, count(*) as live from pythoughts as r
    where r.state = 'live' and r.reply_to_id in (
        select a.id from v2_post as a join v2_post as s on s.parent = a.id where a.is_here and not s.is_here
    ) group by 1
) as counted where p.id = counted.reply_to_id and p.reply_count <> counted.live
"""


@dataclass(frozen=True)
class Posts:
    """Decides about posts; call the methods in their order."""

    report: Report
    unusual: dict[str, str] = field(default_factory=dict)  # what is to say of a long post, once it is known to be new

    def staged(self, rows: Iterable[Values]) -> Iterator[Values]:
        """Rows for the table between the two databases, in our form and under their new keys."""
        latest = now() + SLOW_CLOCK
        for old_id, message, user_id, answered, created_at in rows:
            text = normalise(message or "")
            if not text:
                self._refuse(old_id, "it is empty")
            elif created_at is None or created_at > latest:
                self._refuse(old_id, "its time is missing, before 1970 or still to come")
            else:
                yield old_id, key_of(old_id, created_at), self._fitted(old_id, text), user_id, answered, created_at

    def write(self, cursor: Cursor[Any]) -> None:
        """Put what is staged into its threads; every reply ends up below something older, so there are no circles."""
        cursor.execute(READY)
        for (old_id,) in cursor.execute(REFUSE).fetchall():
            self._refuse(old_id, "its author was not taken, or has left since")
        cursor.execute(LINK)
        for (old_id,) in cursor.execute(NEW, [list(self.unusual)]).fetchall():
            self._changed(old_id, self.unusual[old_id])
        for old_id, is_there in cursor.execute(UNLINKED).fetchall():
            answered = "answers itself or something later" if is_there else "answers something that is not there"
            self._changed(old_id, f"it {answered}; it stands alone now")
        present = cursor.execute("select count(*) from v2_post where is_here").fetchone()
        self.report.count("pythoughts", Verdict.PRESENT, present[0] if present else 0)
        self.report.count("pythoughts", Verdict.TAKEN, cursor.execute(INSERT).rowcount)
        cursor.execute(RECOUNT)

    def _fitted(self, old_id: str, text: str) -> str:
        """The text as our table takes it."""
        if len(text.encode()) > MESSAGE_BYTES_MAX:
            self.unusual[old_id] = f"its text was cut after {MESSAGE_BYTES_MAX:,} bytes"
            room = MESSAGE_BYTES_MAX - len(CUT.encode())
            return text.encode()[:room].decode(errors="ignore") + CUT
        if len(text) > MESSAGE_MAX and grapheme_count(text) > MESSAGE_MAX:
            self.unusual[old_id] = f"nothing was cut, but new posts may have {MESSAGE_MAX} characters only"
        return text

    def _refuse(self, old_id: str, why: str) -> None:
        self.report.explain(Verdict.REFUSED, "pythoughts", old_id, why)

    def _changed(self, old_id: str, why: str) -> None:
        self.report.explain(Verdict.CHANGED, "pythoughts", old_id, why)


def key_of(old_id: str, created_at: datetime) -> str:
    """The key here of a post of v2: the same for the same post, whenever it is asked."""
    digest = blake2b(f"v2 post {old_id}".encode(), digest_size=10).digest()
    return id_at(created_at, int.from_bytes(digest))
