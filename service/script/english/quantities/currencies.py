"""Names of currencies, by sign and by code."""

from typing import NamedTuple


class Currency(NamedTuple):
    """Singular and plural of a currency and of its hundredth, if in use."""

    singular: str
    plural: str
    cent: str = ""
    cents: str = ""

    def of(self, country: str) -> "Currency":
        """Return the currency with the adjective of a country."""
        return self._replace(
            singular=f"{country} {self.singular}", plural=f"{country} {self.plural}"
        )


_DOLLAR = Currency("dollar", "dollars", "cent", "cents")
_DIRHAM = Currency("dirham", "dirhams")
_EURO = Currency("euro", "euros", "cent", "cents")
_FRANC = Currency("franc", "francs")
_KRONE = Currency("krone", "kroner")
_PESO = Currency("peso", "pesos")
_POUND = Currency("pound", "pounds", "penny", "pence")
_RINGGIT = Currency("ringgit", "ringgit", "sen", "sen")
_RUPEE = Currency("rupee", "rupees")
_SHILLING = Currency("shilling", "shillings")

SIGNS = {
    "$": _DOLLAR,
    "£": _POUND,
    "¥": Currency("yen", "yen"),
    "฿": Currency("baht", "baht"),
    "₡": Currency("colon", "colones"),
    "₦": Currency("naira", "naira"),
    "₭": Currency("kip", "kip"),
    "₩": Currency("won", "won"),
    "₪": Currency("shekel", "shekels"),
    "₫": Currency("dong", "dong"),
    "€": _EURO,
    "₮": Currency("tugrik", "tugriks"),
    "₱": _PESO,
    "₲": Currency("guarani", "guarani"),
    "₴": Currency("hryvnia", "hryvnia"),
    "₵": Currency("cedi", "cedis"),
    "₸": Currency("tenge", "tenge"),
    "₹": _RUPEE,
    "₺": Currency("lira", "lira"),
    "₼": Currency("manat", "manat"),
    "₾": Currency("lari", "lari"),
    "₽": Currency("ruble", "rubles"),
    "₿": Currency("bitcoin", "bitcoins"),
}
"""Seen in business pages of the countries that use them."""

COUNTRIES = {
    "A": "Australian",
    "AU": "Australian",
    "Aus": "Australian",
    "B": "Brunei",
    "C": "Canadian",
    "CA": "Canadian",
    "CAD": "Canadian",
    "Can": "Canadian",
    "F": "Fijian",
    "HK": "Hong Kong",
    "J": "Jamaican",
    "MX": "Mexican",
    "N": "Namibian",
    "NT": "New Taiwan",
    "NZ": "New Zealand",
    "S": "Singapore",
    "SG": "Singapore",
    "TT": "Trinidad and Tobago",
    "U.S. ": "US",
    "U.S.": "US",
    "US ": "US",
    "US": "US",
    "USD": "US",
    "Z": "Zimbabwean",
}
"""Seen before a dollar sign in Asian, Pacific, African and American business pages."""

CODES = {
    "AED": _DIRHAM,
    "ARS": _PESO.of("Argentine"),
    "AUD": _DOLLAR.of("Australian"),
    "BRL": Currency("real", "reais").of("Brazilian"),
    "CAD": _DOLLAR.of("Canadian"),
    "CHF": _FRANC.of("Swiss"),
    "CNY": Currency("yuan", "yuan"),
    "CZK": Currency("koruna", "koruna").of("Czech"),
    "DKK": _KRONE.of("Danish"),
    "Dh": _DIRHAM,
    "Dhs": _DIRHAM,
    "EGP": Currency("pound", "pounds").of("Egyptian"),
    "EUR": _EURO,
    "GBP": _POUND,
    "HKD": _DOLLAR.of("Hong Kong"),
    "HUF": Currency("forint", "forint"),
    "IDR": Currency("rupiah", "rupiah"),
    "ILS": Currency("shekel", "shekels"),
    "INR": _RUPEE,
    "JPY": Currency("yen", "yen"),
    "KES": _SHILLING.of("Kenyan"),
    "Kr": _KRONE,
    "KRW": Currency("won", "won"),
    "KSh": _SHILLING.of("Kenyan"),
    "Ksh": _SHILLING.of("Kenyan"),
    "Kč": Currency("koruna", "koruna"),
    "MXN": _PESO.of("Mexican"),
    "MYR": _RINGGIT,
    "NGN": Currency("naira", "naira"),
    "NIS": Currency("shekel", "shekels"),
    "NOK": _KRONE.of("Norwegian"),
    "NZD": _DOLLAR.of("New Zealand"),
    "PKR": _RUPEE,
    "PLN": Currency("zloty", "zlotys"),
    "QAR": Currency("riyal", "riyals"),
    "R$": Currency("real", "reais"),
    "RM": _RINGGIT,
    "RMB": Currency("yuan", "yuan"),
    "RUB": Currency("ruble", "rubles"),
    "Rp": Currency("rupiah", "rupiah"),
    "Rs": _RUPEE,
    "Rs.": _RUPEE,
    "S/": Currency("sol", "soles"),
    "SAR": Currency("riyal", "riyals").of("Saudi"),
    "SEK": Currency("krona", "kronor").of("Swedish"),
    "SGD": _DOLLAR.of("Singapore"),
    "THB": Currency("baht", "baht"),
    "TRY": Currency("lira", "lira"),
    "TWD": _DOLLAR.of("New Taiwan"),
    "Tk": Currency("taka", "taka"),
    "UGX": _SHILLING.of("Ugandan"),
    "USD": _DOLLAR.of("US"),
    "ZAR": Currency("rand", "rand"),
    "kr": _KRONE,
    "kr.": _KRONE,
    "zł": Currency("zloty", "zloty"),
}
"""Seen before or after an amount in market pages and national papers."""

SCALED_LETTERS = {
    "N": Currency("naira", "naira"),
    "P": _PESO,
    "R": Currency("rand", "rand"),
}
"""Letters that mean a currency only with a scale: "R500 million"."""


def currency(sign: str) -> Currency:
    """Return the currency of a written sign or code: "HK$", "Rs", "£"."""
    if sign in CODES:
        return CODES[sign]
    unit = SIGNS[sign[-1]]
    return unit.of(COUNTRIES[sign[:-1]]) if sign[:-1] else unit
