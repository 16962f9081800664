import asyncio
class QueueLogFile:
    def __init__(self, *a): pass
    def note(self, *a): pass
    async def run(self): await asyncio.Event().wait()
    async def close(self): pass
    def config_reload(self, *a): pass
