"""What a recovery is about, for templates."""

from django import template

from subsidies.tables import recoveries

register = template.Library()

register.filter("page_of", recoveries.page_of)
register.filter("title_of", recoveries.title_of)
