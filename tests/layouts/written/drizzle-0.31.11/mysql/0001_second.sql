CREATE TABLE `visits` (
	`id` int NOT NULL,
	`pet` int,
	CONSTRAINT `visits_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `pets` ADD `age` int;--> statement-breakpoint
ALTER TABLE `visits` ADD CONSTRAINT `visits_pet_pets_id_fk` FOREIGN KEY (`pet`) REFERENCES `pets`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `pets_name` ON `pets` (`name`);