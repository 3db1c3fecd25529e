"""Which issue may be inside which: one level of the hierarchy, and sub-tasks at home."""

from jirasim.site.decode import Target
from jirasim.site.edits import Edits

WRONG_LEVEL = "Given parent issue does not belong to appropriate hierarchy."


def check_parent(target: Target, type_id: str, found: Edits) -> None:
    """Add a complaint to `found` when its parent (or the lack of one) does not fit the type."""
    types = target.site.state.issue_types
    mine = types[str(found.values.get("issuetype", type_id))]
    if "parent" not in found.values or "parent" in found.errors:
        return
    parent_id = found.values["parent"]
    if parent_id is None:
        if mine.subtask:
            found.errors["issuetype"] = (
                "Issue type is a sub-task but parent issue key or id not specified."
            )
        return
    parent = target.site.state.issues[str(parent_id)]
    level = types[parent.type_id].hierarchy_level
    if level != mine.hierarchy_level + 1:
        found.errors["parentId"] = WRONG_LEVEL
    elif mine.subtask and parent.project_id != target.project.id:
        blamed = "parent" if target.site.product.cloud else "project"
        found.errors[blamed] = "Sub-tasks must be created in the same project as the parent."
