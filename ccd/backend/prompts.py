"""The sounds that callers and agents hear, while the daemon runs."""

import asyncio

from ccd.calls.house import House
from ccd.http import shapes


class PromptDesk:
    """Looks at the prompt folder."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def refresh(self) -> shapes.PromptsSeen:
        """Take the sounds as they lie there now."""
        catalogue = self._house.design.catalogue
        await asyncio.to_thread(catalogue.refresh)
        missing = [f"{language}/{prompt}" for language, prompt in catalogue.missing()]
        return {"prompts": len(catalogue.ids), "missing": missing, "faults": list(catalogue.faults)}
