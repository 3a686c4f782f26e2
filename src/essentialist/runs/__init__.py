"""An analysis of many tracks: what is to do, who listens, what is told of it; nothing lost on the way."""
