"""Who holds a stance towards whom: parties as data, relations of sentences, the ledger of pairs."""

from pipeline.actors.parties import load_parties
from pipeline.actors.relations import Relation, relate, relate_all

__all__ = ["Relation", "load_parties", "relate", "relate_all"]
