-- How units are packed, as people say; parent_pack is empty where a unit was taken out of its pack.
CREATE TABLE IF NOT EXISTS serial_pack (
  product VARBINARY(64) NOT NULL,
  serial VARBINARY(64) NOT NULL,
  version BIGINT NOT NULL,
  update_time DATETIME(6) NOT NULL,
  parent_pack VARBINARY(64) NOT NULL,
  PRIMARY KEY (product, serial),
  KEY by_pack (product, parent_pack, serial)
) ENGINE=InnoDB;
