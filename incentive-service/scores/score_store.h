#pragma once

// Figures of evaluations in the database: what partner-service's feed has told of them. Each call works in the caller's
// transaction.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/scores/score_facts.h"

namespace tributary::incentive {

inline constexpr std::string_view kEvaluationType = "tributary.partner.v1.Evaluation";

class ScoreStore {
 public:
  // An events::ApplyEvents: keeps the figures of evaluations that stand: PUBLISHED, APPEALED and CONFIRMED ones, not
  // those that are OPEN or WITHDRAWN. What they score may be worth something else by then, also where its period is
  // closed: the next close looks, and the accrual is told. Other events are passed over. MALFORMED_REQUEST,
  // INVALID_FIELD where an event is not what partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox) const;

  // Of evaluations whose days lie within these, of one partner or of all. Without a read for a program that never pays
  // by a score.
  absl::StatusOr<ScoreFacts> Read(mysql::Transaction& sql, const Program& program, const DateRange& days,
                                  const std::optional<std::string>& partner = std::nullopt) const;

 private:
  ProgramStore programs_;
  AccrualStore accruals_;
};

}  // namespace tributary::incentive
