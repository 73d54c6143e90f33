CREATE TABLE `visits` (
	`id` integer PRIMARY KEY NOT NULL,
	`pet` integer,
	FOREIGN KEY (`pet`) REFERENCES `pets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `pets` ADD `age` integer;--> statement-breakpoint
CREATE INDEX `pets_name` ON `pets` (`name`);