#include "partner-service/notifications/notification_store.h"

#include <cstdlib>
#include <limits>
#include <string>

#include "common/events/outbox.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, number, topic, subject, due, create_time, read_time FROM notification ";

Notification FromRow(const mysql::Row& row) {
  Notification notification{.partner_id = row.Text(0),
                            .number = row.Int(1),
                            .topic = static_cast<NotificationTopic>(row.Int(2)),
                            .subject = row.Text(3),
                            .create_time = row.Instant(5)};
  if (!row.IsNull(4)) notification.due = row.Day(4);
  if (!row.IsNull(6)) notification.read_time = row.Instant(6);
  return notification;
}

}  // namespace

const std::vector<FilterField>& NotificationStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("topic", "topic", NumberedNames(kFirstTopic, kLastTopic)),
      FilterField::String("subject", "subject"),
      FilterField::Day("due", "due"),
      FilterField::Timestamp("create_time", "create_time"),
      FilterField::Timestamp("read_time", "read_time"),
  };
  return fields;
}

absl::StatusOr<Notification> NotificationStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                             int64_t number) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND number = ? FOR UPDATE"), {partner_id, number}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/notifications/", number));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<Notification>> NotificationStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                  const Page& page) const {
  const std::string last(page.after(1));
  const int64_t before =
      page.first() ? std::numeric_limits<int64_t>::max() : int64_t{std::strtoll(last.c_str(), nullptr, 10)};
  mysql::Values values;
  std::string where = "TRUE";
  if (!partner_id.empty()) {
    where = "partner_id = ? AND number < ?";
    values = {partner_id, before};
  } else if (!page.first()) {
    where = "(partner_id > ? OR (partner_id = ? AND number < ?))";
    values = {page.after(0), page.after(0), before};
  }
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE ", where, " AND ", page.filter().sql(),
                                                            " ORDER BY partner_id, number DESC LIMIT ?"),
                                                     values));
  std::vector<Notification> notifications;
  for (const mysql::Row& row : rows) notifications.push_back(FromRow(row));
  return notifications;
}

absl::StatusOr<Notification> NotificationStore::Create(mysql::Transaction& sql,
                                                       const Notification& notification) const {
  Notification made = notification;
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COALESCE(MAX(number), 0) + 1 FROM notification "
                                                     "WHERE partner_id = ?",
                                                     {made.partner_id}));
  made.number = rows.front().Int(0);
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO notification (partner_id, number, topic, subject, due, create_time) "
                  "VALUES (?, ?, ?, ?, ?, ?)",
                  {made.partner_id, made.number, static_cast<int>(made.topic), made.subject,
                   made.due.has_value() ? mysql::Value(*made.due) : mysql::Value(std::nullopt), made.create_time})
          .status());
  return made;
}

absl::Status NotificationStore::SetRead(mysql::Transaction& sql, const Notification& notification) const {
  return sql
      .Execute("UPDATE notification SET read_time = ? WHERE partner_id = ? AND number = ?",
               {*notification.read_time, notification.partner_id, notification.number})
      .status();
}

}  // namespace tributary::partner
