"""SIP messages, SDP and digest authentication (RFC 3261, 4566, 7616), as much as a telephone needs."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

COMPACT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "m": "contact",
    "l": "content-length",
    "c": "content-type",
}
REASONS = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    404: "Not Found",
    408: "Request Timeout",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    501: "Not Implemented",
    503: "Service Unavailable",
    603: "Decline",
}


@dataclass(slots=True)
class Message:
    """One request or response. Header names keep their order and are compared without case."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""

    @classmethod
    def parse(cls, datagram: bytes) -> "Message":
        """Read one datagram; raises ValueError when it is no SIP message."""
        head, _, body = datagram.decode(errors="replace").partition("\r\n\r\n")
        start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        if "SIP/2.0" not in start:
            raise ValueError(f"not SIP: {start[:60]!r}")
        headers = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError(f"not a header: {line[:60]!r}")
            name = name.strip().lower()
            headers.append((COMPACT.get(name, name), value.strip()))
        return cls(start, headers, body)

    def encode(self) -> bytes:
        """Give the bytes for the wire."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        body = self.body.encode()
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body

    def get(self, name: str) -> str:
        """Give the first header of that name, `""` when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        """Give every header of that name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def status(self) -> int:
        """The status of a response; 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """The method of a request, or of the request that a response answers."""
        return self.get("CSeq").split()[-1] if self.status else self.start.split()[0]

    @property
    def sequence(self) -> int:
        """The number in CSeq."""
        return int(self.get("CSeq").split()[0])

    @property
    def branch(self) -> str:
        """The transaction's id, of the topmost Via."""
        return parameter(self.get("Via"), "branch")


def response_to(request: Message, status: int, *, to_tag: str = "") -> Message:
    """Give a response without body: Via, From, To, Call-ID and CSeq are the request's."""
    to = request.get("To")
    if to_tag and not parameter(to, "tag"):
        to += f";tag={to_tag}"
    headers = [("Via", via) for via in request.all("Via")]
    headers += [("Record-Route", route) for route in request.all("Record-Route")]
    headers += [("From", request.get("From")), ("To", to), ("Call-ID", request.get("Call-ID"))]
    return Message(
        f"SIP/2.0 {status} {REASONS.get(status, 'Answer')}", [*headers, ("CSeq", request.get("CSeq"))]
    )


def parameter(header: str, name: str) -> str:
    """Give a parameter of a header: `tag` of `<sip:1001@host>;tag=x` is `x`."""
    found = re.search(rf";\s*{name}=\"?([^;,\"\s]+)", header.rpartition(">")[2] if ">" in header else header)
    return found.group(1) if found else ""


def uri(header: str) -> str:
    """Give the URI of a From, To or Contact header."""
    found = re.search(r"<([^>]+)>", header)
    return found.group(1) if found else header.partition(";")[0].strip()


def number(header: str) -> str:
    """Give the user part of a header's URI, which is the number of who calls or is called."""
    found = re.match(r"sips?:(?:([^@;>]*)@)?", uri(header))
    return (found.group(1) or "") if found else ""


def display_name(header: str) -> str:
    """Give the name that a From header shows."""
    found = re.match(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<', header)
    return re.sub(r"\\(.)", r"\1", found.group(1) or found.group(2) or "") if found else ""


def quoted(text: str) -> str:
    """Give a text as a quoted string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def token() -> str:
    """Give a fresh random tag."""
    return secrets.token_hex(8)


def authorization(challenge: str, *, method: str, target: str, user: str, password: str) -> str:
    """Answer a digest challenge (MD5, with or without qop)."""
    said = dict(_challenge_items(challenge))
    secret = _md5(f"{user}:{said['realm']}:{password}")
    asked = _md5(f"{method}:{target}")
    answer = {"username": user, "realm": said["realm"], "nonce": said["nonce"], "uri": target}
    tail = ""
    if "qop" in said:
        client_nonce = token()
        answer["response"] = _md5(f"{secret}:{said['nonce']}:00000001:{client_nonce}:auth:{asked}")
        answer["cnonce"] = client_nonce
        tail = ", qop=auth, nc=00000001"
    else:
        answer["response"] = _md5(f"{secret}:{said['nonce']}:{asked}")
    if "opaque" in said:
        answer["opaque"] = said["opaque"]
    return (
        "Digest "
        + ", ".join(f'{name}="{value}"' for name, value in answer.items())
        + ", algorithm=MD5"
        + tail
    )


def _challenge_items(challenge: str) -> list[tuple[str, str]]:
    found = re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))', challenge)
    return [(name.lower(), quoted or bare) for name, quoted, bare in found]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdp:
    """What an SDP says of its audio stream."""

    host: str
    port: int
    codecs: tuple[int, ...] = (0, 8)
    """Payload types of those codecs that both sides know: 0 PCMU, 8 PCMA."""
    events: int | None = 101
    """Payload type of RFC 4733 digits; None: the peer knows none."""
    direction: str = "sendrecv"

    @classmethod
    def parse(cls, text: str) -> "Sdp":
        """Read an SDP; raises ValueError when it offers no audio that we know."""
        audio = re.search(r"^m=audio (\d+) \S+ ([\d ]+)", text, re.MULTILINE)
        hosts = re.findall(r"^c=IN IP4 (\S+)", text, re.MULTILINE)
        if audio is None or not hosts:
            raise ValueError(f"no audio in this SDP:\n{text}")
        events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", text, re.MULTILINE)
        direction = re.search(r"^a=(sendrecv|sendonly|recvonly|inactive)", text, re.MULTILINE)
        return cls(
            host=hosts[-1],
            port=int(audio.group(1)),
            codecs=tuple(int(codec) for codec in audio.group(2).split() if codec in {"0", "8"}),
            events=int(events.group(1)) if events else None,
            direction=direction.group(1) if direction else "sendrecv",
        )

    def encode(self, version: int) -> str:
        """Give the text; `version` grows with every offer of one call."""
        names = {0: "PCMU", 8: "PCMA"}
        events = [] if self.events is None else [self.events]
        payloads = " ".join(str(payload) for payload in [*self.codecs, *events])
        lines = ["v=0", f"o=- 1 {version} IN IP4 {self.host}", "s=-", f"c=IN IP4 {self.host}", "t=0 0"]
        lines += [f"m=audio {self.port} RTP/AVP {payloads}"]
        lines += [f"a=rtpmap:{codec} {names[codec]}/8000" for codec in self.codecs]
        for payload in events:
            lines += [f"a=rtpmap:{payload} telephone-event/8000", f"a=fmtp:{payload} 0-16"]
        return "\r\n".join([*lines, "a=ptime:20", f"a={self.direction}", ""])
