"""People for tests: they act in the workspace as people do, going by what they read."""

from sandbox.client.form import Form
from sandbox.client.person import Person
from sandbox.client.reading import visible_text

__all__ = ["Form", "Person", "visible_text"]
