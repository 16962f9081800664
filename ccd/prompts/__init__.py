"""Prompts: the manifest has their words, the catalogue finds their sounds, generate makes those that lack."""
