"""Mail servers that say no, say nonsense or say nothing: each ending is told as what it is."""

import contextlib
import time
from collections.abc import Callable, Mapping

import pytest

from balai.channels.contract import NotSent, OutcomeUnknown, Outgoing, Receipt, Refused
from balai.channels.providers.email.connector import Email
from tests.peers.scripted import Scripted

POST = Outgoing("k", ".satu\ndua", to="siti@warga.example", subject="Halo")
RAW = b"From: siti@warga.example\r\nMessage-ID: <s@w.example>\r\n\r\nHalo\r\n"


def office(port: int, **changes: str) -> Email:
    """The channel with both lines at this port and little patience."""
    lines = {f"{kind}_host": "127.0.0.1" for kind in ("imap", "smtp")}
    lines |= {f"{kind}_port": str(port) for kind in ("imap", "smtp")}
    lines |= {f"{kind}_security": "none" for kind in ("imap", "smtp")}
    account = {"address": "pengaduan@dinas.example", "imap_user": "u", "imap_password": "p"}
    channel = Email({**lines, **account, **changes})
    channel.connect_seconds = channel.read_seconds = 0.3  # type: ignore[misc]
    return channel


def smtp(**instead: bytes | None) -> Scripted:
    """A server that takes everything, except where `instead` says another answer."""
    usual = {"EHLO": b"250-scripted\r\n250 AUTH PLAIN\r\n", "AUTH": b"235 ok\r\n"}
    usual |= {"MAIL": b"250 ok\r\n", "RCPT": b"250 ok\r\n", "QUIT": b"221 bye\r\n"}
    usual |= {"DATA": b"354 go\r\n", "DOT": b"250 taken\r\n"}
    answers: Mapping[str, bytes | None] = {**usual, **instead}
    state = {"body": False}

    def answer(line: bytes) -> bytes | None:
        word = line.split()[0].decode().upper() if line.split() else ""
        if state["body"] and line != b".\r\n":
            return b""
        state["body"] = word == "DATA" and answers["DATA"] == usual["DATA"]
        return answers["DOT"] if line == b".\r\n" else answers.get(word, b"500 what\r\n")

    return Scripted(instead.get("HELLO", b"220 scripted\r\n"), answer)


def test_a_server_that_takes_everything_gets_the_mail_once_with_its_dots() -> None:
    with smtp() as server:
        receipt = office(server.port).publish(POST)
    assert isinstance(receipt, Receipt)
    assert server.asked.count(b".\r\n") == 1
    assert b"..satu\r\n" in server.asked
    recipients = [line for line in server.asked if line.upper().startswith(b"RCPT")]
    assert [line.split(b"<")[1].split(b">")[0] for line in recipients] == [
        b"siti@warga.example",
        b"pengaduan@dinas.example",
    ]
    assert not any(b"bcc" in line.lower() for line in server.asked)


@pytest.mark.parametrize(
    ("instead", "permanent", "signs_in", "words"),
    [
        ({"HELLO": b"554 not you\r\n"}, True, True, "not you"),
        ({"HELLO": b"421 full\r\n"}, False, True, "full"),
        ({"AUTH": b"535 5.7.8 wrong\r\n"}, True, False, "wrong"),
        ({"AUTH": b"454 4.7.0 later\r\n"}, False, True, "later"),
        ({"EHLO": b"250 scripted\r\n"}, True, False, "no sign-in"),
        ({"MAIL": b"452 no room\r\n"}, False, True, "no room"),
        ({"RCPT": b"550 5.1.1 nobody\r\n"}, True, True, "nobody"),
        ({"RCPT": b"450 4.2.0 grey\r\n"}, False, True, "grey"),
        ({"DATA": b"554 no\r\n"}, True, True, "no"),
        ({"DOT": b"552 too large\r\n"}, True, True, "too large"),
        ({"DOT": b"451 try later\r\n"}, False, True, "try later"),
    ],
)
def test_a_no_is_told_in_the_servers_words(
    instead: dict[str, bytes], permanent: bool, signs_in: bool, words: str
) -> None:
    with smtp(**instead) as server, pytest.raises(Refused, match=words) as no:
        office(server.port).publish(POST)
    assert (no.value.permanent, no.value.signs_in) == (permanent, signs_in)


@pytest.mark.parametrize("silence", [b"", None])
@pytest.mark.parametrize("stage", ["EHLO", "AUTH", "MAIL", "RCPT", "DATA"])
def test_silence_before_the_final_dot_means_not_sent(stage: str, silence: bytes | None) -> None:
    with smtp(**{stage: silence}) as server, pytest.raises(NotSent):
        office(server.port).publish(POST)
    assert b".\r\n" not in server.asked


@pytest.mark.parametrize("answer", [b"", None, b"hm\r\n", b"354 once more\r\n"])
def test_no_clear_answer_after_the_final_dot_is_unknown(answer: bytes | None) -> None:
    with smtp(DOT=answer) as server, pytest.raises(OutcomeUnknown):
        office(server.port).publish(POST)
    assert server.asked.count(b".\r\n") == 1


def test_without_starttls_no_password_leaves_this_machine() -> None:
    with smtp() as server, pytest.raises(Refused, match="STARTTLS"):
        office(server.port, smtp_security="starttls").publish(POST)
    assert not any(b"AUTH" in line for line in server.asked)


def imap(**instead: bytes | None) -> Scripted:
    """A mailbox with one mail (uid 7); a `%s` in an answer becomes the command's tag."""
    fetched = b"* 1 FETCH (BODY[] {%d}\r\n%s UID 7)\r\n" % (len(RAW), RAW)  # the uid comes last
    examined = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\n* OK [UIDNEXT 8] x\r\n"
    usual: dict[str, bytes | None] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%s OK x\r\n",
        "LOGIN": b"%s OK x\r\n",
        "EXAMINE": examined + b"%s OK [READ-ONLY] x\r\n",
        "SEARCH": b"* SEARCH 7\r\n%s OK x\r\n",
        "SIZE": b"* 1 FETCH (UID 7 RFC822.SIZE 60)\r\n%s OK x\r\n",
        "FETCH": fetched + b"%s OK x\r\n",
        "LIST": b'* LIST (\\Sent) "/" "Surat keluar"\r\n* LIST () "/" Lain\r\n%s OK x\r\n',
        "LOGOUT": b"* BYE x\r\n%s OK x\r\n",
        **instead,
    }

    def answer(line: bytes) -> bytes | None:
        tag, _, command = line.strip().partition(b" ")
        word = next(iter(command.decode().upper().split()), "")
        if word == "UID":
            word = "SEARCH" if b"SEARCH" in command else "FETCH"
            word = "SIZE" if b"RFC822.SIZE" in command else word
        said = usual.get(word, b"%s BAD what\r\n")
        return said.replace(b"%s OK", tag + b" OK").replace(b"%s", tag) if said else said

    return Scripted(instead.get("HELLO", b"* OK scripted\r\n"), answer)


def test_a_server_that_names_the_uid_last_or_no_next_uid_is_understood() -> None:
    with imap() as server:
        page = office(server.port).fetch("")
    assert page.parcels == (RAW,)
    assert page.cursor == '{"uidvalidity": 3, "uid": 7}'
    bare = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\n%s OK x\r\n"
    with imap(EXAMINE=bare) as server:
        channel = office(server.port)
        assert channel.fetch("").parcels == (RAW,)
        assert channel.fetch(page.cursor).parcels == ()  # "8:*" names uid 7 again


@pytest.mark.parametrize("cursor", ["", "{", "[]", '{"uid": "x"}', '{"uidvalidity": 2, "uid": 7}'])
def test_a_cursor_of_another_mailbox_or_of_nobody_starts_over(cursor: str) -> None:
    with imap() as server:
        assert office(server.port).fetch(cursor).parcels == (RAW,)


def test_a_gap_of_many_uids_is_crossed_in_bounded_steps() -> None:
    far = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 3] x\r\n* OK [UIDNEXT 4000000000] x\r\n%s OK x\r\n"
    with imap(EXAMINE=far, SEARCH=b"* SEARCH\r\n%s OK x\r\n") as server:
        page = office(server.port).fetch("")
    assert page.more
    assert page.cursor == '{"uidvalidity": 3, "uid": 1000000}'
    assert sum(b"SEARCH" in line for line in server.asked) == 20


def test_looking_changes_nothing_there() -> None:
    with imap() as server:
        office(server.port).fetch("")
        office(server.port).probe(POST)
    commands = b"".join(server.asked).upper()
    for change in (b"SELECT", b"STORE", b"EXPUNGE", b"COPY", b"MOVE", b"APPEND", b"BODY["):
        assert change not in commands
    assert b"BODY.PEEK[]" in commands


def test_the_look_back_asks_every_folder_with_a_use_and_no_other() -> None:
    with imap(SEARCH=b"* SEARCH\r\n%s OK x\r\n") as server, pytest.raises(OutcomeUnknown):
        office(server.port).probe(POST)
    opened = [line.split(b" ", 2)[2].strip() for line in server.asked if b"EXAMINE" in line]
    assert opened == [b"INBOX", b'"Surat keluar"']


def test_a_search_that_is_refused_proves_neither_presence_nor_absence() -> None:
    with imap(SEARCH=b"%s NO cannot search 1 2\r\n") as server, pytest.raises(Refused):
        office(server.port).probe(POST)


def test_a_mail_that_the_server_keeps_back_is_not_passed_over() -> None:
    with imap(FETCH=b"%s OK nothing\r\n") as server, pytest.raises(Refused, match="keeps mail 7"):
        office(server.port).fetch("")


@pytest.mark.parametrize(
    ("no", "signs_in"),
    [(b"%s NO [AUTHENTICATIONFAILED] wrong\r\n", False), (b"%s NO [UNAVAILABLE] later\r\n", True)],
)
def test_a_refused_sign_in_is_told_apart_from_a_tired_server(no: bytes, signs_in: bool) -> None:
    with imap(LOGIN=no) as server, pytest.raises(Refused) as refused:
        office(server.port).fetch("")
    assert (refused.value.signs_in, refused.value.permanent) == (signs_in, not signs_in)


LOOKS: list[Callable[[Email], object]] = [
    lambda channel: channel.fetch(""),
    lambda channel: channel.probe(POST),
    lambda channel: channel.check(),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("stage", ["HELLO", "CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "LIST"])
@pytest.mark.parametrize("answer", [b"", None, b"* BYE tired\r\n", b"\xff\xfe\r\n"])
def test_a_hanging_or_broken_mailbox_is_no_news_within_the_time_limit(
    answer: bytes | None, stage: str, look: Callable[[Email], object]
) -> None:
    began = time.monotonic()
    # The only two ways a look may fail:
    with imap(**{stage: answer}) as server, contextlib.suppress(NotSent, Refused):
        look(office(server.port))
    assert time.monotonic() - began < 5


def test_a_server_without_idle_is_not_waited_for() -> None:
    with imap() as server:
        assert office(server.port).wait(30) is False


def test_a_port_where_nobody_listens_is_not_sent() -> None:
    with imap() as server:
        port = server.port
    for attempt in (*LOOKS, lambda channel: channel.publish(POST)):
        with pytest.raises(NotSent):
            attempt(office(port))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"imap_host": "mail.dinas.example"}, "without encryption"),
        ({"imap_host": "127.0.0.1.dinas.example"}, "without encryption"),
        ({"imap_host": ""}, "missing"),
        ({"imap_port": "143x"}, "not a port"),
        ({"imap_port": "99999"}, "not a port"),
        ({"imap_security": "tls?"}, "security"),
        ({"imap_password": "p\r\nA1 DELETE INBOX"}, "line end"),
    ],
)
def test_unsafe_settings_are_refused_before_anything_is_opened(
    changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Refused, match=words) as no:
        office(9, **changes).fetch("")
    assert no.value.permanent
