"""The WSGI entry point of a server that also runs the background work, in threads."""

import atexit

from django.db import connection

from duolog.app.serve import WORKER_THREADS
from duolog.app.wsgi import application
from duolog.sync.handlers import HANDLERS
from duolog.work.queue import release_leases
from duolog.worker.loop import Worker

__all__ = ["application"]

if connection.vendor == "sqlite":
    release_leases()  # one process owns the file: whatever is leased was left by one that died

_worker = Worker(HANDLERS, concurrency=WORKER_THREADS)
_worker.start()
atexit.register(_worker.stop)
