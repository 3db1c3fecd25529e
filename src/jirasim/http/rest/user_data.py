"""What is kept beside an account: preferences, locale, properties."""

from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jirasim.http.body import parsed
from jirasim.http.endpoint import NO_CONTENT, Answer, Call, Endpoint
from jirasim.http.rest import kept_properties
from jirasim.http.rest.persons import own_or_administered
from jirasim.site.errors import Refusal
from jirasim.site.model import User
from jirasim.site.product import on_cloud

LOCALE, ZONE = "jira.user.locale", "jira.user.timezone"
LONGEST = 255
KEY_MISSING = "The 'key' query parameter must be provided."
LOCALES = "cs_CZ da_DK de_DE en_UK en_US es_ES fi_FI fr_FR hu_HU it_IT ja_JP ko_KR nl_NL no_NO "
LOCALES += "pl_PL pt_BR pt_PT ru_RU sv_SE tr_TR uk_UA zh_CN zh_TW"


def preference(call: Call) -> Answer:
    """GET /mypreferences?key=…: the value as it is."""
    key, user = _key(call), call.user
    found = call.site.state.preferences.get(user.account_id, {}).get(key)
    if found is None:
        raise Refusal(404, f"The preference '{key}' does not exist.")
    return Answer(found)


def set_preference(call: Call) -> Answer:
    """PUT /mypreferences?key=…: text; locale and zone are those of the account too."""
    key, value = _key(call), _text(call)
    if not value or len(value) > LONGEST:
        raise Refusal(404 if not value else 400, "The value must have 1 to 255 characters.")
    if key == LOCALE:
        _set_locale(call, value)
    elif key == ZONE:
        _set_zone(call, value)
    call.site.state.preferences.setdefault(call.user.account_id, {})[key] = value
    return NO_CONTENT


def drop_preference(call: Call) -> Answer:
    """DELETE /mypreferences?key=…"""
    key = _key(call)
    kept = call.site.state.preferences.get(call.user.account_id, {})
    if kept.pop(key, None) is None and call.product.cloud:
        raise Refusal(404, f"The preference '{key}' does not exist.")
    return NO_CONTENT


def locale(call: Call) -> Answer:
    """GET /mypreferences/locale; strangers get the site's."""
    return Answer({"locale": call.caller.locale if call.caller is not None else "en_US"})


def set_locale(call: Call) -> Answer:
    """PUT /mypreferences/locale."""
    _set_locale(call, str(call.object().get("locale") or ""))
    return NO_CONTENT


def _set_locale(call: Call, value: str) -> None:
    if value not in LOCALES.split():
        raise Refusal(400, f"The locale '{value}' is not supported.")
    _keep(call, replace(call.user, locale=value))


def _set_zone(call: Call, value: str) -> None:
    try:
        zone = ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise Refusal(400, f"The time zone '{value}' is unknown.") from None
    _keep(call, replace(call.user, time_zone=zone.key))


def _keep(call: Call, user: User) -> None:
    call.site.state.users[user.account_id] = user
    call.site.revision += 1


def _key(call: Call) -> str:
    key = call.query.get("key")
    if not key:
        raise Refusal(404, KEY_MISSING)
    return key


def _text(call: Call) -> str:
    """Plain text, perhaps written as a JSON string."""
    raw = call.raw_body.decode("utf-8", errors="replace")
    try:
        found = parsed(call.raw_body)
    except ValueError:
        return raw
    return found if isinstance(found, str) else raw


def property_keys(call: Call) -> Answer:
    """GET /user/properties."""
    kept = call.site.state.user_properties.get(_owner(call).account_id, {})
    return kept_properties.keys(call, kept, "/user")


def get_property(call: Call) -> Answer:
    """GET /user/properties/{key}"""
    return kept_properties.value(call, _properties(call))


def put_property(call: Call) -> Answer:
    """PUT /user/properties/{key}: 201 when new, else 200."""
    kept = _properties(call)
    changed, answer = kept_properties.with_value(call, kept)
    kept.update(changed)
    return answer


def delete_property(call: Call) -> Answer:
    """DELETE /user/properties/{key}"""
    kept = _properties(call)
    del kept[kept_properties.existing(call, kept)]
    return NO_CONTENT


def _properties(call: Call) -> dict[str, object]:
    return call.site.state.user_properties.setdefault(_owner(call).account_id, {})


def _owner(call: Call) -> User:
    named = ("accountId",) if call.product.cloud else ("username", "userKey")
    if not any(call.query.get(name) for name in named):
        raise Refusal(400, f"The '{named[0]}' query parameter needs to be provided")
    return own_or_administered(call)


ENDPOINTS = (
    Endpoint("GET", "/mypreferences", preference),
    Endpoint("PUT", "/mypreferences", set_preference),
    Endpoint("DELETE", "/mypreferences", drop_preference),
    Endpoint("GET", "/mypreferences/locale", locale, anonymous=True, on=on_cloud),
    Endpoint("PUT", "/mypreferences/locale", set_locale, on=on_cloud),
    Endpoint("GET", "/user/properties", property_keys),
    Endpoint("GET", "/user/properties/{key}", get_property),
    Endpoint("PUT", "/user/properties/{key}", put_property),
    Endpoint("DELETE", "/user/properties/{key}", delete_property),
)
