"""Recompute what the posts say of themselves: wrong rows, none when all is well."""

from sqlalchemy import text

from pythoughts.db import db

WRONG_COUNTS = """
select p.id from pythoughts as p left join (
    select reply_to_id, count(*) as live from pythoughts where state = 'live' group by reply_to_id
) as r on r.reply_to_id = p.id where p.reply_count <> coalesce(r.live, 0)
"""
WRONG_PLACES = """
select c.id from pythoughts as c left join pythoughts as p on p.id = c.reply_to_id where
    (c.reply_to_id is null and (c.depth <> 0 or c.root_id is not null))
    or (p.id is not null and (c.depth <> p.depth + 1 or c.root_id <> coalesce(p.root_id, p.id) or c.id <= p.id
        or c.created_at < p.created_at))
"""
WRONG_KEYS = """
select id from pythoughts where abs(extract(epoch from created_at)
    - ('x' || replace(substr(id, 1, 13), '-', ''))::bit(48)::bigint / 1000.0) > 0.001 or substr(id, 15, 1) <> '7'
"""


def wrong_posts() -> list[str]:
    """Ids of posts whose count, place in the thread or key is not what the other rows say."""
    return [row.id for query in (WRONG_COUNTS, WRONG_PLACES, WRONG_KEYS) for row in db.session.execute(text(query))]
