CREATE TABLE "newcomer" (
	"school_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"user_id" text NOT NULL,
	"route" text,
	"greet" boolean NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "newcomer_school_id_platform_tenant_user_id_pk" PRIMARY KEY("school_id","platform","tenant","user_id")
);
--> statement-breakpoint
ALTER TABLE "address" ADD COLUMN "chosen_at" timestamp with time zone;--> statement-breakpoint
-- Hand-written.
SELECT rapport_protect('newcomer');
