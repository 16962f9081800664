"""The sounds that callers and agents hear, as the API asks for them."""

from ccd.calls.house import House
from ccd.calls.prompt_desk import Errand, PromptDesk, language_of
from ccd.http import shapes


class PromptAnswers:
    """Delegates to the desk, and tells what came of it."""

    def __init__(self, house: House, desk: PromptDesk) -> None:
        self._house = house
        self._desk = desk

    async def refresh(self) -> shapes.PromptsSeen:
        """Take the sounds as they lie there now."""
        await self._desk.refresh()
        catalogue = self._house.design.catalogue
        missing = [f"{language}/{prompt}" for language, prompt in catalogue.missing()]
        return {"prompts": len(catalogue.ids), "missing": missing, "faults": list(catalogue.faults)}

    async def record(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        """Have a prompt recorded over a phone."""
        return _told(await self._desk.record(prompt, language_of(language), extension))

    async def play(self, prompt: str, language: str, extension: str) -> shapes.PromptErrand:
        """Have a prompt heard over a phone."""
        return _told(await self._desk.play(prompt, language_of(language), extension))

    async def errand(self, token: str) -> shapes.PromptErrand:
        """Tell how far an errand is."""
        return _told(self._desk.errand(token))


def _told(errand: Errand) -> shapes.PromptErrand:
    kept = errand.kept
    return {
        "errand": errand.token,
        "id": errand.prompt,
        "language": errand.language,
        "extension": errand.extension,
        "state": errand.state.value,
        "reason": "" if errand.problem is None else str(errand.problem),
        "problem": None if errand.problem is None else shapes.fault(errand.problem),
        "length_s": kept.length_s if kept is not None else None,
        "path": str(kept.path) if kept is not None else None,
    }
