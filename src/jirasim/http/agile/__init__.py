"""Boards, sprints, epics, backlog and rank: `/rest/agile/1.0`, `/rest/software/1.0`, greenhopper."""
