"""The resources of the REST API, one module each: shapes, and calls of services and queries."""
