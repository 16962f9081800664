"""Where a number is from (号码归属地): its country, province or city, and sort of line; from `phonenumbers`.

The library's table of places takes a second and 100 MB: it is loaded only when a flow asks (`load`), in a
thread, before any caller waits for it.
"""

import importlib
from dataclasses import dataclass
from functools import lru_cache

_LINES = {0: "fixed", 1: "mobile", 2: "fixed"}
"""`phonenumbers.PhoneNumberType`: FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """What a number tells; texts are empty where it tells nothing."""

    country: str = ""
    """ISO code: `CN`."""
    line: str = "other"
    """`mobile`, `fixed` or `other`."""
    en: str = ""
    """`Hangzhou, Zhejiang`; for a mobile where its number was given out; the country where that is all."""
    zh: str = ""
    """`浙江省杭州市`."""

    def text(self, language: str) -> str:
        """Give the place's name in a language."""
        return self.zh if language == "zh" else self.en

    def is_in(self, name: str) -> bool:
        """Whether a name, or a part of one, is this place's in either language."""
        return bool(name) and (name in self.zh or name.casefold() in self.en.casefold())


def load() -> None:
    """Load all tables; takes a second, so not on the event loop."""
    importlib.import_module("phonenumbers.geocoder")
    phonenumbers = importlib.import_module("phonenumbers")
    phonenumbers.PhoneMetadata.load_all()


@lru_cache(maxsize=4096)
def region_of(number: str, country: str) -> Region:
    """Tell where a number is from, as it is dialled in `country`; nothing for what is no number."""
    import phonenumbers  # noqa: PLC0415 - see the module's docstring
    from phonenumbers import geocoder  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return Region()
    return Region(
        country=phonenumbers.region_code_for_number(parsed) or "",
        line=_LINES.get(phonenumbers.number_type(parsed), "other"),
        en=geocoder.description_for_number(parsed, "en"),
        zh=geocoder.description_for_number(parsed, "zh"),
    )
