#include "inventory-service/partners/buyer.h"

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/partners/partner_directory.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::inventory {

std::string TierAssignmentPayload() { return partner::v1::TierAssignment::descriptor()->full_name(); }

absl::Status ApplyTierAssignment(mysql::Transaction& sql, const events::Event& event) {
  ASSIGN_OR_RETURN(const auto told, events::PayloadOf<partner::v1::TierAssignment>(event));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(told.name(), "partners/{partner}/tierAssignments/{tier_assignment}"));
  ASSIGN_OR_RETURN(const std::vector<std::string> program,
                   ParseResourceName(told.program(), "partnerPrograms/{partner_program}", "program"));
  DateRange valid;
  ASSIGN_OR_RETURN(valid.start, wire::FromProto(told.valid_from()));
  valid.end = OpenEnd();
  if (told.has_valid_to()) {
    ASSIGN_OR_RETURN(valid.end, wire::FromProto(told.valid_to()));
  }
  return sql
      .Execute(
          "INSERT INTO partner_tier (partner, id, partner_program, level, valid_from, valid_to) "
          "VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE partner_program = VALUES(partner_program), "
          "level = VALUES(level), valid_from = VALUES(valid_from), valid_to = VALUES(valid_to)",
          {ids[0], ids[1], program[0], told.level(), valid.start, valid.end})
      .status();
}

absl::StatusOr<std::vector<HeldTier>> TiersOf(mysql::Transaction& sql, std::string_view partner, Date day) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id, partner_program, level, valid_from, valid_to FROM partner_tier "
                             "WHERE partner = ? AND valid_from <= ? AND ? < valid_to AND level <> '' ORDER BY id",
                             {partner, day, day}));
  std::vector<HeldTier> tiers;
  for (const mysql::Row& row : rows) {
    tiers.push_back({.tier = StrCat("partnerPrograms/", row.Text(1), "/levels/", row.Text(2)),
                     .assignment = StrCat("partners/", partner, "/tierAssignments/", row.Text(0)),
                     .valid = {row.Day(3), row.Day(4)}});
  }
  return tiers;
}

absl::Status ReadBuyer(mysql::Transaction& sql, std::string_view partner, Date day, PriceQuestion* question) {
  ASSIGN_OR_RETURN(question->channel, ChannelOf(sql, partner));
  if (!question->channel.has_value()) {
    question->tiers.reset();
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(question->tiers, TiersOf(sql, partner, day));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
