CREATE TABLE "belief" (
	"school_id" uuid NOT NULL,
	"student_id" uuid NOT NULL,
	"term_id" uuid NOT NULL,
	"group_id" uuid NOT NULL,
	"answer" text,
	"asked_at" timestamp with time zone NOT NULL,
	"until" timestamp with time zone NOT NULL,
	"at" timestamp with time zone,
	CONSTRAINT "belief_school_id_student_id_term_id_pk" PRIMARY KEY("school_id","student_id","term_id"),
	CONSTRAINT "belief_answer" CHECK ("belief"."answer" in ('yes', 'unsure', 'no', 'skip'))
);
--> statement-breakpoint
CREATE INDEX "belief_term" ON "belief" USING btree ("school_id","term_id");--> statement-breakpoint
SELECT rapport_protect('belief');
