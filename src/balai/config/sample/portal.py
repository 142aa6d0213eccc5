"""False accounts that citizens of the sample have reported, at every step of their way."""

from balai.config.sample.office import Office
from balai.registry.services import judge_false_account, report_false_account

# What was seen, on which network, what the reporter wrote, and how far it went. All invented.
SEEN = (
    (
        "https://x.com/randuwangi_bansos",
        "x",
        "Mengaku petugas kabupaten dan minta biaya pencairan bantuan.",
        ("confirmed", "referred"),
    ),
    ("@pemkab.randuwangi.resmi", "instagram", "Memakai lambang kabupaten, menjual barang.", ()),
    ("@bupati_randuwangi_info", "tiktok", "Video lama diberi suara palsu.", ("confirmed", "gone")),
)


def fill_false_accounts(office: Office) -> None:
    """Report each of SEEN as a citizen would, and judge it as an officer would."""
    officer = office.members["petugas"]
    for account, channel, words, steps in SEEN:
        report = report_false_account(
            office.institution, account=account, channel=channel, words=words
        )
        for wanted in steps:
            judge_false_account(report, wanted=wanted, by=officer)
