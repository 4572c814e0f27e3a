#include "partner-service/courses/course_store.h"

#include <algorithm>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelectCourse =
    "SELECT id, uid, version, create_time, update_time, display_name, product_lines, validity_months, retired "
    "FROM course ";

Course CourseFromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .display_name = row.Text(5),
          .product_lines = SplitLines(row.Bytes(6)),
          .validity_months = static_cast<int>(row.Int(7)),
          .retired = row.Bool(8)};
}

absl::StatusOr<Course> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectCourse, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("courses/", id));
  return CourseFromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& CourseStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::String("display_name", "display_name"),
      FilterField::Boolean("retired", "retired"),
  };
  return fields;
}

absl::StatusOr<Course> CourseStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Course> CourseStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Course>> CourseStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectCourse, rows_of.sql()), rows_of.values()));
  std::vector<Course> courses;
  for (const mysql::Row& row : rows) courses.push_back(CourseFromRow(row));
  return courses;
}

absl::StatusOr<std::vector<std::string>> CourseStore::Missing(mysql::Transaction& sql,
                                                              const std::vector<std::string>& ids) const {
  if (ids.empty()) return std::vector<std::string>();
  const IdList list({ids.begin(), ids.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT id FROM course WHERE id IN ", list.sql()), list.values()));
  std::set<std::string> missing(ids.begin(), ids.end());
  for (const mysql::Row& row : rows) missing.erase(row.Text(0));
  return std::vector<std::string>(missing.begin(), missing.end());
}

absl::StatusOr<std::vector<Gate>> CourseStore::Gates(mysql::Transaction& sql,
                                                     const std::vector<std::string>& lines) const {
  std::vector<Gate> gates;
  if (lines.empty()) return gates;
  const IdList list({lines.begin(), lines.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT product_line, course_id FROM course_product_line WHERE product_line IN ",
                                    list.sql(), " ORDER BY product_line"),
                             list.values()));
  for (const mysql::Row& row : rows) gates.emplace_back(row.Text(0), row.Text(1));
  return gates;
}

absl::Status CourseStore::TakeLines(mysql::Transaction& sql, const Course& course) const {
  if (course.product_lines.empty()) return absl::OkStatus();
  std::vector<std::string> lines = course.product_lines;
  std::sort(lines.begin(), lines.end());
  mysql::Values values;
  for (const std::string& line : lines) values.insert(values.end(), {line, course.id});
  ASSIGN_OR_RETURN(const bool taken,
                   sql.TryInsertRows("INSERT INTO course_product_line (product_line, course_id) VALUES", 2, values));
  return taken ? absl::OkStatus() : sql.RunAgain(StrCat("another course took a line of ", course.name()));
}

absl::Status CourseStore::Create(mysql::Transaction& sql, const Course& course) const {
  const std::string lines = JoinLines(course.product_lines);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO course (id, uid, version, create_time, update_time, display_name, product_lines, "
                    "validity_months, retired) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {course.id, course.revision.uid, course.revision.version, course.revision.create_time,
                     course.revision.update_time, course.display_name, lines, course.validity_months, course.retired}));
  if (!inserted) return AlreadyExists(course.name());
  return TakeLines(sql, course);
}

absl::Status CourseStore::Update(mysql::Transaction& sql, const Course& course) const {
  const std::string lines = JoinLines(course.product_lines);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE course SET version = ?, update_time = ?, display_name = ?, product_lines = ?, "
                               "validity_months = ?, retired = ? WHERE id = ? AND version = ?",
                               {course.revision.version, course.revision.update_time, course.display_name, lines,
                                course.validity_months, course.retired, course.id, course.revision.version - 1}));
  if (matched != 1) return ChangedMeanwhile(sql, course.name());
  RETURN_IF_ERROR(sql.Execute("DELETE FROM course_product_line WHERE course_id = ?", {course.id}).status());
  return TakeLines(sql, course);
}

}  // namespace tributary::partner
