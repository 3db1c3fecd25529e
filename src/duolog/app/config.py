"""The configuration: environment in, one frozen value out, every problem in one error."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

PREFIX: Final = "DUOLOG_"
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
TESTS_ONLY: Final = frozenset({"DUOLOG_TEST_DATABASE"})


class ConfigError(Exception):
    """The environment cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Duolog cannot start:\n" + "\n".join(f"  - {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves; without a host it is printed to the log."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    use_tls: bool


@dataclass(frozen=True, slots=True)
class Oidc:
    """The provider of single sign-on; without an issuer there is none."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    is_only: bool


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the environment decides, read once at start."""

    home: Path
    database_url: str
    secret_key: str
    former_secret_keys: tuple[str, ...]
    encryption_keys: tuple[str, ...]
    public_url: str
    port: int
    workplace_domain: str
    trusted_proxies: int
    allow_private_hosts: bool
    poll_every: timedelta
    log_format: str
    metrics_token: str
    mail: Mail
    oidc: Oidc
    atlassian_client_id: str
    atlassian_client_secret: str
    atlassian_auth_url: str
    atlassian_api_url: str

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS, so that cookies must be secure."""
        return self.public_url.startswith("https://")


class Reader:
    """Reads names under one prefix and collects what is wrong with them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._read: set[str] = set(TESTS_ONLY)
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value as it stands, stripped."""
        self._read.add(PREFIX + name)
        return self._env.get(PREFIX + name, default).strip()

    def secret(self, name: str) -> str:
        """NAME, or the content of the file that NAME_FILE names."""
        value, path = self.text(name), self.text(f"{name}_FILE")
        if value and path:
            self.problems.append(f"Set {PREFIX}{name} or {PREFIX}{name}_FILE, not both.")
        if not path:
            return value
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            self.problems.append(f"{PREFIX}{name}_FILE cannot be read: {error.strerror} ({path}).")
            return ""

    def secret_url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        """An address with a password in it: NAME, or the content of a file."""
        value = self.secret(name) or default
        if urlsplit(value).scheme not in schemes:
            told = " or ".join(schemes)
            self.problems.append(f"{PREFIX}{name} must begin with {told}://.")
        return value.rstrip("/")

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false, also 1 and 0."""
        value = self.text(name, str(default)).lower()
        if value not in {"true", "false", "1", "0"}:
            self.problems.append(f"{PREFIX}{name} must be true or false, not {value!r}.")
        return value in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.text(name, str(default))
        if not value.isdecimal():
            self.problems.append(f"{PREFIX}{name} must be a whole number, not {value!r}.")
            return default
        return int(value)

    def duration(self, name: str, default: timedelta) -> timedelta:
        """A number with s, m or h, such as 5m; a bare number counts seconds."""
        value = self.text(name) or f"{int(default.total_seconds())}s"
        units = {"s": 1, "m": 60, "h": 3600}
        digits, unit = (value[:-1], value[-1]) if value[-1] in units else (value, "s")
        if not digits.isdecimal() or int(digits) == 0:
            self.problems.append(
                f"{PREFIX}{name} must be a duration such as 30s or 5m, not {value!r}."
            )
            return default
        return timedelta(seconds=int(digits) * units[unit])

    def choice(self, name: str, options: tuple[str, ...]) -> str:
        """One of the options; the first is the default."""
        value = self.text(name) or options[0]
        if value not in options:
            self.problems.append(
                f"{PREFIX}{name} must be one of {', '.join(options)}, not {value!r}."
            )
        return value

    def url(self, name: str, default: str, schemes: tuple[str, ...]) -> str:
        """An address with one of the schemes, without a slash at its end."""
        value = self.text(name) or default
        if urlsplit(value).scheme not in schemes:
            self.problems.append(
                f"{PREFIX}{name} must begin with {' or '.join(schemes)}://, not {value!r}."
            )
        return value.rstrip("/")

    def unknown(self) -> list[str]:
        """One problem for every name under the prefix that nothing reads."""
        names = sorted(n for n in self._env if n.startswith(PREFIX) and n not in self._read)
        return [
            f"{name} is not a setting of Duolog; remove it or correct its name." for name in names
        ]


def load_config(env: Mapping[str, str]) -> Config:
    """The whole configuration, or one `ConfigError` that lists every problem."""
    reader = Reader(env)
    home = Path(reader.text("HOME", "var")).resolve()
    port = reader.number("PORT", 8000)
    config = Config(
        home=home,
        database_url=reader.secret_url(
            "DATABASE_URL",
            f"sqlite://{home / 'duolog.sqlite3'}",
            ("sqlite", "postgresql", "postgres"),
        ),
        secret_key=reader.secret("SECRET_KEY"),
        former_secret_keys=tuple(reader.secret("FORMER_SECRET_KEYS").replace(",", " ").split()),
        encryption_keys=tuple(reader.secret("ENCRYPTION_KEYS").replace(",", " ").split()),
        public_url=reader.url("PUBLIC_URL", f"http://127.0.0.1:{port}", ("http", "https")),
        port=port,
        workplace_domain=reader.text("WORKPLACE_DOMAIN").lower().strip("."),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0),
        allow_private_hosts=reader.flag("ALLOW_PRIVATE_HOSTS"),
        poll_every=reader.duration("POLL_EVERY", timedelta(minutes=5)),
        log_format=reader.choice("LOG_FORMAT", ("text", "json")),
        metrics_token=reader.secret("METRICS_TOKEN"),
        mail=_mail(reader),
        oidc=_oidc(reader),
        atlassian_client_id=reader.text("ATLASSIAN_CLIENT_ID"),
        atlassian_client_secret=reader.secret("ATLASSIAN_CLIENT_SECRET"),
        atlassian_auth_url=reader.url(
            "ATLASSIAN_AUTH_URL", "https://auth.atlassian.com", ("https", "http")
        ),
        atlassian_api_url=reader.url(
            "ATLASSIAN_API_URL", "https://api.atlassian.com", ("https", "http")
        ),
    )
    problems = [*reader.problems, *_bad_keys(config.encryption_keys), *reader.unknown()]
    if problems:
        raise ConfigError(problems)
    return config


def _mail(reader: Reader) -> Mail:
    return Mail(
        host=reader.text("MAIL_HOST"),
        port=reader.number("MAIL_PORT", 587),
        user=reader.text("MAIL_USER"),
        password=reader.secret("MAIL_PASSWORD"),
        sender=reader.text("MAIL_FROM", "duolog@localhost"),
        use_tls=reader.flag("MAIL_TLS", default=True),
    )


def _oidc(reader: Reader) -> Oidc:
    oidc = Oidc(
        issuer=reader.text("OIDC_ISSUER").rstrip("/"),
        client_id=reader.text("OIDC_CLIENT_ID"),
        client_secret=reader.secret("OIDC_CLIENT_SECRET"),
        name=reader.text("OIDC_NAME", "single sign-on"),
        is_only=reader.flag("OIDC_ONLY"),
    )
    parts = urlsplit(oidc.issuer)
    if oidc.issuer and parts.scheme != "https" and parts.hostname not in _THIS_MACHINE:
        reader.problems.append(f"{PREFIX}OIDC_ISSUER must begin with https://.")
    if len({bool(oidc.issuer), bool(oidc.client_id), bool(oidc.client_secret)}) == 2:
        reader.problems.append(
            f"Set {PREFIX}OIDC_ISSUER, {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET, "
            "all three or none."
        )
    if oidc.is_only and not oidc.issuer:
        reader.problems.append(f"{PREFIX}OIDC_ONLY needs {PREFIX}OIDC_ISSUER.")
    return oidc


def _bad_keys(keys: tuple[str, ...]) -> list[str]:
    problems = []
    for number, key in enumerate(keys, 1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(
                f"{PREFIX}ENCRYPTION_KEYS: key {number} is not 32 bytes in URL-safe base64; "
                "make one with `duolog admin key`."
            )
    return problems


def keep_secret(path: Path, fresh: str) -> str:
    """The secret kept in a file that only its owner reads; made of `fresh` the first time.

    Two processes that start at once agree: whoever loses the race reads what the other wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        draft.touch(mode=0o600)
        draft.write_text(fresh)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
