ALTER TYPE "kind" ADD VALUE 'bird';--> statement-breakpoint
CREATE TABLE "visits" (
	"id" serial PRIMARY KEY,
	"pet" integer
);
--> statement-breakpoint
CREATE INDEX "pets_name" ON "pets" ("name");--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_pet_pets_id_fkey" FOREIGN KEY ("pet") REFERENCES "pets"("id");