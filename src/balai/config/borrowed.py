"""Words of the packages we stand on that we would rather say our own way in Indonesian.

Our catalogue goes before theirs. Naming the strings here keeps them in it.
"""

from django.utils.translation import gettext_noop as _

BORROWED = (
    _("Password"),
    _("Email"),
    _("Email address"),
    _("The email address and/or password you specified are not correct."),
    _("This field is required."),
    _("Enter a whole number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid email address."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("Too many failed login attempts. Try again later."),
    _("Select a valid choice. That choice is not one of the available choices."),
)
