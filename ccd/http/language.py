"""The language in which an answer speaks to people, by RFC 9110's `Accept-Language`."""

from aiohttp import web

from ccd.http.filters import Language

MOST = 16
"""Languages that are looked at of one request."""


def language_of(request: web.Request) -> Language:
    """Give the language that the request likes best of ours; English when it likes neither."""
    liked = {Language.EN: 0.0, Language.ZH: 0.0}
    for each in request.headers.get("Accept-Language", "").split(",")[:MOST]:
        tag, _, parameters = each.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in liked:
            liked[Language(language)] = max(liked[Language(language)], _quality(parameters))
    return Language.ZH if liked[Language.ZH] > liked[Language.EN] else Language.EN


def _quality(parameters: str) -> float:
    """Read `q=0.8`; without it 1, and 0 for what cannot be read."""
    name, _, value = parameters.strip().partition("=")
    if not name:
        return 1.0
    try:
        return float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
