"""Which OAuth scopes an operation needs, as Atlassian's documents list them.  Data and a look-up.

Rules are by path below the API, the most exact first: a whole path (written with `$`), then the
longest beginning; one with a method before one without.  The classic scopes of the platform, and
the granular ones of the agile part, which has no others.
"""

import re
from collections.abc import Mapping
from typing import Final

Rules = Mapping[str, str]
"""From scopes to the paths that need all of them."""

PLATFORM_READS: Final[Rules] = {
    "read:jira-work": "/",
    "read:jira-user": "configuration$ group groups/picker$ myself$ user users",
    "manage:jira-webhook read:jira-work": "webhook",
    "manage:jira-project": "field/{}/contexts$ field/{}/screens$ issuesecurityschemes$ "
    "issuesecurityschemes/{}$ project/{}/email$ screens screenscheme$ workflow/search$",
    "manage:jira-configuration": "app/field/{}/context/configuration$ application-properties "
    "applicationrole auditing/record$ avatar/{}/system$ config/fieldschemes "
    "configuration/timetracking events$ field/{}/context field/{}/option$ field/{}/option/{}$ "
    "fieldconfiguration fieldconfigurationscheme group/member$ instance/license$ "
    "issuesecurityschemes issuetypescheme issuetypescreenscheme license/approximateLicenseCount "
    "mypreferences notificationscheme permissions$ priorityscheme "
    "project-template/live-template$ role securitylevel/{}$ statuses "
    "universal_avatar/type/{}/owner/{}$ workflow workflows workflowscheme",
    "": "jql/function/computation$ serverInfo$",
}
PLATFORM_WRITES: Final[Rules] = {
    "manage:jira-configuration": "/ jql/sanitize$ DELETE:project/{}$ project/{}/delete$ "
    "project/{}/restore$ POST:project/{}/role/{}$",
    "write:jira-work": "attachment/{}$ bulk/issues comment/{}/properties/{}$ dashboard filter "
    "issue issueLink task/{}/cancel$ user/properties/{}$ version/{}/relatedwork",
    "read:jira-work": "changelog/bulkfetch$ comment/list$ issue/bulkfetch$ issue/watching$ "
    "issue/{}/changelog/list$ issues/archive/export$ jql permissions/project$ search "
    "uiModifications worklog/list$",
    "manage:jira-project": "component project/{} projectCategory screens DELETE:screenscheme/{}$ "
    "version",
    "manage:jira-webhook read:jira-work": "webhook",
    "read:jira-work write:jira-work": "dashboard/{}/gadget$",
    "read:jira-user read:jira-work": "expression",
    "read:jira-user": "jql/pdcleaner$",
    "": "app/field/value$ app/field/{}/value$ jql/function/computation permissions/check$ "
    "DELETE:uiModifications/{}$",
}
AGILE_READS: Final[Rules] = {
    "read:board-scope:jira-software read:project:jira": "board$",
    "read:board-scope:jira-software read:issue-details:jira": "board",
    "read:board-scope:jira-software": "/ board/{}/reports board/{}/version",
    "read:board-scope.admin:jira-software": "board/filter board/{}/features board/{}/properties",
    "read:board-scope.admin:jira-software read:jql:jira": "board/{}/quickfilter",
    "read:board-scope.admin:jira-software read:project:jira": "board/{}/configuration "
    "board/{}/project",
    "read:epic:jira-software": "board/{}/epic epic",
    "read:epic:jira-software read:issue-details:jira read:jql:jira": "board/{}/epic/{}/issue "
    "board/{}/epic/none/issue epic/{}/issue epic/none/issue",
    "read:issue:jira-software": "issue",
    "read:issue:jira-software read:issue-details:jira": "issue/{}/estimation",
    "read:sprint:jira-software": "board/{}/sprint sprint",
    "read:sprint:jira-software read:issue-details:jira read:jql:jira": "board/{}/sprint/{}/issue "
    "sprint/{}/issue",
}
AGILE_WRITES: Final[Rules] = {
    "write:board-scope:jira-software": "/ board backlog",
    "write:board-scope.admin:jira-software": "board/{}/features board/{}/properties",
    "delete:board-scope.admin:jira-software": "DELETE:board/{}/properties",
    "write:epic:jira-software": "epic",
    "write:issue:jira-software": "issue",
    "write:issue:jira-software read:issue-details:jira": "issue/{}/estimation",
    "write:sprint:jira-software": "sprint",
    "delete:sprint:jira-software": "DELETE:sprint",
}


def needed(method: str, path: str, *, agile: bool = False) -> frozenset[str]:
    """All scopes that this operation asks for; `path` is the template below the API."""
    reading = method in ("GET", "HEAD", "OPTIONS")
    table = BY_PATH[agile, reading]
    plain = re.sub(r"\{\w+\}", "{}", path).strip("/")
    parts = plain.split("/")
    beginnings = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for rule in (f"{plain}$", *beginnings, "/"):
        for key in (f"{method}:{rule}", rule):
            if key in table:
                return table[key]
    return frozenset()


def _by_path(rules: Rules) -> Mapping[str, frozenset[str]]:
    return {
        path: frozenset(scopes.split()) for scopes, paths in rules.items() for path in paths.split()
    }


BY_PATH: Final = {
    (False, True): _by_path(PLATFORM_READS),
    (False, False): _by_path(PLATFORM_WRITES),
    (True, True): _by_path(AGILE_READS),
    (True, False): _by_path(AGILE_WRITES),
}
