"""The studio: explore, hear, generate and export in a browser, over http.

`serve` starts one process on one port: a Streamlit app with routes of our own. Each visitor runs `app`, which shows one
of `pages`; a page gets what it shows from `views`, which know no Streamlit, and places `components`, JavaScript in
the browser. `studio` is what all visitors share. Nothing here listens to music: this process never imports Essentia.
"""
