"""English names of months and weekdays, and their abbreviations."""

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)

MONTHS = {
    "Apr": "April",
    "Aug": "August",
    "Dec": "December",
    "Feb": "February",
    "Jan": "January",
    "Jul": "July",
    "Jun": "June",
    "Mar": "March",
    "May": "May",
    "Nov": "November",
    "Oct": "October",
    "Sep": "September",
    "Sept": "September",
}
"""Abbreviations without their full stop."""

WEEKDAYS = {
    "Fri": "Friday",
    "Mon": "Monday",
    "Sat": "Saturday",
    "Sun": "Sunday",
    "Thu": "Thursday",
    "Thurs": "Thursday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
}
"""Abbreviations without their full stop."""
