"""Join the lines of hard-wrapped text to paragraphs."""

from service.page.wrapped_lines.join_lines import join_wrapped_lines

__all__ = ["join_wrapped_lines"]
