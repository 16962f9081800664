"""The daemon as the API sees it: people's wishes and questions, answered from the engine, the book, the store.

Implements `ccd.http.backend.Backend` by topic: `live`, `people`, `archive`, `operation`.
"""
