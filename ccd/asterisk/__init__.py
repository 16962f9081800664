"""Asterisk's side: rendering the files that it includes, and examining whether all of it is in order."""
