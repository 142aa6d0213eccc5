"""user: what the operator at the console can do for people who sign in."""

import secrets
from pathlib import Path

import click

from balai.config.starting import enter, home_option


@click.group("user")
def user_command() -> None:
    """Create members and reset their sign-in, at the console only."""


@user_command.command("create")
@home_option
@click.argument("email")
@click.option("--institution", required=True, help="The institution's short name.")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True)
def create(
    home: Path | None, email: str, institution: str, name: str, roles: tuple[str, ...]
) -> None:
    """Create a member; prints the first password once."""
    enter(home)
    from balai.people.models import Institution, Role, User
    from balai.people.selectors import OPERATOR
    from balai.people.services import add_member

    found = Institution.objects.filter(slug=institution).first()
    if found is None:
        raise click.ClickException(f"no institution is called {institution}")
    unknown = sorted(set(roles) - set(Role.values))
    if unknown:
        raise click.ClickException(
            f"no such role: {', '.join(unknown)} (there are: {', '.join(Role.values)})"
        )
    password = secrets.token_urlsafe(12)
    known = User.objects.filter(email__iexact=email.strip()).exists()
    add_member(
        institution=found, email=email, name=name, roles=list(roles), password=password, by=OPERATOR
    )
    if known:
        click.echo(f"{email} works here now, and keeps the password of the account that exists.")
        return
    click.echo(f"{email} can sign in with the password {password} and should change it.")


@user_command.command("reset")
@home_option
@click.argument("email")
def reset(home: Path | None, email: str) -> None:
    """A new password, second factor removed, all sessions ended, locks lifted."""
    enter(home)
    from balai.people.models import User
    from balai.people.selectors import OPERATOR
    from balai.people.services import reset_sign_in

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise click.ClickException(f"nobody signs in as {email}")
    password = secrets.token_urlsafe(12)
    reset_sign_in(user, password=password, by=OPERATOR)
    click.echo(f"{email} can sign in with the password {password} and should change it.")
