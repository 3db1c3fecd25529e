"""`python -m duolog.demo`: the same as `duolog demo`."""

from duolog.demo.main import run

if __name__ == "__main__":
    run()
