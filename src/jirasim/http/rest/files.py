"""`/secure/…`: files under their names, read with the same credential (jira.md 6.9).

Server sends them, Cloud sends on to where they are.
"""

from urllib.parse import quote

from jirasim.http.access.session import login_url
from jirasim.http.endpoint import Answer, Call, Endpoint
from jirasim.http.ranges import served
from jirasim.http.rest.attachments import content as cloud_content
from jirasim.http.rest.attachments import thumbnail as cloud_thumbnail
from jirasim.site import attachments
from jirasim.site.errors import Refusal
from jirasim.site.product import on_cloud, on_server


def content(call: Call) -> Answer:
    """GET /secure/attachment/{id}/{name}: 200 with the file."""
    return _sent(call, "attachment")


def thumbnail(call: Call) -> Answer:
    """GET /secure/thumbnail/{id}/{name}: the picture, unscaled."""
    return _sent(call, "thumbnail")


def _sent(call: Call, kind: str) -> Answer:
    """The file; whoever is not logged in is sent to do that first, as by all of Jira's pages."""
    number = call.params["attachment_id"]
    if call.caller is None:
        back = quote(f"/secure/{kind}/{number}/{call.params['name']}", safe="")
        return Answer(
            status=302, headers={"Location": f"{login_url(call.site)}?os_destination={back}"}
        )
    _, attachment = attachments.find(call.site, call.caller, number)
    if kind == "thumbnail" and not attachment.is_picture:
        raise Refusal(404, "There is no thumbnail of this attachment.")
    return served(attachment, call.site.state.contents[number], call.headers)


ENDPOINTS = tuple(
    Endpoint("GET", f"/{kind}/{{attachment_id}}/{{name:path}}", handler, anonymous=True, on=where)
    for kind, handler, where in (
        ("attachment", content, on_server),
        ("thumbnail", thumbnail, on_server),
        ("attachment", cloud_content, on_cloud),  # recorded as `content` of older Cloud bodies
        ("thumbnail", cloud_thumbnail, on_cloud),
    )
)
