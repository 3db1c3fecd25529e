"""The simulator's clock runs with real time, stands still, and jumps when told."""

from datetime import UTC, datetime, timedelta, timezone

from jirasim.clock import VirtualClock

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Seconds:
    """Real time in the hands of a test."""

    def __init__(self) -> None:
        self.value = 1_000_000.0

    def __call__(self) -> float:
        return self.value


def test_it_runs_on_from_where_it_was_set() -> None:
    real = Seconds()
    clock = VirtualClock(real)
    clock.set(NOW.astimezone(timezone(timedelta(hours=9))))
    assert clock() == NOW
    real.value += 60
    assert clock() == NOW + MINUTE
    clock.advance(MINUTE)
    assert clock() == NOW + 2 * MINUTE


def test_frozen_it_moves_only_when_advanced() -> None:
    real = Seconds()
    clock = VirtualClock(real)
    clock.set(NOW, freeze=True)
    real.value += 60
    assert clock() == NOW
    clock.advance(MINUTE)
    assert (clock(), clock.frozen) == (NOW + MINUTE, True)


def test_it_counts_whole_milliseconds_in_utc() -> None:
    real = Seconds()
    real.value += 0.123456
    moment = VirtualClock(real)()
    assert (moment.microsecond, moment.tzinfo) == (123_000, UTC)


def test_watchers_are_told_of_every_jump() -> None:
    clock = VirtualClock(Seconds())
    seen: list[datetime] = []
    clock.watch(lambda: seen.append(clock()))
    clock.set(NOW, freeze=True)
    clock.advance(MINUTE)
    assert seen == [NOW, NOW + MINUTE]
