"""排队回呼: callers keep their place in a queue without staying on the line, and are called in their turn.

A promise is a row in the database before the caller is told of it. While it is its queue's hour it stands in
the engine's line like a caller, under the id of the call that will be made, and an offer of it is an attempt:
two phones are called, the agent's and the customer's, in the order that the queue wants. The customer's
channel gets the id of the attempt as its uniqueid, so Asterisk can always be asked whether it exists, and
nobody is ever called twice at once. As soon as the customer is on the line the promise is kept: from there on
they are a caller like any other, in their old place, and all that holds for callers holds for them.

Read `desk` (what becomes of a promise), then `attempt` (how the two phones are called).
"""
