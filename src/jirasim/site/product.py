"""Which Jira a site is: Cloud, or Server / Data Center of some version.  Facts, no rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

CLOUD_VERSION = (1001, 0, 0)
SERVER_VERSION = (10, 3, 24)


class Deployment(Enum):
    """Who hosts the site."""

    CLOUD = "cloud"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Product:
    """A deployment at one version.  `context` is the path it lives under, such as `/jira`."""

    deployment: Deployment = Deployment.CLOUD
    version: tuple[int, ...] = CLOUD_VERSION
    context: str = ""

    @property
    def cloud(self) -> bool:
        """Whether Atlassian hosts it."""
        return self.deployment is Deployment.CLOUD

    @property
    def written_version(self) -> str:
        """The version as a site says it."""
        return ".".join(map(str, self.version)) + ("-SNAPSHOT" if self.cloud else "")


CLOUD = Product()
ONLY_SERVER = "A version and a context path are for Server alone."
BAD_VERSION = "A version is written as 10.3 or 9.12.1; the oldest is 6.0."
BAD_CONTEXT = "A context is a path such as /jira."


class NoSuchProduct(ValueError):
    """What was asked for does not exist; the message says why."""


def read_product(deployment: str, version: str = "", context: str = "") -> Product:
    """The product of these words; without a version, the newest.  Raises NoSuchProduct."""
    if deployment == Deployment.CLOUD.value:
        if version or context:
            raise NoSuchProduct(ONLY_SERVER)
        return CLOUD
    if version and not re.fullmatch(r"([6-9]|\d\d)(\.\d+){1,2}", version):
        raise NoSuchProduct(BAD_VERSION)
    if context and not re.fullmatch(r"(/[\w-]+)+", context):
        raise NoSuchProduct(BAD_CONTEXT)
    numbers = tuple(map(int, version.split("."))) if version else SERVER_VERSION
    return Product(Deployment.SERVER, (*numbers, 0, 0)[:3], context)


Where = Callable[[Product], bool]


def anywhere(_: Product) -> bool:
    """On every Jira."""
    return True


def on_cloud(product: Product) -> bool:
    """On Cloud alone."""
    return product.cloud


def on_server(product: Product) -> bool:
    """On Server and Data Center of any version."""
    return not product.cloud


def server_since(*version: int) -> Where:
    """On Server and Data Center from this version on."""
    return lambda product: not product.cloud and product.version >= version


def server_before(*version: int) -> Where:
    """On Server and Data Center older than this version."""
    return lambda product: not product.cloud and product.version < version
