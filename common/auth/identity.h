#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tributary/api/v1/access.pb.h"

namespace tributary::auth {

// Who calls, as a verified token says.
struct Identity {
  std::string subject;  // the principal; stable, no personal data
  std::vector<api::v1::Role> roles;
  std::string partner;  // partner id of a partner user; empty for everybody else

  bool Has(api::v1::Role role) const {
    for (api::v1::Role r : roles) {
      if (r == role) return true;
    }
    return false;
  }
  // A partner user: may touch only its own partner's rows, whatever other roles the token names.
  bool IsPartnerUser() const { return !partner.empty(); }
};

}  // namespace tributary::auth
