"""Operations: metrics, readiness, and the checks of `outspoken doctor`."""
