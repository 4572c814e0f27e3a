#include "incentive-service/spiffs/spiff_store.h"

#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "spiff, uid, version, create_time, update_time, state, product, sale_from, sale_to, reward, currency, "
    "claim_deadline, note, creator, announcer";

absl::StatusOr<std::vector<Spiff>> Read(mysql::Transaction& sql, std::string_view condition,
                                        const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM spiff WHERE ", condition), values));
  std::vector<Spiff> spiffs;
  spiffs.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    spiffs.push_back({.id = row.Text(0),
                      .uid = row.Id(1),
                      .version = row.Int(2),
                      .create_time = row.Instant(3),
                      .update_time = row.Instant(4),
                      .state = static_cast<SpiffState>(row.Int(5)),
                      .product = row.Text(6),
                      .window = {row.Day(7), row.Day(8)},
                      .reward = row.Dec(9),
                      .currency = row.Text(10),
                      .claim_deadline = row.Day(11),
                      .note = row.Text(12),
                      .creator = row.Text(13),
                      .announcer = row.Text(14)});
  }
  return spiffs;
}

absl::StatusOr<Spiff> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Spiff> spiffs, Read(sql, StrCat("spiff = ?", lock), {id}));
  if (spiffs.empty()) return NotFound(StrCat("spiffs/", id));
  return std::move(spiffs.front());
}

}  // namespace

absl::StatusOr<Spiff> SpiffStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Spiff> SpiffStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

const std::vector<FilterField>& SpiffStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"DRAFT", int64_t{1}}, {"ANNOUNCED", int64_t{2}}}),
      FilterField::String("product", "product"),
      FilterField::Day("sale_from", "sale_from"),
      FilterField::Day("sale_to", "sale_to"),
      FilterField::Day("claim_deadline", "claim_deadline"),
  };
  return fields;
}

absl::StatusOr<std::vector<Spiff>> SpiffStore::List(mysql::Transaction& sql, bool drafts, std::string_view after,
                                                    const SqlPredicate& where, int limit) const {
  const std::optional<int> state = drafts ? std::nullopt : std::optional<int>(static_cast<int>(SpiffState::kAnnounced));
  return ListRows({"spiff"}, {after}, where).With("state", state).Read(sql, Read, limit);
}

absl::Status SpiffStore::Insert(mysql::Transaction& sql, const Spiff& spiff) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO spiff (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {spiff.id, spiff.uid, spiff.version, spiff.create_time, spiff.update_time,
                     static_cast<int>(spiff.state), spiff.product, spiff.window.start, spiff.window.end, spiff.reward,
                     spiff.currency, spiff.claim_deadline, spiff.note, spiff.creator, spiff.announcer}));
  if (!inserted) return AlreadyExists(spiff.name());
  return absl::OkStatus();
}

absl::Status SpiffStore::Update(mysql::Transaction& sql, const Spiff& spiff) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE spiff SET version = ?, update_time = ?, state = ?, announcer = ? "
                               "WHERE spiff = ? AND version = ?",
                               {spiff.version, spiff.update_time, static_cast<int>(spiff.state), spiff.announcer,
                                spiff.id, spiff.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(spiff.name(), " changed while it was being changed"));
}

}  // namespace tributary::incentive
