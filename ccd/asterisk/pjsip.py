"""The phones, pjsip_ccd.conf."""

from ccd.asterisk.template import fill
from ccd.config import Config
from ccd.config.phones import Phone


def pjsip_conf(config: Config) -> str:
    """Render endpoint, auth and aor of each phone."""
    return fill("pjsip_ccd.conf", language=config.language, phones="".join(map(_phone, config.phones)))


def _phone(phone: Phone) -> str:
    extension = phone.extension
    return (
        f"\n[{extension}](ccd-phone)\n"
        f'callerid="{extension}" <{extension}>\n'
        f"auth={extension}\n"
        f"aors={extension}\n"
        f"[{extension}](ccd-phone-auth)\n"
        f"username={extension}\n"
        f"password={phone.password.get_secret_value()}\n"
        f"[{extension}](ccd-phone-aor)\n"
    )
