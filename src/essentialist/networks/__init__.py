"""Running networks and heads, and how their files come here; `models` lists what there is."""
