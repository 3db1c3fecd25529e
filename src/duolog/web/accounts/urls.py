"""The addresses under /accounts/: allauth's views behind our templates.  Their names are allauth's."""

from __future__ import annotations

from typing import Final

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkey
from django.conf import settings
from django.urls import URLPattern, URLResolver, path, re_path

from duolog.web.views import entry, frame, single_sign_on
from duolog.web.views.account import ChangeEmail

_SIGN_IN: Final[list[URLPattern | URLResolver]] = [
    path(
        "login/",
        account.LoginView.as_view(template_name="web/account/login.html"),
        name="account_login",
    ),
    path("signup/", frame.home, name="account_signup"),
    path(
        "logout/",
        account.LogoutView.as_view(template_name="web/account/logout.html"),
        name="account_logout",
    ),
    path("inactive/", entry.no_workplace, name="account_inactive"),
    path(
        "confirm/",
        account.ReauthenticateView.as_view(template_name="web/account/confirm.html"),
        name="account_reauthenticate",
    ),
    path("security/", entry.security, name="mfa_index"),
]

_EMAIL: Final[list[URLPattern | URLResolver]] = [
    path("email/", ChangeEmail.as_view(), name="account_email"),
    path("email/sent/", entry.security, name="account_email_verification_sent"),
    path(
        "email/<str:key>/",
        account.ConfirmEmailView.as_view(template_name="web/account/email_confirm.html"),
        name="account_confirm_email",
    ),
]

_PASSWORD: Final[list[URLPattern | URLResolver]] = [
    path(
        "password/change/",
        account.PasswordChangeView.as_view(template_name="web/account/password_change.html"),
        name="account_change_password",
    ),
    path(
        "password/set/",
        account.PasswordSetView.as_view(template_name="web/account/password_set.html"),
        name="account_set_password",
    ),
    path(
        "password/reset/",
        account.PasswordResetView.as_view(template_name="web/account/password_reset.html"),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        account.PasswordResetDoneView.as_view(template_name="web/account/password_reset_done.html"),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.PasswordResetFromKeyView.as_view(
            template_name="web/account/password_reset_from_key.html"
        ),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.PasswordResetFromKeyDoneView.as_view(
            template_name="web/account/password_reset_from_key_done.html"
        ),
        name="account_reset_password_from_key_done",
    ),
]

_SECOND_FACTOR: Final[list[URLPattern | URLResolver]] = [
    path(
        "code/",
        second_factor.AuthenticateView.as_view(template_name="web/account/code.html"),
        name="mfa_authenticate",
    ),
    path(
        "confirm/code/",
        second_factor.ReauthenticateView.as_view(template_name="web/account/confirm_code.html"),
        name="mfa_reauthenticate",
    ),
    path(
        "app/",
        app.ActivateTOTPView.as_view(template_name="web/account/app.html"),
        name="mfa_activate_totp",
    ),
    path(
        "app/remove/",
        app.DeactivateTOTPView.as_view(template_name="web/account/app_remove.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "codes/",
        codes.ViewRecoveryCodesView.as_view(template_name="web/account/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "codes/new/",
        codes.GenerateRecoveryCodesView.as_view(template_name="web/account/codes_new.html"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        codes.DownloadRecoveryCodesView.as_view(),
        name="mfa_download_recovery_codes",
    ),
]

_PASSKEYS: Final[list[URLPattern | URLResolver]] = [
    path("passkeys/", entry.security, name="mfa_list_webauthn"),
    path("passkeys/sign-in/", passkey.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path(
        "passkeys/add/",
        passkey.AddWebAuthnView.as_view(template_name="web/account/passkey.html"),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        passkey.RemoveWebAuthnView.as_view(template_name="web/account/passkey_remove.html"),
        name="mfa_remove_webauthn",
    ),
    path(
        "confirm/passkey/",
        passkey.ReauthenticateWebAuthnView.as_view(
            template_name="web/account/confirm_passkey.html"
        ),
        name="mfa_reauthenticate_webauthn",
    ),
]

_SINGLE_SIGN_ON: Final[list[URLPattern | URLResolver]] = [
    path("sso/", single_sign_on.begin, name="single-sign-on"),
    path(
        "sso/callback/",
        single_sign_on.finish,
        {"provider_id": settings.OIDC_PROVIDER_ID},
        name="openid_connect_callback",
    ),
    path("sso/cancelled/", single_sign_on.cancelled, name="socialaccount_login_cancelled"),
]

ACCOUNT: Final = [*_SINGLE_SIGN_ON, *_SIGN_IN, *_EMAIL, *_PASSWORD, *_SECOND_FACTOR, *_PASSKEYS]
