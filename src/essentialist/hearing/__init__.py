"""Hearing tracks elsewhere than on this machine: clips, and what a browser can play.

`passages` says which part of a track a clip is, `clipping` cuts it, `making` makes all that are missing and `clips` is
where they lie. `browsers` knows what a browser plays; what it does not, `transcodes` makes and keeps. `audible` answers
what to serve for a track. None of them imports a decoder but `clipping` and `_transcoder`, which run in processes of
their own: a web server that decoded hostile files itself would crash with them.
"""
