"""The composition root: the one place where all the rooms meet.

`assembly` puts the parts together, `program` runs them: start, supervision, reload, stop. What has no room of
its own lies between: `channels`, `filing`, `upkeep`.
"""

from ccd.daemon.program import main

__all__ = ["main"]
