"""Generated texts: news with dates and amounts, or any characters."""

from hypothesis import strategies as st

NEWS_TEXTS = st.lists(
    st.sampled_from(
        [
            *(
                "Feb. 8",
                "8 Feb 2024",
                "$3.2bn",
                "a",
                "U.S.",
                "7:30 p.m.",
                "Gov.",
                "No.",
            ),
            *(
                "10-12%",
                "6-4, 7-6 (7-5)",
                "“Why?”",
                "he said",
                "...",
                "\N{EN DASH}",
                "—",
                "(",
                ")",
            ),
            *(
                "½",
                "10²",
                "A.",
                "[[x]]",
                "&amp;",
                "#2",
                "@me",
                "x.com",
                "Mr",
                "O'Neil's",
            ),
            *(
                "F.B.I.",
                "D-N.Y.,",
                "WHO",
                "CEOs",
                "etc..",
                "“Is it?” he asked.",
                "Inc.",
                "St.",
                "F-35s",
                "www.example.org/a.b",
                "#MeToo",
            ),
            *(
                "\N{PARTY POPPER}",
                "e\u0301",
                "\u00a0",
                "III",
                "1990s",
                "007",
                ":",
                ";",
                "!",
            ),
        ]
    ),
    max_size=30,
).map(" ".join)
TEXTS = st.one_of(st.text(max_size=300), NEWS_TEXTS)
