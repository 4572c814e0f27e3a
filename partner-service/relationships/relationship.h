#pragma once

// Relationships between partners. Pure values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// What the other partner is. The numbers are stored, and those of the wire.
enum class RelationshipKind { kParent = 1, kBranch = 2, kEarnsWith = 3, kPayee = 4, kBuyingGroup = 5, kSuccessor = 6 };
std::string_view NameOf(RelationshipKind kind);

struct Relationship {
  std::string partner_id;
  std::string id;
  Revision revision;
  RelationshipKind kind = RelationshipKind::kParent;
  std::string other_id;
  DateRange valid;  // its end OpenEnd() where it is open, its start where it never was

  std::string name() const;   // partners/{partner_id}/relationships/{id}
  std::string other() const;  // partners/{other_id}
};

// INVALID_FIELD: the other partner is the partner itself; the end lies before the start.
absl::Status CheckRelationship(const Relationship& relationship);

// Whether it may stand beside the partner's other ones. Refused (VALIDITY_OVERLAP, naming each): on one of its days
// there is another PARENT, EARNS_WITH, PAYEE or SUCCESSOR, or one of its kind with the same partner.
absl::Status CheckAlone(const Relationship& relationship, const std::vector<Relationship>& of_partner);

// Whether relationships of the kind lead from partner to partner, and on no day in a circle: PARENT, EARNS_WITH and
// SUCCESSOR.
bool Leads(RelationshipKind kind);

// Refused (STATE_CONFLICT, with a day and the way round): its partner would come to lie above itself, to earn by way of
// itself, or to succeed itself. `above` has those of its kind, which leads, of its other partner, of those and so on,
// which on no day go in a circle.
absl::Status CheckNoCircle(const Relationship& relationship, const std::vector<Relationship>& above);

// The days of `changed` for those of `relationship`. Refused: as CheckRelationship.
absl::StatusOr<Relationship> Change(const Relationship& relationship, const Relationship& changed, absl::Time now);

}  // namespace tributary::partner
