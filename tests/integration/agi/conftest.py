"""A FastAGI server on a loopback port, stopped after each test."""

import pytest

from ccd.agi import AgiLimits, AgiServer


@pytest.fixture
async def serving():
    """Give a function that starts a server with a handler and limits."""
    servers = []

    async def start(handler, **limits):
        server = AgiServer(handler, host="127.0.0.1", port=0, limits=AgiLimits(**limits))
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()
