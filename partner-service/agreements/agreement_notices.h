#pragma once

// Tells the feed which agreements are to be renewed and which have ended.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::partner {

// "renewalDue" renewal_notice_days before the end of one without a next term, "ended" on its first day no longer in
// force; days by UTC, each told once. Nothing depends on it but how soon the feed learns.
class AgreementNotices : public rpc::Expiry {
 public:
  AgreementNotices(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::partner
