CREATE TABLE IF NOT EXISTS course_product_line (
  product_line VARBINARY(200) NOT NULL,
  course_id VARBINARY(64) NOT NULL,
  PRIMARY KEY (product_line),
  KEY course_product_line_by_course (course_id)
) ENGINE=InnoDB;
