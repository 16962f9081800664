"""The keys of a talk, as Asterisk's features: on each caller's channel for its legs, and features_ccd.conf.

The digits of transfers stand on the channel (`FEATUREMAP`, inherited by the legs), so that other calls of the
same Asterisk keep theirs. Only the keys of our own need a file.
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
    features = "#".join(f"ccd_{name}" for name in config.call_keys.own)
    if not config.call_keys.dial_option and not features:
        return ""
    own = f"__DYNAMIC_FEATURES={features}," if features else ""
    return f"FEATURE(inherit)=yes,__TRANSFER_CONTEXT=ccd-transfer,{own}" + ",".join(
        f"{name}={value}" for name, value in values.items()
    )


def own_features(config: Config) -> dict[str, str]:
    """Give the lines of the application map: what each feature is, by its name."""
    return {
        f"ccd_{name}": f'{key},{"peer" if name == "survey" else "self/callee"},Gosub,"ccd-keys,{name},1"'
        for name, key in config.call_keys.own.items()
    }


def features_conf(config: Config) -> str:
    """Render features_ccd.conf.

    The survey's key is carried out on the caller's channel, the others on the agent's, who alone hears them.
    """
    keys = "".join(f"{name} => {told}\n" for name, told in own_features(config).items())
    return f"; Keys of a talk that are none of Asterisk's own.\n\n[applicationmap]\n{keys}"
