CREATE TABLE "signal" (
	"school_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"week" date NOT NULL,
	"kind" text NOT NULL,
	"due" smallint NOT NULL,
	"done" smallint NOT NULL,
	CONSTRAINT "signal_school_id_student_id_week_kind_pk" PRIMARY KEY("school_id","student_id","week","kind"),
	CONSTRAINT "signal_kind" CHECK ("signal"."kind" in ('attendance', 'submission')),
	CONSTRAINT "signal_done" CHECK ("signal"."due" > 0 and "signal"."done" between 0 and "signal"."due")
);
--> statement-breakpoint
CREATE TABLE "site_week" (
	"school_id" uuid NOT NULL,
	"site_id" uuid NOT NULL,
	"week" date NOT NULL,
	"answered" integer NOT NULL,
	"chances" integer NOT NULL,
	CONSTRAINT "site_week_school_id_site_id_week_pk" PRIMARY KEY("school_id","site_id","week")
);
--> statement-breakpoint
-- One statement, by hand: the table is written anew once.
ALTER TABLE "history"
  ADD COLUMN "group_id" uuid,
  ADD COLUMN "asked" boolean DEFAULT true NOT NULL,
  ADD COLUMN "misses" smallint GENERATED ALWAYS AS ((length(substr(weeks, length(rtrim(weeks, '-omgu.')) + 1)) - length(translate(substr(weeks, length(rtrim(weeks, '-omgu.')) + 1), 'm', '')))) STORED,
  ADD COLUMN "since" date GENERATED ALWAYS AS (case when rtrim(weeks, '-omgu.') <> '' then start + 7 * (length(rtrim(weeks, '-omgu.')) - 1) end) STORED,
  ADD COLUMN "until" date GENERATED ALWAYS AS (start + 7 * length(weeks)) STORED,
  ADD COLUMN "answered" smallint GENERATED ALWAYS AS ((length(right(weeks, 6)) - length(translate(right(weeks, 6), 'as', '')))) STORED,
  ADD COLUMN "chances" smallint GENERATED ALWAYS AS ((length(right(case when (length(weeks) - length(translate(weeks, 'm', ''))) <= 5 then weeks else regexp_replace(weeks, '(?<=m[^as]*m[^as]*m[^as]*m[^as]*m[^as]*)m', '-', 'g') end, 6)) - length(translate(right(case when (length(weeks) - length(translate(weeks, 'm', ''))) <= 5 then weeks else regexp_replace(weeks, '(?<=m[^as]*m[^as]*m[^as]*m[^as]*m[^as]*)m', '-', 'g') end, 6), 'asm', '')))) STORED,
  ADD COLUMN "netted" smallint GENERATED ALWAYS AS ((length(right(weeks, 6)) - length(translate(right(weeks, 6), 'g', '')))) STORED;--> statement-breakpoint
-- Hand-written.
SELECT rapport_protect('site_week');--> statement-breakpoint
SELECT rapport_protect('signal');