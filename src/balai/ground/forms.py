"""Between a form and a verb: what the verb refuses becomes a problem of the form, in words."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm


def tried(form: BaseForm, verb: Callable[..., Any], *about: Any, **values: Any) -> Any:
    """Call the verb with what the form found. None when it refused; else its answer, or True."""
    try:
        return verb(*about, **values, **form.cleaned_data) or True
    except ValidationError as refused:
        note_refusal(form, refused)
        return None


def note_refusal(form: BaseForm, refused: ValidationError) -> None:
    """Put the verb's words beside the field that they are about, or above the form."""
    by_field = refused.error_dict if hasattr(refused, "error_dict") else {NON_FIELD_ERRORS: refused}
    for name, problem in by_field.items():
        form.add_error(name if name in form.fields else None, problem)
