#include "partner-service/documents/document_expiry.h"

#include <optional>
#include <utility>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "partner-service/documents/document_proto.h"
#include "partner-service/documents/document_store.h"

namespace tributary::partner {
namespace {

absl::StatusOr<bool> Tell(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  ASSIGN_OR_RETURN(const Document document, DocumentStore().GetForUpdate(unit.sql(), id.second));
  const std::optional<Document> told = Notified(document, UtcToday(now), now);
  if (!told.has_value()) return false;
  RETURN_IF_ERROR(DocumentStore().Update(unit.sql(), *told));
  unit.Emit(Told(told->told == DocumentState::kExpired ? "expired" : "expiring", *told));
  return true;
}

}  // namespace

DocumentExpiry::DocumentExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "documents",
              .due = [](mysql::Transaction& sql, absl::Time now,
                        int limit) { return DocumentStore().Due(sql, UtcToday(now), limit); },
              .end = Tell},
             std::move(committed)) {}

}  // namespace tributary::partner
