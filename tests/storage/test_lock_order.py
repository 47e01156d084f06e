"""Transactions over the same rows take them in the same order."""

import threading

from sqlalchemy import delete, text, update

from service.articles.revisions import find_article
from tests.support.databases.fixtures import OpenDatabase, empty
from tests.support.databases.revisions import REVISION, put
from tests.support.processes import wait_until
from workers.database import Database
from workers.database.tables import ARTICLES, SCRIPTS
from workers.storage.withdrawals import withdraw


def waiting_transactions(database: Database) -> int:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with database.read() as connection:
        return int(connection.execute(text(query)).scalar_one())


def test_takedown_waits_for_a_correction_without_a_deadlock(
    postgresql: str, open_at: OpenDatabase
) -> None:
    """A correction changes the article's row, then removes the unused script."""
    database = open_at(empty(postgresql))
    put(database)
    key = REVISION.key

    def take_down() -> None:
        with database.write() as connection:
            withdraw(connection, key)

    takedown = threading.Thread(target=take_down)
    with database.write() as connection:
        connection.execute(update(ARTICLES).values(byline="Ada"))
        takedown.start()
        wait_until(lambda: waiting_transactions(database) == 1)
        connection.execute(delete(SCRIPTS).where(SCRIPTS.c.key == key))
    takedown.join()
    assert find_article(REVISION.source_id, database).erased
