"""The fixtures for pytest: what they start they stop, and what was to be kept has been."""

from pathlib import Path

from sandbox.fixtures import StartSandbox


async def test_a_sandbox_goes_on_in_the_file_of_one_before(
    start_sandbox: StartSandbox, tmp_path: Path
) -> None:
    path = tmp_path / "sandbox.sqlite"
    first = await start_sandbox(path=path)
    await first.person("U_ANN").say("Eins", "#alle")
    await first.stop()

    second = await start_sandbox(path=path)
    await second.person("U_ANN").say("Zwei", "#alle")

    assert [message.text for message in second.workspace.history("C_ALL")] == ["Eins", "Zwei"]
