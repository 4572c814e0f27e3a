CREATE TABLE IF NOT EXISTS partner_tax_id (
  tax_id_type SMALLINT NOT NULL,
  value VARBINARY(64) NOT NULL,
  partner_id VARBINARY(64) NOT NULL,
  PRIMARY KEY (tax_id_type, value),
  KEY partner_tax_id_by_partner (partner_id)
) ENGINE=InnoDB;
