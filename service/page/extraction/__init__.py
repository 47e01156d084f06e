"""Extract the article of a page by its containers.

    reveal ──► exclusions ──► candidates ──► block_rules ──► select ──► headline
    noscript,  asides, menus, main_text,     containers of   referee,
    JSON-LD    hidden text    run of prose   the template    confidence

`reveal` adds a text that the page inserts by script.  `exclusions` decides which
elements are separate from the article by name; one that contains most of the prose is
not.  Each candidate votes for blocks; `block_rules` extends the votes to the containers
that the template uses for paragraphs.  `select` compares a candidate with witnesses
that know no names: the best run of prose, and the text that the page declares to search
engines.  If too little of them is read, further candidates are made, and the one that
reads most is taken.
"""
