"""The Bluesky network is started once for all journeys; it takes longer than most of them."""

import os
from collections.abc import Iterator

import pytest

from tests.journeys.bluesky_office import Office
from tests.peers.bluesky import BlueskyNetwork


@pytest.fixture(scope="session")
def network() -> Iterator[BlueskyNetwork]:
    lacking = BlueskyNetwork.missing()
    if lacking and not os.environ.get("CI"):
        pytest.skip(f"the Bluesky network cannot run here: {lacking}")
    with BlueskyNetwork() as running:
        yield running


@pytest.fixture
def office(network: BlueskyNetwork) -> Iterator[Office]:
    made = Office(network)
    yield made
    for connector in made.connectors:
        connector.close()
