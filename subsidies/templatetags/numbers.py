"""`{{ number.name|number_name }}`: what a number of the policy is called; `{{ number.unit|unit_name }}` its unit."""

from django import template

from subsidies import numbers

register = template.Library()
register.filter("number_name", numbers.name_of)
register.filter("unit_name", numbers.unit_name)
