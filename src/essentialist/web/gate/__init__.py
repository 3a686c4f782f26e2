"""Who is let in: one password for all visitors of a studio that others on the network can reach.

`passwords` keeps it hashed, `tickets` makes the cookie that a browser shows from then on, `attempts` slows guessing,
and `door` stands before everything: pages, files, audio, API and WebSocket. `hosts` keeps other web sites from reading
a studio that has no password; `headers` tells browsers to ask nobody else.
"""
