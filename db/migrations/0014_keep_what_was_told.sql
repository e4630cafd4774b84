ALTER TABLE "history" ADD COLUMN "told" date;--> statement-breakpoint
-- Hand-written: the arithmetic of open notes is brought up to date each week, in place.
ALTER TABLE "alert" SET (fillfactor = 80);--> statement-breakpoint
ALTER TABLE "history" SET (fillfactor = 80);