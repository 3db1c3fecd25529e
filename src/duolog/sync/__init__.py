"""The engine: bindings, links, and everything that keeps two replicas in step.

From the top down, each importing only what lies below it: `handlers` (what runs), `inbox` (what
waits for a person), `binding` (what people do about bindings), `undo`, `discovery` (what is due),
`creation` (how links begin), `engine` (one link in step, and through its life), `local` (our
replica), `shown` (what pages, API and command line ask for), `link` (what is known of one link),
`doctor`, `basis` (what every run stands on), `marks` (what makes due), `mapping`, `models`.
"""
