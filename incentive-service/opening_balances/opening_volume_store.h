#pragma once

// The opening volumes of programs' periods in the database, each once. Each call works in the caller's transaction.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/opening_balances/opening_balance.h"

namespace tributary::incentive {

class OpeningVolumeStore {
 public:
  // Takes the place of each of the balance's volumes, not in force yet. ALREADY_OPENED where another balance has one,
  // asked for or in force.
  absl::Status Claim(mysql::Transaction& sql, const OpeningBalance& balance) const;
  // Those of the balance are in force from now on.
  absl::Status PutInForce(mysql::Transaction& sql, const OpeningBalance& balance) const;
  // Gives the places of the balance's volumes up.
  absl::Status GiveUp(mysql::Transaction& sql, const OpeningBalance& balance) const;

  // A balance that tells of a period of the program from the day on: its name; empty where none does.
  absl::StatusOr<std::string> NamedSince(mysql::Transaction& sql, std::string_view program, Date day) const;

  // Those in force of a period of a program's scale, of one partner or of all, by partner; given a day, those alone
  // that held before it.
  absl::StatusOr<std::map<std::string, OpeningVolume>> Into(mysql::Transaction& sql, std::string_view program,
                                                            std::string_view scale,
                                                            const std::optional<std::string>& partner,
                                                            Date until = OpenEnd()) const;
  // Those in force of all periods and partners.
  absl::StatusOr<OpeningVolumes> All(mysql::Transaction& sql, std::string_view program) const;
};

}  // namespace tributary::incentive
