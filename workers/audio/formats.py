"""Convert MP3 to other formats."""

import io
import warnings

import imageio_ffmpeg

from workers.errors import EncodingFailed
from workers.narration import DISCLOSURE

with warnings.catch_warnings():
    # pydub warns when no ffmpeg is on PATH; ours comes with imageio-ffmpeg.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.exceptions import CouldntDecodeError, CouldntEncodeError

EXPORT_FORMATS = {
    "flac": "flac",
    "m4a": "ipod",
    "mp3": "mp3",
    "ogg": "ogg",
    "opus": "opus",
    "wav": "wav",
}
"""File suffixes that `convert` writes, each with ffmpeg's name for its container."""


def convert(mp3: bytes, suffix: str) -> bytes:
    """Convert a narration to a format of `EXPORT_FORMATS`, keeping the disclosure.

    Raises:
        EncodingFailed: The format is unknown, or ffmpeg fails.
    """
    if suffix == "mp3":
        return mp3
    if suffix not in EXPORT_FORMATS:
        known = ", ".join(f".{name}" for name in EXPORT_FORMATS)
        raise EncodingFailed(f"Cannot write .{suffix} files; choose one of: {known}.")
    AudioSegment.converter = imageio_ffmpeg.get_ffmpeg_exe()
    out = io.BytesIO()
    try:
        sound = AudioSegment.from_file_using_temporary_files(io.BytesIO(mp3), "mp3")
        # pydub writes WAV by itself, without tags, unless a codec is named.
        codec = "pcm_s16le" if suffix == "wav" else None
        tags = {"comment": DISCLOSURE}
        sound.export(out, format=EXPORT_FORMATS[suffix], codec=codec, tags=tags)
    except (CouldntDecodeError, CouldntEncodeError, OSError) as error:
        message = f"ffmpeg could not write a .{suffix} file; try .mp3."
        raise EncodingFailed(message) from error
    return out.getvalue()
