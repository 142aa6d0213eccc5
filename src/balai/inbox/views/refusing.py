"""Between a form and a verb whose words differ from the form's: what it refuses stands there."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.translation import gettext as _

from balai.ground.forms import note_refusal
from balai.inbox.rules import NotAllowedNow


def did(form: BaseForm, deed: Callable[[], object]) -> bool:
    """Do it; what speaks against it is said at the form."""
    try:
        deed()
    except NotAllowedNow:
        words = _("The conversation moved on meanwhile; this is no longer possible. Look again.")
        form.add_error(None, words)
    except ValidationError as refused:
        note_refusal(form, refused)
    return not form.errors
