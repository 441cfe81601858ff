"""Deadlines come earliest first, once, and where they were last put."""

from hypothesis import given
from hypothesis import strategies as st

from ovs_mock.engine.schedule import Schedule

keys = st.sampled_from("abcde")
moves = st.lists(st.one_of(st.tuples(keys, st.integers(0, 50)), st.tuples(keys, st.none())), max_size=300)


@given(moves, st.integers(0, 50))
def test_it_agrees_with_a_sorted_list(moves: list[tuple[str, int | None]], now: int) -> None:
    schedule: Schedule[str] = Schedule()
    naive: dict[str, tuple[int, int]] = {}
    for order, (key, at) in enumerate(moves):
        if at is None:
            schedule.cancel(key)
            naive.pop(key, None)
        else:
            schedule.set(key, at)
            naive[key] = (at, order)
        assert schedule.get(key) == at
        assert schedule.next() == min((at for at, _ in naive.values()), default=None)
    due = []
    while entry := schedule.pop_due(now):
        due.append(entry)
    assert due == [(at, key) for (at, _), key in sorted((v, k) for k, v in naive.items()) if at <= now]


def test_deadlines_that_are_moved_for_ever_do_not_pile_up() -> None:
    schedule: Schedule[str] = Schedule()
    for at in range(10_000):
        schedule.set("a", at)
        schedule.cancel("b")
    assert len(schedule._heap) < 200
