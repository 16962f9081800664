"""The daemon as the API sees it: wishes and questions, answered from the engine, the book, the store.

Implements `ccd.http.backend.Backend` by topic: `live`, `people`, `archive`, `operation`.
"""
