"""From the text of a query to its tree.

    query      = [ either ]
    either     = both { "or" both }
    both       = term { [ "and" ] term }
    term       = { "-" | "not" } ( "(" either ")" | value { "," value } | field value { "," value } )
    field      = NAME ":" | NAME before a comparison
    value      = BARE | [ comparison ] QUOTED [ comparison BARE ]
    comparison = "<" | "<=" | ">" | ">=" | "="

QUOTED is "text", a quotation mark within it written twice; BARE is a run of other characters than space, quotation
mark, parenthesis and comma. `conditions` tells what a value asks of a field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from essentialist.errors import QueryError
from essentialist.query.conditions import condition, free_words
from essentialist.query.fields import field_named
from essentialist.query.scanner import AND, BLANK, CLOSE, COMMA, FIELD, MINUS, NOT, OPEN, OR, Scanner
from essentialist.query.tree import And, Not, Or, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from essentialist.query.fields import Field
    from essentialist.query.scanner import Value

MAX_LENGTH = 20_000
MAX_TERMS = 100
MAX_DEPTH = 6
"""Far beyond what people write, and within what SQLite compiles in a second, 100 entries on its stack included."""


def parse(text: str, fields: Mapping[str, Field]) -> Tree:
    """Return the tree of a query; an empty one asks for every track.

    Parameters
    ----------
    text
        What the user wrote.
    fields
        What can be asked about, from `fields_of`.

    Raises
    ------
    QueryError
        The query cannot be understood; the message is one line and names the nearest right field or value.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The query has {len(text):,} characters; shorten it to {MAX_LENGTH:,}.")
    return _Parser(Scanner(text), fields).query()


class _Parser:
    """One method a rule of the grammar."""

    def __init__(self, scanner: Scanner, fields: Mapping[str, Field]) -> None:
        self._scanner = scanner
        self._fields = fields
        self._depth = 0
        self._n_terms = 0

    def query(self) -> Tree:
        self._scanner.take(BLANK)
        if self._scanner.ended():
            return And(())
        tree = self._either()
        if not self._scanner.ended():
            raise self._misplaced()
        return tree

    def _either(self) -> Tree:
        terms = [self._both()]
        while self._scanner.take(OR):
            terms.append(self._both())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _both(self) -> Tree:
        terms = [self._term()]
        while self._scanner.take(AND) or not self._at_end_of_term():
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _at_end_of_term(self) -> bool:
        return self._scanner.ended() or any(self._scanner.at(end) for end in (OR, CLOSE, COMMA))

    def _term(self) -> Tree:
        self._scanner.take(BLANK)
        if self._scanner.take(MINUS) or self._scanner.take(NOT):
            term: Tree = Not(self._deeper(self._term))
        elif self._scanner.take(OPEN):
            term = self._deeper(self._group)
        elif self._at_end_of_term() or self._scanner.at(AND):
            raise self._misplaced()
        elif name := self._scanner.take(FIELD):
            term = self._asked_of(field_named(self._fields, name[1]))
        else:
            term = self._values(free_words)
        self._scanner.take(BLANK)
        return term

    def _deeper(self, rule: Callable[[], Tree]) -> Tree:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f'Parentheses and "not" are nested more than {MAX_DEPTH} deep; write the query flatter.')
        tree = rule()
        self._depth -= 1
        return tree

    def _group(self) -> Tree:
        opened = self._scanner.column - 1
        tree = self._either()
        if not self._scanner.take(CLOSE):
            raise (
                self._misplaced()
                if self._scanner.at(COMMA)
                else QueryError(f'The "(" at {opened} is not closed; add a ")".')
            )
        return tree

    def _asked_of(self, field: Field) -> Tree:
        return self._values(lambda value: condition(field, value))

    def _values(self, asked: Callable[[Value], Tree]) -> Tree:
        """Read one value, or alternatives with commas between them."""
        terms = [self._value(asked)]
        while self._scanner.take(COMMA):
            if self._scanner.at(FIELD):
                raise QueryError(f'A field follows the "," before {self._scanner.column}; between terms write "or".')
            terms.append(self._value(asked))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _value(self, asked: Callable[[Value], Tree]) -> Tree:
        self._n_terms += 1
        if self._n_terms > MAX_TERMS:
            raise QueryError(f"The query has more than {MAX_TERMS} terms; split it.")
        column = self._scanner.column
        value = self._scanner.take_value()
        if value is None:
            raise QueryError(
                f'A value is missing at {column}; write one there, without a space, or "any" for tracks that have one.'
            )
        return asked(value)

    def _misplaced(self) -> QueryError:
        """Say what is wrong where a term should begin or end."""
        column = self._scanner.column
        for sign, pattern in (("or", OR), ("and", AND)):
            if self._scanner.at(pattern):
                return QueryError(f'"{sign}" at {column} joins two terms; put it in quotes to search for the word.')
        if self._scanner.at(COMMA):
            return QueryError(f'The "," at {column} has no value before it; it stands between values.')
        if self._scanner.at(CLOSE):
            return QueryError(f'The ")" at {column} closes nothing; remove it, or put it in quotes to search for it.')
        return QueryError("The query ends where a term should follow; add one.")
