CREATE TABLE IF NOT EXISTS billed_document (
  partner VARBINARY(64) NOT NULL,
  kind SMALLINT NOT NULL,
  document VARBINARY(64) NOT NULL,
  document_date DATE NOT NULL,
  due_date DATE NOT NULL,
  currency VARBINARY(3) NOT NULL,
  tax_document_number VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  original_invoice VARBINARY(64) NOT NULL,
  line_count INT NOT NULL,
  net_amount DECIMAL(38,6) NOT NULL,
  tax_amount DECIMAL(38,6) NOT NULL,
  gross_amount DECIMAL(38,6) NOT NULL,
  settled DECIMAL(38,6) NOT NULL,
  create_time DATETIME(6) NOT NULL,
  update_time DATETIME(6) NOT NULL,
  PRIMARY KEY (partner, kind, document)
) ENGINE=InnoDB;
