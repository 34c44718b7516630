"""A chat workspace on this machine that speaks Slack's own protocol: for the demo and the tests."""

from sandbox.server import Sandbox
from sandbox.state.app import BOT_USER_ID
from sandbox.state.offers import Guide, Step
from sandbox.state.records import Channel, Control, Member, Seed

__all__ = ["BOT_USER_ID", "Channel", "Control", "Guide", "Member", "Sandbox", "Seed", "Step"]
