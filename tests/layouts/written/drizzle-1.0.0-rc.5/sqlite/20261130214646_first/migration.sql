CREATE TABLE `pets` (
	`id` integer PRIMARY KEY AUTOINCREMENT,
	`name` text NOT NULL
);
