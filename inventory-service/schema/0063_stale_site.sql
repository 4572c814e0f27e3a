-- Since when the positions at a site are stale: worked out from obligations and reports whenever one of them changes.
-- Site '' stands for every site that has no row. stale_since NULL: not stale.
CREATE TABLE IF NOT EXISTS stale_site (
  partner VARBINARY(64) NOT NULL,
  site VARBINARY(64) NOT NULL,
  stale_since DATE NULL,
  PRIMARY KEY (partner, site)
) ENGINE=InnoDB;
