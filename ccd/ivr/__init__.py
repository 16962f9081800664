"""The IVR: flows are checked and drawn as data, and walked by one interpreter that knows no Asterisk."""
