"""What only the scorecard asks for (domain 3.7 G4, G6, G10, G12, G18, G19, G23)."""

from fractions import Fraction

from django.db.models import Q

from balai.analytics.models import Dimension
from balai.analytics.selectors import Period, figures, whole
from balai.cases.models import Case, Clock
from balai.governance.models import AuditEntry
from balai.readiness.rules.figures import Figure, absent, counted
from balai.readiness.selectors.signals.moderating import HID
from balai.readiness.selectors.signals.window import Window
from balai.surveys.models import Computation
from balai.surveys.selectors import published_surveys

A_PLACE_NEEDS = 20  # answers, before its pace is compared (as domain 3.5 O5)
COUNTER = "counter"  # the channel of those who come in person


def places_pace(asked: Window, n_min: int) -> Figure:
    """The shortest median time to the first answer of a place over the longest."""
    lines = figures(asked.institution.pk, Dimension.PLACE, _period(asked), at=asked.at).lines
    medians = [
        Fraction(line.times.median).limit_denominator(2)
        for line in lines
        if line.times.n >= A_PLACE_NEEDS and line.times.median
    ]
    low, high = min(medians, default=Fraction(0)), max(medians, default=Fraction(0))
    return counted(low, high, n=len(medians), n_min=n_min)


def counter_alike(asked: Window, n_min: int) -> Figure:
    """The rate of endings at the counter over that of all other lines, at most 1."""
    lines = figures(asked.institution.pk, Dimension.CHANNEL, _period(asked), at=asked.at).lines
    here = [line.counts for line in lines if line.key == COUNTER]
    there = [line.counts for line in lines if line.key != COUNTER]
    taken_here, taken_there = sum(c.taken_in for c in here), sum(c.taken_in for c in there)
    if not taken_here or not taken_there:
        return absent("no_counter")
    rate = Fraction(sum(c.ended for c in here), taken_here)
    other = Fraction(sum(c.ended for c in there), taken_there)
    return counted(min(rate, other), other, n=min(taken_here, taken_there), n_min=n_min)


def moderation_cited(asked: Window, n_min: int) -> Figure:
    """Decisions to hide that name a rule / decisions to hide."""
    hidden = AuditEntry.objects.filter(
        institution_id=asked.institution.pk,
        did=HID,
        at__gte=asked.begins_at,
        at__lt=asked.ends_at,
    )
    found = [bool(facts.get("rule_id")) for facts in hidden.values_list("facts", flat=True)]
    return counted(sum(found), len(found), n=len(found), n_min=n_min)


def clocks_met(asked: Window, n_min: int) -> Figure:
    """Deadlines of cases that were met / that ended done, or are past and still run."""
    if not Case.objects.filter(institution=asked.institution).exists():
        return absent("no_cases")
    over = Q(ending=Clock.Ending.DONE) | Q(ended_at__isnull=True, due_at__lt=asked.at)
    clocks = Clock.objects.filter(
        over,
        kind__in=(Clock.Kind.VERIFICATION, Clock.Kind.RESOLUTION),
        case__institution=asked.institution,
        started_at__gte=asked.begins_at,
        started_at__lt=asked.ends_at,
    )
    found = [
        ended is not None and ended <= due
        for ended, due in clocks.values_list("ended_at", "due_at")
    ]
    return counted(sum(found), len(found), n=len(found), n_min=n_min)


def median_response(asked: Window, n_min: int) -> Figure:
    """The median of working minutes to the first answer of a person."""
    times = whole(asked.institution.pk, _period(asked), at=asked.at).times
    return counted(Fraction(times.median or 0).limit_denominator(2), 1, n=times.n, n_min=n_min)


def reopened(asked: Window, n_min: int) -> Figure:
    """Taken up again / ever ended."""
    counts = whole(asked.institution.pk, _period(asked), at=asked.at).counts
    return counted(counts.reopened, counts.ever_ended, n=counts.ever_ended, n_min=n_min)


def satisfaction(asked: Window, n_min: int) -> Figure:
    """The last IKM that was published by the end of the window, whatever its service."""
    surveys = published_surveys(asked.institution).filter(ends_on__lte=asked.last)
    last = Computation.objects.filter(survey__in=surveys.values("pk")).order_by(
        "-survey__ends_on", "-pk"
    )
    found = last.first()
    if found is None:
        return absent("no_survey")
    return counted(Fraction(found.exact), 1, n=found.n, n_min=n_min)


def _period(asked: Window) -> Period:
    return Period(asked.first, asked.last)
