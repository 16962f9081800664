"""Who is offered which caller: the pure engine. See `engine` for the rules and where each of them lives."""

from ccd.routing.engine import Engine
from ccd.routing.views import AgentView, CallerView, MemberView, QueueView

__all__ = ["AgentView", "CallerView", "Engine", "MemberView", "QueueView"]
