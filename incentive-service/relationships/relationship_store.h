#pragma once

// Relationships between partners in the database: what partner-service's feed has told of them. Each call works in the
// caller's transaction.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/relationships/relationship.h"

namespace tributary::incentive {

inline constexpr std::string_view kRelationshipType = "tributary.partner.v1.PartnerRelationship";
inline constexpr std::string_view kPartnerType = "tributary.partner.v1.Partner";

class RelationshipStore {
 public:
  // Keeps relationships of every kind each time they are told, one that is deleted as one that never was, and merges of
  // partners from partners themselves; what is told twice is kept once. Answers what was told. Other events are passed
  // over. None comes between what a close reads and its watermark: both lock the set of programs; where it moves who
  // earns by whose lines it has the set alone, so that none of these is applied by what was known before.
  // MALFORMED_REQUEST, INVALID_FIELD where an event is not what partner-service promises.
  absl::StatusOr<std::vector<Relationship>> Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // Who is paid what the partner earns on a day, as told last: itself where nobody else was told.
  absl::StatusOr<std::string> PayeeOf(mysql::Transaction& sql, std::string_view partner, Date day) const;

  // SuccessorsOn and EarningLinksOn of relationship.h.
  absl::StatusOr<std::vector<GroupLink>> Successors(mysql::Transaction& sql, Date day, const Watermark* known) const;
  absl::StatusOr<std::vector<GroupLink>> EarningLinks(mysql::Transaction& sql, const DateRange& days,
                                                      const Watermark* known) const;

  // How far partner-service's feed has been read.
  absl::StatusOr<Watermark> ReadWatermark(mysql::Transaction& sql) const;

 private:
  ProgramStore programs_;
};

}  // namespace tributary::incentive
