"""Who holds a stance towards whom: parties as data, relations of sentences, the ledger of pairs."""

from pipeline.actors.context import Article, likely_stances, relate_rows
from pipeline.actors.context import mentions as find_parties
from pipeline.actors.ledger import Ledger, Statement, build_ledger, write_ledger
from pipeline.actors.naming import End
from pipeline.actors.parties import Parties, load_parties
from pipeline.actors.relations import Relation, relate

__all__ = [
    "Article",
    "End",
    "Ledger",
    "Parties",
    "Relation",
    "Statement",
    "build_ledger",
    "find_parties",
    "likely_stances",
    "load_parties",
    "relate",
    "relate_rows",
    "write_ledger",
]
