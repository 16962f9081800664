"""Messages as Asterisk 22.10.1 wrote them in a call to a real SIP phone, with a caller's name in Chinese."""

CHANNEL = """\
Channel: Local/wait@internal-0000000b;1
ChannelState: 6
ChannelStateDesc: Up
CallerIDNum: 13800138000
CallerIDName: Zhang \\"x\\" 张伟
ConnectedLineNum: one
ConnectedLineName: Zhang \\"x\\" 张伟
Language: en
AccountCode: 
Context: internal
Exten: one
Priority: 2
Uniqueid: 1795291486.32
Linkedid: 1795291486.32
"""  # noqa: W291 (an empty header ends with a blank)

LEG = """\
DestChannel: PJSIP/agent-7-0000000a
DestChannelState: 6
DestChannelStateDesc: Up
DestCallerIDNum: one
DestCallerIDName: Zhang \\"x\\" 张伟
DestConnectedLineNum: 13800138000
DestConnectedLineName: Zhang \\"x\\" 张伟
DestLanguage: en
DestAccountCode: 
DestContext: internal
DestExten: 
DestPriority: 1
DestUniqueid: 1795291486.34
DestLinkedid: 1795291486.32
"""  # noqa: W291

LEG_CHANNEL = LEG.replace("Dest", "")


def event(name: str, *parts: str) -> bytes:
    """Write an event, without the empty line that ends it."""
    head = f"Event: {name}\nPrivilege: call,all\nTimestamp: 1795291486.633301\n"
    return "".join([head, *parts]).removesuffix("\n").replace("\n", "\r\n").encode()


DIAL_BEGIN = event("DialBegin", CHANNEL, LEG, "DialString: agent-7\n")
DIAL_END = event("DialEnd", CHANNEL, LEG, "DialStatus: ANSWER\n")
ORIGINATED = event("DialBegin", LEG, "DialString: agent-7\n")
HANGUP = event("Hangup", LEG_CHANNEL, "Cause: 17\nCause-txt: User busy\nTechCause: 486\n")
RINGING = event("DeviceStateChange", "Device: PJSIP/agent-7\nState: RINGING\n")
LOCAL_DEVICE = event("DeviceStateChange", "Device: Local/wait@internal\nState: INUSE\n")
HOLD = event("Hold", LEG_CHANNEL, "MusicClass: default\n")
UNHOLD = event("Unhold", LEG_CHANNEL)
VAR_SET = event("VarSet", CHANNEL, "Variable: X\nValue: 1\n")
FULLY_BOOTED = event("FullyBooted", "Uptime: 18\nLastReload: 18\nStatus: Fully Booted\n")
SHUTDOWN = event("Shutdown", "Shutdown: Cleanly\nRestart: False\n")

CALL = [DIAL_BEGIN, RINGING, DIAL_END, HOLD, UNHOLD, HANGUP]


def stream(*frames: bytes) -> bytes:
    """Write a connection's bytes: the greeting, then the messages."""
    return b"Asterisk Call Manager/11.0.0\r\n" + b"".join(frame + b"\r\n\r\n" for frame in frames)
