ALTER TABLE "school" ADD COLUMN "calendar_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- Hand-written: whoever changes a school's days, in whatever way, is noticed.
CREATE FUNCTION count_calendar_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE school SET calendar_version = calendar_version + 1 WHERE id IN (SELECT school_id FROM changed);
  RETURN NULL;
END $$;--> statement-breakpoint
DO $$ DECLARE target text; deed text; BEGIN
  FOREACH target IN ARRAY ARRAY['site', 'term', 'day_off'] LOOP
    FOREACH deed IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
      EXECUTE format('CREATE TRIGGER calendar_%s AFTER %s ON %I REFERENCING %s TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_calendar_change()',
        lower(deed), deed, target, CASE deed WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END);
    END LOOP;
  END LOOP;
END $$;
