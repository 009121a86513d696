"""The window: shows a View, returns what the player did."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pygame

from emotion_game.errors import ScreenError
from emotion_game.files import write_beside
from emotion_game.game.modes import Modes
from emotion_game.ui import sprites, theme
from emotion_game.ui.controls import Controls
from emotion_game.ui.i18n import Language, Translator
from emotion_game.ui.intents import UserIntent
from emotion_game.ui.layout import Layout
from emotion_game.ui.modes import ModeStyles
from emotion_game.ui.notices import draw_demo_badge, draw_notices
from emotion_game.ui.painter import Painter
from emotion_game.ui.pictures import Pictures
from emotion_game.ui.view import View
from emotion_game.ui.widgets import draw_button

_DRIVER = "SDL_VIDEODRIVER"
#: What a window opens with where the desktop has room, px.
_SIZE_PX = (1280, 720)
#: Share of the desktop that is left beside title bar, task bar and the like.
_ROOM = 0.88
#: SDL falls back to these by itself when there is no display, and then nobody sees anything.
_UNSEEN = ("dummy", "offscreen")


class Window:
    """A resizable window that draws Views; one at a time in a process.

    Args:
        size_px: width and height, raised to ``theme.MIN_SIZE_PX``; None: what the desktop has room
            for.
        fullscreen: cover the desktop instead.
        offscreen: draw in memory only, with no display.
        language: of the window's title until the first View.

    Attributes:
        painter: draws the Views.
        controls: says what the player did, and what has the focus.

    Raises:
        ScreenError: no display can be opened.
        GameError: a translation is missing.
    """

    def __init__(
        self,
        modes: Modes,
        size_px: tuple[int, int] | None = None,
        fullscreen: bool = False,
        offscreen: bool = False,
        language: Language = "en",
    ) -> None:
        self._styles = ModeStyles(modes)
        self._translators: dict[Language, Translator] = {}
        tr = self._translator(language)
        _open_display(offscreen)
        pygame.font.init()
        if size_px is None:
            size_px = opening_size(pygame.display.get_desktop_sizes()[0], offscreen=offscreen)
        size_px = (
            max(size_px[0], theme.MIN_SIZE_PX[0]),
            max(size_px[1], theme.MIN_SIZE_PX[1]),
        )
        try:
            self._window = pygame.Window(tr("Straight Face"), size_px, resizable=True)
            self._window.minimum_size = theme.MIN_SIZE_PX
            self.painter = Painter(self._styles)
            self._window.get_surface()
        except pygame.error as error:
            self._quit()
            raise ScreenError(
                f"the display refused a window of {size_px[0]}x{size_px[1]} px: {error}.",
                hint="Try a smaller window, or --offscreen to play without one.",
            ) from error
        self._window.set_icon(sprites.logo(64))
        # Nothing is typed here, and an input method would swallow the keys of its script.
        pygame.key.stop_text_input()
        self._language = language
        self._pictures = Pictures()
        self._screen_type: type[object] = type(None)
        self._gone_at_once = False
        self._laid_out: tuple[View, tuple[int, int], Layout] | None = None
        self.controls = Controls(self.layout, lambda: self.size_px, gamepads=not offscreen)
        self._fullscreen = False
        if fullscreen:
            self.set_fullscreen(True)

    @property
    def surface(self) -> pygame.Surface:
        """What is drawn, upright; the next :meth:`draw` draws over it."""
        return self._window.get_surface()

    @property
    def title(self) -> str:
        """The window's title."""
        return self._window.title

    def resize(self, size_px: tuple[int, int]) -> None:
        """Make the window as large as that, as the player does at its edge."""
        self._window.size = size_px

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of what is drawn."""
        return self.surface.get_size()

    @property
    def fullscreen(self) -> bool:
        """Whether the window covers the desktop."""
        return self._fullscreen

    @property
    def focus(self) -> str:
        """Name of the button that Enter presses; "" for none."""
        return self.controls.focus

    def layout(self, view: View) -> Layout:
        """Return where everything of ``view`` stands in the window's present size.

        It is computed once a View, however often it is asked for.
        """
        size = self.size_px
        known = self._laid_out
        if known is None or known[0] is not view or known[1] != size:
            tr = self._translator(view.language)
            known = self._laid_out = view, size, view.screen.lay_out(view, size, tr)
        return known[2]

    # Input

    def handle_events(self, view: View) -> list[UserIntent]:
        """Return what the player did since the last call, on the screen that ``view`` shows."""
        self._enter(view)
        return self.controls.take(view)

    def _enter(self, view: View) -> None:
        """Put the focus on a new screen's first button and forget half-made clicks."""
        layout = self.layout(view)
        if self._screen_type is not type(view.screen):
            self._screen_type = type(view.screen)
            self.controls.enter(layout)
            self._pictures.forget()
        else:
            self.controls.keep_focus(layout)

    # Output

    def draw(self, view: View) -> None:
        """Draw ``view`` and show it; returns at once, the caller keeps the pace."""
        self._enter(view)
        tr = self._translator(view.language)
        if view.language != self._language:
            self._language = view.language
            self._window.title = tr("Straight Face")
        painter, layout, screen = self.painter, self.layout(view), view.screen
        painter.begin(
            self.surface,
            screen.mode,
            tr,
            high_contrast=view.high_contrast,
            reduced_motion=view.reduced_motion,
            screen=type(screen),
            wipes=not (screen.at_once or self._gone_at_once),
        )
        self._gone_at_once = screen.gone_at_once
        screen.draw(painter, view, layout, self._pictures)
        for button in layout.buttons:
            hovered = self.controls.pointer is not None and button.rect.collidepoint(
                self.controls.pointer
            )
            draw_button(
                painter, button, focused=button.name == self.controls.focus, hovered=hovered
            )
        strip = layout.regions["toast"]
        if view.camera.demo:
            strip = draw_demo_badge(painter, strip)
        draw_notices(painter, strip, view.notices)
        painter.finish()
        self._window.flip()

    def screenshot(self, path: Path) -> None:
        """Save what was drawn last as a picture; the name's suffix says the format.

        Raises:
            ScreenError: the picture cannot be written.
        """
        made = io.BytesIO()
        try:
            pygame.image.save(self.surface, made, path.name)
            write_beside(path, made.getvalue())
        except (pygame.error, OSError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or error
            raise ScreenError(
                f"Cannot write the screenshot {path}: {why}.",
                hint="Choose a folder that exists, with space, and a name ending in .png.",
            ) from error

    def set_fullscreen(self, fullscreen: bool) -> None:
        """Cover the desktop, or go back to a window."""
        if fullscreen:
            self._window.set_fullscreen(desktop=True)
        else:
            self._window.set_windowed()
        self._fullscreen = fullscreen

    def close(self) -> None:
        """Close the window; it cannot be used afterwards. Closing twice does no harm."""
        self.controls.close()
        self._window.destroy()
        self._quit()

    @staticmethod
    def _quit() -> None:
        pygame.font.quit()
        pygame.display.quit()

    def _translator(self, language: Language) -> Translator:
        if language not in self._translators:
            self._translators[language] = Translator(language, self._styles)
        return self._translators[language]


def opening_size(desktop_px: tuple[int, int], *, offscreen: bool = False) -> tuple[int, int]:
    """Return the size that a window opens with: 16:9, with room for frame and task bar.

    Args:
        desktop_px: width and height of the desktop.
        offscreen: there is no desktop.
    """
    width, height = _SIZE_PX
    if not offscreen:
        room = [round(_ROOM * side) for side in desktop_px]
        height = min(height, room[1], room[0] * height // width)
    return height * _SIZE_PX[0] // _SIZE_PX[1], height


def _open_display(offscreen: bool) -> None:
    """Start pygame's display part with a driver that fits.

    Raises:
        ScreenError: there is no display to open a window on.
    """
    # We draw in memory: sending that through OpenGL costs 5 to 15 ms a frame where OpenGL is
    # computed by the processor, and gains nothing elsewhere. SDL reads this with each window.
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    wanted = os.environ.get(_DRIVER)
    hint = "Start the game on a desktop, or with --offscreen to run it without a window."
    try:
        if offscreen:
            os.environ[_DRIVER] = "dummy"
        pygame.display.init()
    except pygame.error as error:
        raise ScreenError(f"no display can be opened: {error}.", hint=hint) from error
    finally:
        if offscreen and wanted is None:
            del os.environ[_DRIVER]
        elif offscreen and wanted is not None:
            os.environ[_DRIVER] = wanted
    driver = pygame.display.get_driver()
    if not offscreen and driver in _UNSEEN and wanted != driver:
        pygame.display.quit()
        raise ScreenError(
            f"no display can be opened: SDL found only its {driver!r} driver.", hint=hint
        )
