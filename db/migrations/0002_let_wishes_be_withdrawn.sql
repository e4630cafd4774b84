ALTER TABLE "reach_out" DROP CONSTRAINT "reach_out_once";--> statement-breakpoint
ALTER TABLE "reach_out" DROP CONSTRAINT "reach_out_state";--> statement-breakpoint
ALTER TABLE "reach_out" ADD COLUMN "asks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "reach_out_once" ON "reach_out" USING btree ("school_id","reply_id") WHERE state <> 'withdrawn';--> statement-breakpoint
ALTER TABLE "reach_out" ADD CONSTRAINT "reach_out_state" CHECK ("reach_out"."state" in ('open', 'answered', 'withdrawn'));