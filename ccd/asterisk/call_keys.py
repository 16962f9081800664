"""The keys of a talk, as Asterisk's features: on each caller's channel for its legs, and features_ccd.conf.

The digits of transfers stand on the channel (`FEATUREMAP`, inherited by the legs), so that other calls of the
same Asterisk keep theirs. Only a key of our own, the survey's, needs a file.
"""

from ccd.config import Config

FEATURES_FILE = "features_ccd.conf"


def channel_settings(config: Config) -> str:
    """Give what is set on a caller's channel, to be put into an `MSet`; empty: there are no keys."""
    talk, consultation = config.call_keys.talk, config.call_keys.consultation
    language = config.language
    sounds = f"{config.prompts.asterisk_directory or config.prompts.directory}/{language}"
    values = {
        "FEATUREMAP(blindxfer)": talk.transfer or "",
        "FEATUREMAP(atxfer)": talk.consult or "",
        "FEATURE(atxferabort)": consultation.take_back or "",
        "FEATURE(atxferthreeway)": consultation.conference or "",
        "FEATURE(atxferswap)": consultation.swap or "",
        "FEATURE(transferannouncesound)": f"{sounds}/agent-transfer-to",
        "FEATURE(transferinvalidsound)": f"{sounds}/agent-transfer-invalid",
    }
    if not config.call_keys.dial_option and talk.survey is None:
        return ""
    own = "__DYNAMIC_FEATURES=ccd_survey," if talk.survey is not None else ""
    return f"FEATURE(inherit)=yes,__TRANSFER_CONTEXT=ccd-transfer,{own}" + ",".join(
        f"{name}={value}" for name, value in values.items()
    )


def features_conf(config: Config) -> str:
    """Render features_ccd.conf."""
    survey = config.call_keys.talk.survey
    key = f'ccd_survey => {survey},peer,Gosub,"ccd-keys,survey,1"\n' if survey is not None else ""
    return f"; Keys of a talk that are none of Asterisk's own.\n\n[applicationmap]\n{key}"
