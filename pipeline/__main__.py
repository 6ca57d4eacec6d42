"""`python -m pipeline VERB`: the command line without its installed name."""

from pipeline.cli.app import main

if __name__ == "__main__":
    main()
