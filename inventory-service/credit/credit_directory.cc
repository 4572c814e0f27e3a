#include "inventory-service/credit/credit_directory.h"

#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/credit/credit_store.h"
#include "tributary/partner/v1/credit_line.pb.h"

namespace tributary::inventory {

std::string CreditLinePayload() { return partner::v1::CreditLine::descriptor()->full_name(); }

absl::Status ApplyCreditLine(mysql::Transaction& sql, const events::Event& event) {
  partner::v1::CreditLine told;
  if (!told.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat("the payload of ", event.name, " is no CreditLine"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(told.name(), "partners/{partner}/creditLines/{credit_line}"));
  CreditLine line{.partner = ids[0], .id = ids[1]};
  ASSIGN_OR_RETURN(const Money limit, wire::FromProto(told.limit()));
  line.currency = limit.currency;
  line.limit = limit.amount;
  line.payment_terms_days = told.payment_terms_days();
  ASSIGN_OR_RETURN(line.valid.start, wire::FromProto(told.valid_from()));
  line.valid.end = OpenEnd();
  if (told.has_valid_to()) {
    ASSIGN_OR_RETURN(line.valid.end, wire::FromProto(told.valid_to()));
  }
  line.on_hold = told.on_hold();
  return CreditStore().Put(sql, line);
}

}  // namespace tributary::inventory
