"""What the address in a form's `autoCompleteUrl` of labels answers.  No document tells of it."""

from html import escape

from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.site.permissions import visible_projects
from jirasim.site.state import Site

MOST = 20


def suggest(call: Call) -> Answer:
    """GET /labels/suggest?query=…: labels in use that begin so; `customFieldId` names a field."""
    typed, field = call.query.get("query", ""), call.query.get("customFieldId")
    found = _in_use(call.site, call, None if field is None else f"customfield_{field}")
    rows = [one for one in sorted(found) if one.casefold().startswith(typed.casefold())]
    shown = [{"label": one, "html": _marked(one, len(typed))} for one in rows[:MOST]]
    return Answer({"token": typed, "suggestions": shown})


def _in_use(site: Site, call: Call, field: str | None) -> set[str]:
    projects = [one.id for one in visible_projects(site, call.caller)]
    found: set[str] = set()
    for issue in site.index.in_projects(projects):
        kept = issue.labels if field is None else issue.custom.get(field)
        if isinstance(kept, tuple):
            found.update(one for one in kept if isinstance(one, str))
    return found


def _marked(label: str, typed: int) -> str:
    return f"<b>{escape(label[:typed])}</b>{escape(label[typed:])}"


ENDPOINTS = (Endpoint("GET", "/labels/suggest", suggest, anonymous=True),)
