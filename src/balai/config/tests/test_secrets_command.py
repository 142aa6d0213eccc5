"""secrets rotate: after it, the old key can go."""

import pytest

from balai.config.tests import console

OLD, NEW = "kunci-lama-yang-panjang", "kunci-baru-yang-panjang"
SEAL = """
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from balai.channels.models import Connection, Dispatch
from balai.channels.services import entrust
from balai.ground.clock import now
from balai.inbox.models import Citizen
from balai.people.models import Institution, User
user, institution = User.objects.get(), Institution.objects.get()
TOTP.activate(user, "JBSWY3DPEHPK3PXP")
RecoveryCodes.activate(user)
line = Connection.objects.create(
    institution=institution, channel="file", name="Arsip", address="a", secrets='{"kunci": "x"}'
)
Citizen.objects.create(
    institution=institution, channel="file", key="k", identity='{"name": "Sari"}',
    first_seen_at=now(),
)
Dispatch.objects.create(
    institution=institution, connection=line, key="d", purpose="x", ref=1, outgoing='{"text": "a"}',
    due_at=now(), created_at=now(),
)
"""
OPENED = """
{
    "identity": [c.identity for c in Citizen.objects.all()],
    "outgoing": [d.outgoing for d in Dispatch.objects.all()],
    "secrets": [c.secrets for c in Connection.objects.all()],
    "names": [bool(i.pseudonym_key) for i in Institution.objects.all()],
    "codes": [len(a.wrap().get_unused_codes()) for a in
        __import__("allauth.mfa.models").mfa.models.Authenticator.objects.filter(
            type="recovery_codes")],
    "totp": [a.wrap().validate_code("000000") for a in
        __import__("allauth.mfa.models").mfa.models.Authenticator.objects.filter(type="totp")],
}
""".replace("\n", " ").strip()


@pytest.fixture
def sealed(tmp_path):
    home = console.found(tmp_path / "home", BALAI_SECRET_KEYS=OLD)
    done = console.python(home, SEAL, BALAI_SECRET_KEYS=OLD)
    assert done.returncode == 0, done.stderr
    return home


def test_after_the_rotation_everything_opens_with_the_new_key_alone(sealed):
    before = console.told(sealed, OPENED, BALAI_SECRET_KEYS=OLD)

    done = console.balai(sealed, "secrets", "rotate", BALAI_SECRET_KEYS=f"{NEW},{OLD}")
    again = console.balai(sealed, "secrets", "rotate", BALAI_SECRET_KEYS=f"{NEW},{OLD}")

    assert (done.returncode, again.returncode) == (0, 0), done.stderr
    assert done.stdout == again.stdout
    counts = dict(line.split(": ") for line in done.stdout.splitlines())
    assert {name: n for name, n in counts.items() if n != "0"} == {
        "people.Institution.pseudonym_key": "1", "channels.Connection.secrets": "1",
        "channels.Dispatch.outgoing": "1", "inbox.Citizen.identity": "1",
        "mfa.Authenticator.data": "2",
    }  # fmt: skip
    assert {"inbox.Draft.text", "desk.Endpoint.secret", "surveys.Response.remark"} <= set(counts)
    assert console.told(sealed, OPENED, BALAI_SECRET_KEYS=NEW) == before
    assert before["codes"] == [10]


def test_values_that_no_key_opens_are_named_and_the_rest_is_rotated(sealed):
    done = console.balai(sealed, "secrets", "rotate", BALAI_SECRET_KEYS=NEW)

    assert done.returncode == 1
    assert (
        "channels.Connection.secrets of row 1: no key in BALAI_SECRET_KEYS opens it" in done.stderr
    )
    assert "6 values are lost without the key" in done.stderr
    assert "Traceback" not in done.stderr
    assert console.told(sealed, OPENED, BALAI_SECRET_KEYS=OLD)  # and none was spoiled
