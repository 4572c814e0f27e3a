#pragma once

// The consumer that the integration tests run, in their own process and in processes that are killed: it writes a row
// for each event, without a key that would hide a second one, tells an event of its own, and refuses events whose verb
// is "poison".

#include <string>

#include "common/events/consumer.h"
#include "common/mysql/database.h"

namespace tributary::events {

// Table `effect`.
const mysql::Schema& EffectSchema();
absl::Status ApplyEffects(mysql::Transaction& sql, absl::Span<const Event> events, Outbox& outbox);

}  // namespace tributary::events
