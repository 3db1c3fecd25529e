"""Screens as administrators see them: one for each type of issue of each project, with one tab."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jirasim.site.errors import Refusal
from jirasim.site.fields import Field
from jirasim.site.model import Project
from jirasim.site.state import Site
from jirasim.site.workflow import Screen

PER_PROJECT = 100


@dataclass(frozen=True, slots=True)
class Form:
    """A screen, and whose it is.  Its one tab and its screen scheme have the same number."""

    id: int
    project: Project
    type_id: str
    title: str

    @property
    def screen(self) -> Screen:
        """What it offers."""
        return self.project.screens[self.type_id]


def all_forms(site: Site) -> list[Form]:
    """Every screen of the site, project by project."""
    return [
        Form(
            int(project.id) * PER_PROJECT + place,
            project,
            type_id,
            f"{project.key}: {site.state.issue_types[type_id].name} Screen",
        )
        for project in site.state.projects.values()
        for place, type_id in enumerate(project.screens)
    ]


def find(site: Site, number: str) -> Form:
    """The screen of this number.  Raises Refusal: 404, on Server 400."""
    found = next((one for one in all_forms(site) if str(one.id) == number), None)
    if found is None:
        raise Refusal(_missing(site), f"The screen with id '{number}' does not exist.")
    return found


def find_tab(site: Site, number: str, tab: str) -> Form:
    """The screen, if this is its tab.  Raises Refusal: 404, on Server 400."""
    found = find(site, number)
    if tab != str(found.id):
        raise Refusal(_missing(site), f"The tab with id '{tab}' does not exist.")
    return found


def absent_fields(site: Site, form: Form) -> list[Field]:
    """What could be put on the screen."""
    offered = form.screen.fields
    return [one for one in site.state.fields.values() if one.id not in offered and not one.trashed]


def add(site: Site, form: Form, field_id: str) -> Field:
    """Put a field at the end of the screen.  Raises Refusal where that cannot be."""
    field = site.state.fields.get(field_id)
    if field is None or field.trashed:
        raise Refusal(_missing(site), f"The field with id '{field_id}' does not exist.")
    if field_id in form.screen.fields:
        raise Refusal(400, f"The field with id '{field_id}' already exists on the screen.")
    _keep(site, form, (*form.screen.fields, field_id))
    return field


def remove(site: Site, form: Form, field_id: str) -> None:
    """Take a field off the screen.  Raises Refusal where it is not there."""
    if field_id not in form.screen.fields:
        raise Refusal(_missing(site), f"The field with id '{field_id}' is not on the screen.")
    _keep(site, form, tuple(one for one in form.screen.fields if one != field_id))


def _keep(site: Site, form: Form, fields: tuple[str, ...]) -> None:
    screens: Mapping[str, Screen] = {
        **form.project.screens,
        form.type_id: replace(form.screen, fields=fields),
    }
    site.state.projects[form.project.id] = replace(form.project, screens=screens)


def _missing(site: Site) -> int:
    return 404 if site.product.cloud else 400
