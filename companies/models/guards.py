"""Guards of what belongs to a company: nothing new comes to one that was merged into another."""

import pgtrigger

# A merge holds the row of the company for itself. Whoever brings something for it waits here for the merge, and the
# second statement reads what was committed meanwhile; or the merge waits for him, and takes along what he brought.
_REFUSED = """
    IF FOUND THEN
        RAISE EXCEPTION 'company % was merged into another', merged.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'companies_company_merged';
    END IF;
"""
MERGED = "companies_company_merged"


def never_of_merged(column: str = "company_id") -> list[pgtrigger.Trigger]:
    """No row is entered for a merged company, or given to it, whoever writes. New rows are looked at once a statement,
    as files bring many."""
    name = "" if column == "company_id" else f"_{column.removesuffix('_id')}"
    return [
        pgtrigger.Trigger(
            name=f"not_entered_for_merged{name}",
            level=pgtrigger.Statement,
            operation=pgtrigger.Insert,
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(new="new_values"),
            declare=[("merged", "record")],
            func=f"""
                PERFORM FROM companies_company
                    WHERE id IN (SELECT {column} FROM new_values) ORDER BY id FOR KEY SHARE;
                SELECT company.code INTO merged FROM companies_company company
                    WHERE company.merged_into_id IS NOT NULL
                      AND company.id IN (SELECT {column} FROM new_values) LIMIT 1;
                {_REFUSED}
                RETURN NULL;
            """,  # noqa: S608 - a column of the portal's own
        ),
        pgtrigger.Trigger(
            name=f"not_given_to_merged{name}",
            operation=pgtrigger.UpdateOf(column),
            when=pgtrigger.After,
            condition=pgtrigger.Condition(f"NEW.{column} IS DISTINCT FROM OLD.{column}"),
            declare=[("merged", "record")],
            func=f"""
                PERFORM FROM companies_company WHERE id = NEW.{column} FOR KEY SHARE;
                SELECT company.code INTO merged FROM companies_company company
                    WHERE company.merged_into_id IS NOT NULL AND company.id = NEW.{column};
                {_REFUSED}
                RETURN NULL;
            """,  # noqa: S608 - a column of the portal's own
        ),
    ]
