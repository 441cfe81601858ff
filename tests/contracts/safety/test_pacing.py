"""How far apart calls are."""

import pytest
from ovs_contracts.safety.pacing import CallPacing
from ovs_support.exchanges import Watch, call, exchange

ASK = call("GET", "/v1/models")


class Paused:
    def __init__(self) -> None:
        self.watch = Watch()
        self.pauses: list[float] = []
        self.pacing = CallPacing(5.0, now=self.watch, pause=self._pause, date=lambda: 1_900_000_000.0)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(round(seconds, 3))
        self.watch.now += seconds

    def ask(self) -> None:
        self.pacing.before(ASK)

    def answer(self, status: int, retry_after: str | None = None) -> None:
        headers = {} if retry_after is None else {"retry-after": retry_after}
        self.pacing.after(exchange("GET", "/v1/models", status, {}, headers=headers))


def test_calls_begin_a_fifth_of_a_second_apart() -> None:
    paused = Paused()
    paused.ask()
    paused.watch.now += 0.05
    paused.ask()
    paused.watch.now += 3
    paused.ask()
    paused.ask()
    assert paused.pauses == [0.15, 0.2]


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        ("1", 1.0),
        ("7", 7.0),
        ("100000", 60.0),
        ("inf", 60.0),
        ("-3", 0.2),
        ("nonsense", 0.2),
        ("Sun, 17 Mar 2030 17:46:50 GMT", 10.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_is_told_to_come_back_later_does(told: str, pause: float, status: int) -> None:
    paused = Paused()
    paused.ask()
    paused.answer(status, told)
    paused.ask()
    assert paused.pauses == [pause]


def test_other_answers_say_nothing_about_when() -> None:
    paused = Paused()
    paused.ask()
    paused.answer(200, "30")
    paused.answer(429)
    paused.ask()
    assert paused.pauses == [0.2]
