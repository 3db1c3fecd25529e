"""The certificate of a site's own authority: text is taken, and what is not says what to send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from helpers.authorities import ENDS, a_certificate

from duolog.connections.certificates import certificate_ends, read_certificates
from duolog.people.errors import Invalid


def test_a_certificate_is_taken_and_its_end_known() -> None:
    pem, _ = a_certificate()
    assert read_certificates(f"\n {pem} \n") == pem
    assert certificate_ends(pem) == ENDS


def test_of_several_the_first_to_end_counts() -> None:
    soon, later = a_certificate(ends=ENDS - timedelta(days=9))[0], a_certificate()[0]
    assert certificate_ends(read_certificates(later + soon)) == ENDS - timedelta(days=9)


def test_without_one_nothing_ends() -> None:
    assert read_certificates("  ") == ""
    assert certificate_ends("") is None


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        pytest.param("/etc/ssl/ca.pem", "is the name of a file", id="a path"),
        pytest.param("~/ca.pem", "is the name of a file", id="a path at home"),
        pytest.param("C:\\certs\\ca.crt", "is the name of a file", id="a path of Windows"),
        pytest.param("our-ca.crt", "is the name of a file", id="a name"),
        pytest.param("MIIBtjCCAVug", "This is no certificate", id="the middle of one"),
        pytest.param("x" * 100_001, "more than the certificate", id="far too much"),
        pytest.param(
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "damaged", id="damaged"
        ),
    ],
)
def test_what_is_no_certificate_says_what_to_send(pasted: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as caught:
        read_certificates(pasted)
    assert set(caught.value.errors) == {"ca_certificate"}


def test_a_private_key_is_refused() -> None:
    pem, key = a_certificate()
    with pytest.raises(Invalid, match="private key"):
        read_certificates(pem + key)
