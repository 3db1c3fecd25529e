"""The fixture `jira_site` as somebody uses it who tests a Jira integration of their own."""

import pytest
from jira import JIRA

from jirasim.testing import JiraSite


def test_a_site_is_there_and_counts_what_it_is_asked(jira_site: JiraSite) -> None:
    client = JIRA(jira_site.url, basic_auth=(jira_site.email, jira_site.api_token))
    issue = client.create_issue(project="FHP", summary="Mine", issuetype={"name": "Task"})
    assert issue.key == "FHP-1"
    assert jira_site.calls()["POST /rest/api/2/issue"] == 1
    client.close()


def test_every_test_has_a_site_of_its_own(jira_site: JiraSite) -> None:
    client = JIRA(jira_site.url, basic_auth=(jira_site.email, jira_site.api_token))
    assert client.search_issues("project = FHP", maxResults=0) == []
    client.close()


@pytest.mark.jira_site(deployment="server", version="9.12", context="/jira", issues=30)
def test_a_mark_says_which_jira(jira_site: JiraSite) -> None:
    assert jira_site.url.endswith("/jira")
    client = JIRA(jira_site.url, token_auth=jira_site.api_token)
    assert client.server_info()["version"] == "9.12.0"
    assert client.search_issues("project = FHP", maxResults=5).total == 30
    client.close()


def test_the_site_fails_as_told(jira_site: JiraSite) -> None:
    fault = {"match": {"path": "*/myself"}, "fault": "status_before", "status": 503}
    jira_site.sim("POST", "faults", [fault])
    client = JIRA(jira_site.url, basic_auth=(jira_site.email, jira_site.api_token), max_retries=0)
    with pytest.raises(Exception, match="503"):
        client.myself()
    client.close()
