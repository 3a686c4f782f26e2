"""Everything this package raises on purpose.

    EssentialistError
    ├── CatalogError            the catalogue file
    │   ├── NotACatalog         the file is something else
    │   ├── CatalogTooNew       written by a newer release
    │   └── CatalogUnwritable   read-only, disk full, locked
    ├── CollectionError         the music folders
    │   ├── FolderMissing
    │   └── NoAudio
    ├── RecordingError          one file; a run records it and goes on
    │   ├── Undecodable         not audio, or damaged beyond reading
    │   ├── NoSamples           decodes to nothing
    │   └── FileChanged         vanished, or changed while it was read
    ├── CrewError               workers cannot be had, or are not fit for the run
    ├── ModelError              a network's file is missing, cut short or another one
    ├── QueryError              a query that cannot be understood
    ├── UnknownTrack            no such id or path in the catalogue
    ├── Inaudible               a track that a browser cannot be given; the studio answers so
    │   ├── Gone                its file is not there, and no clip of it
    │   ├── Refused             its file lies outside of the collection, or nothing is to be heard
    │   ├── Unplayable          its file is no audio, or cannot be decoded
    │   └── Busy                too many others wait for theirs
    ├── PlaylistError           nothing left to choose from, impossible wishes
    ├── RecipeError             a recipe that is not there, cannot be read or cannot be kept
    ├── HistoryError            a history that is none we know
    ├── SettingsError           an option, environment variable or settings file
    ├── EvaluationError         a ground truth or predictions that cannot be compared
    ├── TaggingError            no such run of `tag`, or another one is writing
    │   └── Untaggable          one file whose tags are left as they are; a run tells it and goes on
    ├── ExportError             a playlist or table that cannot be written
    │   └── Inexpressible       a file name that the format cannot say
    └── ServerError             a server cannot be reached, or does not do what it is asked
        ├── LoginRefused        it does not know the user or the password
        └── ForeignPlaylist     a playlist of this name is there, and we did not make it

A message is one line, says what is wrong and then what to do about it.
"""


class EssentialistError(Exception):
    """Base of every expected error; the command line prints it as one line."""


class CatalogError(EssentialistError):
    """The catalogue file cannot be used."""


class NotACatalog(CatalogError):
    """The file exists and is something else."""


class CatalogTooNew(CatalogError):
    """The catalogue was written by a newer release of essentialist."""


class CatalogUnwritable(CatalogError):
    """The catalogue cannot be written: read-only, disk full, or locked."""


class CollectionError(EssentialistError):
    """The music folders cannot be used."""


class FolderMissing(CollectionError):
    """A folder to analyse does not exist or is not a folder."""


class NoAudio(CollectionError):
    """There is no audio file in the folders."""


class RecordingError(EssentialistError):
    """One file cannot be listened to; a run records it and goes on."""


class Undecodable(RecordingError):
    """The file is not audio, or is damaged beyond reading."""


class NoSamples(RecordingError):
    """The file decodes to no samples at all."""


class FileChanged(RecordingError):
    """The file vanished, or changed while it was read."""


class CrewError(EssentialistError):
    """Those who should listen cannot be had, or are not fit for the run."""


class ModelError(EssentialistError):
    """The file of a network is missing, cut short, or not the network it should be."""


class QueryError(EssentialistError):
    """A query that cannot be understood; the message names the nearest right field or value."""


class UnknownTrack(EssentialistError):
    """No track with this id or path is in the catalogue."""


class Inaudible(EssentialistError):
    """A browser cannot be given the sound of a track."""


class Gone(Inaudible):
    """The track's file is not there any more, and no clip of it."""


class Refused(Inaudible):
    """The track's file lies outside of the collection, or nothing is to be heard."""


class Unplayable(Inaudible):
    """The track's file is no audio, or cannot be decoded."""


class Busy(Inaudible):
    """Too many others wait for theirs."""


class PlaylistError(EssentialistError):
    """Nothing is left to choose from, or the wishes contradict each other."""


class RecipeError(EssentialistError):
    """A recipe is not there, says what nobody understands, or cannot be kept."""


class HistoryError(EssentialistError):
    """A file of what was played is none that is known, or cannot be read."""


class SettingsError(EssentialistError):
    """An option, an environment variable or the settings file holds a wrong value."""


class EvaluationError(EssentialistError):
    """A ground truth, or predictions, that cannot be read or compared."""


class TaggingError(EssentialistError):
    """Tags cannot be written or given back."""


class Untaggable(TaggingError):
    """One file whose tags are left as they are; a run tells it and goes on."""


class ExportError(EssentialistError):
    """A playlist or a table cannot be written."""


class Inexpressible(ExportError):
    """A file name that the chosen format and path style cannot say."""


class ServerError(EssentialistError):
    """A server cannot be reached, is none that we know, or does not do what it is asked."""


class LoginRefused(ServerError):
    """The server does not know the user or the password, or there is none to give it."""


class ForeignPlaylist(ServerError):
    """The server has a playlist of this name that somebody else made, or a person by hand."""
