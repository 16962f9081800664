"""What all tests share: a property that fails is told soon.

Hypothesis makes a failing example smaller for up to five minutes and has no setting for that; a failing suite
would stand still for as long. What it found is in `.hypothesis` and is tried first the next time:
`CCD_SHRINK_S=300 pytest …` then makes it as small as can be.
"""

import os

from hypothesis.internal.conjecture import engine

assert hasattr(engine, "MAX_SHRINKING_SECONDS"), "hypothesis has another name for it: find it"
engine.MAX_SHRINKING_SECONDS = int(os.environ.get("CCD_SHRINK_S", "20"))
