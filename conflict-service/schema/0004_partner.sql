-- Partners as the partner feed tells them.
CREATE TABLE IF NOT EXISTS partner (
  name VARBINARY(255) NOT NULL,
  ended TINYINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB
