"""Who is meant by a mention in a text, here and in Jira, for one binding.

Cloud mentions an account by its id.  Server mentions a login name, which is asked for once and
kept with the binding, as is one that means nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from duolog.core.errors import Unseen
from duolog.core.fields import ValueMap, foreign_id
from duolog.core.markup.mentions import People
from duolog.jira.dialect import Deployment
from duolog.people.models import Member
from duolog.sync.basis.ground import Ground

NOBODY: Final = "-"


class PeopleInTexts:
    """Answers `FindPeople` for the texts of one binding."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._has_logins = ground.dialect.deployment is Deployment.SERVER

    def find(self, called: Collection[str], members: Collection[str]) -> People:
        """The people meant; asks Jira only for login names that were never met before."""
        if not called and not members:
            return People()
        meant = {name: who for name in called if (who := self._member(name)) is not None}
        known = {*members, *meant.values()}
        return People(
            members=meant,
            called={it: name for it in known if (name := self._name_of(it)) is not None},
            names=self._names(known),
        )

    def _member(self, called: str) -> str | None:
        account = self._account_of(called) if self._has_logins else called
        return self._ground.fields.users.inbound.get(account)

    def _name_of(self, member: str) -> str | None:
        account = self._ground.fields.users.encode(member)
        if account is None or not self._has_logins:
            return account
        return self._ground.fields.logins.encode(account) or self._login_of(account)

    def _account_of(self, login: str) -> str:
        known = self._ground.fields.logins.inbound.get(login)
        if known is not None:
            return known
        try:
            account = self._ground.client.people.called(login)
        except Unseen:
            self._learn({}, {login: NOBODY})
            return NOBODY
        if foreign_id(self._ground.account_here(account)) is not None:
            self._learn({}, {login: account.account_id})
        else:
            self._learn({account.account_id: login}, {login: account.account_id})
        return account.account_id

    def _login_of(self, account: str) -> str | None:
        try:
            login = self._ground.client.people.get(account).name
        except Unseen:
            return None
        if login is not None:
            self._learn({account: login}, {login: account})
        return login

    def _learn(self, outbound: Mapping[str, str], inbound: Mapping[str, str]) -> None:
        known = self._ground.fields.logins
        logins = ValueMap({**known.outbound, **outbound}, {**known.inbound, **inbound})
        self._ground.keep_learnt(replace(self._ground.fields, logins=logins), "logins")

    def _names(self, members: Collection[str]) -> dict[str, str]:
        rows = Member.objects.filter(
            workplace=self._ground.binding.team.workplace_id, pk__in=map(int, members)
        )
        return {str(member.pk): member.name for member in rows.select_related("user")}
