"""The daemon's HTTP side: the local API on a Unix socket, health and metrics on TCP, and the CLI's client.

It knows the daemon only through `ccd.http.backend.Backend`, and what it says only through `ccd.http.shapes`.
"""
