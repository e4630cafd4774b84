CREATE TABLE "enrolment" (
	"school_id" uuid NOT NULL,
	"sourced_id" text NOT NULL,
	"group_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"lead" boolean DEFAULT false NOT NULL,
	"from_date" date,
	"to_date" date,
	"since" date NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	CONSTRAINT "enrolment_school_id_sourced_id_pk" PRIMARY KEY("school_id","sourced_id"),
	CONSTRAINT "enrolment_role" CHECK ("enrolment"."role" in ('student', 'teacher')),
	CONSTRAINT "enrolment_status" CHECK ("enrolment"."status" in ('active', 'ended'))
);
--> statement-breakpoint
CREATE INDEX "enrolment_group" ON "enrolment" USING btree ("school_id","group_id");--> statement-breakpoint
-- Hand-written.
SELECT rapport_protect('enrolment');--> statement-breakpoint
-- Hand-written: a roster is laid beside the tables before it is compared with them. A database that lets nobody grant lets everybody do so by default.
DO $$ BEGIN
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO rapport_app', current_database());
EXCEPTION WHEN insufficient_privilege OR internal_error THEN NULL; END $$;
