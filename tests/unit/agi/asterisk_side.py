"""How Asterisk reads what we send: models of `parse_args` (res_agi.c) and of MSet's splitting (app.c)."""

from ccd.agi.wire import Decoder, Environment, Hangup, Reply


def words(line: bytes) -> list[str]:
    """Split a command line as `parse_args` does."""
    found: list[str] = []
    quoted = escaped = False
    between = True
    assert line.endswith(b"\n")
    for char in line[:-1].decode():
        if char == '"' and not escaped:
            quoted = not quoted
            if quoted and between:
                found.append("")
                between = False
        elif char in " \t" and not quoted and not escaped:
            between = True
        elif char == "\\" and not escaped:
            escaped = True
            continue
        else:
            if between:
                found.append("")
                between = False
            found[-1] += char
        escaped = False
    return found


def mset(text: str) -> list[tuple[str, str]]:
    """Split the argument of MSet as `ast_app_separate_args` does, at most 99 pairs."""
    pairs = [""]
    depth = {"(": 0, "[": 0}
    quoted = escaped = False
    for char in text:
        if escaped:
            pairs[-1] += char
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted and not any(depth.values()) and len(pairs) < 99:
            pairs.append("")
        else:
            if char in depth:
                depth[char] += 1
            elif char in ")]":
                opening = "(" if char == ")" else "["
                depth[opening] = max(0, depth[opening] - 1)
            pairs[-1] += char
    return [(name, value) for name, _, value in (pair.partition("=") for pair in pairs)]


def events_of(*chunks: bytes) -> list[Environment | Reply | Hangup]:
    """Give all events of a session whose bytes arrive in these chunks."""
    decoder = Decoder()
    found: list[Environment | Reply | Hangup] = []
    for chunk in chunks:
        decoder.feed(chunk)
        while (event := decoder.next_event()) is not None:
            found.append(event)
    return found
