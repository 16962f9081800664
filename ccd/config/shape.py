"""A pattern for a text in the configuration, with words of its own for those who miss it."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from ccd.config.problems import refusal


@dataclass(frozen=True)
class Shape:
    """Goes into `Annotated[str, Shape(…)]`."""

    pattern: str
    """Of the whole text."""
    wants: str
    """What would be right: `write …`."""
    wants_zh: str = ""
    """The same in Chinese."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"pattern": f"^(?:{self.pattern})$"}

    def _check(self, text: str) -> str:
        if re.fullmatch(self.pattern, text) is None:
            wants_zh = self.wants_zh or self.wants
            raise refusal("shape", value=repr(text), wants=self.wants, wants_zh=wants_zh)
        return text
