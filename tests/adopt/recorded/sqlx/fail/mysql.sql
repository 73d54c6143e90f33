-- sqlx-cli 0.9.0, MariaDB 10.11: migrate run, the third begins with -- no-transaction and fails behind its first statement
/*M!999999\- enable the sandbox mode */ 
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `_sqlx_migrations` (
  `version` bigint(20) NOT NULL,
  `description` text NOT NULL,
  `installed_on` timestamp NOT NULL DEFAULT current_timestamp(),
  `success` tinyint(1) NOT NULL,
  `checksum` blob NOT NULL,
  `execution_time` bigint(20) NOT NULL,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
INSERT INTO `_sqlx_migrations` VALUES (1,'people','2026-12-01 02:24:19',1,0x8A43FEFAF3565B4E606777C022635029E7986EE1557640AB512E83404CE3A26BA4C03A4146AEF7F679E2244517A8A4FA,5210185);
INSERT INTO `_sqlx_migrations` VALUES (2,'add pets','2026-12-01 02:24:19',1,0x5B1ADA703EF5156D3D69D70DC6FEE72AFD18CC878524BD711D35F8C17D5F4D3E49F3B45D1D291B076E9694C0B083C60B,6743207);
INSERT INTO `_sqlx_migrations` VALUES (3,'toys','2026-12-01 02:24:19',0,0xE8A4DF15470766FEA28AF245FAB33FDE1DA032E3CE8C290153E3DA285318289A18D9DE1157761BA7163227CA14AF14E0,-1);
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `people` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `pets` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `toys` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;
