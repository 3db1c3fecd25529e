"""What people paste as the address of their Jira."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duolog.core.errors import Refused
from duolog.jira.address import SiteAddress, understand
from duolog.jira.dialect import Deployment

COMPANY = SiteAddress("https://company.atlassian.net", Deployment.CLOUD)
CLOUD_ID = "1324a887-45db-1bf4-1e99-ef0ff456d421"


@pytest.mark.parametrize(
    "pasted",
    [
        pytest.param("company", id="only the name"),
        pytest.param(" Company ", id="the name with spaces around it"),
        pytest.param("company.atlassian.net", id="the host"),
        pytest.param("COMPANY.atlassian.net.", id="the host in capitals, with a dot"),
        pytest.param("https://company.atlassian.net/", id="the whole address"),
        pytest.param("http://company.atlassian.net", id="with the wrong scheme"),
        pytest.param("https://company.atlassian.net/browse/FHP-1", id="an issue"),
        pytest.param(
            "https://company.atlassian.net/jira/software/projects/FHP/boards/1?selectedIssue=FHP-2",
            id="a board",
        ),
        pytest.param("https://company.atlassian.net/wiki/spaces/X", id="the wiki of the site"),
        pytest.param("<https://company.atlassian.net>", id="in the brackets of a mail"),
        pytest.param("company.atlassian.net/jira/your-work", id="a page without a scheme"),
    ],
)
def test_every_way_to_name_a_cloud_site(pasted: str) -> None:
    assert understand(pasted) == COMPANY


@pytest.mark.parametrize(
    ("pasted", "base_url"),
    [
        pytest.param("https://jira.firm.com", "https://jira.firm.com", id="a host"),
        pytest.param("jira.firm.com", "https://jira.firm.com", id="a host without a scheme"),
        pytest.param(
            "https://jira.firm.com/jira/browse/X-1", "https://jira.firm.com/jira", id="an issue"
        ),
        pytest.param(
            "https://firm.com/tools/jira/secure/RapidBoard.jspa?rapidView=1",
            "https://firm.com/tools/jira",
            id="a board under a deep context path",
        ),
        pytest.param("https://firm.com/jira/", "https://firm.com/jira", id="a context path"),
        pytest.param(
            "https://firm.com:8443/projects/X/summary", "https://firm.com:8443", id="a port"
        ),
        pytest.param("https://firm.com:443/", "https://firm.com", id="the usual port"),
        pytest.param(
            "https://firm.com/jira/Dashboard.jspa", "https://firm.com/jira", id="a page of old"
        ),
        pytest.param(
            "https://firm.com/jira/login.jsp?os_destination=%2Fbrowse%2FX-1",
            "https://firm.com/jira",
            id="the sign-in page",
        ),
        pytest.param(
            "[fd12::1]:8443/jira/browse/X-1",
            "https://[fd12::1]:8443/jira",
            id="an IPv6 address without a scheme",
        ),
        pytest.param("HTTPS://Jira.Firm.COM/Jira", "https://jira.firm.com/Jira", id="capitals"),
        pytest.param("http://jira.local:8080", "http://jira.local:8080", id="plain http"),
        pytest.param("localhost:8070", "http://localhost:8070", id="this machine"),
        pytest.param("https://[fd12::1]:8443/", "https://[fd12::1]:8443", id="an IPv6 address"),
        pytest.param(
            "https://jira.firm.com/jira/rest/api/2/myself",
            "https://jira.firm.com/jira",
            id="an address of REST",
        ),
    ],
)
def test_a_site_of_ones_own(pasted: str, base_url: str) -> None:
    assert understand(pasted) == SiteAddress(base_url, None)


def test_the_gateway_of_scoped_tokens() -> None:
    found = understand(f"https://api.atlassian.com/ex/jira/{CLOUD_ID}/rest/api/3/myself")
    assert found == SiteAddress(f"https://api.atlassian.com/ex/jira/{CLOUD_ID}", Deployment.CLOUD)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("   ", "empty", id="only spaces"),
        pytest.param("our jira", "spaces", id="two words"),
        pytest.param("me@company.com", "e-mail", id="an e-mail address"),
        pytest.param("https://me:pw@company.com", "password", id="a password in the address"),
        pytest.param("ftp://company.com", "ftp", id="another protocol"),
        pytest.param("https://", "not an address", id="only a scheme"),
        pytest.param("https://a..b", "not an address", id="an empty part"),
        pytest.param("https://firm.com:99999", "not an address", id="an impossible port"),
        pytest.param("https://[x]/", "not an address", id="broken brackets"),
        pytest.param("https://-.com", "not an address", id="only a hyphen"),
        pytest.param("https://0177.0.0.1", "not an address", id="octal numbers"),
        pytest.param("https://0x7f.1", "not an address", id="hexadecimal numbers"),
        pytest.param("https://2130706433", "not an address", id="one number"),
        pytest.param("https://127.1", "not an address", id="too few numbers"),
        pytest.param("https://[::::]", "not an address", id="too many colons"),
        pytest.param("https://id.atlassian.com/login", "not your Jira", id="the account page"),
        pytest.param("atlassian.net", "not your Jira", id="the domain of all sites"),
        pytest.param("https://api.atlassian.com/oauth", "gateway", id="the gateway without a site"),
    ],
)
def test_what_is_no_site_is_said_in_a_sentence(pasted: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as raised:
        understand(pasted)
    assert raised.value.hint


@given(st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        found = understand(text)
    except Refused:
        return
    assert found.base_url.startswith(("https://", "http://"))
    assert not found.base_url.endswith("/")
    assert understand(found.base_url) == found
