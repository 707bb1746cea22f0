"""Other programs' data and answers, which are not part of the project.

What reads them is skipped, saying so, where they are absent: `RAPHE_PEERS` names their folder.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PEERS = Path(os.environ.get("RAPHE_PEERS", ROOT.parent / "shared" / "peers"))

needs_peers = pytest.mark.skipif(
    not PEERS.is_dir(), reason="RAPHE_PEERS names no folder with other programs' data and answers"
)
