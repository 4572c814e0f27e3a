#include "partner-service/channels/channel_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/applications/application.h"
#include "partner-service/documents/document_kinds.h"
#include "partner-service/partners/partner.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPrefix = "channels/";
constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, display_name, type, route, level, parent_channel, "
    "product_line, required_documents FROM channel ";

Channel FromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .display_name = row.Text(5),
          .type = static_cast<ChannelType>(row.Int(6)),
          .route = static_cast<ChannelRoute>(row.Int(7)),
          .level = static_cast<ChannelLevel>(row.Int(8)),
          .parent_channel = row.Text(9),
          .product_line = row.Text(10),
          .required_documents = KindsFromText(row.Bytes(11))};
}

absl::StatusOr<Channel> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat(kPrefix, id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& ChannelStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("type", "type", NumberedNames(ChannelType::kDirect, ChannelType::kHybrid)),
      FilterField::Enum("route", "route", NumberedNames(ChannelRoute::kOnline, ChannelRoute::kOmo)),
      FilterField::Enum("level", "level", NumberedNames(ChannelLevel::kVendor, ChannelLevel::kRetailer)),
      FilterField::String("parent_channel", "parent_channel"),
      FilterField::String("product_line", "product_line"),
  };
  return fields;
}

absl::StatusOr<Channel> ChannelStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Channel> ChannelStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::optional<Channel>> ChannelStore::HoldParent(mysql::Transaction& sql, std::string_view name) const {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const absl::StatusOr<Channel> channel = GetOne(sql, name.substr(kPrefix.size()), " LOCK IN SHARE MODE");
  if (absl::IsNotFound(channel.status())) return std::nullopt;
  RETURN_IF_ERROR(channel.status());
  return std::optional<Channel>(*channel);
}

absl::StatusOr<bool> ChannelStore::Hold(mysql::Transaction& sql, std::string_view name) const {
  ASSIGN_OR_RETURN(const std::optional<Channel> channel, HoldParent(sql, name));
  return channel.has_value();
}

absl::StatusOr<std::vector<Channel>> ChannelStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  std::vector<Channel> channels;
  channels.reserve(rows.size());
  for (const mysql::Row& row : rows) channels.push_back(FromRow(row));
  return channels;
}

absl::StatusOr<std::vector<std::string>> ChannelStore::OfProductLine(mysql::Transaction& sql,
                                                                     std::string_view product_line, int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT id FROM channel WHERE product_line = ? ORDER BY id LIMIT ?", {product_line, limit}));
  std::vector<std::string> names;
  names.reserve(rows.size());
  for (const mysql::Row& row : rows) names.push_back(StrCat(kPrefix, row.Bytes(0)));
  return names;
}

absl::StatusOr<ChannelUse> ChannelStore::UseOf(mysql::Transaction& sql, const Channel& channel) const {
  const std::string name = channel.name();
  ASSIGN_OR_RETURN(const mysql::Rows children,
                   sql.Query("SELECT id FROM channel WHERE parent_channel = ? ORDER BY id LIMIT 1", {name}));
  ASSIGN_OR_RETURN(const mysql::Rows partners,
                   sql.Query("SELECT id FROM partner WHERE channel = ? AND state <> ? ORDER BY id LIMIT 1",
                             {name, static_cast<int>(PartnerState::kTerminated)}));
  ASSIGN_OR_RETURN(
      const mysql::Rows applications,
      sql.Query("SELECT id FROM application WHERE channel = ? AND state NOT IN (?, ?, ?) ORDER BY id LIMIT 1",
                {name, static_cast<int>(ApplicationState::kRejected), static_cast<int>(ApplicationState::kWithdrawn),
                 static_cast<int>(ApplicationState::kConverted)}));
  ChannelUse use;
  if (!children.empty()) use.child = StrCat(kPrefix, children.front().Bytes(0));
  if (!applications.empty()) use.application = StrCat("applications/", applications.front().Bytes(0));
  if (!partners.empty()) use.partner = StrCat("partners/", partners.front().Bytes(0));
  return use;
}

absl::Status ChannelStore::Create(mysql::Transaction& sql, const Channel& c) const {
  const std::string required = KindsToText(c.required_documents);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          "INSERT INTO channel (id, uid, version, create_time, update_time, display_name, type, route, level, "
          "parent_channel, product_line, required_documents) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {c.id, c.revision.uid, c.revision.version, c.revision.create_time, c.revision.update_time, c.display_name,
           static_cast<int>(c.type), static_cast<int>(c.route), static_cast<int>(c.level), c.parent_channel,
           c.product_line, required}));
  return inserted ? absl::OkStatus() : AlreadyExists(c.name());
}

absl::Status ChannelStore::Update(mysql::Transaction& sql, const Channel& c) const {
  const std::string required = KindsToText(c.required_documents);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE channel SET version = ?, update_time = ?, display_name = ?, type = ?, "
                               "route = ?, parent_channel = ?, required_documents = ? WHERE id = ? AND version = ?",
                               {c.revision.version, c.revision.update_time, c.display_name, static_cast<int>(c.type),
                                static_cast<int>(c.route), c.parent_channel, required, c.id, c.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, c.name());
}

absl::Status ChannelStore::Delete(mysql::Transaction& sql, const Channel& channel) const {
  return sql.Execute("DELETE FROM channel WHERE id = ?", {channel.id}).status();
}

}  // namespace tributary::partner
