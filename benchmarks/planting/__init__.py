"""Plant repeats and boilerplate into clean articles.

texts   what is planted: menus, advertisements, captions, comments
page    a page: its lines, each with what it is
repeats paragraphs of the article again: equal, edited, quoted, as teasers
plant   composes a page of an article and of what is planted
render  renders a page as text or as HTML
"""
