"""What a caller goes through alone: flows, surveys, mailboxes."""

from ccd.history import (
    FactsLearnt,
    FlowEntered,
    FlowLeft,
    NodeVisited,
    SurveyEnded,
    SurveyOffered,
    VoicemailEnded,
    VoicemailOffered,
)
from ccd.records.record import SegmentKind
from ccd.records.story.parts import Part, Parts
from ccd.records.text import clean

MAX_FACT = 512
"""Characters of one fact about a caller."""


def take_flow(parts: Parts, entry: FlowEntered | NodeVisited | FactsLearnt | FlowLeft, now_s: float) -> None:
    """Take in what happened in the IVR."""
    flow = parts.last(SegmentKind.IVR)
    match entry:
        case FlowEntered():
            if flow is not None and flow.open:
                flow.end_s = now_s
            _add_flow(parts, entry.flow, now_s)
        case NodeVisited():
            flow = flow or _add_flow(parts, entry.flow, now_s)
            result = clean(entry.result)
            visit = {"node": entry.node, "result": result, "after_s": round(now_s, 3), "kind": entry.kind}
            flow.detail["nodes"].append(visit)
            flow.result = result
        case FactsLearnt():
            if flow is not None:
                facts = {clean(name): clean(value, MAX_FACT) for name, value in entry.facts}
                flow.detail["data"] = flow.detail.get("data", {}) | facts
        case FlowLeft():
            if flow is not None and flow.open:
                flow.end_s = now_s


def _add_flow(parts: Parts, flow: str, now_s: float) -> Part:
    return parts.add(Part(kind=SegmentKind.IVR, start_s=now_s, detail={"flow": flow, "nodes": []}))


def take_survey(parts: Parts, entry: SurveyOffered | SurveyEnded, now_s: float) -> None:
    """Take in a question about the service, or its answer."""
    running = (p for p in parts if p.kind is SegmentKind.SURVEY and p.open)
    survey = next((p for p in running if p.detail["survey"] == entry.survey), None)
    if survey is None:
        survey = parts.add(Part(kind=SegmentKind.SURVEY, start_s=now_s, queue=entry.queue, agent=entry.agent))
        survey.detail = {"survey": entry.survey, "label": None}
    if isinstance(entry, SurveyEnded):
        survey.end_s = now_s
        survey.result = clean(entry.digit) or None
        survey.detail["label"] = clean(entry.label) or None


def take_voicemail(parts: Parts, entry: VoicemailOffered | VoicemailEnded, now_s: float) -> None:
    """Take in a visit to a mailbox."""
    visits = parts.latest(SegmentKind.VOICEMAIL)
    visit = next((p for p in visits if p.detail["message"] == entry.message), None)
    if visit is None:
        visit = parts.add(Part(kind=SegmentKind.VOICEMAIL, start_s=now_s))
        visit.detail = {"mailbox": entry.mailbox, "message": entry.message, "length_s": 0.0}
    if isinstance(entry, VoicemailEnded):
        visit.end_s = now_s
        visit.result = clean(entry.result)
        visit.detail["length_s"] = round(entry.length_s, 3)
