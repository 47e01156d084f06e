"""HTTP Live Streaming (RFC 8216): playlist and segments of a narration.

    committed segments or finished file ──► HlsAudio ──► playlist, segment by segment

A segment is a fixed number of MP3 frames, so its bytes are the same while the narration
is rendered and after it; a playlist only grows.
"""
