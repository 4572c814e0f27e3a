#include "partner-service/activities/activity_store.h"

#include <map>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, kind, subject, text, activity_date, visibility, "
    "author, by_partner FROM activity ";

template <typename T>
mysql::Value OrNull(const std::optional<T>& value) {
  return value.has_value() ? mysql::Value(*value) : mysql::Value(std::nullopt);
}

Activity FromRow(const mysql::Row& row) {
  return {.partner_id = row.Text(0),
          .id = row.Text(1),
          .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
          .kind = static_cast<ActivityKind>(row.Int(6)),
          .subject = row.Text(7),
          .text = row.Text(8),
          .date = row.IsNull(9) ? std::nullopt : std::optional(row.Day(9)),
          .visibility = static_cast<ActivityVisibility>(row.Int(10)),
          .author = row.Text(11),
          .by_partner = row.Bool(12)};
}

}  // namespace

const std::vector<FilterField>& ActivityStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("kind", "kind", NumberedNames(ActivityKind::kMeeting, ActivityKind::kPlan)),
      FilterField::Enum("visibility", "visibility",
                        NumberedNames(ActivityVisibility::kShared, ActivityVisibility::kVendorOnly)),
      FilterField::Day("date", "activity_date"),
      FilterField::Boolean("by_partner", "by_partner"),
      FilterField::Day("next_due", "next_due"),
  };
  return fields;
}

absl::Status ActivityStore::ReadFollowUps(mysql::Transaction& sql, std::vector<Activity>* activities) const {
  // A page of many partners' activities is read a partner at a time.
  std::map<std::string_view, std::map<std::string_view, Activity*>> by_partner;
  for (Activity& activity : *activities) by_partner[activity.partner_id][activity.id] = &activity;
  for (auto& [partner_id, by_id] : by_partner) {
    std::vector<std::string_view> ids;
    for (const auto& [id, activity] : by_id) ids.push_back(id);
    const IdList list(std::move(ids));
    mysql::Values values = {partner_id};
    values.insert(values.end(), list.values().begin(), list.values().end());
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT activity_id, id, text, due, done_time, done_by FROM activity_follow_up "
                                      "WHERE partner_id = ? AND activity_id IN ",
                                      list.sql(), " ORDER BY activity_id, position"),
                               values));
    for (const mysql::Row& row : rows) {
      FollowUp follow_up{.id = row.Text(1), .text = row.Text(2), .done = !row.IsNull(4), .done_by = row.Text(5)};
      if (!row.IsNull(3)) follow_up.due = row.Day(3);
      if (follow_up.done) follow_up.done_time = row.Instant(4);
      by_id.find(row.Bytes(0))->second->follow_ups.push_back(std::move(follow_up));
    }
  }
  return absl::OkStatus();
}

absl::Status ActivityStore::WriteFollowUps(mysql::Transaction& sql, const Activity& a) const {
  mysql::Values values;
  for (size_t i = 0; i < a.follow_ups.size(); ++i) {
    const FollowUp& follow_up = a.follow_ups[i];
    values.insert(values.end(),
                  {a.partner_id, a.id, static_cast<int>(i), follow_up.id, follow_up.text, OrNull(follow_up.due),
                   follow_up.done ? mysql::Value(follow_up.done_time) : mysql::Value(std::nullopt), follow_up.done_by});
  }
  return sql.InsertRows(
      "INSERT INTO activity_follow_up (partner_id, activity_id, position, id, text, due, done_time, done_by) VALUES", 8,
      values);
}

absl::StatusOr<Activity> ActivityStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                            std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?"), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/activities/", id));
  std::vector<Activity> found = {FromRow(rows.front())};
  RETURN_IF_ERROR(ReadFollowUps(sql, &found));
  return std::move(found.front());
}

absl::StatusOr<Activity> ActivityStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                     std::string_view id) const {
  RETURN_IF_ERROR(
      sql.Query("SELECT id FROM activity WHERE partner_id = ? AND id = ? FOR UPDATE", {partner_id, id}).status());
  return Get(sql, partner_id, id);
}

absl::StatusOr<std::vector<Activity>> ActivityStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                          bool shared_alone, const Page& page) const {
  ChildPage rows_of(partner_id, page);
  if (shared_alone) rows_of.Where("visibility = ?", {static_cast<int>(ActivityVisibility::kShared)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Activity> activities;
  for (const mysql::Row& row : rows) activities.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadFollowUps(sql, &activities));
  return activities;
}

absl::StatusOr<int64_t> ActivityStore::CountShared(mysql::Transaction& sql, std::string_view partner_id,
                                                   std::optional<ActivityKind> kind, const DateRange& days) const {
  std::string text =
      "SELECT COUNT(*) FROM activity WHERE partner_id = ? AND visibility = ? AND activity_date >= ? "
      "AND activity_date < ?";
  mysql::Values values = {partner_id, static_cast<int>(ActivityVisibility::kShared), days.start, days.end};
  if (kind.has_value()) {
    text += " AND kind = ?";
    values.push_back(static_cast<int>(*kind));
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  return rows.front().Int(0);
}

absl::StatusOr<ActivityStore::FollowUpCount> ActivityStore::CountFollowUps(mysql::Transaction& sql,
                                                                           std::string_view partner_id,
                                                                           const DateRange& days) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COUNT(*), COUNT(f.done_time) FROM activity_follow_up AS f JOIN activity AS a ON "
                             "a.partner_id = f.partner_id AND a.id = f.activity_id WHERE f.partner_id = ? AND "
                             "a.visibility = ? AND f.due >= ? AND f.due < ?",
                             {partner_id, static_cast<int>(ActivityVisibility::kShared), days.start, days.end}));
  return FollowUpCount{.due = rows.front().Int(0), .done = rows.front().Int(1)};
}

absl::Status ActivityStore::Create(mysql::Transaction& sql, const Activity& a) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          "INSERT INTO activity (partner_id, id, uid, version, create_time, update_time, kind, subject, text, "
          "activity_date, visibility, author, by_partner, next_due) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {a.partner_id, a.id, a.revision.uid, a.revision.version, a.revision.create_time, a.revision.update_time,
           static_cast<int>(a.kind), a.subject, a.text, OrNull(a.date), static_cast<int>(a.visibility), a.author,
           a.by_partner, OrNull(a.next_due())}));
  if (!inserted) return AlreadyExists(a.name());
  return WriteFollowUps(sql, a);
}

absl::Status ActivityStore::Update(mysql::Transaction& sql, const Activity& a) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE activity SET version = ?, update_time = ?, kind = ?, subject = ?, text = ?, "
                               "activity_date = ?, visibility = ?, next_due = ? "
                               "WHERE partner_id = ? AND id = ? AND version = ?",
                               {a.revision.version, a.revision.update_time, static_cast<int>(a.kind), a.subject, a.text,
                                OrNull(a.date), static_cast<int>(a.visibility), OrNull(a.next_due()), a.partner_id,
                                a.id, a.revision.version - 1}));
  if (matched != 1) return ChangedMeanwhile(sql, a.name());
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM activity_follow_up WHERE partner_id = ? AND activity_id = ?", {a.partner_id, a.id})
          .status());
  return WriteFollowUps(sql, a);
}

absl::Status ActivityStore::Delete(mysql::Transaction& sql, const Activity& a) const {
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM activity_follow_up WHERE partner_id = ? AND activity_id = ?", {a.partner_id, a.id})
          .status());
  return sql.Execute("DELETE FROM activity WHERE partner_id = ? AND id = ?", {a.partner_id, a.id}).status();
}

}  // namespace tributary::partner
