"""IVR flows as they are written in the configuration: named nodes; one key of each names its kind.

The kind's own value says what the node is about; the other keys are its options. Branches are `next`,
`choices`, `cases` and `on_…`; each names a node of the same flow, or `flow:node` of another. A branch that
is left out hangs up (queue and dial say why first).

    flows:
      main:
        start: welcome
        nodes:
          welcome:  {play: welcome, next: menu}
          menu:     {menu: main-menu, choices: {"1": sales, "0": operator}, on_timeout: operator}
          sales:    {queue: sales, on_timed_out: sorry}
          operator: {dial: "1001", timeout_s: 20, on_busy: sales, on_no_answer: sales, on_failed: sales}
          sorry:    {hangup: all-busy}

Texts (`value`, `set`) may hold `{caller}`, `{called}`, `{language}` or a variable of the flow. Nothing in
them is ever seen by Asterisk's dialplan. `ccd.ivr.check` finds what is wrong between nodes.
"""

from ccd.config.flows.asking import AskSurvey, Collect, Menu
from ccd.config.flows.calling import CallFlow, Return
from ccd.config.flows.deciding import AskHours, Branch, Case, Goto, Set
from ccd.config.flows.kinds import KINDS, AnyNode, Flow
from ccd.config.flows.linking import Channel
from ccd.config.flows.listing import AskList
from ccd.config.flows.locating import AskRegion, AskTime
from ccd.config.flows.looking import AskSystem
from ccd.config.flows.messages import Voicemail
from ccd.config.flows.node import Edge, Node, Pace
from ccd.config.flows.promising import AskCallback
from ccd.config.flows.reaching import Agent, Dial, Queue
from ccd.config.flows.saying import Currency, Say, SayKind
from ccd.config.flows.securing import Pin
from ccd.config.flows.speaking import Hangup, Language, Play

__all__ = [
    "KINDS",
    "Agent",
    "AnyNode",
    "AskCallback",
    "AskHours",
    "AskList",
    "AskRegion",
    "AskSurvey",
    "AskSystem",
    "AskTime",
    "Branch",
    "CallFlow",
    "Case",
    "Channel",
    "Collect",
    "Currency",
    "Dial",
    "Edge",
    "Flow",
    "Goto",
    "Hangup",
    "Language",
    "Menu",
    "Node",
    "Pace",
    "Pin",
    "Play",
    "Queue",
    "Return",
    "Say",
    "SayKind",
    "Set",
    "Voicemail",
]
