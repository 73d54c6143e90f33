CREATE TYPE "kind" AS ENUM('cat', 'dog');--> statement-breakpoint
CREATE TABLE "pets" (
	"id" serial PRIMARY KEY,
	"name" text NOT NULL,
	"kind" "kind"
);
