"""An office's corrections made into a model of its own: gathered, taught, judged, chosen.

Called by `balai understand train --institution`. The inbox knows the corrections and the choice,
understanding knows how to learn; neither knows the other's part.
"""

from pathlib import Path
from shutil import copytree

from balai.ground.clock import now
from balai.inbox.models import ReadingModel
from balai.inbox.selectors import folders_of_models, model_of, models_folder, taught
from balai.inbox.services import choose_model, keep_model
from balai.people.models import Institution
from balai.people.selectors import Actor
from balai.understanding import corpora
from balai.understanding.learning import Frozen, Learnt, Lesson, Outcome, learn, write
from balai.understanding.reading import reader_for


def learn_from_office(
    institution: Institution, *, by: Actor, data: Path | None = None
) -> list[Outcome]:
    """Teach the machine what this institution's people said; a head that wins is used from now on.

    With `data`, the folder of labelled sets, a head must also not be worse on the validation splits
    that it was made with. Nothing is chosen where nothing wins; either way it is recorded. Raises
    BrokenModelError, NoDataError.
    """
    number = ReadingModel.objects.filter(institution=institution).count() + 1
    learnt = learn(
        [Lesson(*one) for one in taught(institution)],
        current=folders_of_models([institution.pk]).get(institution.pk),
        version=f"office-{number}",
        made_on=f"{now():%Y-%m-%d}",
        frozen=_frozen(data) if data else None,
    )
    figures = [_figures(one) for one in learnt.outcomes]
    if not learnt.packs:
        keep_model(institution, figures=figures, by=by)
        return learnt.outcomes
    _choose(institution, learnt, figures, number, by)
    return learnt.outcomes


def use_model(institution: Institution, packs: Path, *, by: Actor) -> ReadingModel:
    """Read this institution's messages with a copy of the packs in a directory.

    Raises BrokenModelError where they cannot be read.
    """
    reader = reader_for(packs)
    number = ReadingModel.objects.filter(institution=institution).count() + 1
    folder = _folder(institution, number)
    copytree(packs, models_folder() / folder, dirs_exist_ok=True)
    return choose_model(institution, folder=folder, version=reader.version[:60], figures=[], by=by)


def model_in_use(institution: Institution) -> str:
    """The version that reads this institution's messages, in words."""
    used = model_of(institution)
    return used.version if used else "the model that Balai brings"


def _choose(
    institution: Institution,
    learnt: Learnt,
    figures: list[dict[str, object]],
    number: int,
    by: Actor,
) -> None:
    folder = _folder(institution, number)
    write(learnt.packs, models_folder() / folder)  # before the row: a row has always its packs
    choose_model(institution, folder=folder, version=f"office-{number}", figures=figures, by=by)


def _folder(institution: Institution, number: int) -> str:
    return f"{institution.slug}/{number}"


def _figures(outcome: Outcome) -> dict[str, object]:
    return {name: getattr(outcome, name) for name in outcome.__struct_fields__}


def _frozen(data: Path) -> dict[str, Frozen]:
    """The validation splits of the heads that an office may correct."""
    folder = corpora.folder(data)
    nusax, smsa = corpora.nusax(folder, "valid"), corpora.smsa(folder, "valid")
    return {
        "language": Frozen([one.text for one in nusax], [one.language for one in nusax]),
        "sentiment": Frozen(
            [one.text for one in nusax + smsa], [one.sentiment for one in nusax + smsa]
        ),
    }
