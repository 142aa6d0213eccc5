"""Two officers answer one message in the same second, each in a process of its own."""

import json
import os
import subprocess
import sys

import pytest

from balai.inbox.services import fresh_form_key
from balai.inbox.tests.talking import hear, make_line
from balai.people.tests.make import make_institution, make_member


class Officer:
    """A browser that does what it is told."""

    def __init__(self, url, member):
        self.name = member.name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "balai.inbox.tests.officer"],
            env={
                **os.environ,
                "BALAI_DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "balai.config.settings",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.tell(sign_in=member.pk)

    def tell(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def at_work(shared):
    """A line with ten conversations, two officers at their desks, a way to ask the database."""
    url, ask = shared
    line = make_line(make_institution())
    members = [make_member(line.institution, "responder", name=name) for name in ("Rina", "Budi")]
    talks = [hear(line, f"Lampu mati {n}") for n in range(10)]
    ask.publish()
    pair = [Officer(url, member) for member in members]
    for officer in pair:
        assert officer.hear() == {"ready": True}
    yield talks, pair, ask
    for officer in pair:
        officer.stop()


def test_of_two_answers_in_the_same_second_one_is_sent_and_shown_to_the_other(at_work):
    talks, pair, ask = at_work
    for talk in talks:
        for officer in pair:
            said = {
                "text": f"Jawaban {officer.name} untuk {talk.pk}.",
                "form_key": fresh_form_key(),
                "after": talk.last_in_id,
            }
            officer.tell(path=f"/kotak-masuk/{talk.pk}/jawab/", said=said)
        heard = {officer.name: officer.hear() for officer in pair}
        assert sorted(answer["status"] for answer in heard.values()) == [302, 422]
        first, second = sorted(heard, key=lambda name: heard[name]["status"])
        page = heard[second]["page"]
        assert f"{first} menjawab" in page
        assert f"Jawaban {first} untuk {talk.pk}." in page  # what was said
        assert f"Jawaban {second} untuk {talk.pk}." in page  # kept in the form, not sent
    assert ask("SELECT count(*) FROM inbox_message WHERE direction = 'out'") == [(10,)]
    assert ask("SELECT count(*) FROM channels_dispatch") == [(10,)]
    assert ask("SELECT n FROM inbox_queuecount WHERE state = 'answered'") == [(10,)]
