"""The life of a call: where its AGI session, its flow, the engine and its record meet.

Read `dispatcher` (the engine's owner), then `handler` (one AGI session from "what next?" to the answer).
"""
