"""The model that ships with the package; `stance ship` puts it here."""
