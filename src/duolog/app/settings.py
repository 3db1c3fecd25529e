"""Django's settings, derived from `config`.  Reads the environment once."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from duolog.app.config import keep_secret, load_config
from duolog.app.hardening import hosts_of
from duolog.app.logs import logging_settings

CONFIG: Final = load_config(os.environ)

SECRET_KEY = CONFIG.secret_key or keep_secret(CONFIG.home / "secret.key", secrets.token_urlsafe(48))
SECRET_KEY_FALLBACKS = list(CONFIG.former_secret_keys)
ENCRYPTION_KEYS = CONFIG.encryption_keys or (
    keep_secret(CONFIG.home / "encryption.key", Fernet.generate_key().decode()),
)
PUBLIC_URL = CONFIG.public_url
METRICS_TOKEN = CONFIG.metrics_token
WORKPLACE_DOMAIN = CONFIG.workplace_domain
ALLOW_PRIVATE_HOSTS = CONFIG.allow_private_hosts
POLL_EVERY = CONFIG.poll_every
ATLASSIAN_CLIENT_ID = CONFIG.atlassian_client_id
ATLASSIAN_CLIENT_SECRET = CONFIG.atlassian_client_secret
ATLASSIAN_AUTH_URL = CONFIG.atlassian_auth_url
ATLASSIAN_API_URL = CONFIG.atlassian_api_url
DEBUG = False
ALLOWED_HOSTS = hosts_of(PUBLIC_URL, CONFIG.workplace_domain)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]


_GIVEN_UP_AFTER: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A host of PostgreSQL that fell silent: in seconds, the last in milliseconds; else it is hours."""


def database_at(url: str) -> dict[str, Any]:
    """What Django is told of the database at an address; behind it stand options of libpq."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "duolog.work.sqlite",
            "NAME": parts.path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA foreign_keys=ON; PRAGMA cache_size=-20000"
                ),
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**_GIVEN_UP_AFTER, **dict(parse_qsl(parts.query))},
    }


DATABASES = {"default": database_at(CONFIG.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

INSTALLED_APPS = [
    "duolog.web",  # before allauth, whose mails it words anew
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "duolog.work",
    "duolog.people",
    "duolog.notifications",
    "duolog.workplace",
    "duolog.connections",
    "duolog.worklogs",
    "duolog.sync",
    "duolog.worker",
    "duolog.api",
]
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "duolog.app.hardening.believe",
    "duolog.app.hardening.harden",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "duolog.web.middleware.answer_at_names",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "duolog.web.middleware.note_sessions",
    "django_htmx.middleware.HtmxMiddleware",
    "duolog.api.middleware.only_problems",
]
ROOT_URLCONF = "duolog.app.urls"
WSGI_APPLICATION = "duolog.app.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

MEDIA_ROOT = CONFIG.home / "files"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.is_https
SESSION_COOKIE_NAME = "__Host-session" if CONFIG.is_https else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIG.is_https else "csrf"
CSRF_COOKIE_HTTPONLY = True  # pages tell scripts the token themselves
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_HSTS_SECONDS = 31_536_000 if CONFIG.is_https else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 26 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a mapping has two for each person
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "duolog.workplace.uploads.CappedUpload",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

CSRF_FAILURE_VIEW = "duolog.web.views.errors.csrf_failed"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "duolog.web.accounts.sign_in.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if CONFIG.is_https else "http"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = CONFIG.trusted_proxies
MFA_ADAPTER = "duolog.web.accounts.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody has an account whom no administrator invited
MFA_TOTP_ISSUER = "Duolog"
MFA_TOTP_TOLERANCE = 1

OIDC_ISSUER, OIDC_NAME, OIDC_ONLY = CONFIG.oidc.issuer, CONFIG.oidc.name, CONFIG.oidc.is_only
OIDC_PROVIDER_ID = f"sso-{hashlib.sha256(OIDC_ISSUER.encode()).hexdigest()[:10]}"
"""Of the issuer, so that nobody's number at one provider is taken for theirs at another."""
SOCIALACCOUNT_ADAPTER = "duolog.web.accounts.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": OIDC_NAME,
                "client_id": CONFIG.oidc.client_id,
                "secret": CONFIG.oidc.client_secret,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if CONFIG.mail.host
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = CONFIG.mail.host, CONFIG.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail.user, CONFIG.mail.password
EMAIL_USE_TLS = CONFIG.mail.use_tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CONFIG.mail.sender

LOGGING = logging_settings(CONFIG.log_format)
