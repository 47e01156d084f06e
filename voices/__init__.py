"""Text-to-speech: voices and the engines that speak them.

    Sentence ──► Engine.speak ──► Audio

A `Sentence` holds the words to speak and the written words they come from.  A `Voice`
describes a speaker; the `Catalogue` lists the installed voices.  An `Engine` is a
loaded voice: `voices.piper` is the neural one, `voices.tone` a test tone.

This package does not import articles or queues, and reads only the voices' files.
"""
