"""What docs/records.md promises of a record, in both languages, is what records have."""

from pathlib import Path

import pytest

from ccd.model import Consent, OfferResult, QueueOutcome, Side, Supervision
from ccd.records.record import Outcome, RecordingInfo, SegmentKind
from tests.unit.records.calls import record_of, whole_call

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(params=["records.md", "zh/records.md"])
def rows(request) -> dict[str, str]:
    """Give the rows of the page's tables by each code that stands in the first cell."""
    found: dict[str, str] = {}
    for line in (DOCS / request.param).read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            first, _, rest = line.strip("| ").partition(" | ")
            for code in first.replace("`", "").replace("、", ", ").split(", "):
                found[code] = found.get(code, "") + rest
    return found


def test_every_key_of_a_record_and_every_outcome_is_explained(rows):
    """A key that only the sources know helps nobody who reads exports."""
    told = record_of(*whole_call()).to_json(segments=True)
    (recording,) = told["recordings"]
    assert {*told, *recording, *Outcome, *SegmentKind} - rows.keys() == set()
    assert RecordingInfo.__dataclass_fields__.keys() - recording.keys() == {"offer_id"}


@pytest.mark.parametrize(
    ("kind", "results"),
    [
        (SegmentKind.QUEUE, QueueOutcome),
        (SegmentKind.OFFER, OfferResult),
        (SegmentKind.TALK, Side),
        (SegmentKind.CONSENT, Consent),
        (SegmentKind.SUPERVISION, Supervision),
    ],
)
def test_every_result_of_a_segment_is_named(rows, kind, results):
    """Whoever counts results knows all of them."""
    assert {result for result in results if f"`{result}`" not in rows[kind]} == set()


def test_every_detail_of_a_segment_is_named(rows):
    """Keys of `detail` are part of the contract."""
    missing = {
        (segment.kind, key)
        for segment in record_of(*whole_call()).segments
        for key in segment.detail
        if f"`{key}`" not in rows[segment.kind]
    }
    assert missing == set()
