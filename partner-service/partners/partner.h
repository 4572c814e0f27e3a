#pragma once

// Partners and the decisions about their life: PROSPECT -> ACTIVE <-> SUSPENDED, and from each of these to TERMINATED;
// back again only where that was a merge. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/partners/tax_id.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class PartnerState { kProspect = 1, kActive = 2, kSuspended = 3, kTerminated = 4 };
enum class PartnerKind { kDistributor = 1, kDealer = 2, kRetailer = 3, kValueAddedReseller = 4 };
std::string_view NameOf(PartnerState state);
std::string_view NameOf(PartnerKind kind);

// Where a company can be reached. The numbers are stored, and those of the wire.
enum class AddressKind { kRegistered = 1, kBilling = 2, kShipping = 3, kOther = 4 };
struct Address {
  AddressKind kind = AddressKind::kRegistered;
  std::string country;  // ISO 3166-1, two capitals; may be empty
  std::string text;

  friend bool operator==(const Address&, const Address&) = default;
};

// That a partner turned out to be another one: a dated alias.
struct PartnerMerge {
  std::string survivor;  // partners/{partner}
  PartnerState state_before = PartnerState::kProspect;
  absl::Time time;
  std::string reason;
  std::string principal;  // who merged it

  friend bool operator==(const PartnerMerge&, const PartnerMerge&) = default;
};

struct Partner {
  std::string id;
  Revision revision;
  PartnerState state = PartnerState::kProspect;
  bool undone = false;     // terminated because the import it came from was undone; the id may be given again
  std::string legal_name;  // not unique
  std::vector<std::string> trade_names;
  PartnerKind kind = PartnerKind::kDealer;
  std::vector<TaxId> tax_ids;
  std::string home_region;  // regions/{region}; may be empty
  std::string currency;     // ISO 4217
  std::string time_zone;    // IANA; empty stands for UTC
  std::vector<Address> addresses;
  std::string application;            // applications/{application}; empty where it came from none
  std::string channel;                // channels/{channel}; may be empty
  std::string account_manager;        // a principal of the vendor's staff; may be empty
  std::optional<PartnerMerge> merge;  // of a TERMINATED one alone

  std::string name() const;  // partners/{id}
};

// INVALID_FIELD: a name, an address or the account manager has a control character; a country is no two capitals; a tax
// id is not as its type wants it.
absl::Status CheckTexts(const Partner& partner);

// STATE_CONFLICT: the partner's tax id of this index is `holder`'s (partners/{partner}).
absl::Status TaxIdTaken(const Partner& partner, size_t index, std::string_view holder);

// The day that it is for the partner.
Date TodayOf(const Partner& partner, absl::Time now);

// Whether something may be given to the partner (an agreement, a grant): not when TERMINATED.
absl::Status CheckOpen(const Partner& partner, std::string_view verb);

// The decisions. Each answers the partner as it is afterwards, or why not.
// Refused: not PROSPECT; AGREEMENT_REQUIRED without a signed agreement in force today.
absl::StatusOr<Partner> Activate(const Partner& partner, bool agreement_in_force, absl::Time now);
// Refused: not ACTIVE.
absl::StatusOr<Partner> Suspend(const Partner& partner, absl::Time now);
// Refused: not SUSPENDED.
absl::StatusOr<Partner> Reinstate(const Partner& partner, absl::Time now);
// Refused: TERMINATED.
absl::StatusOr<Partner> Terminate(const Partner& partner, absl::Time now);
// The content of `changed` for that of `partner`. Refused: TERMINATED; texts.
absl::StatusOr<Partner> Change(const Partner& partner, const Partner& changed, absl::Time now);
// Refused: INVALID_FIELD where it would survive itself or the reason is no single line; TERMINATED; the survivor is
// TERMINATED. So no circle comes about.
absl::StatusOr<Partner> Merge(const Partner& partner, const Partner& survivor, std::string_view reason,
                              std::string_view principal, absl::Time now);
// As it was before the merge. Refused: not merged.
absl::StatusOr<Partner> UndoMerge(const Partner& partner, absl::Time now);
// By an undone import: TERMINATED from any state, no longer merged, and the id is free again.
Partner TakeBack(const Partner& partner, absl::Time now);

}  // namespace tributary::partner
