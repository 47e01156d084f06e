"""Tests of pages with little around their article: what is read of each kind."""

import pytest

from service.cleaning import clean, load_markers
from service.page import read_text

MARKERS = load_markers()
"""In each page a line that begins with "+" is read, the first of them as the title."""

LETTER = """The Varn Review
Letters
Your letters
+Open letter: Keep the night bus on the hill road
+To the directors of the Varn Valley Bus Company,
+We are bakers and nurses, and since the night bus was withdrawn in May we walk home.
+We ask for two things:
+• A bus at 1:15 a.m. on every night of the week
+• A stop at the gate of the hospital
+Yours sincerely,
+Oskar Lindt
+Mina Farrow
+and 38 others
We publish letters on Fridays. Write to letters@varnreview.example with your name.
Advertisement"""

ESSAY = """Opinion
Comment
Guest essay
+Let the Orchestra Play Out of Tune
April 9, 2031, 5:01 a.m. ET
A drawing of a violin with a broken bridge.
Credit: Jonas Pell
By Ada Brook
Dr. Brook is a cellist in Wenlow and the author of “The Wrong Note.”
You’re reading the Opinion Daily newsletter. Get expert analysis, delivered weekdays.
+The worst concert of my life was perfect. No one coughed, and no one remembers it.
+I have come to distrust it.
+Join the orchestra that is never in tune: that is what I tell the children now.
* * *
+Last year I taught a class of nine who had never held a bow, and they played in a week.
+And if it hurts your ears? Good.
Follow the Opinion section on Facebook, Instagram and TikTok.
Ada Brook is a cellist in Wenlow and the author of “The Wrong Note.”"""

POSTS = """ValleyBuzz
Trending
Quizzes
Films & Series
Shopping
Valley · Posted on Mar 3, 2031
+A Bus Company Has Apologised To Its Passengers In Verse
+"We were late, and it was not the weather, and it was not the first time either."
by Piet Lund
ValleyBuzz Staff
+On Saturday a bus company did what no bus company had done: it rhymed.
Varn Buses
@varnbuses
We were late, and we know it, and we have hired a poet.
10:14 AM · Mar 2, 2031
1.2M Views
4,310 Reposts
58.4K Likes
View on Twitter
+The post was written by a driver, Mina Farrow, during the break that caused the delay.
Twitter: @quillmarta
+Passengers were delighted. "I missed my train and I do not mind," wrote one of them.
quill marta
@quillmarta
I missed my train and I do not mind
11:02 AM - 02 Mar 2031
Reply Retweet Favorite
+The company said that the poet is on holiday and that the next delay will be in prose.
pic.twitter.com/x8f3Kq2
+The poet could not be reached for comment.
ValleyBuzz Daily
Keep up with the news of the valley with the ValleyBuzz Daily newsletter!
Share This Article"""

GUIDE = """TownTable
Search
Restaurants
Recipes
Newsletters
Log in
ADVERTISEMENT
Travel
+The 4 quietest reading rooms in the valley, ranked
+Silence is a matter of carpets and not of rules, as thirty rooms have taught us.
By Ada Brook
Updated April 3, 2031, 9:14 a.m. ET
Save
Facebook
Email
+We sat in thirty reading rooms with a clock, and listened to the pages being turned.
+4. The Engine Room, Varn
The Engine Room, Varn. Credit: Alamy
+The pumps stopped in 1961, and the stokers' benches are still warm from the pipes.
+3. The Ferry Office, Wenlow
+Between two boats no one comes in, and the clerk turns the pages of a novel all day.
Sign up for Slow Travel
Email address
Sign up
By signing up you agree to our Terms of Service and Privacy Policy.
+2. The Chapel, Upper Farrow
+You may read aloud in here if you are alone, which you are from October until Easter.
+1. The Salt Store, Tern Point
+Nothing echoes in a room whose walls are white and soft and more than a metre thick.
Read next
The 12 best footpaths without a view
Why I stopped going to the theatre
Comments (143)
Join the conversation
About us
Careers
Advertise with us
Do Not Sell My Personal Information
© 2031 TownTable Media, Inc."""

LIVE = """Skip to main content
The Varn Meridian
Sign in
Subscribe
News
Politics
Business
Sport
Culture
More
Live
+Storm live: ferries stay in the harbour as the wind turns north
Ada Brook and Jonas Pell
Tue 14 May 2031 16.42 BST
Key events
15.58 BST Bridge is shut to lorries
14.20 BST Ferries stay in the harbour
Show key events only
42m ago
15.58 BST
+Bridge is shut to lorries
+The warden has closed the mill bridge to lorries until the wind falls.
Updated at 16.10 BST
Share
2h ago
14.20 BST
+Ferries stay in the harbour
+No ferry will sail before Wednesday, the harbour office says, and few will on it.
Share
Advertisement
Most viewed
‘I slept on the ferry’: readers on the storm
Rain to last until Friday, says weather office
Contact us
Complaints & corrections
Terms & conditions
© 2031 Meridian Media Limited. All rights reserved."""

PAGES = {
    "essay": ESSAY,
    "guide": GUIDE,
    "letter": LETTER,
    "live blog": LIVE,
    "posts": POSTS,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_page_is_read_as_a_person_would_read_it(page: str) -> None:
    text = "\n".join(line.removeprefix("+") for line in page.splitlines())
    expected = [line[1:] for line in page.splitlines() if line.startswith("+")]

    article = clean(read_text(text), MARKERS).article

    assert [article.title, *article.texts] == expected
