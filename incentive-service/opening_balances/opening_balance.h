#pragma once

// Opening balances: what a partner had in its wallet where it was kept before. Values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

// A fact: it never changes.
struct OpeningBalance {
  std::string partner;
  std::string id;
  Uuid uid;
  absl::Time create_time;
  Date date;  // on which it held
  std::string currency;
  std::string document;
  std::vector<Lot> lots;  // id, amount, expires_on, credit_date, source: what is credited

  std::string path() const { return "openingBalances/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
};

// What is malformed: a date that has begun nowhere yet; of each lot an id that is named twice, an amount that is not
// above 0, a credit after the date. In this order, below `field`.
std::vector<FieldViolation> CheckOpeningBalance(const OpeningBalance& balance, Date latest_today,
                                                std::string_view field);

// What recording it enters into the ledger: its lots are in a wallet from now on.
std::optional<LedgerEntry> MoveOf(const OpeningBalance& balance);

}  // namespace tributary::incentive
