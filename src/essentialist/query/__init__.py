"""One query language for the command line, Python, recipes and the address bar: `bpm:120..130 style:"deep house"`.

    text --parse--> tree --sql---> a WHERE clause over the view `listing`
                    tree --mask--> which tracks of `columns` in memory
                    tree --str---> the canonical query, which parses to the same tree

`tree` says what a query can ask, `grammar` reads it, `fields` lists what it can ask about, `quantities`, `dates` and
`keys` read the values. `sql` answers one question about a catalogue, `mask` many about a collection held in memory, and
both find the same tracks. The language is described in `docs/query.md`.
"""

from essentialist.query.columns import Columns, Distribution, Texts
from essentialist.query.fields import Field, field_named, fields_of, sortable
from essentialist.query.grammar import parse
from essentialist.query.mask import limit, mask
from essentialist.query.order import order
from essentialist.query.sql import Clause, sql
from essentialist.query.tree import Tree

__all__ = [
    "Clause",
    "Columns",
    "Distribution",
    "Field",
    "Texts",
    "Tree",
    "field_named",
    "fields_of",
    "limit",
    "mask",
    "order",
    "parse",
    "sortable",
    "sql",
]
