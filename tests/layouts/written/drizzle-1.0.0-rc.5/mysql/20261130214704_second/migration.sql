CREATE TABLE `visits` (
	`id` int PRIMARY KEY,
	`pet` int,
	CONSTRAINT `visits_pet_pets_id_fkey` FOREIGN KEY (`pet`) REFERENCES `pets`(`id`)
);
--> statement-breakpoint
ALTER TABLE `pets` ADD `age` int;--> statement-breakpoint
CREATE INDEX `pets_name` ON `pets` (`name`);