"""The catalogue's tables, as a list of migrations; `PRAGMA user_version` counts those applied.

    root ─< file >─ track ─ measurement      one row a track, one column a number or label
               │         ├─< probability >─ label      distributions, one row a label worth keeping
               │         ├─< embedding      mean over patches, one row a network
               │         ├─< computed       what computed the values: extractor, version, profile, weights
               │         └─< awaited        sizes of files that held it elsewhere: merged, and none is here yet
    root ─< failure                         files and folders that could not be read, and why
    descriptor                              what the columns mean, written down so that readers need no Essentia
    run                                     every analysis: how far it is, and at the end its ledger
    listen, taste                           what was played and when; plays, last one and like or dislike a recording
    made                                    the tracks of each recipe when it was last made
    former                                  where files were before they moved: playlists still name them there
    pushed                                  the playlists of servers that we made, by their ids there
    state                                   a name of all that is known of the tracks themselves, see `NAMED`

A track is a recording: the same samples in two files are one track with two files; `track.file_id` is the first, 0
where there is none. History and recipes know recordings by their fingerprint: they outlive a track that goes and comes.
File names are kept as the bytes on disk. The view `listing` is what readers and the query language see: one row a
track whose file is there, with all columns of `measurement`; it is made again whenever a column is added.
"""

from __future__ import annotations

APPLICATION_ID = 0x6573_7331  # "ess1", in SQLite's header: how a catalogue is told from any other database

NAMED = ("root", "track", "file", "descriptor", "label", "measurement", "probability", "embedding")
"""The tables whose content has a name, `state.music`: another one with every change, whoever makes it, and never one
that was used before. What is held in memory or kept beside the catalogue is true as long as it has the same name.
History is no part of it, so that a like or a listen leaves true what took long to read."""


def _naming() -> str:
    triggers = [
        f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table}"
        " BEGIN UPDATE state SET music = randomblob(16); END;"
        for table in NAMED
        for event in ("INSERT", "UPDATE", "DELETE")
    ]
    return "\n".join(
        ["CREATE TABLE state (music BLOB NOT NULL) STRICT;", "INSERT INTO state VALUES (randomblob(16));", *triggers]
    )


MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE root (
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE track (
        id INTEGER PRIMARY KEY,
        fingerprint BLOB NOT NULL UNIQUE,
        file_id INTEGER NOT NULL,
        duration REAL NOT NULL,
        added REAL NOT NULL,
        waveform BLOB
    ) STRICT;
    CREATE TABLE file (
        id INTEGER PRIMARY KEY,
        root_id INTEGER NOT NULL REFERENCES root,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        missing INTEGER NOT NULL DEFAULT 0,
        track_id INTEGER NOT NULL REFERENCES track,
        title TEXT NOT NULL,
        artist TEXT NOT NULL,
        album_artist TEXT NOT NULL,
        album TEXT NOT NULL,
        track_number INTEGER,
        year INTEGER,
        genre TEXT NOT NULL,
        tag_bpm REAL,
        tag_key TEXT,
        search TEXT NOT NULL,
        UNIQUE (root_id, path)
    ) STRICT;
    CREATE INDEX file_track ON file (track_id);
    CREATE TABLE failure (
        root_id INTEGER NOT NULL REFERENCES root,
        path BLOB NOT NULL,
        stage TEXT NOT NULL,
        reason TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (root_id, path)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE descriptor (
        name TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        unit TEXT NOT NULL,
        low REAL,
        high REAL,
        help TEXT NOT NULL,
        labels TEXT NOT NULL,
        estimate INTEGER NOT NULL,
        extractor TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE measurement (
        track_id INTEGER PRIMARY KEY REFERENCES track
    );
    CREATE TABLE label (
        id INTEGER PRIMARY KEY,
        descriptor TEXT NOT NULL REFERENCES descriptor,
        name TEXT NOT NULL,
        UNIQUE (descriptor, name)
    ) STRICT;
    CREATE TABLE probability (
        label_id INTEGER NOT NULL REFERENCES label,
        track_id INTEGER NOT NULL REFERENCES track,
        value REAL NOT NULL,
        PRIMARY KEY (label_id, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX probability_track ON probability (track_id);
    CREATE TABLE embedding (
        model TEXT NOT NULL,
        track_id INTEGER NOT NULL REFERENCES track,
        vector BLOB NOT NULL,
        PRIMARY KEY (model, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX embedding_track ON embedding (track_id);
    CREATE TABLE computed (
        track_id INTEGER NOT NULL REFERENCES track,
        extractor TEXT NOT NULL,
        provenance TEXT NOT NULL,
        failure TEXT,
        PRIMARY KEY (track_id, extractor)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run (
        id INTEGER PRIMARY KEY,
        started REAL NOT NULL,
        finished REAL,
        ledger TEXT NOT NULL
    ) STRICT;
    """,
    """
    ALTER TABLE run ADD COLUMN host TEXT NOT NULL DEFAULT '';
    ALTER TABLE run ADD COLUMN pid INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE run ADD COLUMN seen REAL NOT NULL DEFAULT 0;
    ALTER TABLE run ADD COLUMN progress TEXT NOT NULL DEFAULT '{}';
    """,
    """
    CREATE TABLE listen (
        fingerprint BLOB NOT NULL,
        at REAL NOT NULL,
        plays INTEGER NOT NULL,
        PRIMARY KEY (fingerprint, at)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE taste (
        fingerprint BLOB PRIMARY KEY,
        plays INTEGER NOT NULL DEFAULT 0,
        played REAL,
        liked TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE made (
        recipe TEXT NOT NULL,
        place INTEGER NOT NULL,
        fingerprint BLOB NOT NULL,
        title TEXT NOT NULL,
        PRIMARY KEY (recipe, place)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE awaited (
        track_id INTEGER NOT NULL REFERENCES track,
        size INTEGER NOT NULL,
        PRIMARY KEY (track_id, size)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE former (
        path BLOB PRIMARY KEY,
        fingerprint BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE pushed (
        server TEXT NOT NULL,
        playlist BLOB NOT NULL,
        PRIMARY KEY (server, playlist)
    ) STRICT, WITHOUT ROWID;
    """,
    _naming(),
)

LISTING_COLUMNS = (
    "track.id",
    "root.path AS root",
    "file.path",
    "file.title",
    "file.artist",
    "file.album_artist",
    "file.album",
    "file.track_number",
    "file.year",
    "file.genre",
    "file.tag_bpm",
    "file.tag_key",
    "file.search",
    "track.duration",
    "track.added",
    "coalesce(taste.plays, 0) AS plays",
    "taste.played",
    "taste.liked",
)


def listing_view(descriptors: tuple[str, ...]) -> str:
    """The statements that make the view `listing` anew for these columns of `measurement`."""
    columns = ", ".join((*LISTING_COLUMNS, *(f'measurement."{name}"' for name in descriptors)))
    return f"""
    DROP VIEW IF EXISTS listing;
    CREATE VIEW listing AS SELECT {columns}
        FROM track
        JOIN file ON file.id = track.file_id AND NOT file.missing
        JOIN root ON root.id = file.root_id
        LEFT JOIN measurement ON measurement.track_id = track.id
        LEFT JOIN taste ON taste.fingerprint = track.fingerprint;
    """
