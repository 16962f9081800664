"""PURE: whether a number may be dialled to the outside, by whom, how often, and as whom.

Everything that dials to the outside asks the same policy: phones and agents, flows' `dial` nodes, callbacks,
transfers and forwards. Within the daemon they ask through `ccd.calls.outgoing.Outgoing`, which keeps the
counts: `ask` decides and, when the call is let out, counts it at once, so that no two questions can both
take the last place of a limit.
"""
