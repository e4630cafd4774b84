-- Hand-written: what a process keeps of a school's own facts holds until their version is another one. Beside its days they are its settings, who
-- is who among the adults, and who is tied to whom.
ALTER TABLE "school" RENAME COLUMN "calendar_version" TO "version";--> statement-breakpoint
CREATE OR REPLACE FUNCTION count_calendar_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE school SET version = version + 1 WHERE id IN (SELECT school_id FROM changed);
  RETURN NULL;
END $$;--> statement-breakpoint
ALTER FUNCTION count_calendar_change() RENAME TO count_change;--> statement-breakpoint
DO $$ DECLARE target text; deed text; BEGIN
  FOREACH target IN ARRAY ARRAY['site', 'term', 'day_off'] LOOP
    FOREACH deed IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
      EXECUTE format('ALTER TRIGGER calendar_%s ON %I RENAME TO count_%s', deed, target, deed);
    END LOOP;
  END LOOP;
  FOREACH target IN ARRAY ARRAY['setting', 'staff_role', 'tie', 'away'] LOOP
    FOREACH deed IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('CREATE TRIGGER count_%s AFTER %s ON %I REFERENCING %s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_change()',
        lower(deed), deed, target, CASE deed WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END);
    END LOOP;
  END LOOP;
END $$;--> statement-breakpoint
-- Of a person only what others are told of them: a student who pauses changes nothing that is kept.
CREATE FUNCTION count_person_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE school SET version = version + 1 WHERE id IN (
    SELECT n.school_id FROM now_so n JOIN before b ON b.school_id = n.school_id AND b.id = n.id
    WHERE (n.given_name, n.family_name, n.preferred_name, n.status, n.role) IS DISTINCT FROM (b.given_name, b.family_name, b.preferred_name, b.status, b.role));
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER count_update AFTER UPDATE ON person REFERENCING OLD TABLE AS before NEW TABLE AS now_so FOR EACH STATEMENT EXECUTE FUNCTION count_person_change();--> statement-breakpoint
CREATE TRIGGER count_delete AFTER DELETE ON person REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_change();
