-- What a party of a case is told in words, where the rule has some for it.
CREATE TABLE IF NOT EXISTS case_party_words (
  case_id VARBINARY(32) NOT NULL,
  partner VARBINARY(255) NOT NULL,
  words MEDIUMTEXT CHARACTER SET utf8mb4 NOT NULL,
  PRIMARY KEY (case_id, partner)
) ENGINE = InnoDB
