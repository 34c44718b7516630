"""What outlets and tasks of a plan are called."""

from bot.plans import Outlet, TaskKind
from bot.texts import Texts


def outlet_name(outlet: Outlet, _: Texts) -> str:
    """Return what a place is called where stories appear."""
    return {
        Outlet.BLOG: _("Blog"),
        Outlet.NEWSLETTER: _("Newsletter"),
        Outlet.INTRANET: _("Intranet"),
        Outlet.SOCIAL: _("Social media"),
    }[outlet]


def task_name(kind: TaskKind, _: Texts) -> str:
    """Return what is to be done, in a word."""
    return {
        TaskKind.TEXT: _("Text"),
        TaskKind.PICTURE: _("Picture"),
        TaskKind.TRANSLATION: _("Translation"),
        TaskKind.APPROVAL: _("Approval"),
        TaskKind.OTHER: _("Something else"),
    }[kind]
