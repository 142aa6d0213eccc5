"""Keep the rollups up with conversations: what each adds now, less what it had added before."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from balai.analytics import rules
from balai.analytics.models import Contribution, DailyMeasure, Dimension, Told, Upkeep
from balai.analytics.rules import COUNTED, Histogram, Matter, bucket_of
from balai.analytics.selectors.matters import Named, matters_of, places_named
from balai.ground.clock import now
from balai.people.models import Institution

AT_ONCE = 1_000
Spot = tuple[date, str, str]  # a day, a dimension, a key
Keys = tuple[tuple[str, str], ...]  # dimensions, each with its key
Alike = tuple[date, Keys, int, int | None]  # and the counts as a mask, and the time's bucket
_WRITTEN = [field.name for field in Contribution._meta.fields if not field.primary_key]


@transaction.atomic
def keep_up(
    institution_id: int, conversation_ids: Sequence[int], *, message_ids: Sequence[int] = ()
) -> None:
    """Bring the figures of these conversations up to their rows; what did not change costs reads.

    `message_ids`: new words of citizens, in which places may be named.
    """
    hold(institution_id)
    replace(institution_id, conversation_ids, places_named(message_ids) if message_ids else {})


def note_told(
    institution_id: int, conversation_ids: Sequence[int], *, message_ids: Sequence[int] = ()
) -> None:
    """Note that something was told of these conversations; `count_told` counts them soon."""
    Told.objects.create(
        institution_id=institution_id,
        conversation_ids=list(conversation_ids),
        message_ids=list(message_ids),
        told_at=now(),
    )


@transaction.atomic
def count_told(limit: int = AT_ONCE) -> int:
    """Count some conversations of the institution that has waited longest, each of them once.

    What was told goes away in the same transaction: a worker that dies here has changed nothing.
    Returns how many conversations were looked at where more are waiting, 0 where none are.
    """
    oldest = Told.objects.order_by("pk").first()
    if oldest is None:
        return 0
    hold(oldest.institution_id)
    counted: list[int] = []
    ids: dict[int, None] = {}
    message_ids: list[int] = []
    waiting = Told.objects.filter(institution_id=oldest.institution_id).order_by("pk")
    for told in waiting[:limit]:
        if ids and len(ids) + len(told.conversation_ids) > limit:
            break
        counted.append(told.pk)
        ids |= dict.fromkeys(told.conversation_ids)
        message_ids += told.message_ids
    replace(oldest.institution_id, ids, places_named(message_ids) if message_ids else {})
    Told.objects.filter(pk__in=counted).delete()
    return max(len(ids), 1) if Told.objects.exists() else 0


def hold(institution_id: int) -> Upkeep:
    """One writer an institution: rollups are read, added to and written."""
    Upkeep.objects.get_or_create(institution_id=institution_id)
    return Upkeep.objects.select_for_update().get(institution_id=institution_id)


def replace(institution_id: int, conversation_ids: Iterable[int], places: dict[int, Named]) -> None:
    """Under `hold`: write what these conversations add now, and add the differences."""
    ids = list(conversation_ids)
    zone = Institution.objects.values_list("zone", flat=True).get(pk=institution_id)
    before = Contribution.objects.in_bulk(ids)
    change = Change(institution_id)
    written: list[Contribution] = []
    for matter in matters_of(ids):
        was = before.get(matter.id)
        is_now = _contribution(institution_id, matter, zone, was, places.get(matter.id))
        if was is not None and _values(was) == _values(is_now):
            continue
        if was is not None:
            change.take(was)
        change.put(is_now)
        written.append(is_now)
    Contribution.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
    )
    change.write()


class Change:
    """Differences to the rollups of one institution, gathered and then written together."""

    def __init__(self, institution_id: int) -> None:
        self._institution_id = institution_id
        self._alike: Counter[Alike] = Counter()  # a batch has many that add the same to one day
        self._labels: dict[str, str] = {}

    def put(self, one: Contribution) -> None:
        """Add what a conversation adds."""
        self._alike[_alike(one)] += 1
        if one.place:
            self._labels[one.place] = one.place_name

    def take(self, one: Contribution) -> None:
        """Take away what it had added."""
        self._alike[_alike(one)] -= 1

    def write(self) -> None:
        """Add the differences to the rows of the days, making those that are missing."""
        steps = self._steps()
        if not steps:
            return
        found = {(row.on, row.dimension, row.key): row for row in self._rows(steps)}
        written = []
        for spot, (counts, times) in sorted(steps.items()):
            row = found.get(spot) or self._blank(spot)
            row.pk = None  # what is there is found by what makes it unique
            _add(row, counts, times)
            written.append(row)
        DailyMeasure.objects.bulk_create(
            written,
            update_conflicts=True,
            unique_fields=["institution_id", "dimension", "key", "on"],
            update_fields=[*COUNTED, "times"],
        )

    def _steps(self) -> dict[Spot, tuple[list[int], dict[int, int]]]:
        """For each rollup what is added to its counts and to its buckets; only what differs."""
        steps: dict[Spot, tuple[list[int], dict[int, int]]] = {}
        for (on, keys, mask, bucket), n in self._alike.items():
            if not n:
                continue
            for dimension, key in keys:
                counts, times = steps.setdefault((on, dimension, key), ([0] * len(COUNTED), {}))
                for place in range(len(COUNTED)):
                    counts[place] += n * (mask >> place & 1)
                if bucket is not None:
                    times[bucket] = times.get(bucket, 0) + n
        return {
            spot: (counts, times)
            for spot, (counts, times) in steps.items()
            if any(counts) or any(times.values())
        }

    def _rows(self, steps: Iterable[Spot]) -> Iterable[DailyMeasure]:
        """One range of keys for each day and dimension, found by the unique index."""
        wanted: dict[tuple[date, str], list[str]] = {}
        for on, dimension, key in steps:
            wanted.setdefault((on, dimension), []).append(key)
        spots = sorted(wanted.items())
        for first in range(0, len(spots), 50):
            any_of = Q()
            for (on, dimension), keys in spots[first : first + 50]:
                any_of |= Q(on=on, dimension=dimension, key__in=keys)
            yield from DailyMeasure.objects.filter(any_of, institution_id=self._institution_id)

    def _blank(self, spot: Spot) -> DailyMeasure:
        on, dimension, key = spot
        return DailyMeasure(
            institution_id=self._institution_id,
            on=on,
            dimension=dimension,
            key=key,
            label=self._labels.get(key, "") if dimension == Dimension.PLACE else "",
            formula=rules.FORMULA,
        )


def _add(row: DailyMeasure, counts: Sequence[int], times: Mapping[int, int]) -> None:
    for name, value in zip(COUNTED, counts, strict=True):
        setattr(row, name, getattr(row, name) + value)
    if times:
        # JSON knows only words as keys.
        had = Histogram({int(bucket): n for bucket, n in row.times.items()})
        row.times = {str(bucket): n for bucket, n in (had + Histogram(times)).counts.items()}


def _alike(one: Contribution) -> Alike:
    bucket = None if one.minutes is None else bucket_of(one.minutes)
    return one.on, _keys(one), one.counted, bucket


def _keys(one: Contribution) -> Keys:
    keys = (
        (Dimension.ALL.value, ""),
        (Dimension.UNIT.value, str(one.unit_id or "")),
        (Dimension.MEMBER.value, str(one.member_id or "")),
        (Dimension.CHANNEL.value, one.channel),
        (Dimension.INTENT.value, one.intent),
    )
    return (*keys, (Dimension.PLACE.value, one.place)) if one.place else keys


def _contribution(
    institution_id: int, matter: Matter, zone: str, was: Contribution | None, named: Named | None
) -> Contribution:
    part = rules.part_of(matter, zone)
    place, name, since = (was.place, was.place_name, was.place_from) if was else ("", "", 0)
    if named is not None and (not since or named.message_id < since):
        since, place, name = named
    return Contribution(
        id=matter.id,
        institution_id=institution_id,
        on=part.on,
        channel=part.channel,
        unit_id=part.unit_id,
        member_id=part.member_id,
        intent=part.intent,
        place=place,
        place_name=name,
        place_from=since,
        counted=part.counts.mask(),
        minutes=part.minutes,
        runs_until=part.runs_until,
        opened_at=part.opened_at,
    )


def _values(one: Contribution) -> list[object]:
    return [getattr(one, name) for name in _WRITTEN]
