ALTER TABLE "reach_out" ADD COLUMN "handed_from" uuid;--> statement-breakpoint
ALTER TABLE "reading" ADD COLUMN "handed_from" uuid;