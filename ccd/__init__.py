"""ccd: the call-centre daemon for Asterisk."""

__version__ = "0.1.0"
