"""The WSGI entry point."""

import multiprocessing
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duolog.app.settings")
application = get_wsgi_application()


def _die_with_parent() -> None:
    """Granian's first process was killed: die as hard, or its successor would share the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


threading.Thread(target=_die_with_parent, name="duolog-parent", daemon=True).start()
