ALTER TYPE "public"."kind" ADD VALUE 'bird';--> statement-breakpoint
CREATE TABLE "visits" (
	"id" serial PRIMARY KEY NOT NULL,
	"pet" integer
);
--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_pet_pets_id_fk" FOREIGN KEY ("pet") REFERENCES "public"."pets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "pets_name" ON "pets" USING btree ("name");