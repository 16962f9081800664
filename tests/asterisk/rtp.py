"""Audio of a test call: G.711 over RTP (RFC 3550, 3551), digits as events (RFC 4733).

One clock ticks every 20 ms for all streams of an event loop, so that a hundred calls cost one timer.
"""

import asyncio
import contextlib
import math
import random
import socket
import struct
import time
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FRAME = 160
"""Samples in 20 ms at 8 kHz."""
RATE = 8000
KEYS = "0123456789*#ABCD"
LONGEST_RECORDING = RATE * 600


def _ulaw_to_linear(code: int) -> int:
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - magnitude if code & 0x80 else magnitude - 0x84


def _alaw_to_linear(code: int) -> int:
    code ^= 0x55
    segment = (code & 0x70) >> 4
    magnitude = ((code & 0x0F) << 4) + 8
    if segment:
        magnitude = (magnitude + 0x100) << (segment - 1)
    return magnitude if code & 0x80 else -magnitude


DECODE = {
    0: [_ulaw_to_linear(code) for code in range(256)],
    8: [_alaw_to_linear(code) for code in range(256)],
}


def _encoder(table: list[int]) -> bytes:
    """Invert a decoding table: the code of each 16-bit sample, by its high 12 bits."""
    ordered = sorted((value, code) for code, value in enumerate(table))
    codes = bytearray()
    place = 0
    for sample in range(-32768, 32768, 16):
        while place + 1 < len(ordered) and abs(ordered[place + 1][0] - sample) <= abs(
            ordered[place][0] - sample
        ):
            place += 1
        codes.append(ordered[place][1])
    return bytes(codes)


ENCODE = {codec: _encoder(table) for codec, table in DECODE.items()}


def encode(samples: Sequence[int], codec: int) -> bytes:
    """Encode 16-bit samples as G.711."""
    codes = ENCODE[codec]
    return bytes(codes[(sample + 32768) >> 4] for sample in samples)


def tone(hz: float, seconds: float, level: float = 0.3) -> array:
    """Make a sine; `level` is its share of full scale."""
    step = 2 * math.pi * hz / RATE
    return array("h", (int(32767 * level * math.sin(step * n)) for n in range(int(RATE * seconds))))


def loudness(samples: Sequence[int]) -> float:
    """Give the root mean square as a share of full scale; 0.0 for silence or nothing."""
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768 if samples else 0.0


def share_of_tone(samples: Sequence[int], hz: float) -> float:
    """Give which share (0…1) of the samples' energy lies at `hz` (Goertzel)."""
    energy = sum(sample * sample for sample in samples)
    if not energy:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = before * before + last * last - factor * before * last
    return min(1.0, 2 * power / (len(samples) * energy))


@dataclass(slots=True)
class _Digit:
    """A key being held down: RFC 4733 sends its growing duration, then its end three times."""

    key: int
    packets: int
    done: asyncio.Future[None]
    sent: int = 0
    timestamp: int = 0
    gap: int = 3


class Clock:
    """Twenty milliseconds, for every stream of one event loop."""

    _clocks: dict[asyncio.AbstractEventLoop, "Clock"] = {}  # noqa: RUF012 (one for each loop, on purpose)

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._streams: set[Stream] = set()
        self._next_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def of_loop(cls) -> "Clock":
        """Give the running loop's clock."""
        loop = asyncio.get_running_loop()
        for closed in [known for known in cls._clocks if known.is_closed()]:
            del cls._clocks[closed]
        return cls._clocks.setdefault(loop, cls(loop))

    def add(self, stream: "Stream") -> None:
        """Let a stream send from the next tick on."""
        self._streams.add(stream)
        if self._timer is None:
            self._next_at = self._loop.time()
            self._tick()

    def remove(self, stream: "Stream") -> None:
        """Let a stream send no more."""
        self._streams.discard(stream)

    def _tick(self) -> None:
        for stream in tuple(self._streams):
            stream.tick()
        self._timer = None
        if self._streams:
            self._next_at = max(self._next_at + 0.02, self._loop.time() - 0.2)
            self._timer = self._loop.call_at(self._next_at, self._tick)


class Stream:
    """One call's audio: sends silence, a tone or given samples; keeps what it hears."""

    def __init__(self, host: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind((host, 0))
        self.port: int = self._socket.getsockname()[1]
        self.codec = 0
        self.events: int | None = None
        self._remote: tuple[str, int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._frames: Iterator[bytes] | None = None
        self._digits: deque[_Digit] = deque()
        self._ssrc = random.getrandbits(32)
        self._sequence = random.getrandbits(15)
        self._timestamp = random.getrandbits(31)
        self._marker = True
        self._received: list[tuple[float, int, bytes]] = []
        self._received_samples = 0
        self._key_heard: int | None = None
        self.keys: list[str] = []
        """Digits received as events."""
        self.sent_packets = 0
        self.received_packets = 0
        self.first_packet_at: float | None = None

    def connect(self, remote: tuple[str, int], codec: int, events: int | None) -> None:
        """Set where to send and how; start to listen and, unless told otherwise before, to send silence."""
        self._remote, self.codec, self.events = remote, codec, events
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._loop.add_reader(self._socket, self._read)
            if self._frames is None:
                self.silence()
            Clock.of_loop().add(self)

    def silence(self) -> None:
        """Send silence from now on."""
        self._frames = _forever(bytes([0xFF if self.codec == 0 else 0xD5]) * FRAME)

    def tone(self, hz: float, level: float = 0.3) -> None:
        """Send a tone from now on; `hz` is rounded to a multiple of 50, which repeats every 20 ms."""
        self._frames = _forever(encode(tone(round(hz / 50) * 50, FRAME / RATE, level), self.codec))

    def play(self, samples: Sequence[int]) -> None:
        """Send these samples once, then silence."""
        coded = encode(samples, self.codec)
        quiet = bytes([0xFF if self.codec == 0 else 0xD5]) * FRAME
        self._frames = _once(
            [coded[at : at + FRAME].ljust(FRAME, quiet[:1]) for at in range(0, len(coded), FRAME)], quiet
        )

    def mute(self) -> None:
        """Send nothing at all from now on, as on hold."""
        Clock.of_loop().remove(self)

    def unmute(self) -> None:
        """Send again."""
        if self._loop is not None:
            Clock.of_loop().add(self)

    async def press(self, keys: str, *, hold_s: float = 0.1, gap_s: float = 0.06) -> None:
        """Press keys one after the other as RFC 4733 events; returns when the last one is released."""
        assert self._loop is not None, "keys are pressed in a call that is up and has media"
        assert self.events is not None, "the peer takes no RFC 4733 digits: send them by INFO"
        for key in keys:
            digit = _Digit(
                key=KEYS.index(key.upper()),
                packets=max(1, round(hold_s / 0.02)),
                done=asyncio.get_running_loop().create_future(),
                gap=max(1, round(gap_s / 0.02)),
            )
            self._digits.append(digit)
            await digit.done

    def tick(self) -> None:
        """Send what is due in these 20 ms."""
        if self._digits:
            self._send_digit(self._digits[0])
        elif self._frames is not None:
            self._send(self.codec, next(self._frames), self._timestamp, marker=self._marker)
            self._marker = False
        self._timestamp = (self._timestamp + FRAME) & 0xFFFFFFFF

    def _send_digit(self, digit: _Digit) -> None:
        if digit.sent == 0:
            digit.timestamp = self._timestamp
        digit.sent += 1
        if digit.sent <= digit.packets:
            event = struct.pack("!BBH", digit.key, 10, min(digit.sent * FRAME, 0xFFFF))
            self._send(self.events or 101, event, digit.timestamp, marker=digit.sent == 1)
        elif digit.sent == digit.packets + 1:
            event = struct.pack("!BBH", digit.key, 0x80 | 10, min(digit.packets * FRAME, 0xFFFF))
            for _ in range(3):
                self._send(self.events or 101, event, digit.timestamp, marker=False)
        elif digit.sent > digit.packets + digit.gap:
            self._digits.popleft()
            self._marker = True
            if not digit.done.done():
                digit.done.set_result(None)

    def _send(self, payload_type: int, payload: bytes, timestamp: int, *, marker: bool) -> None:
        if self._remote is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        head = struct.pack(
            "!BBHII", 0x80, payload_type | (0x80 if marker else 0), self._sequence, timestamp, self._ssrc
        )
        with contextlib.suppress(OSError):  # the peer has closed its port: the call is about to end
            self._socket.sendto(head + payload, self._remote)
            self.sent_packets += 1

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # there is nothing more, or the peer has closed its port
            while True:
                self._take(self._socket.recv(2048))

    def _take(self, data: bytes) -> None:
        """Keep a packet of audio, note a key; anything else (RTCP of a neighbour) is not for us."""
        if len(data) <= 12 or data[0] >> 6 != 2:
            return
        payload_type, timestamp = data[1] & 0x7F, struct.unpack_from("!I", data, 4)[0]
        payload = data[12 + 4 * (data[0] & 0x0F) :]
        if payload_type == self.codec:
            self.received_packets += 1
            self.first_packet_at = self.first_packet_at or time.monotonic()
            if self._received_samples < LONGEST_RECORDING:
                self._received.append((time.monotonic(), timestamp, payload))
                self._received_samples += len(payload)
        elif payload_type == self.events and timestamp != self._key_heard:
            self._key_heard = timestamp
            self.keys.append(KEYS[payload[0]])

    def heard(self, last_s: float | None = None) -> array:
        """Give what was heard, of all the call or of the last seconds, as 16-bit samples."""
        since = time.monotonic() - last_s if last_s is not None else 0.0
        table = DECODE[self.codec]
        samples = array("h")
        for at, _, payload in self._received:
            if at >= since:
                samples.extend(table[code] for code in payload)
        return samples

    def hears_tone(self, hz: float, last_s: float = 0.4, *, share: float = 0.5) -> bool:
        """Whether the last moments were mostly a tone of `hz`, or to more than a share of their energy."""
        samples = self.heard(last_s)
        return len(samples) >= RATE * last_s / 2 and share_of_tone(samples, round(hz / 50) * 50) > share

    def hears_sound(self, last_s: float = 0.4) -> bool:
        """Whether the last moments were anything but silence."""
        return loudness(self.heard(last_s)) > 0.005

    def close(self) -> None:
        """Send and hear no more; what was heard stays."""
        if self._loop is not None:
            self._loop.remove_reader(self._socket)
            Clock.of_loop().remove(self)
            self._loop = None
        for digit in self._digits:
            if not digit.done.done():
                digit.done.set_exception(AssertionError("the call ended while a key was held down"))
        self._socket.close()


def _forever(frame: bytes) -> Iterator[bytes]:
    while True:
        yield frame


def _once(frames: list[bytes], quiet: bytes) -> Iterator[bytes]:
    yield from frames
    yield from _forever(quiet)
