"""How deliveries travel: retries, limits, losses and doubles (jira.md 7.4, 7.5)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from jirasim.webhooks.delivery import SECONDARY, Delivery
from jirasim.webhooks.policy import Policy
from jirasim.webhooks.sender import Sender
from jirasim.webhooks.signature import signature

ROUNDS = timedelta(minutes=15)


def delivery(receiver, number=1, **more):
    return Delivery(f"id-{number}", "1", "jira:issue_created", receiver.url, b"{}", **more)


def test_the_signature_is_the_one_of_the_documents():
    expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature("It's a Secret to Everybody", b"Hello World!") == expected


def test_a_delivery_arrives_with_the_headers_of_cloud(sender, receiver):
    sender.submit(delivery(receiver, signature="sha256=ab"))
    assert sender.wait_until_idle(5)
    [(path, headers, body)] = receiver.got
    assert (path, body) == ("/hook", b"{}")
    assert headers["X-Atlassian-Webhook-Identifier"] == "id-1"
    assert headers["X-Atlassian-Webhook-Flow"] == "Primary"
    assert headers["X-Hub-Signature"] == "sha256=ab"
    assert headers["User-Agent"] == "Atlassian Webhook HTTP Client"
    assert headers["Content-Type"].startswith("application/json")
    assert "X-Atlassian-Webhook-Retry" not in headers
    assert [(one.status, one.error) for one in sender.attempts()] == [(200, "")]


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, None])
def test_what_may_pass_is_tried_again_when_the_clock_has_moved(status, sender, receiver, clock):
    receiver.plan = [status]
    sender.submit(delivery(receiver))
    assert sender.wait_until_idle(5)
    assert sender.pending() == 1
    clock.advance(timedelta(minutes=5) - timedelta(seconds=1))
    assert sender.wait_until_idle(5)
    assert len(sender.attempts()) == 1
    clock.advance(timedelta(minutes=10, seconds=1))
    assert sender.wait_until_idle(5)
    assert [one.status for one in sender.attempts()] == [status, 200]
    again = receiver.got[-1][1]
    assert again["X-Atlassian-Webhook-Identifier"] == "id-1"
    assert again["X-Atlassian-Webhook-Retry"] == "1"


def test_after_five_retries_the_event_is_gone(sender, receiver, clock):
    receiver.plan = [500] * 10
    sender.submit(delivery(receiver))
    for _ in range(8):
        assert sender.wait_until_idle(5)
        clock.advance(ROUNDS)
    assert sender.wait_until_idle(5)
    assert len(sender.attempts()) == 6
    assert sender.pending() == 0


@pytest.mark.parametrize("status", [200, 202, 204, 301, 400, 401, 404, 410])
def test_other_answers_are_final(status, sender, receiver):
    receiver.plan = [status]
    sender.submit(delivery(receiver))
    assert sender.wait_until_idle(5)
    assert sender.pending() == 0
    assert [one.status for one in sender.attempts()] == [status]


def test_a_host_that_nobody_answers_at_is_tried_again(sender, receiver):
    away = replace(delivery(receiver), url="http://127.0.0.1:1/hook")
    sender.submit(away)
    assert sender.wait_until_idle(5)
    [attempt] = sender.attempts()
    assert attempt.status is None
    assert "refused" in attempt.error.lower()
    assert sender.pending() == 1


def test_at_most_twenty_primary_requests_reach_a_host_at_once(sender, receiver):
    receiver.gate.clear()
    for number in range(50):
        sender.submit(delivery(receiver, number))
    while receiver.together < 20:
        assert not sender.wait_until_idle(0.01)
    receiver.gate.set()
    assert sender.wait_until_idle(10)
    assert receiver.most_together == 20
    assert len(receiver.got) == 50


def test_secondary_events_have_ten_places_of_their_own(sender, receiver):
    receiver.gate.clear()
    for number in range(15):
        sender.submit(delivery(receiver, number, flow=SECONDARY))
    while receiver.together < 10:
        assert not sender.wait_until_idle(0.01)
    receiver.gate.set()
    assert sender.wait_until_idle(10)
    assert receiver.most_together == 10
    assert {headers["X-Atlassian-Webhook-Flow"] for _, headers, _ in receiver.got} == {"Secondary"}


def test_many_deliveries_are_lost_doubled_and_shuffled_as_the_policy_says(sender, receiver, clock):
    sender.use(Policy(loss=0.1, duplicate=0.1, reorder=0.2, seed=3))
    for number in range(1000):
        sender.submit(delivery(receiver, number))
    assert sender.wait_until_idle(10)
    clock.advance(timedelta(seconds=1))
    assert sender.wait_until_idle(10)
    names = [headers["X-Atlassian-Webhook-Identifier"] for _, headers, _ in receiver.got]
    times = Counter(names)
    lost = sum(attempt.lost for attempt in sender.attempts())
    assert 60 < lost < 140
    assert len(times) == 1000 - lost
    assert 60 < sum(count == 2 for count in times.values()) < 140
    assert names != sorted(names, key=lambda name: int(name[3:]))


def test_a_delay_is_one_of_the_simulators_clock(sender, receiver, clock):
    sender.use(Policy(delay=60, secondary_delay=600))
    sender.submit(delivery(receiver))
    sender.submit(delivery(receiver, 2, flow=SECONDARY))
    assert sender.wait_until_idle(5)
    assert receiver.got == []
    clock.advance(timedelta(seconds=60))
    assert sender.wait_until_idle(5)
    assert len(receiver.got) == 1
    clock.advance(timedelta(seconds=600))
    assert sender.wait_until_idle(5)
    assert len(receiver.got) == 2


def test_the_same_seed_gives_the_same_fate():
    policy = Policy(loss=0.3, duplicate=0.3, delay=10, reorder=0.5)

    def fates(seed):
        dice = Random(seed)
        return [policy.waits(dice, secondary=False) for _ in range(50)]

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)


def test_on_a_running_clock_a_wait_ends_by_itself(receiver, clock):
    clock.set(clock())
    running = Sender(clock)
    running.use(Policy(delay=0.2, seed=1))
    for number in range(5):
        running.submit(delivery(receiver, number))
    while running.pending():
        running.wait_until_idle(0.05)
    assert len(receiver.got) == 5
    running.close()


def test_a_receiver_that_does_not_answer_does_not_keep_the_sender_from_closing(sender, receiver):
    receiver.gate.clear()
    sender.submit(delivery(receiver))
    assert receiver.entered.wait(5)
    sender.close()
    assert receiver.got == [], "it has still not answered"
    receiver.gate.set()
