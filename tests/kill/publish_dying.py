"""A worker that carries posts dies by SIGKILL at a named step: `publish_dying.py STEP`."""

from tests.kill import dying

STEPS = {
    "before a due post is taken": ("balai.publishing.services", "put_out", "before"),
    "while it is given to the door": ("balai.publishing.services.sending", "entrust", "after"),
    "after it was given to the door": ("balai.publishing.services", "put_out", "after"),
    "after the claim, before the call": dying.STEPS["after the claim, before the call"],
    "after the network's yes, before our commit": dying.STEPS[
        "after the network's yes, before our commit"
    ],
    "after our commit, before anybody heard": dying.STEPS["after our commit, before anybody heard"],
    "before the proof is noted": ("balai.publishing.services", "note_delivery", "before"),
    "after the proof was noted": ("balai.publishing.services", "note_delivery", "after"),
}

if __name__ == "__main__":
    dying.STEPS.update(STEPS)
    dying.main()
