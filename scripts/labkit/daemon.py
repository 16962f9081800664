"""ccd in the lab: its configuration, its supervisor, its agents."""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from labkit import asterisk, phones, processes
from labkit.messages import _, say
from labkit.settings import CACHE, CHECKOUT, LabError, Options, State, alone, write_whole

PROMPT_MANIFEST = CHECKOUT / "ccd" / "prompts" / "manifest.yaml"
CCD = CHECKOUT / ".venv" / "bin" / "ccd"
READY_TIMEOUT_S = 60.0
SUPERVISOR = "labkit.supervisor"


def environment(state: State, options: Options) -> dict[str, str]:
    """Give the variables by which this lab's ccd differs from its configuration files."""
    ports = options.ports
    return {
        "CCD_SOCKET": str(state.socket),
        "CCD_STATE_DIRECTORY": str(state.data),
        "CCD_DATABASE": f"sqlite:///{state.database}",
        "CCD_DATABASE_FILE": "null",
        "CCD_ASTERISK__CONFIG_DIRECTORY": str(state.etc),
        "CCD_ASTERISK__AMI__HOST": "127.0.0.1",
        "CCD_ASTERISK__AMI__PORT": str(ports.ami),
        "CCD_ASTERISK__AMI__SECRET": _ami_secret(state),
        "CCD_ASTERISK__AMI__SECRET_FILE": "null",
        "CCD_ASTERISK__AGI__HOST": "127.0.0.1",
        "CCD_ASTERISK__AGI__PORT": str(ports.agi),
        "CCD_HTTP__HOST": "127.0.0.1",
        "CCD_HTTP__PORT": str(ports.http),
        "CCD_RECORDING__DIRECTORY": str(state.recordings),
        "CCD_PROMPTS__DIRECTORY": str(state.prompts),
        "CCD_QUEUE_LOG": str(state.queue_log),
    }


def _secret_file(state: State) -> Path:
    path = state.root / "ami-secret"
    if not path.exists():
        write_whole(path, secrets.token_hex(16))
    return path


def _ami_secret(state: State) -> str:
    return _secret_file(state).read_text()


def _write_configuration(state: State, options: Options) -> Path:
    """Write the configuration that ccd is to get beside the present one: the given one and the phones."""
    source = Path(options.config)
    if not (source / "ccd.yaml").is_file():
        raise LabError(
            _(
                "{folder} holds no ccd.yaml: --config wants a folder with ccd.yaml and, if need be, conf.d/",
                folder=source,
            )
        )
    fresh = state.ccd.with_name("ccd.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(source, fresh)
    (fresh / "conf.d").mkdir(exist_ok=True)
    entries = [
        {"extension": phone.extension, "password": phone.password}
        for phone in phones.ensure(state, options.phones)
    ]
    text = f"# Written by scripts/lab\nphones: {json.dumps(entries, indent=1)}\n"
    if not any("secret" in file.read_text() for file in fresh.rglob("*.yaml")):
        # So that commands which read the files (ccd check, ccd flow show) need no variables.
        text += f"asterisk: {{ami: {{secret_file: {json.dumps(str(_secret_file(state)))}}}}}\n"
    write_whole(fresh / "conf.d" / "phones.yaml", text)
    return fresh


def ccd(state: State, options: Options, *words: str, **variables: str) -> str:
    """Run a ccd command against this lab; give its output."""
    argv = [str(CCD), *words]
    try:
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            timeout=300,
            env=os.environ | environment(state, options) | variables,
            check=False,
        )
    except FileNotFoundError:
        raise LabError(_("{file} is missing: run scripts/install", file=CCD)) from None
    if done.returncode:
        told = f"{done.stdout}{done.stderr}".rstrip()
        raise LabError(_("`ccd {words}` failed:\n{told}", words=" ".join(words), told=told))
    return done.stdout


def _mark(state: State) -> str:
    """Give what the command line of this lab's supervisor, and of no other process, holds."""
    return f"{SUPERVISOR}\0{state.root}\0"


def supervised(state: State) -> dict[str, Any]:
    """Give what the supervisor knows of ccd; empty when it does not run."""
    pid = processes.read_pid(state.supervisor_pid, _mark(state))
    if pid is None:
        return {}
    try:
        return {**json.loads(state.supervised.read_text()), "supervisor_pid": pid}
    except (FileNotFoundError, ValueError):
        return {"supervisor_pid": pid, "pid": None, "ready": False, "restarts": 0, "last_exit": None}


def start(state: State, options: Options) -> None:
    """Start ccd under its supervisor and wait until it says that it is ready."""
    stop(state)
    asterisk.require_free_ports(options.ports, "agi", "http")
    library = str(Path(__file__).parents[1])
    search = os.pathsep.join(filter(None, [library, os.environ.get("PYTHONPATH")]))
    command = [str(CCD), "run", "--config", str(state.ccd_yaml)]
    process = processes.spawn(
        [sys.executable, "-m", SUPERVISOR, str(state.root), "--", *command],
        log=state.ccd_log,
        cwd=state.root,
        env=os.environ | environment(state, options) | {"PYTHONPATH": search},
    )
    write_whole(state.supervisor_pid, str(process.pid))
    wait_until_ready(state)


def wait_until_ready(state: State) -> None:
    """Wait until ccd says that it is ready; fail at its first death."""
    deadline = time.monotonic() + READY_TIMEOUT_S
    while not (now := supervised(state)).get("ready"):
        if not now or now["last_exit"] is not None or time.monotonic() > deadline:
            stop(state)
            raise LabError(
                _(
                    "ccd did not become ready:\n  {file}\n{lines}",
                    file=state.ccd_log,
                    lines=processes.last_lines(state.ccd_log),
                )
            )
        time.sleep(0.02)


def stop(state: State) -> None:
    """End ccd and its supervisor; conversations in Asterisk go on."""
    pid = processes.read_pid(state.supervisor_pid, _mark(state))
    if pid is not None:
        processes.terminate(pid, _mark(state), patience_s=60.0)
    with contextlib.suppress(FileNotFoundError, ValueError):  # left only by a supervisor that was killed
        orphan = json.loads(state.supervised.read_text())["pid"]
        if orphan is not None:
            processes.terminate(orphan, str(state.ccd_yaml), patience_s=40.0)
    state.supervised.unlink(missing_ok=True)
    state.supervisor_pid.unlink(missing_ok=True)


def prepare(state: State, options: Options) -> None:
    """Check the configuration that ccd is to get; only then put it in place."""
    if not CCD.exists():
        subprocess.run([CHECKOUT / "scripts" / "install"], check=True)
    fresh = _write_configuration(state, options)
    ccd(state, options, "check", "--config", str(fresh / "ccd.yaml"))
    shutil.rmtree(state.ccd)
    fresh.rename(state.ccd)
    _provide_prompts(state, options)


def render(state: State, options: Options) -> set[str]:
    """Render Asterisk's side, the fallback with the agents of a running ccd; give the files that changed."""
    words = ("asterisk", "render", "--json", "--config", str(state.ccd_yaml), "--to", str(state.etc))
    return set(json.loads(ccd(state, options, *words))["changed"])


def _provide_prompts(state: State, options: Options) -> None:
    """Put the generated prompts, made once for all labs, beside the recordings; then make this lab's own."""
    manifest = hashlib.sha256(PROMPT_MANIFEST.read_bytes()).hexdigest()[:12]
    made, complete = CACHE / "prompts" / manifest, CACHE / "prompts" / f"{manifest}.complete"
    with alone("prompts"):
        if not complete.exists():
            say("Making the prompts with espeak-ng (once) …")
            made.mkdir(parents=True, exist_ok=True)
            words = ("prompt", "generate", "--config", str(state.ccd_yaml))
            ccd(state, options, *words, CCD_PROMPTS__DIRECTORY=str(made), CCD_PROMPTS__TEXTS="{}")
            complete.touch()
    for sound in (*made.rglob("*.wav"), made / ".generated.json"):
        target = state.prompts / sound.relative_to(made)
        if sound.exists() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(sound, target)
    ccd(state, options, "prompt", "generate", "--config", str(state.ccd_yaml))


def apply(state: State, options: Options, before: Options | None) -> None:
    """Start ccd, or bring a running one to the configuration that lies there now."""
    same_ports = before is not None and before.ports == options.ports
    if not (supervised(state).get("ready") and same_ports and _reload(state, options)):
        start(state, options)


def _reload(state: State, options: Options) -> bool:
    """Let ccd take its configuration anew; give whether that is enough."""
    return not json.loads(ccd(state, options, "reload", "--json"))["restart_needed"]


def import_agents(state: State, options: Options, *, sign_in: bool) -> None:
    """Give every phone its agent, and sign them in when asked.

    Agents that are there as they were made last are left alone: what was changed by hand since then stays.
    """
    api = _api(state)
    chosen = phones.ensure(state, options.phones)
    wanted = phones.agents_csv(chosen, {queue["name"] for queue in api.get("queues")})
    known = {agent["number"] for agent in api.get("agents")}
    imported, path = state.root / "agents.csv", state.root / "agents-wanted.csv"
    missing = {phone.agent for phone in chosen} - known
    if missing or not imported.exists() or imported.read_text() != wanted:
        write_whole(path, wanted)
        ccd(state, options, "agent", "import", str(path))
        path.replace(imported)
    for phone in chosen if sign_in else ():
        api.post("agents", phone.agent, "sign-in", body={"extension": phone.extension})


def _api(state: State) -> Any:
    """Give ccd's own client, standard library only: a command for each of many phones would take long."""
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    from ccd.http.client import Client  # noqa: PLC0415 - found only now

    return Client(state.socket)
