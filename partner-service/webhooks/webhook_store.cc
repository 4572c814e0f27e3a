#include "partner-service/webhooks/webhook_store.h"

#include <cstdlib>
#include <limits>
#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kEndpointColumns =
    "partner_id, id, uid, version, create_time, update_time, state, display_name, url, topics, secret, "
    "previous_secret, previous_secret_until, failures, failing_since, last_success_time, last_number, "
    "next_attempt_time, lease, lease_until";

std::optional<absl::Time> TimeOf(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Instant(column);
}

// Topics as their numbers, a line each.
std::string TopicsToText(const std::vector<NotificationTopic>& topics) {
  std::vector<std::string> numbers;
  numbers.reserve(topics.size());
  for (const NotificationTopic topic : topics) numbers.push_back(StrCat(static_cast<int>(topic)));
  return JoinLines(numbers);
}

std::vector<NotificationTopic> TopicsFromText(std::string_view text) {
  std::vector<NotificationTopic> topics;
  for (const std::string& number : SplitLines(text)) {
    topics.push_back(static_cast<NotificationTopic>(std::stoi(number)));
  }
  return topics;
}

std::vector<WebhookEndpoint> EndpointsFrom(const mysql::Rows& rows) {
  std::vector<WebhookEndpoint> endpoints;
  for (const mysql::Row& row : rows) {
    endpoints.push_back({.partner_id = row.Text(0),
                         .id = row.Text(1),
                         .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
                         .state = static_cast<WebhookEndpointState>(row.Int(6)),
                         .display_name = row.Text(7),
                         .url = row.Text(8),
                         .topics = TopicsFromText(row.Bytes(9)),
                         .secret = row.Text(10),
                         .previous_secret = row.Text(11),
                         .previous_secret_until = TimeOf(row, 12),
                         .failures = static_cast<int>(row.Int(13)),
                         .failing_since = TimeOf(row, 14),
                         .last_success_time = TimeOf(row, 15),
                         .last_number = row.Int(16),
                         .next_attempt_time = TimeOf(row, 17),
                         .lease = row.Int(18),
                         .lease_until = TimeOf(row, 19)});
  }
  return endpoints;
}

absl::StatusOr<WebhookEndpoint> OneEndpoint(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                            std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kEndpointColumns, " FROM webhook_endpoint WHERE partner_id = ? AND id = ?", lock),
                {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/webhookEndpoints/", id));
  return EndpointsFrom(rows).front();
}

constexpr std::string_view kDeliveryColumns =
    "partner_id, endpoint_id, number, uid, create_time, state, topic, notification, body, attempts, "
    "last_attempt_time, status_code, error, deliver_time";

std::vector<WebhookDelivery> DeliveriesFrom(const mysql::Rows& rows) {
  std::vector<WebhookDelivery> deliveries;
  for (const mysql::Row& row : rows) {
    WebhookDelivery delivery{.partner_id = row.Text(0),
                             .endpoint_id = row.Text(1),
                             .number = row.Int(2),
                             .uid = row.Id(3),
                             .create_time = row.Instant(4),
                             .state = static_cast<WebhookDeliveryState>(row.Int(5)),
                             .body = row.Text(8),
                             .attempts = static_cast<int>(row.Int(9)),
                             .last_attempt_time = TimeOf(row, 10),
                             .status_code = static_cast<int>(row.Int(11)),
                             .error = row.Text(12),
                             .deliver_time = TimeOf(row, 13)};
    if (!row.IsNull(6)) delivery.topic = static_cast<NotificationTopic>(row.Int(6));
    if (!row.IsNull(7)) delivery.notification = row.Int(7);
    deliveries.push_back(std::move(delivery));
  }
  return deliveries;
}

mysql::Value TopicOf(const WebhookDelivery& delivery) {
  return delivery.topic.has_value() ? mysql::Value(static_cast<int>(*delivery.topic)) : mysql::Value(std::nullopt);
}

}  // namespace

const std::vector<FilterField>& WebhookStore::EndpointFields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(WebhookEndpointState::kEnabled, WebhookEndpointState::kFailed)),
      FilterField::Timestamp("failing_since", "failing_since"),
      FilterField::Timestamp("last_success_time", "last_success_time"),
  };
  return fields;
}

const std::vector<FilterField>& WebhookStore::DeliveryFields() {
  static const std::vector<FilterField> fields = {
      FilterField::Boolean("delivered", "(deliver_time IS NOT NULL)"),
      FilterField::Enum("topic", "topic", NumberedNames(kFirstTopic, kLastTopic)),
      FilterField::Integer("attempts", "attempts"),
      FilterField::Integer("status_code", "status_code"),
      FilterField::Timestamp("create_time", "create_time"),
      FilterField::Timestamp("last_attempt_time", "last_attempt_time"),
  };
  return fields;
}

absl::StatusOr<WebhookEndpoint> WebhookStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                  std::string_view id) const {
  return OneEndpoint(sql, partner_id, id, "");
}

absl::StatusOr<WebhookEndpoint> WebhookStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                           std::string_view id) const {
  return OneEndpoint(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<WebhookEndpoint>> WebhookStore::List(mysql::Transaction& sql, std::string_view partner_id,
                                                                const Page& page) const {
  const ChildPage rows_of(partner_id, page);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kEndpointColumns, " FROM webhook_endpoint ", rows_of.sql()), rows_of.values()));
  return EndpointsFrom(rows);
}

absl::StatusOr<std::vector<WebhookEndpoint>> WebhookStore::EnabledOf(mysql::Transaction& sql,
                                                                     std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kEndpointColumns,
                                    " FROM webhook_endpoint WHERE partner_id = ? AND state = ? ORDER BY id FOR UPDATE"),
                             {partner_id, static_cast<int>(WebhookEndpointState::kEnabled)}));
  return EndpointsFrom(rows);
}

absl::StatusOr<int64_t> WebhookStore::CountOf(mysql::Transaction& sql, std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COUNT(*) FROM webhook_endpoint WHERE partner_id = ?", {partner_id}));
  return rows.front().Int(0);
}

absl::Status WebhookStore::Create(mysql::Transaction& sql, const WebhookEndpoint& e) const {
  const std::string topics = TopicsToText(e.topics);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO webhook_endpoint (", kEndpointColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 {e.partner_id,
                                  e.id,
                                  e.revision.uid,
                                  e.revision.version,
                                  e.revision.create_time,
                                  e.revision.update_time,
                                  static_cast<int>(e.state),
                                  e.display_name,
                                  e.url,
                                  topics,
                                  e.secret,
                                  e.previous_secret,
                                  e.previous_secret_until,
                                  e.failures,
                                  e.failing_since,
                                  e.last_success_time,
                                  e.last_number,
                                  e.next_attempt_time,
                                  e.lease,
                                  e.lease_until}));
  return inserted ? absl::OkStatus() : AlreadyExists(e.name());
}

absl::Status WebhookStore::Put(mysql::Transaction& sql, const WebhookEndpoint& e) const {
  const std::string topics = TopicsToText(e.topics);
  return sql
      .Execute(
          "UPDATE webhook_endpoint SET version = ?, update_time = ?, state = ?, display_name = ?, url = ?, topics = ?, "
          "secret = ?, previous_secret = ?, previous_secret_until = ?, failures = ?, failing_since = ?, "
          "last_success_time = ?, next_attempt_time = ?, lease = ?, lease_until = ? WHERE partner_id = ? AND id = ?",
          {e.revision.version, e.revision.update_time, static_cast<int>(e.state), e.display_name, e.url, topics,
           e.secret, e.previous_secret, e.previous_secret_until, e.failures, e.failing_since, e.last_success_time,
           e.next_attempt_time, e.lease, e.lease_until, e.partner_id, e.id})
      .status();
}

absl::Status WebhookStore::Delete(mysql::Transaction& sql, const WebhookEndpoint& e) const {
  RETURN_IF_ERROR(
      sql.Execute("DELETE FROM webhook_delivery WHERE partner_id = ? AND endpoint_id = ?", {e.partner_id, e.id})
          .status());
  return sql.Execute("DELETE FROM webhook_endpoint WHERE partner_id = ? AND id = ?", {e.partner_id, e.id}).status();
}

absl::StatusOr<std::vector<WebhookEndpoint>> WebhookStore::DeleteAllOf(mysql::Transaction& sql,
                                                                       std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kEndpointColumns,
                                    " FROM webhook_endpoint WHERE partner_id = ? ORDER BY id FOR UPDATE"),
                             {partner_id}));
  std::vector<WebhookEndpoint> endpoints = EndpointsFrom(rows);
  for (const WebhookEndpoint& endpoint : endpoints) RETURN_IF_ERROR(Delete(sql, endpoint));
  return endpoints;
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> WebhookStore::DueBy(mysql::Transaction& sql,
                                                                                     absl::Time now, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner_id, id FROM webhook_endpoint WHERE next_attempt_time <= ? AND "
                             "(lease_until IS NULL OR lease_until <= ?) ORDER BY next_attempt_time LIMIT ?",
                             {now, now, limit}));
  std::vector<std::pair<std::string, std::string>> due;
  for (const mysql::Row& row : rows) due.emplace_back(row.Text(0), row.Text(1));
  return due;
}

absl::StatusOr<WebhookDelivery> WebhookStore::Enqueue(mysql::Transaction& sql, const WebhookEndpoint& endpoint,
                                                      WebhookDelivery d, absl::Time now) const {
  d.partner_id = endpoint.partner_id;
  d.endpoint_id = endpoint.id;
  d.number = endpoint.last_number + 1;
  d.uid = Uuid::New(now);
  d.create_time = now;
  RETURN_IF_ERROR(
      sql.Execute(StrCat("INSERT INTO webhook_delivery (", kDeliveryColumns,
                         ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                  {d.partner_id, d.endpoint_id, d.number, d.uid, d.create_time, static_cast<int>(d.state), TopicOf(d),
                   d.notification, d.body, d.attempts, d.last_attempt_time, d.status_code, d.error, d.deliver_time})
          .status());
  RETURN_IF_ERROR(sql.Execute("UPDATE webhook_endpoint SET last_number = ?, next_attempt_time = "
                              "COALESCE(next_attempt_time, ?) WHERE partner_id = ? AND id = ?",
                              {d.number, now, d.partner_id, d.endpoint_id})
                      .status());
  return d;
}

absl::StatusOr<WebhookDelivery> WebhookStore::GetDelivery(mysql::Transaction& sql, std::string_view partner_id,
                                                          std::string_view endpoint_id, std::string_view number) const {
  const std::string text(number);
  char* end = nullptr;
  const int64_t wanted = std::strtoll(text.c_str(), &end, 10);
  mysql::Rows rows;
  if (*end == '\0' && StrCat(wanted) == text) {
    ASSIGN_OR_RETURN(rows, sql.Query(StrCat("SELECT ", kDeliveryColumns,
                                            " FROM webhook_delivery WHERE partner_id = ? AND endpoint_id = ? AND "
                                            "number = ?"),
                                     {partner_id, endpoint_id, wanted}));
  }
  if (rows.empty()) {
    return NotFound(StrCat("partners/", partner_id, "/webhookEndpoints/", endpoint_id, "/deliveries/", number));
  }
  return DeliveriesFrom(rows).front();
}

absl::StatusOr<std::vector<WebhookDelivery>> WebhookStore::ListDeliveries(mysql::Transaction& sql,
                                                                          std::string_view partner_id,
                                                                          std::string_view endpoint_id,
                                                                          const Page& page) const {
  const std::string last(page.after(0));
  const int64_t before =
      page.first() ? std::numeric_limits<int64_t>::max() : int64_t{std::strtoll(last.c_str(), nullptr, 10)};
  mysql::Values values = {partner_id, endpoint_id, before};
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kDeliveryColumns,
                                    " FROM webhook_delivery WHERE partner_id = ? AND endpoint_id = ? AND number < ? "
                                    "AND ",
                                    page.filter().sql(), " ORDER BY number DESC LIMIT ?"),
                             values));
  return DeliveriesFrom(rows);
}

absl::StatusOr<std::optional<WebhookDelivery>> WebhookStore::FirstPending(mysql::Transaction& sql,
                                                                          std::string_view partner_id,
                                                                          std::string_view endpoint_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kDeliveryColumns,
                                    " FROM webhook_delivery WHERE partner_id = ? AND endpoint_id = ? AND state = ? "
                                    "ORDER BY number LIMIT 1"),
                             {partner_id, endpoint_id, static_cast<int>(WebhookDeliveryState::kPending)}));
  if (rows.empty()) return std::nullopt;
  return DeliveriesFrom(rows).front();
}

absl::Status WebhookStore::PutDelivery(mysql::Transaction& sql, const WebhookDelivery& d) const {
  return sql
      .Execute(
          "UPDATE webhook_delivery SET state = ?, attempts = ?, last_attempt_time = ?, status_code = ?, error = ?, "
          "deliver_time = ? WHERE partner_id = ? AND endpoint_id = ? AND number = ?",
          {static_cast<int>(d.state), d.attempts, d.last_attempt_time, d.status_code, d.error, d.deliver_time,
           d.partner_id, d.endpoint_id, d.number})
      .status();
}

absl::Status WebhookStore::Purge(mysql::Transaction& sql, const WebhookEndpoint& e, absl::Time before) const {
  return sql
      .Execute(
          "DELETE FROM webhook_delivery WHERE partner_id = ? AND endpoint_id = ? AND state = ? AND "
          "deliver_time < ? ORDER BY number LIMIT 500",
          {e.partner_id, e.id, static_cast<int>(WebhookDeliveryState::kDelivered), before})
      .status();
}

}  // namespace tributary::partner
