"""The addresses of all pages."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, URLResolver, include, path

from duolog.web.account_urls import ACCOUNT
from duolog.web.views import (
    attachments,
    audit,
    bindings,
    comments,
    connect,
    connections,
    consent,
    deletions,
    entry,
    frame,
    inbox,
    item,
    items,
    journal,
    linking,
    links,
    lists,
    members,
    moves,
    notices,
    own_connections,
    previews,
    project_jira,
    projects,
    properties,
    relation_kinds,
    relations,
    security,
    settings,
    teams,
    times,
    tokens,
    webhooks,
)

ITEM: Final[list[URLPattern | URLResolver]] = [
    path("", item.page, name="item"),
    path("/parts", item.parts, name="item-parts"),
    path("/parts/<slug:name>", item.part, name="item-part"),
    path("/set", item.set_properties, name="set-item"),
    path("/title", item.edit_title, name="edit-title"),
    path("/description", item.edit_description, name="edit-description"),
    path("/move", items.move, name="move-item"),
    path("/team", moves.to_team, name="move-to-team"),
    path("/delete", items.delete, name="delete-item"),
    path("/restore", items.restore, name="restore-item"),
    path("/sync", links.popover, name="sync-history"),
    path("/sync/now", links.look_now, name="sync-now"),
    path("/sync/unlink", links.unlink, name="unlink-item"),
    path("/attachments", attachments.add, name="attachments"),
    path("/attachments/<int:attachment_id>", attachments.content, name="attachment"),
    path("/attachments/<int:attachment_id>/delete", attachments.delete, name="delete-attachment"),
    path(
        "/attachments/<int:attachment_id>/restore", attachments.restore, name="restore-attachment"
    ),
    path("/relations", relations.relate, name="relations"),
    path("/relations/find", relations.find, name="find-related"),
    path("/relations/<int:relation_id>/remove", relations.remove, name="remove-relation"),
    path("/web-links", relations.add_address, name="web-links"),
    path("/web-links/<int:web_link_id>/remove", relations.remove_address, name="remove-web-link"),
    path("/time", times.log, name="log-time"),
    path("/time/<int:worklog_id>", times.entry, name="time-entry"),
    path("/time/<int:worklog_id>/delete", times.delete, name="delete-time"),
    path("/time/<int:worklog_id>/restore", times.restore, name="restore-time"),
    path("/comments", comments.add, name="comments"),
    path("/comments/<int:comment_id>", comments.comment, name="comment"),
    path("/comments/<int:comment_id>/delete", comments.delete, name="delete-comment"),
    path("/comments/<int:comment_id>/reply", comments.reply, name="reply"),
    path("/comments/<int:comment_id>/answer", comments.answer, name="answer"),
]

TEAM_JIRA: Final[list[URLPattern | URLResolver]] = [
    path("", bindings.page, name="team-jira"),
    path("/space", linking.proposal, name="team-proposal"),
    path("/spaces", linking.spaces, name="spaces"),
    path("/summary", linking.summary, name="link-summary"),
    path("/link", linking.link, name="link-team"),
    path("/progress", bindings.progress_card, name="team-progress"),
    path("/rules", bindings.rules, name="binding-rules"),
    path("/mapping", bindings.mapping, name="mapping"),
    path("/check", bindings.check, name="check-binding"),
    path("/act", bindings.act, name="binding-act"),
    path("/unlink", bindings.unlink, name="unlink-team"),
]

PROJECT_JIRA: Final[list[URLPattern | URLResolver]] = [
    path("", project_jira.page, name="project-jira"),
    path("/spaces", linking.spaces, name="project-spaces"),
    path("/space", project_jira.proposal, name="project-proposal"),
    path("/send", project_jira.send, name="send-project"),
    path("/progress", bindings.progress_card, name="project-progress"),
    path("/act", bindings.act, name="act-on-project"),
    path("/rules", bindings.rules, name="project-rules"),
    path("/check", bindings.check, name="check-project"),
    path("/mapping", bindings.mapping, name="project-mapping"),
    path("/unlink", bindings.unlink, name="unlink-project"),
]

TEAM: Final[list[URLPattern | URLResolver]] = [
    path("", lists.team, name="team"),
    path("/settings", teams.page, name="team-settings"),
    path("/name", teams.rename, name="rename-team"),
    path("/statuses", teams.new_status, name="new-status"),
    path("/statuses/<int:status_id>", teams.status, name="status"),
    path("/members", teams.team_member, name="team-member"),
    path("/jira", include(TEAM_JIRA)),
]

JIRA: Final[list[URLPattern | URLResolver]] = [
    path("", connections.home, name="jira"),
    path("/connect", connect.connect, name="connect"),
    path("/app", consent.set_app, name="oauth-app"),
    path("/<int:connection_id>", connections.page, name="connection"),
    path("/<int:connection_id>/set-up", connect.set_up, name="set-up"),
    path("/<int:connection_id>/test", connections.test, name="test-connection"),
    path("/<int:connection_id>/credential", connections.credential, name="credential"),
    path("/<int:connection_id>/label", connections.label, name="label-connection"),
    path("/<int:connection_id>/disconnect", connections.disconnect, name="disconnect"),
    path("/<int:connection_id>/webhook", webhooks.live, name="webhook"),
    path("/<int:connection_id>/webhook/set", webhooks.change, name="set-webhook"),
    path(
        "/<int:connection_id>/webhook/register",
        webhooks.register,
        name="register-webhook",
    ),
    path("/<int:connection_id>/webhook/rotate", webhooks.rotate, name="rotate-webhook"),
    path("/<int:connection_id>/webhook/renew", webhooks.renew, name="renew-webhook"),
    path("/<int:connection_id>/webhook/remove", webhooks.remove, name="remove-webhook"),
]

OWN: Final[list[URLPattern | URLResolver]] = [
    path("", own_connections.page, name="own-connections"),
    path("/add", own_connections.add, name="add-own"),
    path("/understood", connect.understood, name="understood"),
    path("/consent", consent.begin, name="consent"),
    path("/<int:connection_id>/test", own_connections.test, name="test-own"),
    path("/<int:connection_id>/label", own_connections.label, name="label-own"),
    path("/<int:connection_id>/credential", own_connections.credential, name="own-credential"),
    path("/<int:connection_id>/in-my-name", own_connections.in_my_name, name="in-my-name"),
    path("/<int:connection_id>/remove", own_connections.remove, name="remove-own"),
]

INBOX: Final[list[URLPattern | URLResolver]] = [
    path("", inbox.page, name="inbox"),
    path("/retry-all", inbox.retry_all, name="retry-all"),
    path("/settled/<int:conflict_id>/undo", inbox.undo_settlement, name="undo-settlement"),
    path("/deletions/<slug:deletions_id>", deletions.page, name="deletions"),
    path("/deletions/<slug:deletions_id>/decide", deletions.decide_all, name="decide-deletions"),
    path("/<slug:entry_id>", inbox.entry, name="inbox-entry"),
    path("/<slug:entry_id>/settle", inbox.settle, name="settle"),
    path("/<slug:entry_id>/retry", inbox.retry, name="retry"),
    path("/<slug:entry_id>/deletion", inbox.decide_deletion, name="decide-deletion"),
]

PREVIEWS: Final[list[URLPattern | URLResolver]] = [
    path("/<int:binding_id>/preview", previews.page, name="preview-binding"),
    path("/<int:binding_id>/preview/new", previews.begin, name="new-preview"),
    path("/<int:binding_id>/preview/approve", previews.approve, name="approve"),
    path("/preview/<int:preview_entry_id>/aside", previews.aside, name="set-aside"),
    path("/preview/<int:preview_entry_id>/take-in", previews.take_in, name="take-in"),
]

JOURNAL: Final[list[URLPattern | URLResolver]] = [
    path("", journal.page, name="journal"),
    path("/<int:journal_id>/undo", journal.undo, name="undo"),
    path("/runs/<int:run_id>/undo", journal.undo_all, name="undo-run"),
]

WORKPLACE: Final[list[URLPattern | URLResolver]] = [
    path("/", frame.workplace, name="workplace"),
    path("/changes", frame.changes, name="changes"),
    path("/nav", frame.nav, name="nav"),
    path("/find", frame.find, name="find"),
    path("/mine", lists.mine, name="mine"),
    path("/new-item", items.new, name="new-item"),
    path("/bulk", items.bulk, name="bulk"),
    path("/trash", items.trash, name="trash"),
    path("/items/<slug:key>", include(ITEM)),
    path("/new-team", teams.new, name="new-team"),
    path("/teams/<slug:prefix>", include(TEAM)),
    path("/integrations/jira", include(JIRA)),
    path("/connections", include(OWN)),
    path("/inbox", include(INBOX)),
    path("/journal", include(JOURNAL)),
    path("/bindings", include(PREVIEWS)),
    path("/projects", projects.listing, name="projects"),
    path("/projects/new", projects.new, name="new-project"),
    path("/projects/<int:project_id>", projects.page, name="project"),
    path("/projects/<int:project_id>/edit", projects.edit, name="edit-project"),
    path("/projects/<int:project_id>/jira", include(PROJECT_JIRA)),
    path("/notices", notices.page, name="notices"),
    path("/notices/read", notices.read_all, name="read-notices"),
    path("/notices/preferences", notices.preferences, name="notice-preferences"),
    path("/notices/<int:notice_id>", notices.follow, name="notice"),
    path("/profile", settings.profile, name="profile"),
    path("/security", security.page, name="security"),
    path("/sessions/end", security.end_all, name="end-sessions"),
    path("/sessions/<int:session_id>/end", security.end, name="end-session"),
    path("/tokens", tokens.page, name="tokens"),
    path("/tokens/<int:token_id>/revoke", tokens.revoke, name="revoke-token"),
    path("/audit", audit.page, name="audit"),
    path("/settings", settings.general, name="settings"),
    path("/settings/relations", relation_kinds.new_relation_kind, name="new-relation-kind"),
    path("/settings/relations/<int:kind_id>", relation_kinds.relation_kind, name="relation-kind"),
    path("/properties", properties.page, name="properties"),
    path("/properties/<int:property_id>", properties.change, name="property"),
    path("/members", members.page, name="members"),
    path("/members/<int:member_id>", members.change, name="member"),
    path("/members/<int:member_id>/remove", members.remove, name="remove-member"),
    path("/new-workplace", settings.new_workplace, name="new-workplace"),
    path(
        "/invitations/<int:invitation_id>/renew",
        members.renew,
        name="renew-invitation",
    ),
    path(
        "/invitations/<int:invitation_id>/withdraw",
        members.withdraw,
        name="withdraw-invitation",
    ),
]

PAGES: Final[list[URLPattern | URLResolver]] = [
    path("", frame.home, name="home"),
    path("start", entry.start, name="start"),
    path("join/<str:token>", entry.invitation, name="invitation"),
    path("digest/stop/<str:token>", notices.stop, name="stop-digest"),
    path("connect/atlassian/callback", consent.callback, name="consent-callback"),
    path("no-workplace", entry.no_workplace, name="no-workplace"),
    path("preview", frame.preview, name="preview"),
    path("favicon.ico", frame.favicon),
    path("assets/<slug:version>/<str:name>", frame.asset, name="asset"),
    path("w/<slug:slug>", include(WORKPLACE)),
]

urlpatterns: Final[list[URLPattern | URLResolver]] = [
    path("accounts/", include(ACCOUNT)),
    path("", include((PAGES, "web"))),
]
