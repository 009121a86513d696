"""Who plays: names of a match's or a tournament's players, each typed once."""

from __future__ import annotations

from collections.abc import Callable

from emotion_game.app.pages.base import Context, GamePage
from emotion_game.app.pages.name import NamePage
from emotion_game.game.tournament import FEWEST, MOST
from emotion_game.scores.nicknames import NicknameError, clean_nickname, nickname_key
from emotion_game.screens.players import PlayersView
from emotion_game.screens.words import player_name
from emotion_game.ui.i18n import OWN_NAMES, Translator
from emotion_game.ui.intents import Intent, NamePlayer, UserIntent


class PlayersPage(GamePage):
    """The players of a match, or of a tournament, and what they are called.

    Args:
        context: shared with the other pages.
        tournament: they take turns, and more or fewer may do so.
        go_on: what comes next.
    """

    def __init__(
        self, context: Context, go_on: Callable[[float], None], *, tournament: bool = False
    ) -> None:
        super().__init__(context)
        engine = self.engine
        known = len(engine.names)
        players = min(MOST, max(FEWEST, known)) if tournament else engine.players
        self._names = [*engine.names, *[""] * players][:players]
        self._tournament = tournament
        self._go_on = go_on

    def view(self, now_s: float) -> PlayersView:
        """See :class:`Page`."""
        count = len(self._names)
        return PlayersView(
            self.engine.mode,
            tuple(self._names),
            self._tournament,
            can_add=self._tournament and count < MOST,
            can_remove=self._tournament and count > FEWEST,
        )

    def obey(self, intent: UserIntent, now_s: float) -> None:
        """See :class:`Page`."""
        match intent:
            case NamePlayer(player) if player < len(self._names):
                self._ask(player)
            case Intent.ADD_PLAYER if self._tournament and len(self._names) < MOST:
                self._names.append("")
            case Intent.REMOVE_PLAYER if self._tournament and len(self._names) > FEWEST:
                self._names.pop()
            case Intent.GO_ON:
                self._keep()
                self._go_on(now_s)
            case Intent.BACK:
                self._keep()
                self.pages.pop()
            case _:
                pass  # not here

    def _keep(self) -> None:
        """Remember the names, and those of a larger party before."""
        engine = self.engine
        count = len(self._names)
        # A name that came back in another place is not there twice.
        keys = {nickname_key(name) for name in self._names if name}
        rest = engine.names[count:] if not self._tournament else ()
        engine.names = (
            *self._names,
            *("" if nickname_key(name) in keys else name for name in rest),
        )

    def _ask(self, player: int) -> None:
        page = NamePage(
            self.context,
            self._names[player],
            lambda typed: self._name(player, typed),
            player=player + 1,
        )
        self.pages.push(page)

    def _name(self, player: int, typed: str) -> str:
        """Take a name, or return why not; go on to the next player who has none."""
        try:
            name = clean_nickname(typed)
        except NicknameError as error:
            return error.fault.value
        if nickname_key(name) in self._taken(player):
            return "taken"
        self._names[player] = name
        following = [number for number, each in enumerate(self._names) if not each]
        if following:
            self._ask(next((n for n in following if n > player), following[0]))
        return ""

    def _taken(self, player: int) -> set[str]:
        """Return what the others are called, also those who are called by their number."""
        languages = [Translator(language) for language in OWN_NAMES]
        return {
            nickname_key(player_name(self._names, number, tr))
            for tr in languages
            for number in range(len(self._names))
            if number != player
        }
