"""Turns of SQLite's writers: first come, first served, given back whatever happens."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from helpers.threads import PATIENCE, all_at_once

from duolog.work.lanes import ensure_lane
from duolog.work.models import Lane
from duolog.work.sqlite.turns import Turns, turns_at


def test_a_turn_is_taken_once_and_can_be_given_up():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0)
    turns.give_up()
    assert turns.take(0)


def test_who_gave_up_waiting_is_not_handed_the_turn():
    turns = Turns()
    turns.take(0)
    assert not turns.take(0.01)
    turns.give_up()
    assert turns.take(0)


def test_turns_come_in_the_order_of_asking():
    turns, order = Turns(), []

    def write(name: int) -> None:
        assert turns.take(PATIENCE)
        order.append(name)
        turns.give_up()

    turns.take(0)
    with ThreadPoolExecutor(5) as pool:
        for name in range(5):
            pool.submit(write, name)
            while turns.waiting < name + 1:
                threading.Event().wait(0.001)
        turns.give_up()
    assert order == [0, 1, 2, 3, 4]


def test_writers_of_one_file_share_their_turns():
    assert turns_at("/a/one.sqlite3") is turns_at("/a/one.sqlite3")
    assert turns_at("/a/one.sqlite3") is not turns_at("/a/two.sqlite3")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
class TestTransactions:
    """Transactions on the real backend."""

    @pytest.fixture(autouse=True)
    def _only_sqlite(self, transactional_db: None) -> None:
        if connection.vendor != "sqlite":
            pytest.skip("turns belong to the SQLite backend")

    def turn_is_free(self) -> bool:
        turns = turns_at(str(connection.settings_dict["NAME"]))
        is_free = turns.take(0)
        if is_free:
            turns.give_up()
        return is_free

    def test_a_transaction_has_the_turn_until_it_ends(self):
        with transaction.atomic():
            assert not self.turn_is_free()
            with transaction.atomic():
                ensure_lane("a", 1)
            assert not self.turn_is_free()
        assert self.turn_is_free()

    def test_what_is_called_on_commit_runs_without_the_turn(self):
        seen: list[bool] = []
        with transaction.atomic():
            transaction.on_commit(lambda: seen.append(self.turn_is_free()))
        assert seen == [True]

    def test_a_failed_transaction_gives_the_turn_back(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert self.turn_is_free()

    def test_a_commit_that_fails_gives_the_turn_back(self):
        insert = "INSERT INTO work_work (kind, key, lane_id, priority, due_at) VALUES "
        with pytest.raises(Exception, match="FOREIGN KEY"), transaction.atomic():
            connection.cursor().execute(insert + "('a', 'b', 'nowhere', 1, 0)")
        assert self.turn_is_free()

    def test_a_connection_closed_in_a_transaction_gives_the_turn_back(self):
        with transaction.atomic():
            connection.close()
        assert self.turn_is_free()

    def test_a_write_outside_a_transaction_gives_the_turn_back(self):
        Lane.objects.update(max_inflight=3)
        assert self.turn_is_free()

    def test_a_write_that_fails_gives_the_turn_back(self):
        with pytest.raises(OperationalError):
            connection.cursor().execute("UPDATE nowhere SET a = 1")
        assert self.turn_is_free()

    def test_a_writer_that_waits_too_long_is_told_so(self):
        timeout = connection.settings_dict["OPTIONS"]["timeout"]
        connection.settings_dict["OPTIONS"]["timeout"] = 0.01
        turns = turns_at(str(connection.settings_dict["NAME"]))
        assert turns.take(0)
        try:
            with pytest.raises(OperationalError, match="database is locked"):
                Lane.objects.update(max_inflight=3)
            with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
                pytest.fail("the transaction must not begin")
        finally:
            turns.give_up()
            connection.settings_dict["OPTIONS"]["timeout"] = timeout
        Lane.objects.update(max_inflight=4)

    def test_twenty_writers_lose_no_update(self):
        ensure_lane("counter", 0)

        def count() -> None:
            for _ in range(10):
                with transaction.atomic():
                    lane = Lane.objects.get(pk="counter")
                    lane.max_inflight += 1
                    lane.save()

        all_at_once([count] * 20)
        assert Lane.objects.get(pk="counter").max_inflight == 200

    def test_readers_do_not_wait_for_a_writer(self):
        with transaction.atomic():
            ensure_lane("unseen", 1)
            assert all_at_once([lambda: Lane.objects.filter(pk="unseen").exists()]) == [False]
