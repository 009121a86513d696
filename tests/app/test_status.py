"""The game under somebody's eyes: signs of life, status, orders."""

from __future__ import annotations

from table import Table

from emotion_game.game.replay import decode
from emotion_game.game.types import Outcome
from emotion_game.monitor import GameStatus, Order
from emotion_game.ui.intents import ChooseLevel, ChooseMode, Intent


class Operator:
    def __init__(self) -> None:
        self.turns = 0
        self.orders: list[Order] = []
        self.lines: list[str] = []
        self.status: GameStatus | None = None

    def turn(self, now_s, status):
        self.turns += 1
        self.status = status()
        orders, self.orders = self.orders, []
        return orders

    def event(self, line):
        self.lines.append(line)

    def agreed(self, language):
        pass


def seat():
    operator = Operator()
    table = Table(operator)
    return table, operator


def test_the_status_follows_the_game():
    table, operator = seat()
    table.press(ChooseMode("happy")).show(0.0, 0.2)
    assert (operator.status.screen, operator.status.in_round) == ("level", False)
    table.press(ChooseLevel(1), Intent.GO_ON).until("Playing").show(0.0, 0.2)
    assert (operator.status.screen, operator.status.in_round) == ("playing", True)
    assert operator.status.model == "net 1.0"
    table.until("Result", 0.99).show(0.99, 0.2)
    assert operator.status.rounds == 1
    assert operator.status.last_round.outcome is Outcome.LOST
    table.game.feed.lost = True
    table.show(0.0, 0.2)
    assert not operator.status.camera_working
    assert operator.status.faults == ("The camera gives no picture.",)
    assert operator.turns > 50
    assert [decode(line) for line in operator.lines]


def test_orders():
    table, operator = seat()
    table.press(ChooseMode("happy"), ChooseLevel(1), Intent.GO_ON).until("Playing")
    operator.orders = [Order(kind="volume", value=0.3), Order(kind="void_round")]
    table.show(0.0, 0.2)
    assert (table.name, table.player.volume) == ("Level", 0.3)
    assert table.game.results == []
    operator.orders = [Order(kind="end")]
    table.show(0.0, 0.1)
    assert not table.game.running


def test_what_was_survived_of_a_marathon_that_is_left_is_not_lost():
    table, _ = seat()
    table.press(ChooseMode("happy"), Intent.MARATHON, Intent.GO_ON)
    table.until("Playing").until("Countdown").until("Playing")
    table.press(Intent.BACK)
    assert [result.stage for result in table.game.results] == [1]
