"""Sum up what is inside containers: `sum_inside`."""

from collections import Counter
from collections.abc import Mapping

from service.page.blocks import Container


def sum_inside(amounts: Mapping[Container, int]) -> Counter[Container]:
    """Return the sum of the amounts in each container and in those inside it.

    Each container is visited once: a page that leaves its elements open nests each
    paragraph two thousand deep.
    """
    total = Counter(amounts)
    visited = set(amounts)
    for container in amounts:
        for around in container.ancestry:
            if around in visited and around is not container:
                break
            visited.add(around)
    for container in sorted(visited, key=lambda found: found.depth, reverse=True):
        if container.parent is not None:
            total[container.parent] += total[container]
    return total
