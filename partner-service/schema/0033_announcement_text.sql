CREATE TABLE IF NOT EXISTS announcement_text (
  announcement_id VARBINARY(64) NOT NULL,
  position SMALLINT NOT NULL,
  locale VARBINARY(64) NOT NULL,
  title VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  body MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (announcement_id, position)
) ENGINE=InnoDB;
