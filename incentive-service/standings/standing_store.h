#pragma once

// What partners and their customers are in the database: what partner-service's feed has told of it. Each call works in
// the caller's transaction.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/standings/standings.h"

namespace tributary::incentive {

inline constexpr std::string_view kTierAssignmentType = "tributary.partner.v1.TierAssignment";
inline constexpr std::string_view kChannelType = "tributary.partner.v1.Channel";
inline constexpr std::string_view kRegionType = "tributary.partner.v1.Region";
inline constexpr std::string_view kCustomerType = "tributary.partner.v1.Customer";

class StandingStore {
 public:
  // An events::ApplyEvents: keeps what partners, tier assignments, channels, regions and customers say of what a
  // partner or a customer is, each time that it is another thing than before, and tells of the open accruals that may
  // be worth something else by it. Other events are passed over; what is told twice is kept once. None comes between
  // what a close reads and its watermark: both lock the set of programs. MALFORMED_REQUEST, INVALID_FIELD where an
  // event is not what partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox) const;

  // Standings::Attribute, as far as any of the programs asks, with the customers that the lines name: as the close of
  // the lines' period knew it, as is known now where that is nullptr. `programs`: of one basis and period kind;
  // `partner`: of all lines, where they are of one. Without a read where no program asks.
  absl::Status Attribute(mysql::Transaction& sql, absl::Span<const Program> programs, const ClosedPeriod* close,
                         const std::optional<std::string>& partner, std::vector<FactLine>* lines) const;
  absl::Status Attribute(mysql::Transaction& sql, const Program& program, const ClosedPeriod* close,
                         const std::optional<std::string>& partner, std::vector<FactLine>* lines) const {
    return Attribute(sql, absl::MakeConstSpan(&program, 1), close, partner, lines);
  }

  // Whether the partner may know of the program: Program::IsFor, and where it asks what partners are, on some day of
  // its time it is for this one.
  absl::StatusOr<bool> IsFor(mysql::Transaction& sql, const Program& program, const std::string& partner) const;

 private:
  // What the programs ask for, of one partner or of all.
  absl::StatusOr<std::vector<ToldAttribute>> Read(mysql::Transaction& sql, absl::Span<const Program> programs,
                                                  const std::optional<std::string>& partner) const;
  // Partners whose lines name any of the customers, or one that is one of them in the end.
  absl::StatusOr<std::set<std::string>> PartnersNaming(mysql::Transaction& sql, std::set<std::string> customers) const;
  // Tells of the accruals of open periods, of programs that ask for what has changed.
  absl::Status TellMoved(mysql::Transaction& sql, absl::Span<const ToldAttribute> changes, absl::Time at,
                         events::Outbox& outbox) const;

  FactStore facts_;
  ProgramStore programs_;
  AccrualStore accruals_;
  PeriodCloseStore closes_;
};

}  // namespace tributary::incentive
