ALTER TABLE "contact" ADD COLUMN "direction" text DEFAULT 'out' NOT NULL;--> statement-breakpoint
ALTER TABLE "contact" ADD COLUMN "about" text;--> statement-breakpoint
CREATE INDEX "contact_adult" ON "contact" USING btree ("school_id","adult_id","at");--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_direction" CHECK ("contact"."direction" in ('out', 'in'));--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_about" CHECK ("contact"."about" in ('hello', 'good', 'school', 'problem'));