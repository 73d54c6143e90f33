CREATE TABLE `visits` (
	`id` integer PRIMARY KEY,
	`pet` integer,
	CONSTRAINT `fk_visits_pet_pets_id_fk` FOREIGN KEY (`pet`) REFERENCES `pets`(`id`)
);
--> statement-breakpoint
ALTER TABLE `pets` ADD `age` integer;--> statement-breakpoint
CREATE INDEX `pets_name` ON `pets` (`name`);