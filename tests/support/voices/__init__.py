"""Support for tests of voices: voices, graphs, phonemes, a mirror."""
