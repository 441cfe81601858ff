"""The same seed gives the same ids, whatever else is made in between."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.ids import Ids


@given(st.integers(), st.lists(st.sampled_from(["ws", "res", "user"])))
def test_a_kind_of_id_does_not_depend_on_other_kinds(seed: int, others: list[str]) -> None:
    plain, busy = Ids(seed), Ids(seed)
    for other in others:
        busy.tagged(other)
    assert [plain.uuid("stream") for _ in range(3)] == [busy.uuid("stream") for _ in range(3)]


def test_without_a_seed_ids_are_new_each_time() -> None:
    assert Ids(None).uuid("stream") != Ids(None).uuid("stream")


def test_their_forms() -> None:
    ids = Ids(1)
    assert UUID(ids.uuid("stream")).version == 4
    assert ids.tagged("res").startswith("res_")
    assert len({ids.tagged("res") for _ in range(1_000)}) == 1_000
