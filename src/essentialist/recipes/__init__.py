"""Recipes: playlists that are made again, each a small TOML file that a person can read and change.

    text --reading.parse--> Recipe --Library.make--> Playlist --refreshing.refresh--> what changed, and files
    text <--writing.text_of-- Recipe

`recipe` says what a recipe is, `shelf` where recipes lie and what they are called, `naming` how a file names a track so
that it is found again, `remembered` which tracks there were last time. `docs/recipes.md` describes the file.
"""
