"""Plain functions that make posts for tests of any room."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image

from balai.channels.models import Connection
from balai.channels.sweeps import send_due
from balai.channels.tests.make import make_connection
from balai.ground.clock import now
from balai.ground.services import deliver
from balai.people.models import Institution
from balai.people.tests.make import make_member
from balai.publishing import services, sweeps
from balai.publishing.models import Item, Objective, Variant
from balai.registry.models import OfficialAccount
from balai.registry.tests.make import make_account

TEXT = "Layanan rekam KTP buka hari Sabtu pukul 08.00 di kantor kecamatan. Silakan datang."


def make_line(institution: Institution, **fields: Any) -> Connection:
    """An account that may speak, with a line to its network."""
    account = fields.pop("account", None) or make_account(institution)
    return make_connection(institution, account=account, **fields)


def make_objective(institution: Institution, **fields: Any) -> Objective:
    """An objective that somebody answers for."""
    head = make_member(institution, "head_of_pr", name="Kepala Contoh")
    fields = {
        "name": "Rekam KTP sampai ke desa",
        "lens": "serve",
        "measure": "perekaman per bulan",
        "baseline": Decimal(400),
        "target": Decimal(650),
        "owner": head,
        "due_on": now().date() + timedelta(days=120),
        "by": head,
        **fields,
    }
    return services.add_objective(institution, **fields)


def make_item(
    institution: Institution,
    *accounts: OfficialAccount | None,
    text: str = TEXT,
    state: str = "draft",
    **fields: Any,
) -> Item:
    """An item that one person wrote for these accounts (None: our own page), led to a state."""
    about = {
        "title": "Rekam KTP hari Sabtu",
        "purpose": "service_information",
        "segment": "Warga desa yang bekerja di hari kerja",
        "topic": "Kependudukan",
        **fields,
    }
    if "objective" not in about:
        about["objective"] = make_objective(institution)
    by = about.pop("by", None) or make_member(institution, "content_creator", name="Penulis")
    texts = about.pop("texts", None) or {
        account.pk if account else 0: text for account in accounts or (None,)
    }
    item = services.write_item(institution=institution, texts=texts, by=by, **about)
    if state == "draft":
        return item
    services.submit(item, by=by)
    if state == "in_review":
        return item
    for variant in item.variants.all():
        approve(variant)
        if state in ("scheduled", "published"):
            services.schedule(variant, at=None, by=make_member(institution, "editor"))
            make_due(variant)
        if state == "published":
            services.put_out(variant)
    return item


def approve(variant: Variant, times: int = 1) -> Variant:
    """Other people say yes to the words as they stand."""
    for _ in range(times):
        fresh = Variant.objects.select_related("revision").get(pk=variant.pk)
        editor = make_member(fresh.institution, "editor", name="Redaktur Contoh")
        assert fresh.revision is not None
        services.approve(fresh, mark=fresh.revision.sha256, by=editor)
    return again(variant)


def make_due(variant: Variant) -> None:
    """Time passes until the post is due."""
    Variant.objects.filter(pk=variant.pk).update(at=now() - timedelta(seconds=1))


def only(item: Item) -> Variant:
    """The one variant of an item."""
    return item.variants.select_related("revision", "account", "institution").get()


def again(variant: Variant) -> Variant:
    """The variant as it stands now."""
    return Variant.objects.select_related("revision", "account", "item").get(pk=variant.pk)


def carry() -> None:
    """Workers do all that is due, and everybody hears it."""
    for _ in range(4):
        sweeps.put_out_due()
        send_due()
        while deliver():
            pass


def photo() -> bytes:
    """A large picture that says where and with what it was taken."""
    out = BytesIO()
    picture = Image.new("RGB", (3000, 1500), "red")
    marks = Image.Exif()
    marks[0x010F] = "Telepon Rahasia"
    marks.get_ifd(0x8825)[1] = "S"
    picture.save(out, "JPEG", exif=marks)
    return out.getvalue()
