"""What allauth's views need beside a template of ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.views import EmailView
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from duolog.people.accounts import vouch_for_email
from duolog.people.models import User
from duolog.people.queries import is_email_of_another


class NewEmail(AddEmailForm):
    """The address to change to; another account's is refused before a mail goes there."""

    def clean_email(self) -> str:
        """The address in lower case."""
        email: str = super().clean_email()
        if is_email_of_another(email, self.user):
            raise get_adapter().validation_error("email_taken")
        return email


class ChangeEmail(EmailView):
    """Take another e-mail, once a link that goes there was followed."""

    form_class = NewEmail
    template_name = "web/account/email.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The present address counts as confirmed: an administrator invited it."""
        if isinstance(request.user, User):
            vouch_for_email(request.user)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer
