"""Sum up what is inside containers: `sum_inside`."""

from collections import Counter
from collections.abc import Mapping

from service.page.blocks import Container


def sum_inside(amounts: Mapping[Container, int]) -> Counter[Container]:
    """Return the sum of the amounts in each container and in those inside it.

    Each container is visited once: a page that leaves its elements open nests each
    paragraph two thousand deep.
    """
    depths: dict[Container, int] = {}
    for container in amounts:
        path = []
        for around in container.ancestry:
            if around in depths:
                break
            path.append(around)
        above = path[-1].parent if path else None
        depth = depths[above] if above else -1
        for around in reversed(path):
            depth += 1
            depths[around] = depth
    total = Counter(amounts)
    for container in sorted(depths, key=depths.__getitem__, reverse=True):
        if container.parent is not None:
            total[container.parent] += total[container]
    return total
