"""import as a process: it may be killed at any moment, holds one row at a time, asks nothing."""

import os
import pty
import subprocess
import sys

import pytest

from balai.config.tests import console

ROWS = 1_200  # two full parcels and a piece
# A power cut at a named step: nothing of the product is replaced, the process just ends there.
DYING = """
import os, signal
from importlib import import_module
owner, name, when, turn = import_module({module!r}), {name!r}, {when!r}, {turn}
whole, calls = getattr(owner, name), []
def fatal(*arguments, **named):
    calls.append(1)
    if len(calls) == turn and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = whole(*arguments, **named)
    if len(calls) == turn:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
setattr(owner, name, fatal)
from balai.config.cli import main
main(["import", {file!r}, "--channel", "Arsip"])
"""
STEPS = {
    "before the first row is kept": ("balai.config.imports", "keep_parcels", "before", 1),
    "when the second parcel is kept and nobody landed it": (
        "balai.config.imports", "keep_parcels", "after", 2,
    ),
    "when a batch is claimed": ("balai.inbox.sweeps", "parcels_by_id", "after", 2),
    "when it is landed, before it counts as read": ("balai.inbox.sweeps", "mark_read", "before", 2),
    "after all is landed, before it is on record": ("balai.config.imports", "_note", "before", 1),
}  # fmt: skip
# Each message comes in two parcels, and those of one thread in ten.
KEEPING = """
import json
from balai.channels.services import keep_parcels
from balai.inbox.tests.landing import make_connection
from balai.people.models import Institution
line = make_connection(Institution.objects.get())
for parcel in range(40):
    rows = [
        {"id": f"m{parcel % 20}-{n}", "thread": f"t{n * 2 + parcel % 2}", "author": f"w{n}",
         "text": f"Lampu nomor {n} mati", "sent_at": f"2026-11-20T08:{parcel:02}:00+00:00"}
        for n in range(50)
    ]
    keep_parcels(line, ["\\n".join(map(json.dumps, rows)).encode()])
"""
PEAK = """
import resource, sys
from balai.config.cli import main
try:
    main(["import", sys.argv[1], "--channel", "Arsip", "--json", *sys.argv[2:]])
finally:
    sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


def write_rows(path, rows):
    with path.open("w") as out:
        out.write("text,created_at,author,kecamatan\n")
        for number in range(rows):
            out.write(f"Lampu nomor {number} mati,2026-11-01 08:00,w{number % 97},Wonokromo\n")
    return path


@pytest.mark.parametrize("step", STEPS)
def test_an_import_that_was_killed_and_repeated_ends_with_each_row_once(home, tmp_path, step):
    file = write_rows(tmp_path / "arsip.csv", ROWS)
    module, name, when, turn = STEPS[step]
    script = DYING.format(module=module, name=name, when=when, turn=turn, file=str(file))

    killed = console.python(home, script, BALAI_LAND_LEASE="0")
    done = console.balai(home, "import", str(file), "--channel", "Arsip", BALAI_LAND_LEASE="0")
    worked = console.balai(home, "work", "--once", "--role", "land", BALAI_LAND_LEASE="0")

    assert killed.returncode == -9, killed.stderr
    assert (done.returncode, worked.returncode) == (0, 0), done.stderr + worked.stderr
    assert f"{ROWS} rows" in done.stdout
    counts = (
        "[Message.objects.count(), Message.objects.values('text').distinct().count(),"
        " Parcel.objects.exclude(state='read').count()]"
    )
    assert console.told(home, counts) == [ROWS, ROWS, 0]


def test_two_processes_that_take_in_beside_each_other_land_each_message_once(home):
    assert console.python(home, KEEPING).returncode == 0

    both = [
        subprocess.Popen(
            [sys.executable, "-m", "balai", "work", "--once", "--role", "land"],
            env=console.environment(home), stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip

    for one in both:
        _, trouble = one.communicate(timeout=300)
        assert (one.returncode, trouble) == (0, "")
    counts = (
        "[Message.objects.count(), Conversation.objects.count(),"
        " Parcel.objects.exclude(state='read').count()]"
    )
    assert console.told(home, counts) == [1_000, 100, 0]


def peak_kb(home, file, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", console.LOADED + PEAK, str(file), *arguments],
        env=console.environment(home), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stderr)


def test_two_hundred_thousand_rows_take_no_more_memory_than_a_thousand(home, tmp_path):
    small = write_rows(tmp_path / "small.csv", 1_000)
    large = write_rows(tmp_path / "large.csv", 200_000)

    few, many = (peak_kb(home, file, "--dry-run") for file in (small, large))

    assert large.stat().st_size > 10 * 2**20
    assert many < few + 8 * 1024  # less than the file itself: it is never held


def test_landing_ten_times_the_rows_takes_no_more_memory(home, tmp_path):
    few = peak_kb(home, write_rows(tmp_path / "small.csv", 1_000))
    many = peak_kb(home, write_rows(tmp_path / "large.csv", 10_000))

    assert many < few + 24 * 1024


def on_a_terminal(home, *arguments):
    """Run a command whose three streams are a terminal; what it showed there."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "balai", *arguments], env=console.environment(home),
        cwd=home.parent, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert running.wait() == 0, shown
    return shown.decode()


def test_progress_is_shown_on_a_terminal_and_nowhere_else(home, tmp_path):
    file = write_rows(tmp_path / "arsip.csv", ROWS)
    command = ("import", str(file), "--channel", "Arsip", "--dry-run")

    assert "\r500 rows" in on_a_terminal(home, *command)
    done = console.balai(home, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\r" not in done.stdout
