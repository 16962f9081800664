"""The call record: what happened to a call, told once, in the form that each consumer wants.

`fold` makes a `record.CallRecord` of the history's entries, `exports` and `queue_log` write what other
systems read, `survey` counts answers. Nothing here touches the database.
"""
