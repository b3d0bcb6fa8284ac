"""What the database keeps of supplements to grants: they give more for what a granted one gave for, and end first."""

import pgtrigger

from subsidies.choices import HOLDING

HOLDING_STATES = ", ".join(f"'{state}'" for state in HOLDING)


def supplement_triggers() -> list[pgtrigger.Trigger]:
    """Of the table of grants: a supplement is of the company, point and day of its grant, is paid after it, and ends
    before it."""
    return [
        pgtrigger.Trigger(
            name="supplement_of_granted",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition("NEW.supplement_to_id IS NOT NULL"),
            declare=[("first", "record")],
            # The share lock waits for somebody who ends the grant now, and makes him wait for this one.
            func="""
                SELECT company_id, point, part, supplement_to_id, state INTO first FROM subsidies_grant
                    WHERE id = NEW.supplement_to_id FOR SHARE;
                IF (first.company_id, first.point, first.part) IS DISTINCT FROM
                   (NEW.company_id, NEW.point, NEW.part)
                   OR first.supplement_to_id IS NOT NULL OR first.state NOT IN ('approved', 'paid') THEN
                    RAISE EXCEPTION 'a supplement is of what a grant of the same company and point gave'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grant_supplement_of_granted';
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="supplement_after_its_grant",
            operation=pgtrigger.UpdateOf("state"),
            when=pgtrigger.Before,
            condition=pgtrigger.Condition("NEW.supplement_to_id IS NOT NULL AND NEW.state IN ('approved', 'paid')"),
            declare=[("first", "record")],
            func="""
                SELECT granted_on, state INTO first FROM subsidies_grant WHERE id = NEW.supplement_to_id FOR SHARE;
                IF NEW.granted_on IS DISTINCT FROM first.granted_on
                   OR (NEW.state = 'paid' AND first.state <> 'paid') THEN
                    RAISE EXCEPTION 'a supplement is of the day of its grant, and is paid after it'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grant_supplement_after';
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="supplements_end_first",
            operation=pgtrigger.UpdateOf("state"),
            when=pgtrigger.Before,
            condition=pgtrigger.Condition(f"NEW.supplement_to_id IS NULL AND NEW.state NOT IN ({HOLDING_STATES})"),
            func=f"""
                IF EXISTS (
                    SELECT FROM subsidies_grant WHERE supplement_to_id = NEW.id AND state IN ({HOLDING_STATES})
                ) THEN
                    RAISE EXCEPTION 'the supplements of a grant end before it'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grant_supplements_end_first';
                END IF;
                RETURN NEW;
            """,
        ),
    ]
