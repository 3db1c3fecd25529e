"""Which request a scripted fault strikes."""

import pytest

from jirasim.faults import BadScript, Fault, Kind, Match, Script, read_script


def struck(script, *paths, method="GET"):
    return [script.next_for(method, path) is not None for path in paths]


@pytest.mark.parametrize(
    ("path", "asked", "fits"),
    [
        ("/rest/api/3/issue/{id}", "/rest/api/3/issue/FHP-1", True),
        ("/rest/api/3/issue/{id}", "/rest/api/3/issue/FHP-1/comment", False),
        ("/rest/api/*/issue/{id}", "/rest/api/2/issue/1", True),
        ("/rest/*", "/rest/api/3/myself", True),
        ("/rest/api/3/myself", "/rest/api/3/myself", True),
        ("/rest/api/3/my.elf", "/rest/api/3/myself", False),
    ],
)
def test_a_path_is_a_template_or_a_glob(path, asked, fits):
    assert Match(path=path).fits("GET", asked) is fits


def test_the_method_must_fit_where_one_is_named():
    assert Match(method="PUT").fits("PUT", "/x")
    assert not Match(method="PUT").fits("GET", "/x")


def test_a_fault_strikes_from_the_nth_fitting_request_as_often_as_it_says():
    script = Script()
    script.use([Fault(Match(path="/a", nth=2), Kind.CUT_AFTER, times=2)])
    assert struck(script, "/a", "/b", "/a", "/a", "/a") == [False, False, True, True, False]
    assert script.left() == ()


def test_one_request_is_struck_by_one_fault_and_the_next_fault_waits():
    script = Script()
    script.use([Fault(Match(), Kind.STATUS_BEFORE, status=429), Fault(Match(), Kind.STATUS_BEFORE)])
    faults = [script.next_for("GET", "/x") for _ in range(3)]
    assert [fault and fault.status for fault in faults] == [429, 503, None]


def test_a_new_script_replaces_the_old_one():
    script = Script()
    script.use([Fault(Match(), Kind.SLOW)])
    script.use([])
    assert struck(script, "/x") == [False]


def test_a_script_is_read_from_json():
    [fault] = read_script(
        [
            {
                "match": {"method": "post", "path": "/rest/api/3/issue", "nth": 2},
                "fault": "status_after",
                "status": 502,
                "headers": {"Retry-After": 3},
                "delay_ms": 10,
                "times": 4,
            }
        ]
    )
    assert fault == Fault(
        Match("POST", "/rest/api/3/issue", 2),
        Kind.STATUS_AFTER,
        502,
        {"Retry-After": "3"},
        delay_ms=10.0,
        times=4,
    )


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({}, "A script is a list"),
        (["x"], "A fault is an object"),
        ([{"fault": "fire"}], "fault is one of status_before"),
        ([{"fault": "slow", "often": 3}], "Unknown: often"),
        ([{"fault": "slow", "times": 0}], "times is a whole number, at least 1"),
        ([{"fault": "slow", "delay_ms": "1s"}], "delay_ms is a whole number"),
        ([{"fault": "slow", "match": {"host": "x"}}], "Unknown in match: host"),
        ([{"fault": "slow", "headers": []}], "headers is an object"),
    ],
)
def test_a_script_that_cannot_be_read_says_why(raw, complaint):
    with pytest.raises(BadScript, match=complaint):
        read_script(raw)
