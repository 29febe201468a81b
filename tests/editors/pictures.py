"""The pictures of the documentation: `python -m tests.editors.pictures .editors docs/pictures`.

Screenshots are taken by the tests (`make test-editors`); this picks some, and makes them small. The recording is what
`runbook-ls demo` shows in a terminal, as an animated GIF.
"""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

CHOSEN = {
    "1-opened": "opened",
    "3-ran": "ran",
    "5-question": "question",
    "8-ghost-text": "ghost-text",
    "10-learned-view": "learned",
    "12-dark-ran": "dark",
}
_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
_GREYS = 6  # few shades, the same in all frames: what did not change costs nothing


def main(editors: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, published in CHOSEN.items():
        _small(editors / "pictures" / f"{name}.png", target / f"{published}.png")
    _record(target / "demo.gif")
    for picture in sorted(target.iterdir()):
        print(f"{picture.name}: {picture.stat().st_size // 1024} KB")


def _small(source: Path, target: Path) -> None:
    from PIL import Image

    picture = Image.open(source).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def _record(target: Path) -> None:
    """Play the demo in a terminal; one frame for each time that its screen changed."""
    import pyte
    from PIL import Image, ImageDraw, ImageFont

    from .terminal import Terminal

    columns, rows = 140, 52  # all of it, so that nothing scrolls
    program = Path(sys.executable).parent / "runbook-ls"
    terminal = Terminal(
        [str(program), "demo"], {**os.environ, "COLUMNS": str(columns)}, Path("/"), columns, rows
    )
    terminal.see("No model and no network was used")
    terminal.close()

    font = ImageFont.truetype(_FONT, 13)
    width, height = math.ceil(font.getlength("M")), 17
    screen = pyte.Screen(columns, rows)
    stream = pyte.ByteStream(screen)
    frames, seen = [], ""
    for _, data in terminal.recorded:
        for line in data.splitlines(keepends=True):
            stream.feed(line)
            shown = "\n".join(screen.display)
            if shown == seen or not shown.strip():
                continue
            seen = shown
            frame = Image.new("L", (columns * width + 24, rows * height + 24), 20)
            draw = ImageDraw.Draw(frame)
            for number, text in enumerate(screen.display):
                bold = screen.buffer[number][0].bold
                draw.text((12, 12 + number * height), text.rstrip(), 255 if bold else 190, font)
            frame = frame.point(lambda shade: shade * _GREYS // 256)
            frame.putpalette([shade * 255 // (_GREYS - 1) for shade in range(_GREYS) for _ in range(3)])
            frames.append(frame)
    frames[0].save(
        target,
        save_all=True,
        append_images=frames[1:],
        duration=[350] * (len(frames) - 1) + [4000],
        loop=0,
        optimize=True,
    )


if __name__ == "__main__":
    sys.path.append(str(Path(sys.argv[1]) / "python"))
    main(Path(sys.argv[1]), Path(sys.argv[2]))
