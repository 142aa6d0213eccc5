"""Arrays that grow at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """A NumPy array with room behind its end; `view` is what is in it, and may be written to."""

    def __init__(self, kind: DTypeLike, *shape: int) -> None:
        self._room: NDArray[Any] = np.zeros((16, *shape), kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def view(self) -> NDArray[Any]:
        return self._room[: self._size]

    def add(self, values: NDArray[Any]) -> None:
        """Put values behind the end."""
        needed = self._size + len(values)
        if needed > len(self._room):
            grown = np.zeros((max(needed, len(self._room) * 3 // 2), *self._room.shape[1:]),
                             self._room.dtype)  # fmt: skip
            grown[: self._size] = self.view
            self._room = grown
        self._room[self._size : needed] = values
        self._size = needed
