"""All kinds of node, and how a node's kind is told from its keys.

A new kind: its model in a module of this package, its name in `_AnyKind` below, what it does in
`ccd.ivr.kinds`, and the Chinese words of its drawing in `ccd.ivr.draw`.
"""

import difflib
from typing import Annotated, Any, get_args

from pydantic import Field, ValidatorFunctionWrapHandler, WrapValidator

from ccd.config.base import Name, Section
from ccd.config.flows.asking import AskSurvey, Collect, Menu
from ccd.config.flows.calling import CallFlow, Return
from ccd.config.flows.deciding import AskHours, Branch, Goto, Set
from ccd.config.flows.linking import Channel
from ccd.config.flows.listing import AskList
from ccd.config.flows.locating import AskRegion, AskTime
from ccd.config.flows.looking import AskSystem
from ccd.config.flows.messages import Voicemail
from ccd.config.flows.node import Node
from ccd.config.flows.promising import AskCallback
from ccd.config.flows.reaching import Agent, Dial, Queue
from ccd.config.flows.saying import Say
from ccd.config.flows.securing import Pin
from ccd.config.flows.speaking import Hangup, Language, Play
from ccd.config.told import told

_AnyKind = (
    Play
    | Say
    | Menu
    | Collect
    | AskHours
    | AskSystem
    | AskList
    | AskRegion
    | AskTime
    | Pin
    | Channel
    | Language
    | Set
    | Branch
    | Queue
    | Dial
    | Agent
    | AskCallback
    | AskSurvey
    | Voicemail
    | Goto
    | CallFlow
    | Return
    | Hangup
)
KINDS: dict[str, type[Node]] = {model.kind: model for model in get_args(_AnyKind)}


def _by_kind(value: Any, _: ValidatorFunctionWrapHandler) -> Node:
    """Choose the model by the key that names the kind, so that errors carry the path of the YAML."""
    if isinstance(value, Node):
        return value
    if not isinstance(value, dict):
        raise told(
            "is no node",
            "write a mapping such as {play: welcome}",
            "不是节点",
            "写成 {play: welcome} 这样的映射",
        )
    kinds = [key for key in value if key in KINDS]
    if len(kinds) == 1:
        return KINDS[kinds[0]].model_validate(value)
    if kinds:
        listed = ", ".join(kinds)
        raise told(
            f"has several kinds of node: {listed}",
            "a node has one; make several nodes",
            f"含有多种节点：{listed}",
            "每个节点只有一种，请拆成多个节点",
        )
    near = [found for key in value for found in difflib.get_close_matches(str(key), KINDS, n=1)]
    known = ", ".join(KINDS)
    raise told(
        "has no kind of node",
        f"did you mean {near[0]}?" if near else f"kinds are {known}",
        "没有节点类型",
        f"是否想写 {near[0]}?" if near else f"可用的类型：{known}",
    )


AnyNode = Annotated[_AnyKind, WrapValidator(_by_kind)]


class Flow(Section):
    """One flow: its nodes and the one it starts with."""

    start: Name
    """The first node."""
    nodes: Annotated[dict[Name, AnyNode], Field(min_length=1)]
