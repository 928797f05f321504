from pathlib import Path

import pytest

from tests.command import Command


@pytest.mark.parametrize("command", ["dashboard", "desk", "demo"])
@pytest.mark.parametrize("port", ["0", "65536", "99999", "-1"])
def test_a_port_that_there_is_not_is_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    port: str,
) -> None:
    done = Command(tmp_path, monkeypatch, capsys).run(command, "--port", port)
    assert (done.exit_code, done.err.count("\n")) == (2, 1)
    assert "--port" in done.err
