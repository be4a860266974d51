"""How much work a page costs, as a multiple of the least that a Flask page with one query can cost.

`python -m bench` measures at 100,000 posts, `python -m bench --full` from 10 thousand to 10 million. What is measured
is the CPU time of the server process and of PostgreSQL per request: a busy machine changes it little.
"""
