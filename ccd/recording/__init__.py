"""Recordings: where they lie, how Asterisk's raw sound becomes a file to listen to, and when it goes.

Asterisk records by itself, in the dialplan, so that a recording goes on without us. Everything here that
touches a file runs in threads.
"""
