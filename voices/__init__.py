"""One sentence becomes sound.

    Sentence ──► Engine.speak ──► Audio

A `Sentence` says what is to be said and which written words it stands for.  A `Voice`
is who says it; the `Catalogue` knows which voices are installed.  An `Engine` is a
voice made ready to speak: `voices.piper` is the neural one, `voices.tone` hums.

This package knows nothing of articles, queues or files other than the voices' own.
"""
