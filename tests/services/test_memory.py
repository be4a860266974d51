"""Memory of a process of its own, before and after something big."""

import subprocess
import sys

KEEPING = """
from pathlib import Path
from pythoughts.services.memory import hold_little_memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4  # KB

hold_little_memory()
before = held()
for _ in range(3):
    block = bytearray(19 * 1024 * 1024)
    del block
print(held() - before)
"""


def test_the_memory_of_a_hash_goes_back_when_it_is_free():
    told = subprocess.run([sys.executable, "-c", KEEPING], check=True, capture_output=True, text=True)
    assert int(told.stdout) < 4096
