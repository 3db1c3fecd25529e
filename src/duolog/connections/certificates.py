"""Certificates of authorities that a site's own is signed by, as people paste them.  Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from cryptography import x509

from duolog.people.errors import Invalid

LARGEST: Final = 100_000
_PATH: Final = re.compile(r"(~|\.{0,2}/|[A-Za-z]:\\|\\\\)\S*|\S+\.(pem|crt|cer|der|p7b|pfx)")
_SEND_TEXT: Final = (
    "Send what the certificate's file holds: text that begins with -----BEGIN CERTIFICATE-----."
)


def read_certificates(pasted: str) -> str:
    """The certificates in `pasted` as PEM text; empty where it is.  Raises Invalid."""
    text = pasted.strip()
    if not text:
        return ""
    if "PRIVATE KEY" in text:
        raise _invalid("This holds a private key. Send the certificate alone, and keep the key.")
    if len(text) > LARGEST:
        raise _invalid("This is more than the certificate of an authority.")
    if _PATH.fullmatch(text):
        raise _invalid(f"{text[:80]} is the name of a file. {_SEND_TEXT}")
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise _invalid(f"This is no certificate. {_SEND_TEXT}")
    _parsed(text)
    return f"{text}\n"


def certificate_ends(pem: str) -> datetime | None:
    """When the first of these certificates ends; None where there is none."""
    return min((it.not_valid_after_utc for it in _parsed(pem)), default=None) if pem else None


def _parsed(pem: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise _invalid("The certificate is damaged. Copy the whole file again.") from None


def _invalid(sentence: str) -> Invalid:
    return Invalid({"ca_certificate": sentence})
