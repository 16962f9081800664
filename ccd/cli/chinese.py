"""The Chinese side of every sentence, word and phrase of the command line."""

TEXTS: dict[str, str] = {}
WORDS: dict[str, str] = {}
PHRASES: list[tuple[str, str]] = []
FRAME: list[tuple[str, str]] = []
