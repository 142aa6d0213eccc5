"""The Bluesky connector against the reference network; the public SDK is the judge."""

from datetime import UTC, datetime, timedelta

import pytest

from balai.channels.contract import OutcomeUnknown, Outgoing, Picture, Receipt, Refused
from balai.channels.providers.bluesky.connector import Bluesky
from tests.journeys.bluesky_office import AT, SOON, Office, number, png, post, strong
from tests.peers.bluesky import BlueskyNetwork
from tests.peers.throttle import Fault, Throttle
from tests.peers.waiting import wait_until

pytestmark = pytest.mark.peer


def test_a_mention_a_reply_and_a_quote_come_in_exactly_once(office: Office):
    receipt = office.connector.publish(post("Posko banjir buka."))
    ours = {"uri": receipt.remote_id, "cid": receipt.handle["cid"]}
    mention = office.mention("jalan kami rusak")
    reply = office.citizen.send_post("di mana?", reply_to={"root": ours, "parent": ours})
    quote = office.citizen.send_post(
        "lihat ini", embed={"$type": "app.bsky.embed.record", "record": ours}
    )
    office.citizen.like(**ours)  # no message, and must not look like one

    came = {message.kind: message for message in office.wait_for(3)}

    assert came.keys() == {"mention", "reply", "quote"}
    assert came["mention"].remote_id == came["mention"].thread_id == mention.uri
    assert came["mention"].text == f"@{office.account.handle} jalan kami rusak"
    assert came["mention"].author_id == office.citizen_account.did
    assert came["mention"].author_handle == office.citizen_account.handle
    assert came["reply"].remote_id == reply.uri
    assert came["reply"].thread_id == receipt.remote_id
    assert came["reply"].answers == (receipt.remote_id,)
    assert came["reply"].facts["context"][0]["text"] == "Posko banjir buka."
    assert came["quote"].remote_id == came["quote"].thread_id == quote.uri
    assert came["quote"].answers == (receipt.remote_id,)
    assert office.read_on() == office.read_on() == []


def test_the_same_cursor_asked_again_brings_the_same_messages(office: Office):
    office.mention("satu")
    first = wait_until(lambda: office.connector.fetch("").parcels, SOON)
    again = office.connector.fetch("").parcels

    assert [office.connector.parse(p)[0].remote_id for p in first] == [
        office.connector.parse(p)[0].remote_id for p in again
    ]


def test_nothing_is_lost_between_small_pages_even_within_one_millisecond(office: Office):
    office.connector.page_size, office.connector.pages = 2, 1
    now = datetime.now(UTC)
    # A page ends between the two of one moment; the network goes on after that moment.
    moments = [now - timedelta(seconds=ago) for ago in (0, 9, 9, 60)]
    sent = [office.mention("tolong", at=moment).uri for moment in moments]

    came = [message.remote_id for message in office.wait_for(4)]

    assert sorted(came) == sorted(sent)
    assert office.read_on() == []


def test_a_message_that_was_written_earlier_but_arrives_later_still_comes_in(office: Office):
    office.mention("baru")
    office.wait_for(1)
    late = office.mention("server kami terputus", at=datetime.now(UTC) - timedelta(hours=3))

    assert [message.remote_id for message in office.wait_for(1)] == [late.uri]


def test_an_answer_stands_in_the_citizens_own_thread(office: Office):
    first = office.mention("lampu jalan mati")
    second = office.citizen.send_post(
        "sudah seminggu", reply_to={"root": strong(first), "parent": strong(first)}
    )
    last = office.mention("halo?", reply={"root": strong(first), "parent": strong(second)})
    question = next(m for m in office.wait_for(2) if m.remote_id == last.uri)

    receipt = office.connector.publish(post("Petugas datang besok.", reply_to=question.handle))

    assert question.thread_id == first.uri
    assert question.answers == (second.uri, first.uri)
    assert [said["text"] for said in question.facts["context"]][-1] == "sudah seminggu"
    seen = wait_until(lambda: office.thread(last.uri).replies, SOON)
    assert seen[0].post.uri == receipt.remote_id
    assert seen[0].post.author.did == office.account.did
    assert seen[0].post.record.reply.root.uri == first.uri
    assert receipt.handle["root"]["uri"] == first.uri


def test_our_own_answer_does_not_come_back_as_a_citizens_message(office: Office):
    office.mention("tolong")
    question = office.wait_for(1)[0]
    receipt = office.connector.publish(post("Kami catat.", reply_to=question.handle))
    office.connector.publish(post("Sudah selesai.", reply_to=receipt.handle))
    office.mention("terima kasih")

    assert [message.text for message in office.wait_for(1)] == [
        f"@{office.account.handle} terima kasih"
    ]


def test_a_reply_to_a_message_that_was_deleted_still_comes_in(office: Office):
    receipt = office.connector.publish(post("Keliru."))
    ours = {"uri": receipt.remote_id, "cid": receipt.handle["cid"]}
    between = office.citizen.send_post("benarkah?", reply_to={"root": ours, "parent": ours})
    last = office.mention("tolong jelaskan", reply={"root": ours, "parent": strong(between)})
    office.citizen.delete_post(between.uri)
    office.connector.retract(receipt)
    wait_until(lambda: not office.citizen.get_posts([between.uri]).posts, SOON)
    came = []
    wait_until(
        lambda: came.extend(office.read_on()) or last.uri in {m.remote_id for m in came}, SOON
    )

    message = next(m for m in came if m.remote_id == last.uri)
    assert message.thread_id == receipt.remote_id
    assert message.facts["context"] == []


def test_links_mentions_and_hashtags_are_seen_by_the_judge(office: Office):
    text = (
        f"Banjir \N{WATER WAVE} #SiagaBanjir: lapor.go.id/x lewat @{office.citizen_account.handle}."
    )
    receipt = office.connector.publish(post(text, language="id"))

    record = wait_until(lambda: office.citizen.get_posts([receipt.remote_id]).posts, SOON)[0].record
    body = text.encode()
    spans = [body[f.index.byte_start : f.index.byte_end].decode() for f in record.facets]
    tag, link, mention = (facet.features[0] for facet in record.facets)
    assert spans == ["#SiagaBanjir", "lapor.go.id/x", f"@{office.citizen_account.handle}"]
    assert tag.tag == "SiagaBanjir"
    assert link.uri == "https://lapor.go.id/x"
    assert mention.did == office.citizen_account.did
    assert record.langs == ["id"]


def test_a_picture_goes_out_with_its_description_and_its_shape(office: Office):
    picture = Picture(body=png(30, 20), mime="image/png", alt="Peta genangan di Kampung Melayu")
    receipt = office.connector.publish(post("Peta hari ini", pictures=(picture,)))

    seen = wait_until(lambda: office.citizen.get_posts([receipt.remote_id]).posts, SOON)[0]
    assert seen.embed.images[0].alt == "Peta genangan di Kampung Melayu"
    assert (seen.embed.images[0].aspect_ratio.width, seen.embed.images[0].aspect_ratio.height) == (
        30,
        20,
    )


@pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")  # the judge's own
def test_a_citizens_picture_comes_in_with_its_description_and_address(office: Office):
    blob = office.citizen.upload_blob(png(8, 8)).blob.model_dump(by_alias=True)
    image = {"alt": "Lubang di jalan", "image": blob}
    office.mention("ini", embed={"$type": "app.bsky.embed.images", "images": [image]})

    (attachment,) = office.wait_for(1)[0].attachments
    assert attachment.alt == "Lubang di jalan"
    assert attachment.mime == "image/png"
    assert attachment.url.startswith("http")


def test_a_deleted_post_is_gone_and_deleting_it_twice_is_no_error(office: Office):
    receipt = office.connector.publish(post("Salah kirim"))
    wait_until(lambda: office.citizen.get_posts([receipt.remote_id]).posts, SOON)

    office.connector.retract(receipt)
    office.connector.retract(receipt)

    wait_until(lambda: not office.citizen.get_posts([receipt.remote_id]).posts, SOON)


def records_of(office: Office) -> list[str]:
    listed = office.citizen.com.atproto.repo.list_records(
        {"repo": office.account.did, "collection": "app.bsky.feed.post"}
    )
    return [record.value.text for record in listed.records]


def test_publishing_the_same_key_twice_makes_one_record_with_one_proof(office: Office):
    once = post("Hanya sekali")

    first, second = office.connector.publish(once), office.connect().publish(once)

    assert first == second
    assert first.remote_id.endswith(office.connector.choose_id(once.key, AT))
    assert records_of(office) == ["Hanya sekali"]


def test_another_text_under_the_same_key_is_refused_and_changes_nothing(office: Office):
    office.connector.publish(Outgoing(key="k", text="asli", at=AT))

    with pytest.raises(Refused) as no:
        office.connector.publish(Outgoing(key="k", text="palsu", at=AT))

    assert no.value.permanent
    assert records_of(office) == ["asli"]


def test_an_answer_that_is_lost_leaves_a_doubt_that_a_look_settles(office: Office):
    once = post("Sampai, tetapi jawabannya hilang")
    with Throttle(office.network.pds) as line:
        connector = office.connect(service=line.url)
        assert connector.probe(once) is None
        line.will(Fault.drop(), on="putRecord")

        with pytest.raises(OutcomeUnknown):
            connector.publish(once)
        proof = connector.probe(once)

        assert isinstance(proof, Receipt)
        assert proof == connector.publish(once)
        assert line.count("putRecord") == 2
        connector.close()
    assert records_of(office) == ["Sampai, tetapi jawabannya hilang"]


def test_a_yes_that_nobody_can_read_leaves_a_doubt_too(office: Office):
    once = post("Jawaban rusak")
    with Throttle(office.network.pds) as line:
        connector = office.connect(service=line.url)
        line.will(Fault.garbage(forward=True), on="putRecord")

        with pytest.raises(OutcomeUnknown):
            connector.publish(once)

        assert connector.probe(once).remote_id.startswith(f"at://{office.account.did}/")
        connector.close()


def test_a_look_that_fails_says_that_it_cannot_tell(office: Office):
    with Throttle(office.network.pds) as line:
        connector = office.connect(service=line.url)
        connector.check()
        line.will(Fault.answer(500), on="getRecord")

        with pytest.raises(OutcomeUnknown):
            connector.probe(post("entah"))
        connector.close()


def test_too_many_requests_is_a_no_for_now_with_a_wait(office: Office):
    once = post("Nanti dulu")
    with Throttle(office.network.pds) as line:
        connector = office.connect(service=line.url)
        line.will(Fault.too_many(17), on="putRecord")

        with pytest.raises(Refused) as no:
            connector.publish(once)

        assert not no.value.permanent
        assert no.value.wait == timedelta(seconds=17)
        assert line.count("putRecord") == 1
        assert connector.publish(once).remote_id
        connector.close()


def test_a_token_that_expired_is_renewed_and_the_post_goes_out_once(office: Office):
    once = post("Tetap terkirim")
    expired = Fault.answer(400, b'{"error":"ExpiredToken","message":"Token has expired"}')
    with Throttle(office.network.pds) as line:
        connector = office.connect(service=line.url)
        line.will(expired, on="putRecord")

        assert connector.publish(once).remote_id

        assert line.count("refreshSession") == 1
        assert line.count("createSession") == 1
        connector.close()
    assert records_of(office) == ["Tetap terkirim"]


def test_connectors_of_one_account_share_a_sign_in(office: Office):
    with Throttle(office.network.pds) as line:
        for _ in range(3):
            connector = office.connect(service=line.url)
            connector.fetch("")
            connector.close()
        assert line.count("createSession") == 1


def test_a_wrong_password_is_a_no_that_names_the_credentials(office: Office):
    with pytest.raises(Refused) as no:
        office.connect(app_password="salah").check()

    assert no.value.permanent
    assert not no.value.signs_in


def test_a_text_that_is_too_long_is_refused_in_the_networks_words(office: Office):
    with pytest.raises(Refused, match="300") as no:
        office.connector.publish(post("a" * 301))

    assert no.value.permanent
    assert no.value.signs_in


@pytest.mark.parametrize(
    "character",
    ["\N{FAMILY}", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1ee\U0001f1e9", "e\u0301"],
)
def test_we_count_as_the_network_counts(office: Office, character: str):
    fits = character * (
        300 if len(character.encode()) * 300 <= 3000 else 3000 // len(character.encode())
    )
    too_long = "a" * 299 + character * 2

    assert office.connector.length(fits) <= 300
    assert office.connector.publish(post(fits)).remote_id
    assert office.connector.length(too_long) == 301
    with pytest.raises(Refused, match="301"):
        office.connector.publish(post(too_long))


def test_a_picture_without_a_description_never_leaves(office: Office):
    with pytest.raises(Refused, match="description"):
        office.connector.publish(post("x", pictures=(Picture(png(1, 1), "image/png", " "),)))
    assert records_of(office) == []


def test_the_check_says_who_we_are_and_warns_of_the_accounts_own_password(office: Office):
    health = office.connector.check()
    careless = office.connect(app_password=office.account.password).check()

    assert (health.platform_user_id, health.handle) == (office.account.did, office.account.handle)
    assert health.words == ""
    assert "app password" in careless.words


def test_a_young_account_can_read_and_write_at_once(network: BlueskyNetwork):
    account = network.create_account(f"baru{next(number)}.test")
    connector = Bluesky(
        {"service": network.pds, "handle": account.handle, "app_password": account.app_password}
    )

    assert connector.fetch("").parcels == ()
    assert connector.publish(post("Halo")).remote_id
    connector.close()
