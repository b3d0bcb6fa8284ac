"""How companies report: of which periods and by when, what is compared with the report before, what else is asked."""
