"""Asterisk in the lab: its configuration, its start, its reload and its end."""

import os
import resource
import socket
import subprocess
import time
from pathlib import Path

from labkit import processes
from labkit.engine import Engine
from labkit.messages import _
from labkit.settings import LabError, Options, Ports, State, write_whole

TEMPLATES = Path(__file__).with_name("conf")
EMPTY = (
    *(
        "acl.conf",
        "ccss.conf",
        "cel.conf",
        "confbridge.conf",
        "pjproject.conf",
        "res_parking.conf",
    ),
    *("stasis.conf", "udptl.conf", "queuerules.conf", "codecs.conf"),
)
"""Files whose absence Asterisk reports as an error although their defaults are what we want."""
NOLOAD = (
    *(
        "chan_iax2",
        "chan_unistim",
        "chan_console",
        "chan_motif",
        "chan_audiosocket",
        "chan_rtp",
        "chan_websocket",
    ),
    *("pbx_dundi", "pbx_ael", "pbx_lua", "pbx_realtime", "res_ael_share"),
    *("app_adsiprog", "app_agent_pool", "app_alarmreceiver", "app_amd", "app_audiosocket", "app_festival"),
    *(
        "app_followme",
        "app_getcpeid",
        "app_jack",
        "app_minivm",
        "app_mp3",
        "app_sla",
        "app_sms",
        "app_voicemail_odbc",
    ),
    *("app_voicemail", "app_directory", "app_externalivr", "app_test", "app_dictate", "app_page"),
    *(
        "cdr_adaptive_odbc",
        "cdr_custom",
        "cdr_manager",
        "cdr_odbc",
        "cdr_pgsql",
        "cdr_radius",
        "cdr_sqlite3_custom",
    ),
    *(
        "cdr_tds",
        "cel_manager",
        "cel_odbc",
        "cel_pgsql",
        "cel_radius",
        "cel_sqlite3_custom",
        "cel_tds",
        "cel_custom",
    ),
    *("func_odbc", "func_curl", "func_enum", "func_realtime", "func_vmcount", "func_callcompletion"),
    *("res_adsi", "res_aeap", "res_ari", "res_ari_applications", "res_ari_asterisk", "res_ari_bridges"),
    *("res_ari_channels", "res_ari_device_states", "res_ari_endpoints", "res_ari_events", "res_ari_model"),
    *("res_ari_playbacks", "res_ari_recordings", "res_ari_sounds", "res_audiosocket", "res_calendar"),
    *(
        "res_calendar_caldav",
        "res_calendar_ews",
        "res_calendar_exchange",
        "res_calendar_icalendar",
        "res_cdrel_custom",
    ),
    *("res_clialiases", "res_config_curl", "res_config_ldap", "res_config_odbc", "res_config_pgsql"),
    *(
        "res_config_sqlite3",
        "res_curl",
        "res_fax",
        "res_fax_spandsp",
        "res_geolocation",
        "res_hep",
        "res_hep_pjsip",
    ),
    *("res_hep_rtcp", "res_http_media_cache", "res_http_post", "res_limit", "res_mwi_devstate", "res_odbc"),
    *("res_odbc_transaction", "res_phoneprov", "res_pjsip_config_wizard", "res_pjsip_geolocation"),
    *(
        "res_pjsip_notify",
        "res_pjsip_phoneprov_provider",
        "res_pjsip_publish_asterisk",
        "res_pjsip_stir_shaken",
    ),
    *("res_pjsip_t38", "res_prometheus", "res_resolver_unbound", "res_smdi", "res_snmp", "res_speech_aeap"),
    *("app_speech_utils", "res_statsd", "res_stir_shaken", "res_stun_monitor", "res_websocket_client"),
    *("app_stasis", "app_stasis_broadcast", "res_stasis", "res_stasis_answer", "res_stasis_broadcast"),
    *(
        "res_stasis_device_state",
        "res_stasis_playback",
        "res_stasis_recording",
        "res_stasis_snoop",
        "res_stasis_test",
    ),
    *("res_xmpp", "res_rtp_multicast", "res_realtime", "res_sorcery_realtime"),
)
BOOT_TIMEOUT_S = 60.0


def write_configuration(state: State, engine: Engine, ports: Ports) -> set[str]:
    """Write Asterisk's configuration; give the names of the files that changed."""
    websocket = "\n[transport-ws]\ntype=transport\nprotocol=ws\nbind=127.0.0.1\n" if ports.ws else ""
    values = {
        "ASTERISK": state.asterisk,
        "RUN": state.run,
        "LOG": state.log,
        "PACKAGE_FOLDERS": "\n".join(f"{name} => {folder}" for name, folder in engine.packages.items()),
        "NOLOAD": "\n".join(f"noload={module}.so" for module in NOLOAD),
        "MOH": engine.music,
        "SIP": ports.sip,
        "AMI": ports.ami,
        "WS": ports.ws or 8088,
        "WS_ENABLED": "yes" if ports.ws else "no",
        "WEBSOCKET": websocket,
        "TRUNK": ports.trunk,
        "RTP_START": ports.rtp_start,
        "RTP_END": ports.rtp_end,
    }
    texts = dict.fromkeys(EMPTY, "; Written by scripts/lab: the defaults are meant\n")
    for template in TEMPLATES.glob("*.conf"):
        text = template.read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        texts[template.name] = text
    return {name for name, text in texts.items() if write_whole(state.etc / name, text)}


def running_pid(state: State) -> int | None:
    """Give the pid of this lab's Asterisk; None when it does not run."""
    return processes.read_pid(state.asterisk_pid, str(state.asterisk_conf))


def execute(state: State, engine: Engine, command: str, *, timeout_s: float = 20.0) -> str | None:
    """Run a command of Asterisk's own command line; None when it cannot be asked."""
    argv = [*engine.cli(state), "-rx", command]
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def start(state: State, engine: Engine, options: Options) -> None:
    """Start Asterisk and wait until it is fully booted."""
    require_free_ports(options.ports, "sip", "ami", "ws")
    state.asterisk_pid.unlink(missing_ok=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536)) if hard > 0 else soft, hard))
    environment = {key: value for key, value in os.environ.items() if key != "LD_LIBRARY_PATH"}
    process = processes.spawn(
        engine.command(state), log=state.asterisk_console, cwd=state.log, env=environment
    )
    deadline = time.monotonic() + BOOT_TIMEOUT_S
    while "fully booted" not in (execute(state, engine, "core waitfullybooted") or ""):
        if process.poll() is not None:
            raise LabError(
                _failed(state, _("Asterisk ended at once (exit code {code})", code=process.returncode))
            )
        if time.monotonic() > deadline:
            raise LabError(
                _failed(state, _("Asterisk did not boot within {seconds:.0f} s", seconds=BOOT_TIMEOUT_S))
            )
        time.sleep(0.05)


def _failed(state: State, what: str) -> str:
    console, log = processes.last_lines(state.asterisk_console, 5), processes.last_lines(state.asterisk_log)
    return f"{what}:\n  {state.asterisk_console}\n{console}\n  {state.asterisk_log}\n{log}"


def stop(state: State) -> None:
    """End Asterisk, cutting what calls there are."""
    pid = running_pid(state)
    if pid is not None:
        processes.terminate(pid, str(state.asterisk_conf), patience_s=15.0)


def require_free_ports(ports: Ports, *names: str) -> None:
    """Refuse to start on a port that somebody else has."""
    for name in names:
        port = getattr(ports, name)
        kind = socket.SOCK_DGRAM if name == "sip" else socket.SOCK_STREAM
        if port and not processes.port_is_free(port, kind):
            transport = "UDP" if name == "sip" else "TCP"
            raise LabError(
                _(
                    "{transport} port {port} on 127.0.0.1 is in use by another program (`ss -lnp` names it): "
                    "stop it, or set {variable} to a free port",
                    transport=transport,
                    port=port,
                    variable=Ports.variable(name),
                )
            )
