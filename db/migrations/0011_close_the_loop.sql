CREATE TABLE "alert_party" (
	"school_id" uuid NOT NULL,
	"alert_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"words" "bytea",
	"version" integer DEFAULT 0 NOT NULL,
	"told_at" timestamp with time zone,
	CONSTRAINT "alert_party_school_id_alert_id_person_id_role_pk" PRIMARY KEY("school_id","alert_id","person_id","role"),
	CONSTRAINT "alert_party_role" CHECK ("alert_party"."role" in ('raised', 'owned', 'closed'))
);
--> statement-breakpoint
ALTER TABLE "alert" DROP CONSTRAINT "alert_kind";--> statement-breakpoint
ALTER TABLE "alert" ADD COLUMN "handed_by" uuid;--> statement-breakpoint
ALTER TABLE "alert" ADD COLUMN "handed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alert" ADD COLUMN "acknowledged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "alert" ADD COLUMN "before" jsonb;--> statement-breakpoint
CREATE INDEX "alert_party_person" ON "alert_party" USING btree ("school_id","person_id","at");--> statement-breakpoint
ALTER TABLE "alert" ADD CONSTRAINT "alert_kind" CHECK ("alert"."kind" in ('silence', 'never_started', 'raised', 'group_dip', 'group_never_started', 'prompts_not_working'));--> statement-breakpoint
SELECT rapport_protect('alert_party');
