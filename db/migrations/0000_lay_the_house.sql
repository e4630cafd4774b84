-- Hand-written: the role the app drops to, which owns nothing, and the one way to protect a table.
DO $$ BEGIN
  CREATE ROLE rapport_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;--> statement-breakpoint
DO $$ BEGIN
  EXECUTE format('GRANT rapport_app TO %I', current_user);
EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$;--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO rapport_app;--> statement-breakpoint
CREATE FUNCTION rapport_protect(target regclass, key text DEFAULT 'school_id', rights text DEFAULT 'SELECT, INSERT, UPDATE, DELETE') RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_school ON %s USING (%I = (SELECT nullif(current_setting(''app.school_id'', true), '''')::uuid))', target, key);
  EXECUTE format('GRANT %s ON %s TO rapport_app', rights, target);
END $$;--> statement-breakpoint
CREATE TABLE "deed" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor_id" uuid,
	"via" text NOT NULL,
	"act" text NOT NULL,
	"subject_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "deed_school_id_id_pk" PRIMARY KEY("school_id","id")
);
--> statement-breakpoint
CREATE TABLE "event_seen" (
	"school_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"event_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "event_seen_school_id_platform_tenant_event_id_pk" PRIMARY KEY("school_id","platform","tenant","event_id")
);
--> statement-breakpoint
CREATE TABLE "reply" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"occurrence_id" uuid,
	"prompt_id" text,
	"lens" text,
	"mood" smallint,
	"wants" text,
	"created_at" timestamp with time zone NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "reply_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "reply_once" UNIQUE("school_id","occurrence_id"),
	CONSTRAINT "reply_wants" CHECK ("reply"."wants" in ('no', 'mentor', 'someone')),
	CONSTRAINT "reply_mood" CHECK ("reply"."mood" between 1 and 5)
);
--> statement-breakpoint
CREATE TABLE "reply_part" (
	"school_id" uuid NOT NULL,
	"reply_id" uuid NOT NULL,
	"part" text NOT NULL,
	"version" integer NOT NULL,
	"words" "bytea",
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "reply_part_school_id_reply_id_part_version_pk" PRIMARY KEY("school_id","reply_id","part","version")
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"dedupe_key" text NOT NULL,
	"person_id" uuid NOT NULL,
	"subject_id" uuid,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"urgent" boolean DEFAULT false NOT NULL,
	"platform" text,
	"tenant" text,
	"user_id" text,
	"due_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"first_attempt_at" timestamp with time zone,
	"route" text,
	"message_id" text,
	"failure" text,
	"settled_at" timestamp with time zone,
	CONSTRAINT "delivery_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "delivery_once" UNIQUE("school_id","dedupe_key"),
	CONSTRAINT "delivery_state" CHECK ("delivery"."state" in ('planned', 'sending', 'sent', 'refused', 'unknown', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "account" (
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"school_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "account_platform_tenant_user_id_pk" PRIMARY KEY("platform","tenant","user_id")
);
--> statement-breakpoint
CREATE TABLE "wake" (
	"school_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"platform" text DEFAULT '' NOT NULL,
	"tenant" text DEFAULT '' NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	CONSTRAINT "wake_once" UNIQUE("school_id","kind","platform","tenant")
);
--> statement-breakpoint
CREATE TABLE "workspace" (
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"school_id" uuid NOT NULL,
	"paused" text,
	CONSTRAINT "workspace_platform_tenant_pk" PRIMARY KEY("platform","tenant")
);
--> statement-breakpoint
CREATE TABLE "alert" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"subject_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"level" text NOT NULL,
	"week" date NOT NULL,
	"facts" jsonb NOT NULL,
	"owner_id" uuid,
	"stage" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"snoozed_until" date,
	"closed_at" timestamp with time zone,
	"closed_by" uuid,
	"closed_as" text,
	CONSTRAINT "alert_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "alert_kind" CHECK ("alert"."kind" in ('silence', 'never_started', 'group_dip', 'group_never_started', 'prompts_not_working')),
	CONSTRAINT "alert_level" CHECK ("alert"."level" in ('alert', 'long')),
	CONSTRAINT "alert_stage" CHECK ("alert"."stage" in ('owner', 'brief', 'counsellors')),
	CONSTRAINT "alert_state" CHECK ("alert"."state" in ('open', 'snoozed', 'closed')),
	CONSTRAINT "alert_closed_as" CHECK ("alert"."closed_as" in ('useful', 'known', 'false', 'answered', 'stopped'))
);
--> statement-breakpoint
CREATE TABLE "history" (
	"school_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"start" date NOT NULL,
	"weeks" text NOT NULL,
	"last_answered_at" timestamp with time zone,
	CONSTRAINT "history_school_id_student_id_pk" PRIMARY KEY("school_id","student_id")
);
--> statement-breakpoint
CREATE TABLE "brief" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"adult_id" uuid NOT NULL,
	"week" date NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "brief_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "brief_once" UNIQUE("school_id","adult_id","week")
);
--> statement-breakpoint
CREATE TABLE "brief_name" (
	"school_id" uuid NOT NULL,
	"brief_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"rank" integer NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "brief_name_school_id_brief_id_student_id_pk" PRIMARY KEY("school_id","brief_id","student_id")
);
--> statement-breakpoint
CREATE TABLE "contact" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"adult_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "contact_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "contact_once" UNIQUE("school_id","student_id","source"),
	CONSTRAINT "contact_kind" CHECK ("contact"."kind" in ('hello', 'reply', 'chat', 'hallway', 'call', 'home'))
);
--> statement-breakpoint
CREATE TABLE "reach_out" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"reply_id" uuid,
	"asked" text NOT NULL,
	"to_id" uuid,
	"owner_id" uuid,
	"stage" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"answered_by" uuid,
	"answered_at" timestamp with time zone,
	CONSTRAINT "reach_out_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "reach_out_once" UNIQUE("school_id","reply_id"),
	CONSTRAINT "reach_out_asked" CHECK ("reach_out"."asked" in ('mentor', 'someone')),
	CONSTRAINT "reach_out_stage" CHECK ("reach_out"."stage" in ('owner', 'counsellors')),
	CONSTRAINT "reach_out_state" CHECK ("reach_out"."state" in ('open', 'answered'))
);
--> statement-breakpoint
CREATE TABLE "reading" (
	"school_id" uuid NOT NULL,
	"reply_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"owner_id" uuid,
	"stage" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"read_by" uuid,
	"read_at" timestamp with time zone,
	"line" "bytea",
	"line_version" integer DEFAULT 0 NOT NULL,
	"line_at" timestamp with time zone,
	CONSTRAINT "reading_school_id_reply_id_pk" PRIMARY KEY("school_id","reply_id"),
	CONSTRAINT "reading_stage" CHECK ("reading"."stage" in ('first', 'second', 'counsellors'))
);
--> statement-breakpoint
CREATE TABLE "address" (
	"school_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"person_id" uuid NOT NULL,
	"route" text,
	"used_at" timestamp with time zone,
	"trouble" text,
	"trouble_at" timestamp with time zone,
	CONSTRAINT "address_school_id_platform_tenant_user_id_pk" PRIMARY KEY("school_id","platform","tenant","user_id")
);
--> statement-breakpoint
CREATE TABLE "away" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"adult_id" uuid NOT NULL,
	"cover_id" uuid NOT NULL,
	"from_date" date NOT NULL,
	"until_date" date NOT NULL,
	CONSTRAINT "away_school_id_id_pk" PRIMARY KEY("school_id","id")
);
--> statement-breakpoint
CREATE TABLE "day_off" (
	"school_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"date" date NOT NULL,
	"students" boolean NOT NULL,
	"staff" boolean NOT NULL,
	"reason" text NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "day_off_school_id_site_id_date_pk" PRIMARY KEY("school_id","site_id","date"),
	CONSTRAINT "day_off_source" CHECK ("day_off"."source" in ('ics', 'typed', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"school_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"from_date" date NOT NULL,
	"to_date" date,
	CONSTRAINT "membership_school_id_group_id_student_id_from_date_pk" PRIMARY KEY("school_id","group_id","student_id","from_date")
);
--> statement-breakpoint
CREATE TABLE "person" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sourced_id" text NOT NULL,
	"role" text NOT NULL,
	"given_name" text NOT NULL,
	"family_name" text NOT NULL,
	"preferred_name" text,
	"pronouns" text,
	"email" text,
	"grade" text,
	"language" text,
	"site_id" uuid NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"consent" text DEFAULT 'none' NOT NULL,
	"consent_at" timestamp with time zone,
	"stopped_at" timestamp with time zone,
	"paused_until" date,
	CONSTRAINT "person_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "person_sourced" UNIQUE("school_id","sourced_id"),
	CONSTRAINT "person_role" CHECK ("person"."role" in ('student', 'staff')),
	CONSTRAINT "person_status" CHECK ("person"."status" in ('active', 'ended')),
	CONSTRAINT "person_consent" CHECK ("person"."consent" in ('none', 'school', 'parent', 'own'))
);
--> statement-breakpoint
CREATE TABLE "school" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "school_group" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sourced_id" text NOT NULL,
	"site_id" uuid NOT NULL,
	"title" text NOT NULL,
	"kind" text NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	CONSTRAINT "school_group_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "school_group_sourced" UNIQUE("school_id","sourced_id"),
	CONSTRAINT "school_group_kind" CHECK ("school_group"."kind" in ('advisory', 'class')),
	CONSTRAINT "school_group_status" CHECK ("school_group"."status" in ('active', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"school_id" uuid NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "setting_school_id_key_pk" PRIMARY KEY("school_id","key")
);
--> statement-breakpoint
CREATE TABLE "site" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sourced_id" text NOT NULL,
	"name" text NOT NULL,
	"zone" text NOT NULL,
	CONSTRAINT "site_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "site_sourced" UNIQUE("school_id","sourced_id")
);
--> statement-breakpoint
CREATE TABLE "staff_role" (
	"school_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "staff_role_school_id_person_id_role_pk" PRIMARY KEY("school_id","person_id","role"),
	CONSTRAINT "staff_role_role" CHECK ("staff_role"."role" in ('counsellor', 'principal', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "term" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"sourced_id" text NOT NULL,
	"title" text NOT NULL,
	"starts" date NOT NULL,
	"ends" date NOT NULL,
	CONSTRAINT "term_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "term_sourced" UNIQUE("school_id","sourced_id")
);
--> statement-breakpoint
CREATE TABLE "tie" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"adult_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"group_id" uuid,
	"lead" boolean DEFAULT false NOT NULL,
	"source" text NOT NULL,
	"from_date" date NOT NULL,
	"to_date" date,
	CONSTRAINT "tie_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "tie_once" UNIQUE NULLS NOT DISTINCT("school_id","student_id","adult_id","kind","group_id","from_date"),
	CONSTRAINT "tie_kind" CHECK ("tie"."kind" in ('advisor', 'class')),
	CONSTRAINT "tie_source" CHECK ("tie"."source" in ('roster', 'caseload'))
);
--> statement-breakpoint
CREATE TABLE "safety_event" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"source" text NOT NULL,
	"student_id" uuid,
	"account" text,
	"level" text NOT NULL,
	"topics" jsonb NOT NULL,
	"words" "bytea" NOT NULL,
	"skipped" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone,
	"taken_by" uuid,
	"taken_at" timestamp with time zone,
	CONSTRAINT "safety_event_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "safety_event_once" UNIQUE("school_id","source"),
	CONSTRAINT "safety_event_level" CHECK ("safety_event"."level" in ('concern', 'urgent')),
	CONSTRAINT "safety_event_state" CHECK ("safety_event"."state" in ('open', 'taken', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "occurrence" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"local_date" date NOT NULL,
	"week" date NOT NULL,
	"opens_at" timestamp with time zone NOT NULL,
	"remind_at" timestamp with time zone,
	"closes_at" timestamp with time zone NOT NULL,
	"first_prompt" text,
	"second_prompt" text,
	"why" jsonb,
	"state" text DEFAULT 'open' NOT NULL,
	"outcome" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "occurrence_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "occurrence_once" UNIQUE("school_id","plan_id","student_id","local_date"),
	CONSTRAINT "occurrence_once_a_week" UNIQUE("school_id","student_id","week"),
	CONSTRAINT "occurrence_state" CHECK ("occurrence"."state" in ('open', 'answered', 'skipped', 'closed')),
	CONSTRAINT "occurrence_outcome" CHECK ("occurrence"."outcome" in ('missed', 'ours', 'no_chance'))
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"school_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"active" boolean NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"rhythm" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "plan_school_id_id_pk" PRIMARY KEY("school_id","id"),
	CONSTRAINT "plan_group" UNIQUE("school_id","group_id")
);
--> statement-breakpoint
CREATE INDEX "deed_subject" ON "deed" USING btree ("school_id","subject_id","at");--> statement-breakpoint
CREATE INDEX "reply_student" ON "reply" USING btree ("school_id","student_id","created_at");--> statement-breakpoint
CREATE INDEX "reply_part_part" ON "reply_part" USING btree ("school_id","part");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "delivery" USING btree ("school_id","platform","tenant","due_at") WHERE state = 'planned';--> statement-breakpoint
CREATE INDEX "delivery_leased" ON "delivery" USING btree ("school_id","lease_until") WHERE state = 'sending';--> statement-breakpoint
CREATE INDEX "delivery_subject" ON "delivery" USING btree ("school_id","subject_id","kind");--> statement-breakpoint
CREATE INDEX "delivery_person" ON "delivery" USING btree ("school_id","person_id","settled_at");--> statement-breakpoint
CREATE INDEX "account_person" ON "account" USING btree ("school_id","person_id");--> statement-breakpoint
CREATE INDEX "wake_due" ON "wake" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "workspace_school" ON "workspace" USING btree ("school_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_open" ON "alert" USING btree ("school_id","subject_id","kind") WHERE state <> 'closed';--> statement-breakpoint
CREATE INDEX "alert_owner" ON "alert" USING btree ("school_id","owner_id") WHERE state <> 'closed';--> statement-breakpoint
CREATE INDEX "alert_subject" ON "alert" USING btree ("school_id","subject_id","opened_at");--> statement-breakpoint
CREATE INDEX "brief_name_student" ON "brief_name" USING btree ("school_id","student_id");--> statement-breakpoint
CREATE INDEX "contact_student" ON "contact" USING btree ("school_id","student_id","at");--> statement-breakpoint
CREATE INDEX "reach_out_due" ON "reach_out" USING btree ("school_id","due_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "reading_unread" ON "reading" USING btree ("school_id","owner_id") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "reading_due" ON "reading" USING btree ("school_id","due_at") WHERE read_at is null;--> statement-breakpoint
CREATE INDEX "reading_student" ON "reading" USING btree ("school_id","student_id");--> statement-breakpoint
CREATE INDEX "address_person" ON "address" USING btree ("school_id","person_id");--> statement-breakpoint
CREATE INDEX "away_adult" ON "away" USING btree ("school_id","adult_id");--> statement-breakpoint
CREATE INDEX "membership_student" ON "membership" USING btree ("school_id","student_id");--> statement-breakpoint
CREATE INDEX "person_email" ON "person" USING btree ("school_id","email");--> statement-breakpoint
CREATE INDEX "tie_adult" ON "tie" USING btree ("school_id","adult_id");--> statement-breakpoint
CREATE INDEX "safety_event_next" ON "safety_event" USING btree ("school_id","next_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "safety_event_student" ON "safety_event" USING btree ("school_id","student_id");--> statement-breakpoint
CREATE INDEX "occurrence_closing" ON "occurrence" USING btree ("school_id","closes_at") WHERE state = 'open';
--> statement-breakpoint
-- Hand-written: every table of a school is protected; the three that are read before the school is known hold ids and times only.
SELECT rapport_protect('address');--> statement-breakpoint
SELECT rapport_protect('alert');--> statement-breakpoint
SELECT rapport_protect('away');--> statement-breakpoint
SELECT rapport_protect('brief');--> statement-breakpoint
SELECT rapport_protect('brief_name');--> statement-breakpoint
SELECT rapport_protect('contact');--> statement-breakpoint
SELECT rapport_protect('day_off');--> statement-breakpoint
SELECT rapport_protect('delivery');--> statement-breakpoint
SELECT rapport_protect('event_seen');--> statement-breakpoint
SELECT rapport_protect('history');--> statement-breakpoint
SELECT rapport_protect('membership');--> statement-breakpoint
SELECT rapport_protect('occurrence');--> statement-breakpoint
SELECT rapport_protect('person');--> statement-breakpoint
SELECT rapport_protect('plan');--> statement-breakpoint
SELECT rapport_protect('reach_out');--> statement-breakpoint
SELECT rapport_protect('reading');--> statement-breakpoint
SELECT rapport_protect('reply');--> statement-breakpoint
SELECT rapport_protect('reply_part');--> statement-breakpoint
SELECT rapport_protect('safety_event');--> statement-breakpoint
SELECT rapport_protect('school_group');--> statement-breakpoint
SELECT rapport_protect('setting');--> statement-breakpoint
SELECT rapport_protect('site');--> statement-breakpoint
SELECT rapport_protect('staff_role');--> statement-breakpoint
SELECT rapport_protect('term');--> statement-breakpoint
SELECT rapport_protect('tie');--> statement-breakpoint
SELECT rapport_protect('school', 'id');--> statement-breakpoint
SELECT rapport_protect('deed', 'school_id', 'SELECT, INSERT');--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON workspace, account, wake TO rapport_app;--> statement-breakpoint
-- Hand-written: the nth advisor of a student on a day, or whoever covers for them. One place says who is asked first.
CREATE FUNCTION advisor_of(school uuid, student uuid, day date, nth int) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT a.cover_id FROM away a WHERE a.school_id = school AND a.adult_id = t.adult_id AND day BETWEEN a.from_date AND a.until_date ORDER BY a.from_date DESC, a.id LIMIT 1), t.adult_id)
  FROM tie t JOIN person p ON p.school_id = t.school_id AND p.id = t.adult_id AND p.status = 'active'
  WHERE t.school_id = school AND t.student_id = student AND t.kind = 'advisor' AND t.from_date <= day AND (t.to_date IS NULL OR t.to_date >= day)
  GROUP BY t.adult_id ORDER BY bool_or(t.lead) DESC, min(t.from_date), t.adult_id OFFSET nth - 1 LIMIT 1
$$;
