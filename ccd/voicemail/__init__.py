"""Messages that callers leave (留言): from the tray into which Asterisk records to their place."""
