"""A program that uses an embedded server: it says what it got, then does what it is told, one word a line.

query SQL -> the first value · leave -> leaves the server and ends. Run by the tests under various users.
"""

import json
import sys
from pathlib import Path

from db.embedded import EmbeddedServer
from db.errors import DatabaseError


def say(**words):
    print(json.dumps(words), flush=True)


def main(home, options):
    try:
        with EmbeddedServer(Path(home), **json.loads(options)).join() as address:
            say(host=address.host, port=address.port, password=address.password, peer=address.peer)
            for line in sys.stdin:
                word, _, rest = line.strip().partition(" ")
                if word == "leave":
                    break
                try:
                    say(value=query(address, rest))
                except Exception as error:
                    say(failed=str(error))
    except DatabaseError as error:
        say(error=type(error).__name__, line=str(error))
        return
    say(left=True)


def query(address, sql):
    import psycopg

    with psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        dbname=address.database,
        password=address.password,
        requirepeer=address.peer,
        autocommit=True,
    ) as connection:
        row = connection.execute(sql)
        return row.fetchone()[0] if row.description else None


if __name__ == "__main__":
    main(*sys.argv[1:])
