"""What a dialled number is: its international form, its country, and its kind."""

from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from ccd.config.outbound import NumberKind

_SATELLITE = frozenset({870, 878, 881, 882, 883})
_KINDS = {
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.FIXED,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED_COST,
    PhoneNumberType.VOIP: NumberKind.VOIP,
    PhoneNumberType.PERSONAL_NUMBER: NumberKind.PERSONAL,
    PhoneNumberType.PAGER: NumberKind.PAGER,
    PhoneNumberType.UAN: NumberKind.COMPANY,
    PhoneNumberType.VOICEMAIL: NumberKind.COMPANY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A number that is to be called."""

    e164: str
    """`+8613800138000`; as it was dialled where the numbering plan cannot read it."""
    country: str
    """`CN`; `001` for numbers of no country, empty when it cannot be told."""
    kind: NumberKind


def callee(number: str, country: str) -> Callee:
    """Read a number as it is dialled from `country`."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return Callee(e164=number, country="", kind=NumberKind.UNKNOWN)
    code = parsed.country_code or 0
    region = phonenumbers.region_code_for_number(parsed)
    if region is None:
        # Countries share a code (+1, +7, +44): a number that none of them has is of no known country.
        regions = phonenumbers.region_codes_for_country_code(code)
        region = regions[0] if len(regions) == 1 else ""
    kind = _KINDS.get(phonenumbers.number_type(parsed), NumberKind.UNKNOWN)
    return Callee(
        e164=phonenumbers.format_number(parsed, PhoneNumberFormat.E164),
        country=region,
        kind=NumberKind.SATELLITE if code in _SATELLITE else kind,
    )
