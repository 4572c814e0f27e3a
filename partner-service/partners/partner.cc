#include "partner-service/partners/partner.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status WrongStateFor(const Partner& partner, std::string_view verb, std::string_view want) {
  const std::string merged = partner.merge.has_value() ? StrCat(" (merged into ", partner.merge->survivor, ")") : "";
  return WrongState(partner.name(), verb, StrCat(NameOf(partner.state), merged), want);
}

Partner In(PartnerState state, const Partner& partner, absl::Time now) {
  Partner next = partner;
  next.state = state;
  next.revision = partner.revision.Next(now);
  return next;
}

}  // namespace

std::string_view NameOf(PartnerState state) {
  switch (state) {
    case PartnerState::kProspect:
      return "PROSPECT";
    case PartnerState::kActive:
      return "ACTIVE";
    case PartnerState::kSuspended:
      return "SUSPENDED";
    case PartnerState::kTerminated:
      return "TERMINATED";
  }
  return "STATE_UNSPECIFIED";
}

std::string_view NameOf(PartnerKind kind) {
  switch (kind) {
    case PartnerKind::kDistributor:
      return "DISTRIBUTOR";
    case PartnerKind::kDealer:
      return "DEALER";
    case PartnerKind::kRetailer:
      return "RETAILER";
    case PartnerKind::kValueAddedReseller:
      return "VALUE_ADDED_RESELLER";
  }
  return "KIND_UNSPECIFIED";
}

std::string Partner::name() const { return StrCat("partners/", id); }

absl::Status CheckTexts(const Partner& partner) {
  std::vector<FieldViolation> violations;
  CheckOneLine("legal_name", partner.legal_name, &violations);
  CheckTradeNames(partner.trade_names, &violations);
  CheckTaxIds(partner.tax_ids, &violations);
  for (size_t i = 0; i < partner.addresses.size(); ++i) {
    const Address& address = partner.addresses[i];
    CheckOneLine(StrCat("addresses[", i, "].text"), address.text, &violations);
    const bool country = address.country.size() == 2 && std::all_of(address.country.begin(), address.country.end(),
                                                                    [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!address.country.empty() && !country) {
      violations.push_back(
          {StrCat("addresses[", i, "].country"), Printable(address.country), "two capitals of ISO 3166-1, or none"});
    }
  }
  CheckOneLine("account_manager", partner.account_manager, &violations);
  return AllOf(std::move(violations));
}

absl::Status TaxIdTaken(const Partner& partner, size_t index, std::string_view holder) {
  const TaxId& id = partner.tax_ids[index];
  const std::string field = StrCat("tax_ids[", index, "].value");
  return WithDetail(InfoOf(Reason::kStateConflict).code,
                    StrCat(field, ": got ", NameOf(id.type), " ", id.value, ", which ", holder,
                           " has, want one that no other open partner has"),
                    {.reason = Reason::kStateConflict,
                     .metadata = {{"resource", std::string(holder)}, {"field", field}},
                     .preconditions = {StrCat(partner.name(), ": a tax id that no other open partner has")}});
}

Date TodayOf(const Partner& partner, absl::Time now) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!partner.time_zone.empty()) absl::LoadTimeZone(Abseil(partner.time_zone), &zone);
  const absl::CivilDay day = absl::ToCivilDay(now, zone);
  return Date::FromDays(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
}

absl::Status CheckOpen(const Partner& partner, std::string_view verb) {
  if (partner.state == PartnerState::kTerminated) return WrongStateFor(partner, verb, "PROSPECT, ACTIVE or SUSPENDED");
  return absl::OkStatus();
}

absl::StatusOr<Partner> Activate(const Partner& partner, bool agreement_in_force, absl::Time now) {
  if (partner.state != PartnerState::kProspect) return WrongStateFor(partner, "activate", "PROSPECT");
  if (!agreement_in_force) {
    return Error(Reason::kAgreementRequired,
                 StrCat(partner.name(), ": got no signed agreement in force on ", TodayOf(partner, now).ToString(),
                        ", want at least one"),
                 {{"resource", partner.name()}});
  }
  return In(PartnerState::kActive, partner, now);
}

absl::StatusOr<Partner> Suspend(const Partner& partner, absl::Time now) {
  if (partner.state != PartnerState::kActive) return WrongStateFor(partner, "suspend", "ACTIVE");
  return In(PartnerState::kSuspended, partner, now);
}

absl::StatusOr<Partner> Reinstate(const Partner& partner, absl::Time now) {
  if (partner.state != PartnerState::kSuspended) return WrongStateFor(partner, "reinstate", "SUSPENDED");
  return In(PartnerState::kActive, partner, now);
}

absl::StatusOr<Partner> Terminate(const Partner& partner, absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(partner, "terminate"));
  return In(PartnerState::kTerminated, partner, now);
}

absl::StatusOr<Partner> Change(const Partner& partner, const Partner& changed, absl::Time now) {
  RETURN_IF_ERROR(CheckOpen(partner, "update"));
  RETURN_IF_ERROR(CheckTexts(changed));
  Partner next = In(partner.state, partner, now);
  next.legal_name = changed.legal_name;
  next.trade_names = changed.trade_names;
  next.kind = changed.kind;
  next.tax_ids = changed.tax_ids;
  next.home_region = changed.home_region;
  next.currency = changed.currency;
  next.time_zone = changed.time_zone;
  next.addresses = changed.addresses;
  next.channel = changed.channel;
  next.account_manager = changed.account_manager;
  return next;
}

absl::StatusOr<Partner> Merge(const Partner& partner, const Partner& survivor, std::string_view reason,
                              std::string_view principal, absl::Time now) {
  std::vector<FieldViolation> violations;
  if (partner.id == survivor.id) violations.push_back({"survivor", survivor.name(), "another partner"});
  CheckOneLine("reason", reason, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  RETURN_IF_ERROR(CheckOpen(partner, "merge"));
  RETURN_IF_ERROR(CheckOpen(survivor, "merge another one into"));
  Partner merged = In(PartnerState::kTerminated, partner, now);
  merged.merge = PartnerMerge{.survivor = survivor.name(),
                              .state_before = partner.state,
                              .time = now,
                              .reason = std::string(reason),
                              .principal = std::string(principal)};
  return merged;
}

absl::StatusOr<Partner> UndoMerge(const Partner& partner, absl::Time now) {
  if (!partner.merge.has_value()) return WrongStateFor(partner, "undoMerge", "TERMINATED by a merge");
  Partner restored = In(partner.merge->state_before, partner, now);
  restored.merge.reset();
  return restored;
}

Partner TakeBack(const Partner& partner, absl::Time now) {
  Partner taken_back = In(PartnerState::kTerminated, partner, now);
  taken_back.merge.reset();
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
