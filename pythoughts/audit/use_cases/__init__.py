"""Write down what was done, in the transaction that does it; later seal it, and see whether the seals still fit."""

from pythoughts.audit.use_cases.recording import Act, record
from pythoughts.audit.use_cases.sealing import check_seals, seal

__all__ = ["Act", "check_seals", "record", "seal"]
