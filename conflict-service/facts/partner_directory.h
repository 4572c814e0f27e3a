#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"
#include "conflict-service/facts/grant_store.h"

namespace tributary::conflict {

// Who is a partner: as the feed has told, and where it has not (yet), as partner-service answers. Thread-safe.
class PartnerDirectory {
 public:
  PartnerDirectory(mysql::Database& database, const GrantStore& facts, rpc::Client& partner_service)
      : database_(database), facts_(facts), partner_service_(partner_service) {}

  // Whether deals may be registered for partners/{partner}: NOT_FOUND where there is no such partner, STATE_CONFLICT
  // where it is terminated. Where the feed has not told of it and partner-service cannot be asked, OK: the request is
  // kept rather than lost, and judged by whoever looks at it. May call partner-service, so it comes before the
  // transaction of the call is opened.
  absl::Status CheckMayRegister(const rpc::Call& call, const std::string& partner) const;

 private:
  mysql::Database& database_;
  const GrantStore& facts_;
  rpc::Client& partner_service_;
};

}  // namespace tributary::conflict
