"""The sample's posts: written, reviewed, scheduled and corrected through the services."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from balai.config.sample.office import Office
from balai.ground.clock import now
from balai.publishing import services
from balai.publishing.models import Item, Objective, Variant

Told = Mapping[str, Any]


def fill_publishing(told: Told, office: Office) -> list[Item]:
    """Write every post of publishing.toml and lead it to its state."""
    objectives = {one["code"]: _objective(one, office) for one in told["objective"]}
    return [_post(one, office, objectives) for one in told["post"]]


def _objective(told: Told, office: Office) -> Objective:
    return services.add_objective(
        office.institution,
        name=told["name"],
        lens=told["lens"],
        measure=told["measure"],
        baseline=Decimal(told["baseline"]),
        target=Decimal(told["target"]),
        owner=office.members[told["owner"]],
        due_on=now().date() + timedelta(days=told["due_in_days"]),
        by=office.members["humas"],
    )


def _post(told: Told, office: Office, objectives: Mapping[str, Objective]) -> Item:
    by = office.members[told["by"]]
    item = services.write_item(
        institution=office.institution,
        title=told["title"],
        texts=_texts(told, office),
        by=by,
        facts=[
            services.Stated(fact["statement"], fact["source"]) for fact in told.get("facts", [])
        ],
        purpose=told["purpose"],
        topic=told["topic"],
        segment=told["segment"],
        objective=objectives.get(told.get("objective", "")),
        unit=office.units.get(told.get("unit", "")),
        is_sensitive=told.get("is_sensitive", False),
    )
    if told["state"] == "one_step":
        _put_out(services.publish_in_one_step(item, reason=told["reason"], by=by))
    elif told["state"] != "draft":
        services.submit(item, by=by)
        _review(item, told, office)
    return item


def _texts(told: Told, office: Office) -> dict[int, str]:
    """The words by account: `laman` is our own page, the others are lines of the office."""
    long = told["text"].strip()
    return {
        (office.lines[name].account_id or 0) if name in office.lines else 0: (
            told.get("short", long) if name in office.lines else long
        )
        for name in told["on"]
    }


def _review(item: Item, told: Told, office: Office) -> None:
    if told["state"] == "sent_back":
        for variant in _variants(item):
            services.send_back(
                variant, mark=_mark(variant), words=told["words"],
                by=office.members[told["sent_back_by"]],
            )  # fmt: skip
        return
    for name in told.get("approved_by", []):
        for variant in _variants(item):
            services.approve(variant, mark=_mark(variant), by=office.members[name])
    if told["state"] not in ("scheduled", "published"):
        return
    leaves = now() + timedelta(hours=told["in_hours"]) if "in_hours" in told else None
    sent = [
        services.schedule(variant, at=leaves, by=office.members["redaktur"])
        for variant in _variants(item)
    ]
    if told["state"] == "published":
        Variant.objects.filter(item=item).update(at=now())
        _put_out(sent)
        _grow_old(item, told["days_ago"])
    if "corrected" in told:
        _correct(item, told["corrected"], office)


def _put_out(variants: list[Variant]) -> None:
    for variant in variants:
        services.put_out(variant)


def _grow_old(item: Item, days: int) -> None:
    """Our own page has stood for some days; what goes to a network leaves when the house starts."""
    then = now() - timedelta(days=days)
    Variant.objects.filter(item=item, account=None).update(at=then, published_at=then)


def _correct(item: Item, told: Told, office: Office) -> None:
    own = item.variants.get(account=None)
    services.correct(
        item,
        words=told["words"],
        texts={own.pk: told["text"].strip()},
        noticed_at=now() - timedelta(hours=told["hours"]),
        by=office.members[told["by"]],
    )


def _variants(item: Item) -> list[Variant]:
    return list(item.variants.select_related("revision").order_by("pk"))


def _mark(variant: Variant) -> str:
    return variant.revision.sha256 if variant.revision else ""
