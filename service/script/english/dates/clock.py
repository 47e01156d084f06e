"""Words of a clock time."""

from service.script.english.numbers.number_words import cardinal


def clock(written: str, *, military: bool = False) -> str:
    """Return hours and minutes: "7:05" is "seven oh five", "7:00" is "seven"."""
    hours, _, minutes = written.replace(".", ":").partition(":")
    hour = (
        f"oh {cardinal(int(hours))}"
        if military and hours[0] == "0" and int(hours)
        else cardinal(int(hours))
    )
    if not minutes or minutes == "00":
        return f"{hour} hundred" if military else hour
    if minutes[0] == "0":
        return f"{hour} oh {cardinal(int(minutes))}"
    return f"{hour} {cardinal(int(minutes))}"
