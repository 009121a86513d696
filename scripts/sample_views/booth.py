"""The screens of a booth."""

from __future__ import annotations

from typing import Any

from emotion_game.screens.attract import AttractView
from emotion_game.screens.consent import ConsentView
from emotion_game.screens.operator import LeaveView, OperatorView, PinView
from emotion_game.screens.out_of_service import Closed, ClosedView
from emotion_game.ui.i18n import Language
from sample_views.parts import (
    Sample,
    camera,
    clip_picture,
    leaders,
)


def booth(language: Language) -> dict[str, Sample]:
    """Return what only a booth shows."""
    text = {
        "ko": (
            "이 게임은 카메라로 얼굴 표정을 읽어서 웃음과 놀람을 판정해요.",
            "얼굴 사진은 저장하지 않고, 판이 끝나면 바로 사라져요.",
            "참여는 자유예요. 언제든지 그만둘 수 있어요.",
        ),
        "en": (
            "This game reads your expression with a camera to see whether you laugh or flinch.",
            "No picture of you is stored; it is gone as soon as the round is over.",
            "Taking part is up to you. You can stop at any time.",
        ),
    }[language]
    lines = (
        ("camera", "0 · 640x480 · 29.8"),
        ("rate", "14.2"),
        ("rounds", "87"),
        ("player", "pyav"),
        ("waiting", "0"),
        ("model", "expression 0.2.0"),
    )
    screens: dict[str, Any] = {
        "attract-clip": AttractView("surprise", pixels=clip_picture(), frame_id=3),
        "attract-scores": AttractView("happy", 2, rows=leaders(own=None)),
        "consent": ConsentView("happy", "Straight Face Booth", "hello@example.org", text),
        "pin": PinView("happy", 3, wrong=False, wait_s=0),
        "pin-wrong": PinView("surprise", 0, wrong=True, wait_s=0),
        "pin-wait": PinView("happy", 0, wrong=True, wait_s=28),
        "operator": OperatorView("happy", 0.6, lines),
        "operator-leave": LeaveView("happy"),
    }
    for why in Closed:
        opens = "10:00" if why is Closed.HOURS else ""
        screens[f"closed-{why.name.lower()}"] = ClosedView("happy", why, opens)
    return {name: (screen, camera(), ()) for name, screen in screens.items()}
