CREATE TABLE `pets` (
	`id` int AUTO_INCREMENT NOT NULL,
	`name` varchar(40) NOT NULL,
	CONSTRAINT `pets_id` PRIMARY KEY(`id`)
);
