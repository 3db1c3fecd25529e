"""How the site counts time, over REST (Cloud): the provider, and the measure."""

from dataclasses import replace

from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.site.durations import Measure
from jirasim.site.errors import Refusal
from jirasim.site.owners import check_administrator
from jirasim.site.product import on_cloud
from jirasim.wire.entities import Json

PROVIDER: Json = {
    "key": "JIRA",
    "name": "JIRA provided time tracking",
    "url": "/secure/admin/TimeTrackingAdmin.jspa",
}
FORMS = ("pretty", "days", "hours")
UNITS = ("minute", "hour", "day", "week")


def measure_json(measure: Measure) -> Json:
    """The measure, as `configuration` has it too."""
    return {
        "workingHoursPerDay": measure.hours_per_day,
        "workingDaysPerWeek": measure.days_per_week,
        "timeFormat": measure.form,
        "defaultUnit": measure.unit,
    }


def provider(call: Call) -> Answer:
    """GET /configuration/timetracking: 204 where it is switched off."""
    check_administrator(call.user)
    return Answer(PROVIDER) if call.site.state.settings.time_tracking else NO_CONTENT


def choose(call: Call) -> Answer:
    """PUT /configuration/timetracking: an empty key switches it off."""
    check_administrator(call.user)
    key = str(call.object().get("key") or "")
    if key.upper() not in {"", "JIRA"}:
        raise Refusal(400, f"The time tracking provider '{key}' was not found.")
    settings = call.site.state.settings
    call.site.state.settings = replace(settings, time_tracking=bool(key))
    return NO_CONTENT


def providers(call: Call) -> Answer:
    """GET /configuration/timetracking/list."""
    check_administrator(call.user)
    return Answer([PROVIDER])


def options(call: Call) -> Answer:
    """GET /configuration/timetracking/options."""
    check_administrator(call.user)
    return Answer(measure_json(call.site.state.measure))


def set_options(call: Call) -> Answer:
    """PUT /configuration/timetracking/options."""
    check_administrator(call.user)
    body, before = call.object(), call.site.state.measure
    hours = _number(body, "workingHoursPerDay", before.hours_per_day, most=24)
    days = _number(body, "workingDaysPerWeek", before.days_per_week, most=7)
    form, unit = body.get("timeFormat", before.form), body.get("defaultUnit", before.unit)
    if form not in FORMS or unit not in UNITS:
        raise Refusal(400, "The time format or the default unit is not valid.")
    call.site.state.measure = Measure(hours, days, str(form), str(unit))
    return options(call)


def _number(body: Json, name: str, kept: float, *, most: int) -> float:
    value = body.get(name, kept)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        raise Refusal(400, f"The value of {name} is not valid.")
    return float(value)


AT = "/configuration/timetracking"
ENDPOINTS = (
    Endpoint("GET", AT, provider, on=on_cloud),
    Endpoint("PUT", AT, choose, on=on_cloud),
    Endpoint("GET", f"{AT}/list", providers, on=on_cloud),
    Endpoint("GET", f"{AT}/options", options, on=on_cloud),
    Endpoint("PUT", f"{AT}/options", set_options, on=on_cloud),
)
