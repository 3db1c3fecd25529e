"""Coming in: the first account, invitations, and where one belongs to no workplace."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from duolog.people.accounts import join_with_new_account, make_first_account
from duolog.people.errors import Invalid
from duolog.people.models import Invitation, User
from duolog.people.needs import Door, states
from duolog.people.queries import find_membership, has_account, has_users, list_workplaces
from duolog.people.services import accept, find_invitation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _text(label: str, hint: str = "", *, is_secret: bool = False) -> forms.CharField:
    complete = "new-password" if is_secret else "on"
    attributes = {"class": "input", "autocomplete": complete}
    widget = forms.PasswordInput(attributes) if is_secret else forms.TextInput(attributes)
    return forms.CharField(label=label, help_text=hint, widget=widget, max_length=200)


class JoinForm(forms.Form):
    """A new person."""

    name = _text("Your name")
    password = _text("Password", "At least 10 characters.", is_secret=True)


class StartForm(JoinForm):
    """The first person, and the workplace they own."""

    email = forms.EmailField(label="E-mail", widget=forms.EmailInput({"class": "input"}))
    workplace = _text("Name of the workplace", "Your company or group.")
    field_order = ("workplace", "name", "email", "password")


@states(Door.ANYBODY)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Make the first account, once."""
    if has_users():
        return redirect("account_login")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            member = make_first_account(**form.cleaned_data)
        except Invalid as invalid:
            _tell(form, invalid)
        else:
            return _enter(request, member.user, member.workplace.slug)
    return render(request, "web/start.html", {"form": form}, status=_status(form))


@states(Door.ADDRESS)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Join by a link: with a new account, or with the invited one, once it is signed in."""
    found = find_invitation(token)
    if found is None:
        return render(request, "web/invitation.html", {"invitation": None}, status=404)
    if isinstance(request.user, User):
        return _join_as(request, token, found, request.user)
    form = JoinForm(request.POST or None)
    if request.method == "POST" and not settings.OIDC_ONLY and form.is_valid():
        joined = _join(request, token, form)
        if joined:
            return joined
    return _invitation(request, found, form)


def _join_as(request: HttpRequest, token: str, found: Invitation, user: User) -> HttpResponse:
    """Who is signed in joins by a button, if the invitation is theirs."""
    if find_membership(user, found.workplace.slug):
        return redirect("web:workplace", found.workplace.slug)
    is_mine = found.email == user.email
    if request.method == "POST" and is_mine:
        member = accept(token, user)
        return redirect("web:workplace", member.workplace.slug)
    answer = _invitation(request, found, JoinForm())
    answer.status_code = 200 if is_mine else 403
    return answer


@states(Door.SIGNED_IN)
@require_GET
@login_required
def no_workplace(request: HttpRequest) -> HttpResponse:
    """For somebody who was taken out of every workplace."""
    return render(request, "web/no_workplace.html")


@states(Door.SIGNED_IN)
@require_GET
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Back to the page of sign-in and security, in the workplace one came from."""
    user = request.user
    slugs = [each.slug for each in list_workplaces(user)] if isinstance(user, User) else []
    if not slugs:
        return redirect("web:no-workplace")
    came_from = request.session.get("came_from")
    return redirect("web:security", came_from if came_from in slugs else slugs[0])


def _join(request: HttpRequest, token: str, form: JoinForm) -> HttpResponseRedirect | None:
    try:
        member = join_with_new_account(token, **form.cleaned_data)
    except Invalid as invalid:
        _tell(form, invalid)
        return None
    return _enter(request, member.user, member.workplace.slug)


def _invitation(request: HttpRequest, found: Invitation, form: JoinForm) -> HttpResponse:
    context = {"invitation": found, "form": form, "has_account": has_account(found.email)}
    answer = render(request, "web/invitation.html", context, status=_status(form))
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _enter(request: HttpRequest, user: User, slug: str) -> HttpResponseRedirect:
    login(request, user, backend=BACKEND)
    return redirect("web:workplace", slug)


def _tell(form: forms.Form, invalid: Invalid) -> None:
    for field, words in invalid.errors.items():
        form.add_error(field if field in form.fields else None, words)


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound else 200
