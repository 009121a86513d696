"""What the page says, in English and Korean. The operator's own: not part of the game's screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Language = Literal["ko", "en"]

WORDS: dict[str, tuple[str, str]] = {
    "operator": ("Booth operator", "부스 운영자"),
    "status": ("Status", "상태"),
    "figures": ("Statistics", "통계"),
    "board": ("Leaderboard", "순위표"),
    "log_out": ("Log out", "로그아웃"),
    "log_in": ("Log in", "로그인"),
    "pin": ("Operator PIN", "운영자 PIN"),
    "wrong_pin": ("That PIN is wrong.", "PIN이 맞지 않습니다."),
    "wait": (
        "Too many wrong tries. Try again in {n} s.",
        "여러 번 틀렸습니다. {n}초 뒤에 다시 하세요.",
    ),
    "language": ("한국어", "English"),
    "show_game": ("The game is running", "게임이 실행 중입니다"),
    "show_starting": ("The game is starting", "게임을 시작하는 중입니다"),
    "show_broken": ("Out of service: the game keeps failing", "점검 중: 게임이 계속 실패합니다"),
    "show_switched_off": ("Out of service: switched off by you", "점검 중: 운영자가 껐습니다"),
    "show_closed": ("Closed: outside the opening hours", "영업시간이 아닙니다"),
    "retry": ("Next try in {n} s", "{n}초 뒤에 다시 시도합니다"),
    "camera": ("Camera", "카메라"),
    "working": ("working", "정상"),
    "lost": ("no picture", "영상 없음"),
    "frame_rate": ("Readings a second", "초당 판독"),
    "screen": ("On screen", "현재 화면"),
    "last_round": ("Last round", "마지막 라운드"),
    "rounds": ("Rounds since start", "시작 후 라운드"),
    "model": ("Classifier", "표정 분류기"),
    "player": ("Clip player", "영상 재생기"),
    "memory": ("Memory", "메모리"),
    "up": ("Running for", "실행 시간"),
    "restarts": ("Restarts", "재시작"),
    "last_failure": ("Last failure", "마지막 장애"),
    "waiting": ("Results not in the database yet", "아직 저장소에 없는 결과"),
    "faults": ("Faults", "문제"),
    "no_faults": ("None", "없음"),
    "none_yet": ("none yet", "아직 없음"),
    "switches": ("Switches", "조작"),
    "restart": ("Restart the game", "게임 다시 시작"),
    "void": ("Void the running round", "진행 중인 라운드 무효"),
    "off": ("Put out of service", "점검 중으로 바꾸기"),
    "on": ("Back in service", "다시 열기"),
    "volume": ("Volume", "음량"),
    "set": ("Set", "적용"),
    "done": ("Done.", "처리했습니다."),
    "stale": (
        "This page is not up to date: no answer from the booth.",
        "부스가 응답하지 않습니다. 표시된 내용은 최신이 아닙니다.",
    ),
    "today": ("Today", "오늘"),
    "all": ("All days", "전체 기간"),
    "by_level": ("By mode and level", "모드와 레벨별"),
    "by_hour": ("Rounds of the last 12 hours", "최근 12시간 라운드"),
    "by_clip": ("By clip, the hardest first", "영상별 (어려운 순)"),
    "clip": ("Clip", "영상"),
    "plays": ("Plays", "판수"),
    "won": ("won", "승리"),
    "lost_rounds": ("lost", "패배"),
    "forfeit": ("forfeited", "기권"),
    "voided": ("void", "무효"),
    "lost_share": ("Lost", "패배율"),
    "median": ("Median loss at", "패배 시점 (중앙값)"),
    "no_results": ("No results yet.", "아직 결과가 없습니다."),
    "export": ("Download all results", "모든 결과 내려받기"),
    "level": ("Level {n}", "레벨 {n}"),
    "marathon": ("Marathon", "마라톤"),
    "points": ("points", "점"),
    "rank": ("Rank", "순위"),
    "name": ("Player", "플레이어"),
    "someone": ("somebody", "익명"),
    "board_away": (
        "The leaderboard is not available at the moment.",
        "지금은 순위표를 볼 수 없습니다.",
    ),
    "s": ("s", "초"),
    "mib": ("MiB", "MiB"),
}


def speaker(language: Language) -> Callable[..., str]:
    """Return the function that gives a text in one language, ``{placeholders}`` filled in."""
    place = 1 if language == "ko" else 0

    def say(key: str, **values: object) -> str:
        return WORDS[key][place].format(**values)

    return say


def language_of(chosen: str | None, accepted: str) -> Language:
    """Return the language: the chosen one, or the first of the browser's that we have."""
    if chosen == "ko":
        return "ko"
    if chosen == "en":
        return "en"
    for part in accepted.lower().split(","):
        name = part.strip().partition(";")[0].partition("-")[0]
        if name == "ko":
            return "ko"
        if name == "en":
            return "en"
    return "en"
