"""How a work item looks: its lists, its page, its story."""
