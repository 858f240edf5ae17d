"""What is the same on every page is put together once, not on every page."""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()

# How many values of a name are kept beside each other.
MOST = 64


class OnceNode(template.Node):
    """Renders its content once in a process, for each value of ``by`` where that is given."""

    # Not shown to {% extends %}, which looks through every node of the frame on every page: a block inside could not be replaced anyway.
    child_nodelists = ()

    def __init__(self, content: NodeList, by: FilterExpression | None) -> None:
        self._content, self._by = content, by
        self._made: dict[object, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The content as it was put together the first time."""
        key = self._by.resolve(context, ignore_failures=True) if self._by else None
        made = self._made.get(key)
        if made is None:
            made = self._content.render(context)
            if len(self._made) >= MOST:
                self._made.clear()
            self._made[key] = made
        return made


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """``{% once %}…{% endonce %}``, or ``{% once section %}…`` for content that depends on one name alone, set by a view.

    Nothing else that a page differs by may be inside: what is put together is kept as long as the process lives.
    """
    words = token.split_contents()
    if len(words) > 2:
        raise template.TemplateSyntaxError("once takes one name at most")
    content = parser.parse(("endonce",))
    parser.delete_first_token()
    if content.get_nodes_by_type(template.loader_tags.BlockNode):
        raise template.TemplateSyntaxError("a block inside once could not be replaced")
    return OnceNode(content, parser.compile_filter(words[1]) if len(words) == 2 else None)
