#include "partner-service/remedies/remedy_follower.h"

#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/sanctions/sanction_enforcer.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::partner {
namespace {

using conflict::v1::Remedy;
using conflict::v1::RemedyAnswer;
using conflict::v1::RemedyStep;

// The same whoever asks again, and telling nothing of the case, of others' steps or how many there are.
std::string SanctionIdOf(const Remedy& remedy, const RemedyStep& step) {
  return StrCat("of-", Sha256Hex(StrCat(remedy.uid(), "/", step.order())).substr(0, 32));
}

void Answer(rpc::Unit& unit, const Remedy& remedy, const RemedyStep& step, RemedyAnswer::Answer reply,
            std::string_view result, std::string_view note = {}) {
  RemedyAnswer answer;
  answer.set_remedy(remedy.name());
  answer.set_order(step.order());
  answer.set_answer(reply);
  answer.set_result(std::string(result));
  answer.set_note(std::string(note));
  unit.Emit(events::Draft(remedy.name(), "answered", remedy.name(), answer));
}

// On the locked partner.
absl::Status Warn(rpc::Unit& unit, const Remedy& remedy, const RemedyStep& step, const Partner& partner,
                  absl::Time now) {
  Sanction warning{.partner_id = partner.id,
                   .id = SanctionIdOf(remedy, step),
                   .kind = SanctionKind::kWarning,
                   .reason = step.reason(),
                   .effective = {TodayOf(partner, now), OpenEnd()}};
  const absl::Status known = SanctionStore().GetForUpdate(unit.sql(), partner.id, warning.id).status();
  if (!absl::IsNotFound(known)) return known;
  absl::Status allowed = CheckOpen(partner, "createSanction");
  if (allowed.ok()) allowed = CheckContent(warning, warning.effective.start);
  if (!allowed.ok()) {
    Answer(unit, remedy, step, RemedyAnswer::REFUSED, "", Std(allowed.message()));
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Sanction imposed,
                   SanctionEnforcer().Impose(unit, partner, std::move(warning), remedy.principal(), now));
  Answer(unit, remedy, step, RemedyAnswer::APPLIED, imposed.name());
  return absl::OkStatus();
}

absl::Status TakeBack(rpc::Unit& unit, const Remedy& remedy, const RemedyStep& step, const Partner& partner,
                      absl::Time now) {
  const std::string name = StrCat(partner.name(), "/sanctions/", SanctionIdOf(remedy, step));
  RETURN_IF_ERROR(
      SanctionEnforcer().Lift(unit, partner, name, "What it was part of did not come about.", remedy.principal(), now));
  Answer(unit, remedy, step, RemedyAnswer::COMPENSATED, name);
  return absl::OkStatus();
}

absl::Status Follow(rpc::Unit& unit, const Remedy& remedy, const RemedyStep& step, absl::Time now) {
  const bool ordered = step.state() == RemedyStep::ORDERED;
  if (step.kind() != RemedyStep::WARNING || (!ordered && step.state() != RemedyStep::COMPENSATING)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(step.partner(), "partners/{partner}"));
  const auto partner = PartnerStore().GetForUpdate(unit.sql(), ids[0]);
  if (ordered && absl::IsNotFound(partner.status())) {
    Answer(unit, remedy, step, RemedyAnswer::REFUSED, "", Std(partner.status().message()));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(partner.status());
  return ordered ? Warn(unit, remedy, step, *partner, now) : TakeBack(unit, remedy, step, *partner, now);
}

}  // namespace

const std::string& RemedyPayload() { return Remedy::descriptor()->full_name(); }

absl::Status ApplyRemedies(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                           events::Outbox& outbox) {
  rpc::Unit unit(sql);
  Remedy remedy;
  for (const events::Event& event : batch) {
    if (event.type != RemedyPayload()) continue;
    if (!remedy.ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", RemedyPayload()));
    }
    for (const RemedyStep& step : remedy.steps()) RETURN_IF_ERROR(Follow(unit, remedy, step, now));
  }
  outbox = std::move(unit.outbox());
  return absl::OkStatus();
}

}  // namespace tributary::partner
