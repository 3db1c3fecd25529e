"""What each route is asked with, so that nothing but a right decides: by operation or page name.

A route that is not named is asked without body and query.  `{name}` stands for one of the places.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

CALLS: Final[Mapping[str, Mapping[str, Any]]] = {
    "create_team": {"name": "New", "key_prefix": "NEW"},
    "update_team": {"name": "Renamed"},
    "create_status": {"name": "Waiting", "stage": "in_progress"},
    "reorder_statuses": {"status_ids": []},
    "update_status": {"name": "Renamed"},
    "create_project": {"name": "New"},
    "update_project": {"name": "Renamed"},
    "create_work_item": {"team_id": "{team_id}", "title": "New"},
    "update_work_item": {"title": "Renamed"},
    "create_property": {"name": "New", "kind": "text"},
    "update_property": {"name": "Renamed"},
    "create_comment": {"body": "New"},
    "update_comment": {"body": "Edited"},
    "create_item_worklog": {"started": "2026-03-02T09:00:00+01:00", "time_spent": "1h 30m"},
    "update_item_worklog": {"comment": "Edited"},
    "create_relation": {"type": "relates_to", "work_item_id": "{other_item_id}"},
    "create_relation_kind": {"name": "causes", "inverse_name": "is caused by"},
    "update_relation_kind": {"name": "brings about"},
    "create_web_link": {"url": "https://example.com"},
    "update_me": {"time_zone": "Europe/Berlin"},
    "update_member": {"role": "guest"},
    "create_invitation": {"email": "new@example.com"},
    "renew_invitation": {},
    "update_workplace": {"name": "Renamed"},
    "create_token": {"name": "New"},
    "put_team_member": {},
    "mark_read": {},
    "choose_preferences": {},
    "create_connection": {"address": "http://127.0.0.1:9", "email": "a@example.com", "secret": "x"},
    "update_connection": {"label": "Renamed"},
    "change_oauth_app": {"client_id": "an-app", "client_secret": "its-secret"},
    "set_up_webhook": {},
    "create_binding": {
        "scope": {"team_id": "{other_team_id}"},
        "connection_id": "{connection_id}",
        "jira_project_key": "FHP",
    },
    "propose_binding": {
        "scope": {"team_id": "{other_team_id}"},
        "connection_id": "{connection_id}",
        "jira_project_key": "FHP",
    },
    "make_preview": {},
    "approve_preview": {},
    "update_binding": {"conflict_policy": "jira_wins"},
    "send_project_to_jira": {"connection_id": "{connection_id}", "jira_project_key": "FHP"},
    "resolve": {"choices": {"title": "here"}},
    "decide_deletions": {"choice": "unlink", "version": "{deletions_version}"},
    "undo": {},
    "create_own_worklog": {
        "connection_id": "{stopped_connection_id}",
        "issue": "1",
        "started": "2026-03-02T09:00:00+01:00",
        "time_spent": "1h 30m",
    },
    "update_own_worklog": {"comment": "Edited"},
    "move_own_worklog": {"issue": "1"},
    "split_own_worklog": {"time_spent": "30m"},
    "copy_own_worklogs": {"day": "2026-03-02", "to": "2026-03-03"},
    "start_timer": {"connection_id": "{stopped_connection_id}", "issue": "1"},
}
"""Bodies of the API's calls."""

WITHOUT_BODY: Final = {
    "restore_work_item", "restore_property", "create_attachment", "restore_attachment",
    "check_connection", "sign_in", "rotate_secret", "end_overlap", "renew_address", "pause_binding", "resume_binding", "run_binding",
    "sweep_binding", "stop_binding", "unlink", "look_now", "retry", "undo_own_worklog",
    "retry_own_worklog", "discard_own_worklog", "discard_timer",
}  # fmt: skip

QUERIES: Final[Mapping[str, str]] = {
    "list_own_worklogs": "refresh=false",
    "remove_status": "move_to={other_status_id}",
    "web:spaces": "connection={connection_id}",
    "web:team-proposal": "connection={connection_id}",
    "web:project-spaces": "connection={connection_id}",
    "web:project-proposal": "connection={connection_id}",
    "web:new-item": "team={team_id}",
}

FORMS: Final[Mapping[str, Mapping[str, str]]] = {
    "web:relations": {"type": "relates_to", "work_item": "{other_key}"},
    "web:new-relation-kind": {"name": "causes", "inverse_name": "is caused by"},
    "web:relation-kind": {"name": "brings about"},
    "web:link-team": {"connection": "{connection_id}", "space": "FHP"},
    "web:send-project": {"connection": "{connection_id}", "space": "FHP"},
    "web:act-on-project": {"act": "pause"},
    "web:new-item": {"team": "{team_id}", "title": "New"},
    "web:move-item": {"status": "{status_id}"},
    "web:move-to-team": {"team": "{other_team_id}"},
    "web:bulk": {"item": "{item_id}", "priority": "high"},
    "web:comments": {"body": "New"},
    "web:comment": {"body": "Edited"},
    "web:answer": {"body": "Answered"},
    "web:log-time": {"time_spent": "1h", "day": "2026-03-02", "clock": "09:00"},
    "web:time-entry": {"time_spent": "1h", "day": "2026-03-02", "clock": "09:00"},
    "web:status": {"name": "Renamed", "stage": "in_progress"},
    "web:properties": {"name": "New", "kind": "text"},
    "web:property": {"name": "Renamed"},
    "web:team-member": {"member": "{member_id}"},
    "web:set-item": {"priority": "high"},
    "web:member": {"role": "guest"},
    "web:settings": {"name": "Renamed"},
    "web:members": {"email": "new@example.com", "role": "member"},
    "web:decide-deletion": {"choice": "unlink"},
    "web:decide-deletions": {"choice": "unlink", "version": "{deletions_version}"},
    "web:undo-run": {"sure": "yes"},
    "web:approve": {"choice": "none"},
    "web:binding-act": {"act": "pause"},
    "web:new-team": {"name": "New", "key_prefix": "NEW"},
    "web:new-workplace": {"name": "New"},
}
"""What pages are sent."""

ELSEWHERE: Final[Mapping[str, Mapping[str, str]]] = {
    "restore_work_item": {"item_id": "gone_id"},
    "restore_attachment": {"attachment_id": "gone_attachment_id"},
    "restore_property": {"property_id": "gone_property_id"},
    "update_item_worklog": {"worklog_id": "own_worklog_id"},
    "web:time-entry": {"worklog_id": "own_worklog_id"},
    "web:restore-time": {"worklog_id": "gone_worklog_id"},
    "web:restore-item": {"key": "gone_key"},
    "web:restore-attachment": {"attachment_id": "gone_attachment_id"},
    "web:decide-deletion": {"entry_id": "deletion_id"},
    "web:project-progress": {"project_id": "sent_project_id"},
    "web:act-on-project": {"project_id": "sent_project_id"},
    "web:project-rules": {"project_id": "sent_project_id"},
    "web:check-project": {"project_id": "sent_project_id"},
    "web:project-mapping": {"project_id": "sent_project_id"},
    "web:unlink-project": {"project_id": "sent_project_id"},
    "web:test-own": {"connection_id": "own_connection_id"},
    "web:label-own": {"connection_id": "own_connection_id"},
    "web:own-credential": {"connection_id": "own_connection_id"},
    "web:in-my-name": {"connection_id": "own_connection_id"},
    "web:remove-own": {"connection_id": "own_connection_id"},
}
"""Where a name in the address stands for another place than usual."""
