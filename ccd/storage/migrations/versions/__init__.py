"""One module a step; the newest is named in `ccd.storage.schema.HEAD`."""
