#include "incentive-service/relationships/relationship_store.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/events/consumer.h"
#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

absl::StatusOr<Relationship> RelationshipOf(const events::Event& event) {
  ASSIGN_OR_RETURN(const auto told, events::PayloadOf<tributary::partner::v1::PartnerRelationship>(event));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(event.name, "partners/{partner}/relationships/{relationship}"));
  ASSIGN_OR_RETURN(const std::vector<std::string> other,
                   ParseResourceName(told.other_partner(), "partners/{partner}", "other_partner"));
  Relationship relationship{.partner = ids[0],
                            .id = ids[1],
                            .shard = event.cursor.shard,
                            .seq = event.cursor.seq,
                            .kind = static_cast<RelationshipKind>(told.kind()),
                            .other = other[0]};
  const absl::StatusOr<Date> from = wire::FromProto(told.valid_from());
  if (!from.ok()) return AtField(from.status(), "valid_from");
  relationship.valid = {*from, OpenEnd()};
  if (event.verb == "deleted") {
    relationship.valid.end = *from;
  } else if (told.has_valid_to()) {
    const absl::StatusOr<Date> end = wire::FromProto(told.valid_to());
    if (!end.ok()) return AtField(end.status(), "valid_to");
    relationship.valid.end = *end;
  }
  return relationship;
}

// What the partner was merged into, and that a merge was undone; nullopt where it never was merged. `merged`: partners
// that were, as told in the same batch.
absl::StatusOr<std::optional<Relationship>> MergeOf(mysql::Transaction& sql, const events::Event& event,
                                                    const std::set<std::string>& merged) {
  ASSIGN_OR_RETURN(const auto told, events::PayloadOf<tributary::partner::v1::Partner>(event));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(event.name, "partners/{partner}"));
  Relationship merge{.partner = ids[0],
                     .shard = event.cursor.shard,
                     .seq = event.cursor.seq,
                     .kind = RelationshipKind::kSuccessor,
                     .other = ids[0],
                     .valid = {Date(), Date()}};
  if (told.merged_into().empty()) {
    if (merged.contains(ids[0])) return std::optional<Relationship>(std::move(merge));
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT 1 FROM relationship WHERE partner = ? AND relationship = '' LIMIT 1", {ids[0]}));
    return rows.empty() ? std::nullopt : std::optional<Relationship>(std::move(merge));
  }
  ASSIGN_OR_RETURN(std::vector<std::string> other,
                   ParseResourceName(told.merged_into(), "partners/{partner}", "merged_into"));
  merge.other = std::move(other[0]);
  merge.valid.end = OpenEnd();
  return std::optional<Relationship>(std::move(merge));
}

absl::Status Keep(mysql::Transaction& sql, const Relationship& told) {
  return sql
      .Execute(
          "INSERT INTO relationship (partner, relationship, seq, shard, kind, other, valid_from, valid_to) VALUES "
          "(?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE kind = VALUES(kind), other = VALUES(other), "
          "valid_from = VALUES(valid_from), valid_to = VALUES(valid_to)",
          {told.partner, told.id, told.seq, told.shard, static_cast<int>(told.kind), told.other, told.valid.start,
           told.valid.end})
      .status();
}

// What was told of relationships of these kinds.
absl::StatusOr<std::vector<Relationship>> ReadTold(mysql::Transaction& sql, RelationshipKind kind,
                                                   RelationshipKind or_kind) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, relationship, shard, seq, kind, other, valid_from, valid_to "
                             "FROM relationship WHERE kind IN (?, ?)",
                             {static_cast<int>(kind), static_cast<int>(or_kind)}));
  std::vector<Relationship> told;
  told.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    told.push_back({.partner = row.Text(0),
                    .id = row.Text(1),
                    .shard = static_cast<int>(row.Int(2)),
                    .seq = row.Int(3),
                    .kind = static_cast<RelationshipKind>(row.Int(4)),
                    .other = row.Text(5),
                    .valid = {row.Day(6), row.Day(7)}});
  }
  return told;
}

}  // namespace

absl::StatusOr<std::vector<Relationship>> RelationshipStore::Apply(mysql::Transaction& sql,
                                                                   absl::Span<const events::Event> batch) const {
  std::vector<Relationship> told;
  std::set<std::string> merged;  // partners of which the batch has told it already
  for (const events::Event& event : batch) {
    if (event.type == kRelationshipType) {
      ASSIGN_OR_RETURN(told.emplace_back(), RelationshipOf(event));
    } else if (event.type == kPartnerType) {
      ASSIGN_OR_RETURN(std::optional<Relationship> merge, MergeOf(sql, event, merged));
      if (!merge.has_value()) continue;
      merged.insert(merge->partner);
      told.push_back(*std::move(merge));
    }
  }
  if (told.empty()) return told;
  const bool earning =
      std::any_of(told.begin(), told.end(), [](const Relationship& one) { return one.moves_earners(); });
  RETURN_IF_ERROR(earning ? programs_.LockSet(sql) : programs_.HoldSet(sql));
  for (const Relationship& one : told) RETURN_IF_ERROR(Keep(sql, one));
  return told;
}

absl::StatusOr<std::string> RelationshipStore::PayeeOf(mysql::Transaction& sql, std::string_view partner,
                                                       Date day) const {
  // At most one holds on a day.
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT r.other FROM relationship r WHERE r.partner = ? AND r.kind = ? AND r.valid_from <= ? AND "
                "r.valid_to > ? AND NOT EXISTS (SELECT 1 FROM relationship n WHERE n.partner = r.partner AND "
                "n.relationship = r.relationship AND n.seq > r.seq) ORDER BY r.relationship LIMIT 1",
                {partner, static_cast<int>(RelationshipKind::kPayee), day, day}));
  return rows.empty() ? std::string(partner) : rows.front().Text(0);
}

absl::StatusOr<std::vector<GroupLink>> RelationshipStore::Successors(mysql::Transaction& sql, Date day,
                                                                     const Watermark* known) const {
  ASSIGN_OR_RETURN(const std::vector<Relationship> told,
                   ReadTold(sql, RelationshipKind::kSuccessor, RelationshipKind::kSuccessor));
  return SuccessorsOn(day, told, known);
}

absl::StatusOr<std::vector<GroupLink>> RelationshipStore::EarningLinks(mysql::Transaction& sql, const DateRange& days,
                                                                       const Watermark* known) const {
  ASSIGN_OR_RETURN(const std::vector<Relationship> told,
                   ReadTold(sql, RelationshipKind::kSuccessor, RelationshipKind::kEarnsWith));
  return EarningLinksOn(days, told, known);
}

absl::StatusOr<Watermark> RelationshipStore::ReadWatermark(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, "partner"));
  Watermark watermark(events::kShards);
  for (const events::Cursor& cursor : cursors) watermark[cursor.shard] = cursor.seq;
  return watermark;
}

}  // namespace tributary::incentive
