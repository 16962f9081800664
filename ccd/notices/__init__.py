"""Telling others what happened (通知): an outbox in the database, webhooks, commands; at least once."""
