CREATE TABLE `pets` (
	`id` int AUTO_INCREMENT PRIMARY KEY,
	`name` varchar(40) NOT NULL
);
