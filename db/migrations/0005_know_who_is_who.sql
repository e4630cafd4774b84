CREATE TABLE "token" (
	"school_id" uuid NOT NULL,
	"platform" text NOT NULL,
	"tenant" text NOT NULL,
	"version" integer NOT NULL,
	"sealed" "bytea" NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "token_school_id_platform_tenant_pk" PRIMARY KEY("school_id","platform","tenant")
);
--> statement-breakpoint
DROP INDEX "person_email";--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "zone" text;--> statement-breakpoint
ALTER TABLE "person" ADD COLUMN "chat_language" text;--> statement-breakpoint
CREATE INDEX "person_email" ON "person" USING btree ("school_id",lower(btrim("email")));--> statement-breakpoint
-- Hand-written.
SELECT rapport_protect('token');
