"""A simulated Jira in a process of its own, and a person's hands on it.

Acts through Jira's REST API alone, as any other client would.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

WEBHOOKS = "/rest/webhooks/1.0/webhook"
EPIC_LINK, EPIC_NAME = "customfield_10101", "customfield_10103"  # of the simulated Server
SERVER_WEBHOOKS = "/rest/jira-webhook/1.0/webhooks"


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in to the simulated site; on Server with `username`, too.

    `account_id` is what Jira calls them by: on Server, the key.
    """

    email: str
    api_token: str
    account_id: str
    name: str
    username: str = ""
    password: str = ""

    @property
    def credential(self) -> tuple[str, str]:
        """What basic authentication takes."""
        return (self.username, self.password) if self.username else (self.email, self.api_token)

    @property
    def named(self) -> dict[str, str]:
        """The account as a field takes it."""
        return {"name": self.username} if self.username else {"accountId": self.account_id}


def _account(told: Mapping[str, Any]) -> Account:
    return Account(
        told["email"], told["api_token"], told.get("key", told["account_id"]),
        told.get("name", "Duolog Sync"),
        told.get("username", ""), told.get("password", ""),
    )  # fmt: skip


class Jira:
    """One running simulator: its service account, its people, and what they do."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.url: str = ready["url"]
        self.project_key: str = ready["project_key"]
        self.deployment: str = ready["deployment"]
        self.is_cloud = self.deployment == "cloud"
        self.rest = f"/rest/api/{3 if self.is_cloud else 2}"
        self._http = httpx2.Client(base_url=self.url, timeout=20)
        self.version: list[int] = [] if self.is_cloud else self._version()
        self.service = _account(ready)
        self.people = tuple(_account(person) for person in ready["people"])

    def _version(self) -> list[int]:
        told: list[int] = self._http.get(f"{self.rest}/serverInfo").json()["versionNumbers"]
        return told

    def close(self) -> None:
        self._http.close()

    def ask(self, method: str, path: str, body: object = None, *, by: Account | None = None) -> Any:
        """One call of the REST API, by a person (the first, where none is named)."""
        who = by or self.people[0]
        answer = self._http.request(method, f"{self.rest}/{path}", json=body, auth=who.credential)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def sim(self, method: str, path: str, body: object = None) -> Any:
        """One call of the simulator's own admin API."""
        answer = self._http.request(method, f"/_sim/{path}", json=body)
        assert answer.status_code < 300, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def reset(self) -> None:
        """Forget counted calls and planned faults."""
        self.sim("POST", "faults", [])
        self.sim("POST", "calls/reset")

    def calls(self) -> dict[str, int]:
        """Calls since the last reset, by operation, those of people included."""
        counted: dict[str, int] = self.sim("GET", "calls")
        return counted

    def start_over(self) -> None:
        """No issue, no planned fault and no counted call left, and the clock as ours is."""
        ours = datetime.fromtimestamp(time.time(), UTC)
        told = datetime.fromisoformat(self.sim("GET", "clock")["now"])
        if abs(ours - told) > timedelta(seconds=2):  # set, it lags by the way of the request
            self.sim("POST", "clock", {"now": ours.isoformat()})
        self.sim("POST", "faults", [])
        self._delete_all('created >= "2000-01-01"')
        self.reset()

    def new_project(self) -> str:
        """The key of a project nobody else uses: the one there is, emptied."""
        self._delete_all(f"project = {self.project_key}")
        return self.project_key

    def _delete_all(self, condition: str) -> None:
        for issue in reversed(self._found(condition)):  # sub-tasks go with their older parents
            self.delete(str(issue["id"]))

    def issues(self, project: str) -> list[dict[str, Any]]:
        """All issues of a project with all their fields."""
        return self._found(f"project = {project}")

    def _found(self, condition: str) -> list[dict[str, Any]]:
        if not self.is_cloud:
            asked = {"jql": f"{condition} ORDER BY id ASC", "fields": ["*all"],
                     "maxResults": 1000}  # fmt: skip
            return list(self.ask("POST", "search", asked, by=self.service)["issues"])
        found: list[dict[str, Any]] = []
        token = None
        while True:
            page = self.ask(
                "POST",
                "search/jql",
                {"jql": f"{condition} ORDER BY id ASC", "fields": ["*all"],
                 "maxResults": 100, **({"nextPageToken": token} if token else {})},
                by=self.service,
            )  # fmt: skip
            found += page["issues"]
            token = page.get("nextPageToken")
            if not token:
                return found

    def create(self, summary: str, *, kind: str = "Task", **fields: object) -> str:
        """The id of a new issue by the first person."""
        body = {
            "project": {"key": self.project_key},
            "issuetype": {"name": kind},
            "summary": summary,
            **fields,
        }
        return str(self.ask("POST", "issue", {"fields": body})["id"])

    def edit(self, issue: str, **fields: object) -> None:
        """Set fields as the first person."""
        self.ask("PUT", f"issue/{issue}", {"fields": fields})

    def get(self, issue: str) -> dict[str, Any]:
        """The fields of an issue."""
        return dict(self.ask("GET", f"issue/{issue}")["fields"])

    def find(self, issue: str) -> dict[str, Any] | None:
        """An issue as it is now, or None when it is not there."""
        if not self.is_cloud:
            found = self._http.get(f"{self.rest}/issue/{issue}", auth=self._admin)
            return None if found.status_code == 404 else dict(found.json())
        asked = {"issueIdsOrKeys": [issue], "fields": ["*all"]}
        told = self.ask("POST", "issue/bulkfetch", asked, by=self.service)
        return next(iter(told["issues"]), None)

    def comment(self, issue: str, text: str) -> str:
        """The id of a new comment by the first person."""
        return str(self.ask("POST", f"issue/{issue}/comment", {"body": self.text(text)})["id"])

    def attach(self, issue: str, name: str, content: bytes, *, by: Account | None = None) -> str:
        """The id of a file attached by a person (the first, where none is named)."""
        who = by or self.people[0]
        answer = self._http.post(
            f"{self.rest}/issue/{issue}/attachments",
            files={"file": (name, content)},
            headers={"X-Atlassian-Token": "no-check"},
            auth=who.credential,
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()[0]["id"])

    def files(self, issue: str) -> list[dict[str, Any]]:
        """The files of an issue."""
        return list(self.ask("GET", f"issue/{issue}?fields=attachment")["fields"]["attachment"])

    def content(self, file: Mapping[str, Any]) -> bytes:
        """What is in a file."""
        found = self._http.get(
            str(file["content"]), auth=self.service.credential, follow_redirects=True
        )
        assert found.status_code == 200, found.text
        return bytes(found.content)

    def text(self, *paragraphs: str) -> Any:
        """Paragraphs as this Jira keeps text."""
        return adf(*paragraphs) if self.is_cloud else "\n\n".join(paragraphs)

    def below(self, parent: str, *, epic: bool = False) -> dict[str, Any]:
        """The field that puts an issue below another, which on Server depends on the level."""
        if self.is_cloud or not epic:
            return {"parent": {"id": parent}}
        return {EPIC_LINK: self.ask("GET", f"issue/{parent}?fields=summary")["key"]}

    def comments(self, issue: str) -> list[dict[str, Any]]:
        """The comments of an issue."""
        return list(self.ask("GET", f"issue/{issue}/comment")["comments"])

    def move(self, issue: str, status: str) -> None:
        """Take the step that leads to a status of this name."""
        steps = self.ask("GET", f"issue/{issue}/transitions")["transitions"]
        step = next(s for s in steps if s["to"]["name"] == status)
        self.ask("POST", f"issue/{issue}/transitions", {"transition": {"id": step["id"]}})

    def register_webhook(self, url: str, events: Sequence[str], secret: str) -> None:
        """Have the site deliver there, and nowhere else."""
        for hook in self.webhooks():
            place = hook.get("self") or f"{self._webhooks}/{hook['id']}"
            self._http.delete(place, auth=self._admin)
        body: dict[str, Any] = {"name": "test", "url": url, "events": list(events)}
        if secret:
            body |= {"secret": secret} if self.is_cloud else {"configuration": {"SECRET": secret}}
        answer = self._http.post(self._webhooks, json=body, auth=self._admin)
        assert answer.status_code == 201, answer.text

    def webhooks(self) -> list[dict[str, Any]]:
        """The webhooks registered on the site."""
        return list(self._http.get(self._webhooks, auth=self._admin).json())

    @property
    def _webhooks(self) -> str:
        return SERVER_WEBHOOKS if self.version >= [10] else WEBHOOKS

    @property
    def _admin(self) -> tuple[str, str]:
        return self.service.credential

    def wait_for_deliveries(self) -> None:
        """Return once every delivery that is due has been answered."""
        assert self.sim("POST", "webhooks/wait", {"seconds": 15})["idle"]

    def hide(self, project: str, *, hidden: bool = True) -> None:
        """Take the service account out of the project's administrators, or back among them."""
        role = f"project/{project}/role/10002"
        name = self.service.account_id if self.is_cloud else self.service.username
        if hidden:
            self.ask("DELETE", f"{role}?user={name}")
        else:
            self.ask("POST", role, {"user": [name]})

    @contextlib.contextmanager
    def service_as_a_member(self, project: str) -> Iterator[None]:
        """Have the service account a member of the project, and among its administrators no more."""
        role = f"project/{project}/role/10003"
        name = self.service.account_id if self.is_cloud else self.service.username
        self.ask("POST", role, {"user": [name]})
        self.hide(project)
        try:
            yield
        finally:
            self.hide(project, hidden=False)
            self.ask("DELETE", f"{role}?user={name}")

    def archive(self, project: str, *, archived: bool = True) -> None:
        """Archive a project, or restore it."""
        verb = "archive" if archived else "restore"
        self.ask("POST" if self.is_cloud else "PUT", f"project/{project}/{verb}", by=self.service)

    def rename_project(self, project: str, key: str) -> None:
        """Give a project another key."""
        self.ask("PUT", f"project/{project}", {"key": key}, by=self.service)

    def delete(self, issue: str) -> None:
        """Delete an issue as the service account, which may."""
        self.ask("DELETE", f"issue/{issue}?deleteSubtasks=true", by=self.service)


def adf(*paragraphs: str) -> dict[str, Any]:
    """Plain paragraphs as a document."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": p}]} for p in paragraphs]
    return {"type": "doc", "version": 1, "content": content}


@contextlib.contextmanager
def running_jirasim(*options: str) -> Iterator[Jira]:
    """A simulator without issues on a free port, until the end of the block."""
    arguments = [sys.executable, "-m", "jirasim", "--port", "0", *options]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        jira = Jira(json.loads(process.stdout.readline()))
        try:
            yield jira
        finally:
            jira.close()
            process.terminate()
            process.stdout.close()
            process.wait(timeout=10)
