"""Reading and checking the YAML configuration; every error names file, line, key, cause and remedy."""

from ccd.config.load import Loaded, load, read
from ccd.config.root import Config

__all__ = ["Config", "Loaded", "load", "read"]
