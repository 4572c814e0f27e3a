#include "partner-service/relationships/relationship.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// The days that both have; none of them is an empty one's.
std::optional<DateRange> Common(const DateRange& a, const DateRange& b) {
  const DateRange both{std::max(a.start, b.start), std::min(a.end, b.end)};
  if (both.start < both.end) return both;
  return std::nullopt;
}

bool IsOneADay(RelationshipKind kind) { return Leads(kind) || kind == RelationshipKind::kPayee; }

// The way up from `way`'s last partner to `goal` on some of `days`, appended to `way`; the first of those days.
std::optional<Date> WayUp(std::string_view goal, const DateRange& days, const std::vector<Relationship>& above,
                          std::vector<std::string_view>* way) {
  const std::string_view from = way->back();
  if (from == goal) return days.start;
  for (const Relationship& parent : above) {
    if (parent.partner_id != from) continue;
    const std::optional<DateRange> both = Common(days, parent.valid);
    if (!both.has_value()) continue;
    way->push_back(parent.other_id);
    if (const std::optional<Date> day = WayUp(goal, *both, above, way)) return day;
    way->pop_back();
  }
  return std::nullopt;
}

}  // namespace

std::string_view NameOf(RelationshipKind kind) {
  switch (kind) {
    case RelationshipKind::kParent:
      return "PARENT";
    case RelationshipKind::kBranch:
      return "BRANCH";
    case RelationshipKind::kEarnsWith:
      return "EARNS_WITH";
    case RelationshipKind::kPayee:
      return "PAYEE";
    case RelationshipKind::kBuyingGroup:
      return "BUYING_GROUP";
    case RelationshipKind::kSuccessor:
      return "SUCCESSOR";
  }
  return "KIND_UNSPECIFIED";
}

std::string Relationship::name() const { return StrCat("partners/", partner_id, "/relationships/", id); }
std::string Relationship::other() const { return StrCat("partners/", other_id); }

absl::Status CheckRelationship(const Relationship& relationship) {
  std::vector<FieldViolation> violations;
  if (relationship.other_id == relationship.partner_id) {
    violations.push_back({"other_partner", relationship.other(), "another partner"});
  }
  if (relationship.valid.end < relationship.valid.start) {
    violations.push_back({"valid_to", relationship.valid.end.ToString(),
                          StrCat(relationship.valid.start.ToString(), ", valid_from, or a day after it, or none")});
  }
  return AllOf(std::move(violations));
}

absl::Status CheckAlone(const Relationship& relationship, const std::vector<Relationship>& of_partner) {
  ErrorDetail detail{.reason = Reason::kValidityOverlap};
  std::string message;
  for (const Relationship& other : of_partner) {
    if (other.id == relationship.id || other.kind != relationship.kind) continue;
    if (!IsOneADay(other.kind) && other.other_id != relationship.other_id) continue;
    if (!Common(other.valid, relationship.valid).has_value()) continue;
    const std::string want = StrCat(other.name(), " (", NameOf(other.kind), " ", other.other(), ") to end by ",
                                    relationship.valid.start.ToString(), " or to begin after this one's last day");
    StrAppend(&message, message.empty() ? "" : "; ", "valid_from: got ", relationship.valid.start.ToString(), ", want ",
              want);
    detail.preconditions.push_back(StrCat(relationship.name(), ": ", want));
    detail.metadata.emplace_back("resource", other.name());
  }
  if (detail.preconditions.empty()) return absl::OkStatus();
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

bool Leads(RelationshipKind kind) {
  return kind == RelationshipKind::kParent || kind == RelationshipKind::kEarnsWith ||
         kind == RelationshipKind::kSuccessor;
}

absl::Status CheckNoCircle(const Relationship& relationship, const std::vector<Relationship>& above) {
  if (!Common(relationship.valid, relationship.valid).has_value()) return absl::OkStatus();
  std::vector<std::string_view> way = {relationship.partner_id, relationship.other_id};
  const std::optional<Date> day = WayUp(relationship.partner_id, relationship.valid, above, &way);
  if (!day.has_value()) return absl::OkStatus();
  const std::string_view lies = relationship.kind == RelationshipKind::kSuccessor ? "before" : "below";
  const std::string round = StrJoin(way, StrCat(" ", lies, " "));
  return WithDetail(InfoOf(Reason::kStateConflict).code,
                    StrCat("other_partner: got ", relationship.other(), ", which makes a circle on ", day->ToString(),
                           " (", round, "), want a partner that does not lie ", lies, " ", relationship.partner_id),
                    {.reason = Reason::kStateConflict,
                     .metadata = {{"resource", relationship.other()}, {"day", day->ToString()}},
                     .preconditions = {StrCat(relationship.name(), ": another partner that does not lie ", lies,
                                              " the partner on ", day->ToString())}});
}

absl::StatusOr<Relationship> Change(const Relationship& relationship, const Relationship& changed, absl::Time now) {
  Relationship next = relationship;
  next.valid = changed.valid;
  next.revision = After(relationship.revision, now);
  RETURN_IF_ERROR(CheckRelationship(next));
  return next;
}

}  // namespace tributary::partner
