"""Numbers that every web process counts, shared through files in instance/metrics."""

from pathlib import Path


def metrics_folder(instance_dir: Path) -> Path:
    """Where the processes of one web server keep their counts; the server empties it at start."""
    return instance_dir / "metrics"
