"""What every part of the package stands on: stances, errors, files, tables, parameters."""
