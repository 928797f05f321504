"""``anzeige.json``: what a city configures for its dashboard that belongs to no release."""

import json

from atlas.confidential.pipeline.office import Office


def write_display(office: Office) -> None:
    """Replace the file in one step; a city that configures nothing has none."""
    path = office.releases_dir / "anzeige.json"
    base_map = office.config.city.base_map
    if base_map is None:
        path.unlink(missing_ok=True)
        return
    content = {"format": 1, "base_map": base_map.model_dump(mode="json")}
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    scratch.rename(path)
