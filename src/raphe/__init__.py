"""raphe: what a drug moves in a signaling pathway, and why."""
