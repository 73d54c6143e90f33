CREATE TYPE "public"."kind" AS ENUM('cat', 'dog');--> statement-breakpoint
CREATE TABLE "pets" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" "kind"
);
