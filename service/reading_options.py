"""Build page options, announcements and pauses from the settings.

Raises:
    InvalidSettings: Each function, for an invalid value; it names the setting.
"""

from service.errors import InvalidSelector
from service.page import PageOptions
from service.script import Announcements, Pauses
from service.script.announcements import fields_of
from service.settings import ServiceSettings, invalid_setting


def page_options_of(settings: ServiceSettings) -> PageOptions:
    """Build the options of the publisher's pages."""
    try:
        PageOptions(include=settings.html_include)
    except InvalidSelector as error:
        raise invalid_setting("html_include", str(error).rstrip(".")) from error
    try:
        return PageOptions(
            settings.html_include,
            settings.html_exclude,
            settings.table_rows,
            settings.embeds == "read",
        )
    except InvalidSelector as error:
        raise invalid_setting("html_exclude", str(error).rstrip(".")) from error


def announcements_of(settings: ServiceSettings) -> Announcements:
    """Build the announcements around each article."""
    for name in ("intro", "outro"):
        try:
            list(fields_of(getattr(settings, name)))
        except ValueError as error:
            raise invalid_setting(name, str(error)) from error
    return Announcements(settings.intro, settings.outro, settings.publication)


def pauses_of(settings: ServiceSettings) -> Pauses:
    """Build the table of pauses."""
    try:
        return Pauses.of_seconds(settings.pauses)
    except ValueError as error:
        raise invalid_setting("pauses", str(error)) from error
