from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from emotion_game import settings as settings_module
from emotion_game.errors import SettingsError
from emotion_game.game.check import CheckRules
from emotion_game.game.judge import RoundRules
from emotion_game.game.modes import MOST_MODES
from emotion_game.paths import CONFIGS
from emotion_game.settings import game_file, load_game_settings

# A copy that stands still, so that tuning the game does not move the faults planted below.
SHIPPED = (Path(__file__).parent / "replays" / "game.toml").read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path: Path):
    def load_text(text: str):
        path = tmp_path / "game.toml"
        path.write_text(text, encoding="utf-8")
        return load_game_settings(path)

    return load_text


def changed(*pairs: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in pairs:
        assert text.count(old) >= 1, f"{old!r} is no longer in game.toml"
        text = text.replace(old, new, 1)
    return text


def faults_of(load, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(text)
    message = str(caught.value)
    assert "game.toml" in message
    assert "\n" not in message
    return message


def test_the_shipped_file_has_every_mode_and_level():
    settings = load_game_settings(CONFIGS / "game.toml")
    assert list(settings.modes) == ["happy", "surprise"]
    assert set(settings.rounds) == {(mode, level) for mode in settings.modes for level in (1, 2, 3)}


def test_a_file_of_before_modes_were_data_plays_the_shipped_ones_with_its_numbers(load, caplog):
    assert "[modes" not in SHIPPED
    old = load(changed(("hold_s = 0.8", "hold_s = 0.77")))
    assert old.modes == load_game_settings(CONFIGS / "game.toml").modes
    assert old.rounds["happy", 1].hold_s == 0.77
    assert "earlier version" in caplog.text


TODAY = (CONFIGS / "game.toml").read_text("utf-8")
PAIN = """
[modes.pain]
emotions = { sadness = 1.0, anger = 0.5 }
palette = "fresh"
face = "gasping"
motif = "drops"
music = "menu"

[modes.pain.words.en]
name = "Don't wince"
rule = "Wince and you lose!"
marathon = "Clip after clip, until you wince"
lost = "You winced!"
meter = "Wince meter"
alarm = "Relax!"

[modes.pain.words.ko]
name = "안 아픈 척"
rule = "찡그리면 져요!"
marathon = "찡그릴 때까지 영상이 계속 나와요"
lost = "찡그렸죠?"
meter = "아픔 지수"
alarm = "표정을 풀어요!"
""" + "".join(
    f"[modes.pain.{level}]\nthreshold = 0.5\nrelease_threshold = 0.4\nhold_s = 0.6\n"
    for level in (1, 2, 3)
)


def test_a_third_mode_is_a_table(load):
    settings = load(TODAY + PAIN)
    assert list(settings.modes) == ["happy", "surprise", "pain"]
    pain = settings.modes["pain"]
    assert pain.weights == (("sadness", 1.0), ("anger", 0.5))
    assert not pain.warns
    assert settings.rounds["pain", 3].hold_s == 0.6


def test_there_may_be_as_many_modes_as_the_title_has_room_for(load):
    def more(count: int) -> str:
        return TODAY + "".join(
            PAIN.replace("modes.pain", f"modes.pain-{n}")
            .replace("Don't wince", f"Don't wince {n}")
            .replace("안 아픈 척", f"안 아픈 척 {n}")
            for n in range(count)
        )

    assert len(load(more(MOST_MODES - 2)).modes) == MOST_MODES
    message = faults_of(load, more(MOST_MODES - 1))
    assert "1 fault(s): modes: expected 1 to 6 modes, found 7." in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('alarm = "Relax!"', "", "modes.pain.words: en lacks alarm"),
        ('alarm = "Relax!"', 'alarm = " "', "modes.pain.words: en lacks alarm"),
        ("[modes.pain.words.ko]", "[modes.pain.words.fr]", "unknown language fr; ko lacks name"),
        ('alarm = "Relax!"', 'alarm = "Relax!"\nshout = "Ow"', "en has unknown shout"),
        ("sadness = 1.0", "pain = 1.0", "modes.pain.emotions: unknown emotion pain"),
        ("sadness = 1.0", "neutral = 1.0", "modes.pain.emotions: unknown emotion neutral"),
        ("sadness = 1.0", "sadness = 0.4", "modes.pain.1: threshold (0.5) is never reached"),
        ("sadness = 1.0", "sadness = 1.5", "modes.pain.emotions.sadness"),
        ("{ sadness = 1.0, anger = 0.5 }", "{}", "modes.pain.emotions"),
        ('palette = "fresh"', 'palette = "beige"', "modes.pain.palette"),
        ('face = "gasping"', 'face = "winking"', "modes.pain.face"),
        ('motif = "drops"', 'motif = "stars"', "modes.pain.motif"),
        ('music = "menu"', 'music = "polka"', "modes.pain.music"),
        ('music = "menu"', 'melody = "menu"', "modes.pain.melody: unknown key"),
        ("[modes.pain.3]", "[modes.pain.4]", "modes.pain.3: missing"),
        ("[modes.pain.3]", "[modes.pain.4]", "modes.pain.4: unknown level"),
        ('name = "Don\'t wince"', 'name = "DON\'T LAUGH"', "modes.pain.words.en.name: called as"),
        ("[modes.pain]", '[modes."no name"]\n[modes.pain]', "modes.no name: expected a name"),
        ("[modes.pain]", "[modes.con]\n[modes.pain]", "modes.con: expected a name"),
        ("[modes.pain]", "[happy.1]\n[modes.pain]", "happy: unknown key"),
    ],
)
def test_a_fault_of_a_mode_is_named(load, old, new, said):
    text = TODAY + PAIN.replace(old, new, 1)
    assert old in PAIN
    assert said in faults_of(load, text)


def test_all_faults_of_the_modes_are_told_at_once(load):
    pain = PAIN.replace('alarm = "Relax!"', "").replace("sadness = 1.0", "pain = 1.0")
    pain = pain.replace("[modes.pain.2]", "[modes.pain.two]").replace("안 아픈 척", " 웃음 참기")
    pain = pain[: pain.rindex("release_threshold")] + "[modes.pain.1.more]\n"
    message = faults_of(load, TODAY + pain)
    for said in (
        "en lacks alarm",
        "unknown emotion pain",
        "pain.2: missing",
        "pain.two: unknown",
        "modes.pain.words.ko.name: called as the mode happy is",
        "modes.pain.1.more: unknown key",
        "modes.pain.3.release_threshold: missing",
        "modes.pain.3.hold_s: missing",
    ):
        assert said in message
    assert "8 fault(s)" in message


def test_a_level_that_says_nothing_is_no_level(load):
    empty = PAIN[: PAIN.index("[modes.pain.3]")] + "[modes.pain.3]\n"
    message = faults_of(load, TODAY + empty)
    for key in ("threshold", "release_threshold", "hold_s"):
        assert f"modes.pain.3.{key}: missing" in message
    assert "3 fault(s)" in message
    for other in ("modes.pain = 3", "modes = 3", "modes = {}"):
        text = TODAY[: TODAY.index("[modes.happy]")]
        message = faults_of(load, f"{other}\n{text}")
        assert "modes" in message


def test_a_users_own_file_holds_where_none_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert game_file() == CONFIGS / "game.toml"
    own = tmp_path / "emotion-game" / "game.toml"
    own.parent.mkdir()
    own.write_text(TODAY, "utf-8")
    assert game_file() == own
    assert game_file(CONFIGS / "game.toml") == CONFIGS / "game.toml"


@pytest.mark.parametrize("mode", ["happy", "surprise"])
def test_a_higher_level_forgives_less(mode):
    rounds = load_game_settings(CONFIGS / "game.toml").rounds
    for easier, harder in ((1, 2), (2, 3)):
        # A lower threshold would cost fairness: it stays where no neutral face reaches it.
        assert rounds[mode, harder].threshold <= rounds[mode, easier].threshold
        assert rounds[mode, harder].hold_s < rounds[mode, easier].hold_s


def test_a_file_without_the_newer_numbers_has_those_of_the_shipped_one(load):
    assert not any(
        word in SHIPPED for word in ("[check]", "[scores]", "marathon_", "same_player_s")
    )
    old, shipped = load(SHIPPED), load_game_settings(CONFIGS / "game.toml")
    assert (old.check, old.scores) == (shipped.check, shipped.scores)
    for name in (each.name for each in fields(RoundRules)):
        if name.startswith(("marathon_", "baseline_valid", "baseline_max_move", "same_player")):
            values = {getattr(each.rounds["happy", 1], name) for each in (old, shipped)}
            assert len(values) == 1, name


def test_settings_and_rules_have_the_same_numbers():
    assert ["weights", *settings_module._ROUND_BOUNDS] == [each.name for each in fields(RoundRules)]
    assert list(settings_module._CHECK_BOUNDS) == [each.name for each in fields(CheckRules)]


def test_a_level_may_override_a_number_of_all_rounds(load):
    rounds = load(changed(("[happy.2]", "[happy.2]\ngrace_s = 0.5"))).rounds
    shared = rounds["happy", 1].grace_s
    assert rounds["happy", 2].grace_s == 0.5 != shared
    assert {numbers.grace_s for key, numbers in rounds.items() if key != ("happy", 2)} == {shared}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("width_px = 640", "width_px = 100", "camera.width_px"),
        ("width_px = 640", 'width_px = "640"', "camera.width_px"),
        ("width_px = 640", "width_px = 640.5", "camera.width_px"),
        ("rate_hz = 30.0", "rate_hz = inf", "camera.rate_hz"),
        ("rate_hz = 30.0", "rate_hz = nan", "camera.rate_hz"),
        ("rate_hz = 30.0", "rate_hz = true", "camera.rate_hz"),
        ("detect_hz = 10.0", "", "track.detect_hz: missing"),
        ("detect_hz = 10.0", "detect_hz = 10.0\nmin_iou = 0.9", "track.min_iou: unknown key"),
        ("hold_s = 0.8", "hold_s = 0", "happy.1.hold_s"),
        ("hold_s = 0.8", "", "happy.1.hold_s: missing"),
        ("hold_s = 0.8", "hold_s = 0.8\nholds = 1", "happy.1.holds: unknown key"),
        ("release_threshold = 0.45", "release_threshold = 0.7", "happy.1: release_threshold (0.7)"),
        ("[happy.1]", "[happy.1]\ngrace_s = 9.5", "happy.1: grace_s (9.5)"),
        ("[happy.1]", "[happy.4]\n[happy.1]", "happy.4: unknown level"),
        ("[camera]", "volume = 3\n[camera]", "volume: unknown key"),
        ("[happy.3]", "[sad.1]\n[happy.3]", "sad: unknown key"),
        ("[camera]", "[check]\ngood_s = -1\n[camera]", "check.good_s"),
        ("[camera]", "[check]\ngood = 1.5\n[camera]", "check.good: unknown key"),
        ("[camera]", "[scores]\nbooth = 7\n[camera]", "scores.booth"),
        ("[camera]", '[scores]\nuri = ""\n[camera]', "scores.uri: unknown key"),
    ],
)
def test_one_fault_is_named_with_its_key(load, old, new, said):
    message = faults_of(load, changed((old, new)))
    assert said in message
    assert "1 fault(s)" in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("drain_rate = 1.5", "drain_rate = -1", "round.drain_rate"),
        ("drain_rate = 1.5", "", "round.drain_rate: missing"),
        ("drain_rate = 1.5", "drain_rate = 1.5\ndrain = 2", "round.drain: unknown key"),
        ("grace_s = 1.0", "grace_s = 9.0", "round: grace_s (9.0)"),
    ],
)
def test_a_fault_of_the_shared_table_is_told_once(load, old, new, said):
    message = faults_of(load, changed((old, new)))
    assert message.count(said) == 1
    assert "1 fault(s)" in message


def test_a_table_that_is_no_table_is_a_fault(load):
    text = SHIPPED.replace("[camera]", "happy = 3\n[camera]", 1)
    head, _, tail = text.partition("[happy.1]")
    message = faults_of(load, head + "[surprise.1]" + tail.partition("[surprise.1]")[2])
    assert "happy: expected a table, found 3" in message


def test_every_fault_is_told_at_once(load):
    message = faults_of(
        load,
        changed(
            ("width_px = 640", "width_px = 1"),
            ("forget_s = 10.0", 'forget_s = "3"'),
            ("threshold = 0.6", "threshold = 0.1"),
            ("[surprise.3]", "[surprise.3]\ntypo = 1\nbaseline_s = 99"),
        ),
    )
    for key in ("camera.width_px", "track.forget_s", "surprise.3.baseline_s", "happy.1", "typo"):
        assert key in message
    assert "5 fault(s)" in message


def test_an_empty_file_names_what_is_missing(load):
    message = faults_of(load, "")
    for key in ("camera.width_px", "track.detect_hz", "round.grace_s"):
        assert message.count(f"{key}: missing") == 1


def test_faces_are_kept_only_where_a_folder_is_given(load, tmp_path):
    assert load_game_settings(CONFIGS / "game.toml").record.folder is None
    assert load(SHIPPED).record.folder is None
    folder = tmp_path / "얼굴"
    assert load(f"{SHIPPED}\n[record]\nfolder = {str(folder)!r}").record.folder == folder
    home = load(f'{SHIPPED}\n[record]\nfolder = "~/faces"').record.folder
    assert home == Path.home() / "faces"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('folder = "faces"', 'record.folder: expected a whole path or one that begins with "~"'),
        ("folder = 3", "record.folder"),
        ("on = true", "record.on: unknown key"),
    ],
)
def test_a_fault_of_the_record_table(load, line, said):
    assert said in faults_of(load, f"{SHIPPED}\n[record]\n{line}")


@pytest.mark.parametrize("content", [b"[camera", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_a_file_that_is_not_toml(tmp_path, content):
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"broken\.toml is not valid TOML"):
        load_game_settings(path)


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError, match="Cannot read the configuration") as caught:
            load_game_settings(path)
        assert str(path) in str(caught.value)
